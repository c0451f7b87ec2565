"""What networks without order have in common: a set on each wire, from which any member may be received."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Self

from ....models.language import Bag, Sent
from ...ir import types as t
from .. import values as v
from ..algebra import contains, equal, is_known_empty, merged, rounds
from ..faults import one_less, some_left
from ..fresh import Source
from ..lifting import lifter
from ..logic import Formula, any_of, conj
from ..values import Value
from .network import Delivery, Network
from .wires import Wire


@dataclass(frozen=True)
class Unordered(Network):
    """`held` is what is kept for each wire, and `left` how many deliveries may still keep their copy: None for any."""

    held: dict[Wire, Any]
    left: Value

    @abstractmethod
    def there(self, wire: Wire) -> v.Set:
        """The messages on a wire, each once."""

    @abstractmethod
    def without(self, wire: Wire, message: Value, name: str) -> Self:
        """After one of the messages on a wire was taken off it."""

    @property
    def capacity(self) -> int | None:
        """How many messages are under way at most."""
        declared = self.setting.program.network
        return self.setting.bound(declared.capacity) if isinstance(declared, Bag) else None

    def unknown_left(self, source: Source, name: str) -> Value:
        """Any number of duplicates that may be left."""
        declared = self.setting.program.network
        most = self.setting.bound(declared.duplicates) if isinstance(declared, Bag) else 0
        return None if most is None else source.one_of(range(most + 1), f"{name}duplicates")

    def under_way(self, sent: t.SentT) -> v.Set:
        """The messages of a class, with their senders and receivers."""
        found = [(wire, self.there(wire)) for wire in self.held if wire.message.cls is sent.message.cls]
        known = [(wire, there) for wire, there in found if isinstance(there, v.Bits)]
        if len(known) < len(found):
            return _predicate(found)
        pairs = {Sent(*w.ends, plain): guard for w, there in known for plain, guard in there.of.items()}
        return v.Bits(pairs, lifter(self.setting, sent))

    def delivered(self, wire: Wire, source: Source, name: str) -> Delivery | None:
        """Any message of the wire."""
        picked = self._picked(wire, source, name)
        return None if picked is None else Delivery(*picked, self.without(wire, picked[0], f"{name} stays"))

    def repeated(self, wire: Wire, source: Source, name: str) -> Delivery | None:
        """Any message of the wire, which keeps its copy."""
        picked = self._picked(wire, source, name)
        if picked is None:
            return None
        message, there = picked
        return Delivery(message, conj(there, some_left(self.left)), replace(self, left=one_less(self.left)))

    def lost(self, wire: Wire, source: Source, name: str) -> tuple[Formula, Network] | None:
        """Any message of the wire is lost."""
        picked = self._picked(wire, source, name)
        return None if picked is None else (picked[1], self.without(wire, picked[0], f"{name} stays"))

    def _picked(self, wire: Wire, source: Source, name: str) -> tuple[Value, Formula] | None:
        """Any message on a wire, and whether it is there."""
        if wire not in self.held or is_known_empty(there := self.there(wire)):
            return None
        if not isinstance(there, v.Bits):
            message = source.value(wire.message, name)
            return message, contains(there, message)
        which = source.one_of([key for key, guard in there.of.items() if guard is not False], name)
        message = merged((there.lift(key), guard) for key, guard in which.of.items())
        return message, any_of(conj(guard, there.of[key]) for key, guard in which.of.items())


def _predicate(found: list[tuple[Wire, v.Set]]) -> v.Predicate:
    def is_member(item: Value) -> Formula:
        source, target, message = item.items
        ends = (conj(equal(source, v.constant(w.source)), equal(target, v.constant(w.target))) for w, _ in found)
        return any_of(
            end is not False and conj(end, contains(there, message))
            for end, (_, there) in zip(ends, found, strict=True)
        )

    def every() -> Iterator[v.Round]:
        for wire, there in found:
            ends = (v.constant(wire.source), v.constant(wire.target))
            for r in rounds(there):
                yield v.Round(r.guard, v.Product((*ends, r.item)), r.variables)

    return v.Predicate(is_member, every)
