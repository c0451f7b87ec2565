"""Consensus: what any consensus protocol must do, without saying who does it.

After Lamport's `Consensus.tla` (tlaplus/Examples, PaxosHowToWinATuringAward).
"""

from __future__ import annotations

from ...invariants import agreement
from ..language import Protocol, Symbol, action, require, shared


class Value(Symbol, size="values"):
    """What can be chosen (`Value`)."""


class Consensus(Protocol):
    """Module Consensus: nothing is chosen, then one value is, for ever."""

    values: int = 3

    decided: frozenset[Value] = shared(frozenset())

    invariants = (agreement,)

    @action
    def choose(self, v: Value) -> None:
        """Next: choose the first value."""
        require(len(self.decided) == 0)
        self.decided = frozenset({v})

    def chosen(self) -> frozenset[Value]:
        """The variable `chosen`."""
        return self.decided
