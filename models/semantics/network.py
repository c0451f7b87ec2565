"""What each kind of network holds, delivers and loses.

The value that a network keeps in a state is immutable and canonical: equal contents are equal values.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any, Protocol

from ..language import Bag, Fifo, MessageSet, ModelError, Ref
from ..language.domains import Bound
from ..language.networks import Network
from .state import Envelope

Key = Callable[[Envelope], Any]


class Full(Exception):
    """Sending would pass the capacity that this parameter sets."""

    def __init__(self, bound: str) -> None:
        super().__init__(bound)
        self.bound = bound


class Carrier(ABC):
    """A network in operation; `Any` below is the value it keeps in a state."""

    @abstractmethod
    def empty(self) -> Any:
        """Nothing under way."""

    @abstractmethod
    def send(self, held: Any, envelopes: Sequence[Envelope]) -> Any:
        """With these sent, in this order. Errors: `Full`."""

    @abstractmethod
    def deliverable(self, held: Any) -> tuple[Envelope, ...]:
        """What may be received next, in the fixed order."""

    @abstractmethod
    def received(self, held: Any, envelope: Envelope) -> Any:
        """After one of these was received."""

    @abstractmethod
    def contents(self, held: Any) -> Iterator[Envelope]:
        """Everything under way, equal copies as often as there are."""

    def kept(self, held: Any) -> Any | None:
        """After a delivery that keeps its copy, None if that cannot be."""
        return None

    def losses(self, held: Any) -> Iterator[tuple[Envelope, Any]]:
        """Every single loss: the message (the first one, where a suffix goes), and what is then held."""
        yield from ()

    def disconnected(self, held: Any, process: Ref[Any], peers: Collection[Ref[Any]]) -> Any:
        """With nothing under way between a process and its peers. Errors: `ModelError` without connections."""
        raise ModelError(
            "no-connections",
            f"{process} disconnects, and this network has no connections",
            instead="use Fifo(), whose queues are the two directions of a connection",
        )

    @abstractmethod
    def renamed(self, held: Any, rename: Callable[[Envelope], Envelope]) -> Any:
        """With every envelope renamed."""


class SetCarrier(Carrier):
    """`MessageSet`: an ordered tuple of distinct envelopes."""

    def __init__(self, key: Key) -> None:
        self._key = key

    def empty(self) -> Any:
        return ()

    def send(self, held: Any, envelopes: Sequence[Envelope]) -> Any:
        new = set(envelopes).difference(held)
        return tuple(sorted((*held, *new), key=self._key)) if new else held

    def deliverable(self, held: Any) -> tuple[Envelope, ...]:
        return tuple(held)

    def received(self, held: Any, envelope: Envelope) -> Any:
        return held

    def contents(self, held: Any) -> Iterator[Envelope]:
        yield from held

    def renamed(self, held: Any, rename: Callable[[Envelope], Envelope]) -> Any:
        return tuple(sorted(map(rename, held), key=self._key))


class BagCarrier(Carrier):
    """`Bag`: how many deliveries may still keep their copy, and an ordered tuple of envelopes."""

    def __init__(
        self, key: Key, duplicates: int, copies: int | None, capacity: tuple[int, str] | None, loses: bool
    ) -> None:
        self._key = key
        self._duplicates = duplicates
        self._copies = copies
        self._capacity = capacity
        self._loses = loses

    def empty(self) -> Any:
        return (self._duplicates, ())

    def send(self, held: Any, envelopes: Sequence[Envelope]) -> Any:
        left, items = held
        counts = Counter(items)
        new = []
        for envelope in envelopes:
            if self._copies is None or counts[envelope] < self._copies:
                counts[envelope] += 1
                new.append(envelope)
        if self._capacity and new and len(items) + len(new) > self._capacity[0]:
            raise Full(self._capacity[1])
        return (left, tuple(sorted((*items, *new), key=self._key))) if new else held

    def deliverable(self, held: Any) -> tuple[Envelope, ...]:
        return tuple(dict.fromkeys(held[1]))

    def received(self, held: Any, envelope: Envelope) -> Any:
        left, items = held
        at = items.index(envelope)
        return (left, items[:at] + items[at + 1 :])

    def contents(self, held: Any) -> Iterator[Envelope]:
        yield from held[1]

    def kept(self, held: Any) -> Any | None:
        left, items = held
        return (left - 1, items) if left else None

    def losses(self, held: Any) -> Iterator[tuple[Envelope, Any]]:
        if self._loses:
            for envelope in self.deliverable(held):
                yield envelope, self.received(held, envelope)

    def renamed(self, held: Any, rename: Callable[[Envelope], Envelope]) -> Any:
        left, items = held
        return (left, tuple(sorted(map(rename, items), key=self._key)))


class FifoCarrier(Carrier):
    """`Fifo`: an ordered tuple of the queues that are not empty, each a tuple of envelopes, oldest first."""

    def __init__(self, key: Key, capacity: tuple[int, str] | None, loses: bool) -> None:
        self._key = key
        self._capacity = capacity
        self._loses = loses

    def empty(self) -> Any:
        return ()

    def _pack(self, queues: dict[Any, tuple[Envelope, ...]]) -> Any:
        # the two ends come first in an envelope's key, so the heads are in the order of their channels
        return tuple(sorted(filter(None, queues.values()), key=lambda queue: self._key(queue[0])))

    def _queues(self, held: Any) -> dict[Any, tuple[Envelope, ...]]:
        return {(queue[0].source, queue[0].target): queue for queue in held}

    def send(self, held: Any, envelopes: Sequence[Envelope]) -> Any:
        if not envelopes:
            return held
        queues = self._queues(held)
        for envelope in envelopes:
            ends = (envelope.source, envelope.target)
            queues[ends] = (*queues.get(ends, ()), envelope)
            if self._capacity and len(queues[ends]) > self._capacity[0]:
                raise Full(self._capacity[1])
        return self._pack(queues)

    def deliverable(self, held: Any) -> tuple[Envelope, ...]:
        return tuple(queue[0] for queue in held)

    def received(self, held: Any, envelope: Envelope) -> Any:
        queues = self._queues(held)
        ends = (envelope.source, envelope.target)
        queues[ends] = queues[ends][1:]
        return self._pack(queues)

    def contents(self, held: Any) -> Iterator[Envelope]:
        for queue in held:
            yield from queue

    def losses(self, held: Any) -> Iterator[tuple[Envelope, Any]]:
        if not self._loses:
            return
        for queue in held:
            for keep in range(len(queue) - 1, -1, -1):
                ends = (queue[0].source, queue[0].target)
                yield queue[keep], self._pack({**self._queues(held), ends: queue[:keep]})

    def disconnected(self, held: Any, process: Ref[Any], peers: Collection[Ref[Any]]) -> Any:
        broken = {frozenset((process, peer)) for peer in peers}
        return tuple(queue for queue in held if frozenset((queue[0].source, queue[0].target)) not in broken)

    def renamed(self, held: Any, rename: Callable[[Envelope], Envelope]) -> Any:
        queues = [tuple(map(rename, queue)) for queue in held]
        return tuple(sorted(queues, key=lambda queue: self._key(queue[0])))


class Count(Protocol):
    """Evaluates a bound that must be at least `least`: its value, and the parameter it depends on."""

    def __call__(self, bound: Bound, least: int = 0) -> tuple[int, str | None]: ...


def carrier(network: Network, key: Key, count: Count) -> Carrier:
    """The network in operation, with its bounds evaluated by `count`."""

    def capacity(declared: Any) -> tuple[int, str] | None:
        if declared is None:
            return None
        value, name = count(declared)
        return value, name or "capacity"

    match network:
        case MessageSet():
            return SetCarrier(key)
        case Bag(duplicates, loses, copies, limit):
            most = None if copies is None else count(copies, 1)[0]
            return BagCarrier(key, count(duplicates)[0], most, capacity(limit), loses)
        case Fifo(loses, limit):
            return FifoCarrier(key, capacity(limit), loses)
