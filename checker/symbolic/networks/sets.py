"""A set on each wire: `MessageSet`, and a `Bag` that holds equal messages once.

A `Bag` that counts equal messages is a set too where messages have fields without a bound. Then a message that is
received may stay, as if there had been another copy: such a network can do all that the counting one can, and more,
so what is proved of it is true of that one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, Self

import z3

from ....models.semantics.state import Envelope
from ...ir import types as t
from .. import values as v
from ..algebra import choose, equal
from ..collections import kept, settled, union
from ..fresh import Source, variable
from ..logic import Formula, disj, neg
from ..values import Value
from .network import Posted, Reading, more_than
from .unordered import Unordered
from .wires import Wire, wires


class Receipt(Enum):
    """What receiving a message does to it."""

    KEEPS = "it stays"
    REMOVES = "it goes"
    MAY_REMOVE = "it goes, unless there is another copy"


@dataclass(frozen=True)
class Sets(Unordered):
    """The messages on each wire."""

    receipt: Receipt

    def anything(self, source: Source, name: str) -> Sets:
        held = {wire: source.members(wire.message, f"{name}{wire}") for wire in wires(self.setting)}
        return replace(self, held=held, left=self.unknown_left(source, name))

    def there(self, wire: Wire) -> v.Set:
        found: v.Set = self.held[wire]
        return found

    def without(self, wire: Wire, message: Value, name: str) -> Self:
        if self.receipt is Receipt.KEEPS:
            return self
        stays: Formula = False
        if self.receipt is Receipt.MAY_REMOVE:
            stays = variable(name, z3.BoolSort(), ())
        left = kept(self.held[wire], lambda x: disj(stays, neg(equal(x, message))))
        return replace(self, held={**self.held, wire: left})

    def joined(self, mail: Sequence[Posted]) -> tuple[Sets, Formula]:
        held = dict(self.held)
        for each in mail:
            one = v.Listing(((each.guard, each.message),))
            new = settled(self.setting, t.SetT(each.wire.message), one)
            held[each.wire] = union(held[each.wire], new) if each.wire in held else new
        after = replace(self, held=held)
        return after, after.is_too_full()

    def is_too_full(self) -> Formula:
        """Whether more is under way than the network holds; a set without a bound has room for any number."""
        there = [held for held in self.held.values() if isinstance(held, v.Bits)]
        if self.capacity is None or len(there) < len(self.held):
            return False
        return more_than([guard for held in there for guard in held.of.values()], self.capacity)

    def or_else(self, test: Formula, other: Self) -> Self:
        held = {wire: kept(there, lambda x: test) for wire, there in self.held.items()}
        for wire, there in other.held.items():
            held[wire] = choose(test, self.held[wire], there) if wire in held else kept(there, lambda x: neg(test))
        return replace(self, held=held, left=choose(test, self.left, other.left))

    def envelopes(self, reading: Reading) -> Iterator[Envelope]:
        for wire, held in self.held.items():
            members: frozenset[Any] = reading.plain(t.SetT(wire.message), held)
            yield from (Envelope(*wire.ends, message) for message in members)
