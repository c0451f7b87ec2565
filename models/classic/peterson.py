"""Mutual exclusion of two threads with shared variables only.

After Peterson, "Myths about the mutual exclusion problem" (1981), as specified in `Peterson.tla`
(tlaplus/Examples, locks_auxiliary_vars).
"""

from __future__ import annotations

from enum import Enum
from typing import Annotated

from ..language import Map, Protocol, Range, action, every, invariant, require, shared

Thread = Annotated[int, Range(1, 2)]


class At(Enum):
    """The next statement of a thread (`pc`: a0 to a3, cs, a4)."""

    REST, CLAIM, YIELD, WAIT, CRITICAL, LEAVE = range(6)


class Peterson(Protocol):
    """Module Peterson."""

    at: Map[Thread, At] = shared(every(At.REST))
    wants: Map[Thread, bool] = shared(every(False))
    turn: Thread = shared(1)

    @action
    def rest(self, t: Thread) -> None:
        """a0: outside the critical section."""
        self.go(t, At.REST, At.CLAIM)

    @action
    def claim(self, t: Thread) -> None:
        """a1: say so."""
        self.go(t, At.CLAIM, At.YIELD)
        self.wants |= {t: True}

    @action
    def yield_turn(self, t: Thread) -> None:
        """a2: after you."""
        self.go(t, At.YIELD, At.WAIT)
        self.turn = self.other(t)

    @action
    def wait(self, t: Thread) -> None:
        """a3: until the other one is away, or has said the same later."""
        require(not self.wants[self.other(t)] or self.turn == t)
        self.go(t, At.WAIT, At.CRITICAL)

    @action
    def critical(self, t: Thread) -> None:
        """cs: the critical section."""
        self.go(t, At.CRITICAL, At.LEAVE)

    @action
    def leave(self, t: Thread) -> None:
        """a4: withdraw the claim."""
        self.go(t, At.LEAVE, At.REST)
        self.wants |= {t: False}

    def go(self, t: Thread, here: At, there: At) -> None:
        """From one statement to the next."""
        require(self.at[t] is here)
        self.at |= {t: there}

    def other(self, t: Thread) -> Thread:
        """The other thread."""
        return 3 - t

    def inside(self, t: Thread) -> bool:
        """Whether a thread is in the critical section (`lockcs`)."""
        return self.at[t] in (At.CRITICAL, At.LEAVE)

    @invariant
    def mutual_exclusion(self) -> bool:
        """The threads are never both inside."""
        return not (self.inside(1) and self.inside(2))

    @invariant
    def claims_are_shown(self) -> bool:
        """Inv, first conjunct: `wants` says where a thread is."""
        return all(self.wants[t] == (self.at[t] not in (At.REST, At.CLAIM)) for t in (1, 2))

    @invariant
    def turns_are_honoured(self) -> bool:
        """Inv, second conjunct: whoever is inside has the turn, or the other one has not yielded yet."""
        return all(
            self.turn == t or self.at[self.other(t)] in (At.REST, At.CLAIM, At.YIELD) for t in (1, 2) if self.inside(t)
        )
