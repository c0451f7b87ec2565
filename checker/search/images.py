"""The image of a state under a renaming, and the order of images."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...models.language import Fifo, Ref
from ...models.semantics import Envelope, State, System
from ...models.semantics.domains import Renaming
from ...models.semantics.state import Locals


class Image:
    """One renaming, applied to states; what it makes of a part of a state is remembered, since parts recur."""

    def __init__(self, system: System, renaming: Renaming) -> None:
        self._system = system
        self._renaming = renaming
        # the process that lands in place i is the one that is renamed to the identity of place i
        back = {new: old for old, new in renaming.items()}
        self._sources = [system.number(back.get(ref, ref)) for ref in system.refs]
        self._known_shared: tuple[dict[Any, Any], ...] = tuple({} for _ in system.shape.fields)
        self._known_fields: dict[tuple[str, Locals], Locals] = {}
        self._known_envelopes: dict[Envelope, Envelope] = {}

    def of(self, state: State) -> State:
        """The image of a state."""
        breakages = zip(self._system.breakages, state.faults, strict=True)
        return State(
            tuple([self._shared(number, value) for number, value in enumerate(state.shared)]),
            tuple([self._process(i, state.processes[s]) for i, s in enumerate(self._sources)]),
            self._system.carrier.renamed(state.network, self._envelope),
            tuple([b.renamed(kept, self._ref) for b, kept in breakages]),
            frozenset(map(self._envelope, state.sent)),
        )

    def _shared(self, number: int, value: Any) -> Any:
        """The image of a shared field; remembered by field, for whole shared states never recur."""
        known = self._known_shared[number]
        if value not in known:
            known[value] = self._system.shape.fields[number].domain.rename(value, self._renaming)
        return known[value]

    def _process(self, number: int, values: Locals) -> Locals:
        """The image of the fields in this place."""
        cluster = self._system.refs[number].cluster
        known = self._known_fields.get((cluster, values))
        if known is None:
            fields = self._system.shape.shapes[cluster].fields
            new = tuple([f.domain.rename(v, self._renaming) for f, v in zip(fields, values, strict=True)])
            known = self._known_fields[cluster, values] = self._system.same(cluster, new)
        return known

    def _ref(self, one: Ref[Any]) -> Ref[Any]:
        renamed: Ref[Any] = self._renaming.get(one, one)
        return renamed

    def _envelope(self, one: Envelope) -> Envelope:
        known = self._known_envelopes.get(one)
        if known is None:
            record = self._system.shape.resolver.record(type(one.message))
            message = record.rename(one.message, self._renaming)
            known = self._known_envelopes[one] = Envelope(self._ref(one.source), self._ref(one.target), message)
        return known


class Order:
    """Which image of a state is least: by the fields of processes, shared fields, network, faults, history."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._classes = {m.cls: (i, m) for i, m in enumerate(system.shape.messages)}
        self._in_queues = isinstance(type(system.protocol).network, Fifo)
        self._known_fields: dict[tuple[str, Locals], Any] = {}
        self._known_shared: tuple[dict[Any, Any], ...] = tuple({} for _ in system.shape.fields)
        self._known_envelopes: dict[Envelope, Any] = {}

    def least(self, images: Sequence[State]) -> State:
        """The least image."""
        # fields mostly decide alone, and what they are compared by is mostly known
        keyed = [(self._fields(image), image) for image in images]
        least = min(key for key, _ in keyed)
        tied = [image for key, image in keyed if key == least]
        return tied[0] if len(tied) == 1 else min(tied, key=self._rest)

    def _fields(self, state: State) -> Any:
        processes = zip(self._system.refs, state.processes, strict=True)
        return [
            *[self._process(ref.cluster, fields) for ref, fields in processes],
            *[self._shared(number, value) for number, value in enumerate(state.shared)],
        ]

    def _rest(self, state: State) -> Any:
        network = list(map(self._envelope, self._system.carrier.contents(state.network)))
        if not self._in_queues:
            network.sort()
        return network, self._flat(state.faults), sorted(map(self._envelope, state.sent))

    def _shared(self, number: int, value: Any) -> Any:
        known = self._known_shared[number]
        if value not in known:
            known[value] = self._system.shape.fields[number].domain.code(value)
        return known[value]

    def _process(self, cluster: str, values: Locals) -> Any:
        known = self._known_fields.get((cluster, values))
        if known is None:
            fields = self._system.shape.shapes[cluster].fields
            known = [f.domain.code(v) for f, v in zip(fields, values, strict=True)]
            self._known_fields[cluster, values] = known
        return known

    def _envelope(self, one: Envelope) -> Any:
        known = self._known_envelopes.get(one)
        if known is None:
            kind, message = self._classes[type(one.message)]
            ends = (self._system.number(one.source), self._system.number(one.target))
            known = self._known_envelopes[one] = (*ends, kind, message.code(one.message))
        return known

    def _flat(self, value: Any) -> Any:
        """What a fault keeps (budgets, and sets of identities and of sides) as lists of numbers."""
        if isinstance(value, Ref):
            return self._system.number(value)
        if isinstance(value, tuple):
            return [self._flat(v) for v in value]
        return sorted(self._flat(v) for v in value) if isinstance(value, frozenset) else value
