"""A `Bag` that counts equal messages: how often each message is under way."""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Self

from ....models.language import Bag
from ....models.semantics.state import Envelope
from ...ir import types as t
from .. import values as v
from ..algebra import choose, equal
from ..confining import confined
from ..fresh import Source
from ..lifting import lift, lifter, plains
from ..logic import Formula
from ..values import Value
from .network import Posted, Reading, more_than, unbounded
from .unordered import Unordered
from .wires import Wire, wires

NONE = v.constant(0)


@dataclass(frozen=True)
class Counts(Unordered):
    """How many copies of each plain message are on each wire."""

    @property
    def copies(self) -> int | None:
        """How many equal messages are under way at most; one more merges with them."""
        declared = self.setting.program.network
        return self.setting.bound(declared.copies) if isinstance(declared, Bag) else None

    def anything(self, source: Source, name: str) -> Counts:
        limits = [limit for limit in (self.copies, self.capacity) if limit is not None]
        if not limits:
            raise unbounded(self.setting, "Bag(copies=..., capacity=...), either of which bounds it")
        numbers, held = range(min(limits) + 1), dict[Wire, Mapping[Any, v.Cases]]()
        for wire in wires(self.setting):
            known = self.setting.known(wire.message)
            held[wire] = {plain: source.one_of(numbers, f"{name}{wire}:{plain!r}") for plain in known}
        return replace(self, held=held, left=self.unknown_left(source, name))

    def there(self, wire: Wire) -> v.Bits:
        counts: Mapping[Any, v.Cases] = self.held[wire]
        return v.Bits({plain: n.where(bool) for plain, n in counts.items()}, lifter(self.setting, wire.message))

    def without(self, wire: Wire, message: Value, name: str) -> Self:
        left = dict[Any, Value]()
        for plain, count in self.held[wire].items():
            taken = equal(lift(self.setting, wire.message, plain), message)
            left[plain] = choose(taken, count.map(lambda n: max(n - 1, 0)), count)
        return replace(self, held={**self.held, wire: left})

    def joined(self, mail: Sequence[Posted]) -> tuple[Counts, Formula]:
        held = {wire: dict(counts) for wire, counts in self.held.items()}
        for each in mail:
            counts = held.setdefault(each.wire, {})
            for plain, guard in plains(each.wire.message, each.message):
                old = counts.get(plain, NONE)
                counts[plain] = choose(each.guard, choose(guard, old.map(self._one_more), old), old)
        after = replace(self, held=held)
        return after._within_capacity(), after.is_too_full()

    def _one_more(self, count: int) -> int:
        return count + 1 if self.copies is None else min(count + 1, self.copies)

    def _within_capacity(self) -> Counts:
        """Without the counts that no step leaves behind, because the capacity cuts it."""
        if self.capacity is None:
            return self
        most = t.Int(0, self.capacity)
        held = {
            wire: {plain: confined(self.setting, most, count).value for plain, count in counts.items()}
            for wire, counts in self.held.items()
        }
        return replace(self, held=held)

    def is_too_full(self) -> Formula:
        if self.capacity is None:
            return False
        counts = (count for counts in self.held.values() for count in counts.values())
        return more_than([each for count in counts for each in _in_unary(count)], self.capacity)

    def or_else(self, test: Formula, other: Self) -> Self:
        every = dict.fromkeys((*self.held, *other.held))
        held = {wire: _either(test, self.held.get(wire, {}), other.held.get(wire, {})) for wire in every}
        return replace(self, held=held, left=choose(test, self.left, other.left))

    def envelopes(self, reading: Reading) -> Iterator[Envelope]:
        for wire, counts in self.held.items():
            for plain, count in counts.items():
                number = next(n for n, guard in count.of.items() if reading.is_true(guard))
                yield from [Envelope(*wire.ends, plain)] * number


def _in_unary(count: v.Cases) -> list[Formula]:
    """As many formulas as the number can be, of which as many are true as it is."""
    return [count.where(partial(operator.le, least)) for least in range(1, max(count.of) + 1)]


def _either(test: Formula, one: Mapping[Any, Value], other: Mapping[Any, Value]) -> dict[Any, Value]:
    every = dict.fromkeys((*one, *other))
    return {plain: choose(test, one.get(plain, NONE), other.get(plain, NONE)) for plain in every}
