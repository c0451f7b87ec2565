"""`Fifo`: a queue for each ordered pair of processes, whose items are messages of any class that the receiver handles.

An item is the class of its message, and a value for each handler of the receiver: that of the class is the message.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Self

from ....models.language import Fifo, Ref
from ....models.semantics.state import Envelope
from ...ir import types as t
from .. import values as v
from ..algebra import below, choose, longer
from ..collections import appended
from ..confining import confined
from ..fresh import Source
from ..lifting import in_sequence
from ..logic import Formula, any_of, conj
from ..values import Value
from .network import CutOff, Delivery, Network, Posted, Reading, unbounded
from .wires import Wire, wires

Ends = tuple[Ref[Any], Ref[Any]]
EMPTY = v.Sequence(v.constant(0), ())


@dataclass(frozen=True)
class Queues(Network):
    """The queue of each pair, oldest message first; one that is not here is empty."""

    held: Mapping[Ends, v.Sequence]

    @property
    def capacity(self) -> int | None:
        """How long a queue may be."""
        declared = self.setting.program.network
        return self.setting.bound(declared.capacity) if isinstance(declared, Fifo) else None

    def anything(self, source: Source, name: str) -> Queues:
        if self.capacity is None:
            raise unbounded(self.setting, "Fifo(capacity=...), which bounds each queue")
        usable = (wire for wire in wires(self.setting) if self.setting.is_inhabited(wire.message))
        by_ends = sorted(usable, key=lambda wire: tuple(map(self.setting.refs.index, wire.ends)))
        held = {ends: self._unknown(tuple(group), source, name) for ends, group in groupby(by_ends, lambda w: w.ends)}
        return replace(self, held=held)

    def _unknown(self, wires: tuple[Wire, ...], source: Source, name: str) -> v.Sequence:
        most, name = self.capacity or 0, f"{name}{wires[0].source!r}>{wires[0].target!r}"
        length = source.one_of(range(most + 1), f"{name}.length")
        return v.Sequence(length, tuple(self._unknown_item(wires, source, f"{name}[{i}]") for i in range(most)))

    def _unknown_item(self, wires: tuple[Wire, ...], source: Source, name: str) -> v.Product:
        kind = source.one_of([wire.message.cls for wire in wires], name)
        messages = {wire.message: source.value(wire.message, f"{name}.{wire.message}") for wire in wires}
        return v.Product((kind, *map(messages.get, self._kinds(wires[0].target))))

    def _kinds(self, target: Ref[Any]) -> tuple[t.RecordT, ...]:
        """The classes of the messages that a process handles."""
        return tuple(handler.message for handler in self.setting.class_of(target).handlers)

    def under_way(self, sent: t.SentT) -> v.Listing:
        """The messages of a class, with their senders and receivers; equal ones come as often as they are there."""
        found: list[tuple[Formula, Value]] = []
        for (source, target), queue in self.held.items():
            for there, item in in_sequence(queue):
                is_one, message = self._read(target, item, sent.message)
                if is_one is not False:
                    ends = (v.constant(source), v.constant(target))
                    found.append((conj(there, is_one), v.Product((*ends, message))))
        return v.Listing(tuple(found))

    def _read(self, target: Ref[Any], item: v.Product, message: t.RecordT) -> tuple[Formula, Value]:
        """Whether the item of a queue to a process is of a class, and what it then is."""
        kind, *messages = item.items
        pairs = zip(self._kinds(target), messages, strict=True)
        found = next((value for known, value in pairs if known.cls is message.cls), None)
        return kind.of.get(message.cls, False), found

    def delivered(self, wire: Wire, source: Source, name: str) -> Delivery | None:
        """The oldest message of the queue, if it is of the wire's class."""
        queue = self.held.get(wire.ends, EMPTY)
        if (there := longer(queue, 0)) is False:
            return None
        is_one, message = self._read(wire.target, queue.items[0], wire.message)
        if is_one is False:
            return None
        left = v.cases((n - 1, guard) for n, guard in queue.length.of.items() if n)
        rest = v.Sequence(left, queue.items[1:])
        return Delivery(message, conj(there, is_one), replace(self, held={**self.held, wire.ends: rest}))

    def lost(self, wire: Wire, source: Source, name: str) -> tuple[Formula, Network] | None:
        """Any suffix of the queue that has the wire's messages is lost."""
        queue = self.held.get(wire.ends, EMPTY)
        if longer(queue, 0) is False:
            return None
        left = source.one_of(range(max(queue.length.of)), name)
        return below(left, queue.length), replace(self, held={**self.held, wire.ends: _cut(queue, left)})

    def disconnected(self, process: Ref[Any], peers: CutOff) -> Queues:
        held = dict(self.held)
        for path, some in peers:
            for peer, guard in v.weighed(some, path):
                assert isinstance(peer, Ref)
                for ends in {(process, peer), (peer, process)} & held.keys():
                    held[ends] = _cut(held[ends], choose(guard, v.constant(0), held[ends].length))
        return replace(self, held=held)

    def joined(self, mail: Sequence[Posted]) -> tuple[Queues, Formula]:
        held = dict(self.held)
        for each in mail:
            queue = held.get(each.wire.ends, EMPTY)
            held[each.wire.ends] = appended(queue, each.guard, self._item(each))
        after = replace(self, held=held)
        return after._within_capacity(), after.is_too_full()

    def _item(self, posted: Posted) -> v.Product:
        kind = posted.wire.message
        messages = (posted.message if known.cls is kind.cls else None for known in self._kinds(posted.wire.target))
        return v.Product((v.constant(kind.cls), *messages))

    def _within_capacity(self) -> Queues:
        """Without the lengths that no step leaves behind, because the capacity cuts it."""
        most = t.Int(0, self.capacity)
        lengths = {ends: confined(self.setting, most, queue.length).value for ends, queue in self.held.items()}
        return replace(self, held={ends: _cut(queue, lengths[ends]) for ends, queue in self.held.items()})

    def is_too_full(self) -> Formula:
        most = self.capacity
        return most is not None and any_of(longer(queue, most) for queue in self.held.values())

    def or_else(self, test: Formula, other: Self) -> Self:
        every = dict.fromkeys((*self.held, *other.held))
        held = {ends: choose(test, self.held.get(ends, EMPTY), other.held.get(ends, EMPTY)) for ends in every}
        return replace(self, held=held)

    def envelopes(self, reading: Reading) -> Iterator[Envelope]:
        for (source, target), queue in self.held.items():
            for item in _items(queue, reading):
                found = ((self._read(target, item, kind), kind) for kind in self._kinds(target))
                message = next(reading.plain(kind, value) for (is_one, value), kind in found if reading.is_true(is_one))
                yield Envelope(source, target, message)


def _cut(queue: v.Sequence, length: Value) -> v.Sequence:
    """The beginning of a queue."""
    return v.Sequence(length, queue.items[: max(length.of)])


def _items(queue: v.Sequence, reading: Reading) -> tuple[Value, ...]:
    """The items that a queue has in a solver's model."""
    length = next(n for n, guard in queue.length.of.items() if reading.is_true(guard))
    return queue.items[:length]
