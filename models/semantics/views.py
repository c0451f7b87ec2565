"""A state seen as the objects that a model's own methods work on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..language import Cluster, Process, Protocol
from ..language.process import Seat
from .shape import Shape
from .state import Envelope, Locals, State


class View:
    """One protocol object and one object for each process, filled from a state at a time.

    The objects are used again for the next state: what is read from them must be values.
    """

    def __init__(
        self,
        shape: Shape,
        sent: Callable[[State], frozenset[Envelope]],
        under_way: Callable[[State], frozenset[Envelope]],
    ) -> None:
        self._shape = shape
        self._sent = sent
        self._under_way = under_way
        self._shown: State | None = None
        self._domains: dict[type, tuple[Any, ...]] = {}
        self._names = tuple(f.name for f in shape.fields)
        self.processes = [self._process(i) for i in range(len(shape.refs))]
        self._process_names = [tuple(f.name for f in shape.shapes[r.cluster].fields) for r in shape.refs]
        self._lent: State | None = None
        self._loaded: list[Locals | None] = [None] * len(shape.refs)
        self.protocol = self._protocol()

    def _process(self, number: int) -> Process:
        ref = self._shape.refs[number]
        process = object.__new__(self._shape.classes[ref.cluster])
        cluster = frozenset(r for r in self._shape.refs if r.cluster == ref.cluster)
        process._seat = Seat(ref, cluster, self._shape.members, self._shape.protocol.parameters)
        return process

    def _protocol(self) -> Protocol:
        protocol = object.__new__(type(self._shape.protocol))
        vars(protocol).update(vars(self._shape.protocol))
        for name in self._shape.classes:
            ours = [p for p, r in zip(self.processes, self._shape.refs, strict=True) if r.cluster == name]
            setattr(protocol, name, Cluster(ours))
        protocol._domain = self._domain
        protocol._sent = frozenset()
        protocol._held = self._held
        return protocol

    def _held(self) -> frozenset[Envelope]:
        """What is under way, found out only if somebody asks: few properties do."""
        return frozenset() if self._shown is None else self._under_way(self._shown)

    def _domain(self, of: type) -> tuple[Any, ...]:
        known = self._domains.get(of)
        if known is None:
            process = issubclass(of, Process)
            known = self._shape.members(of) if process else tuple(self._shape.resolver.domain(of).values())
            self._domains[of] = known
        return known

    def load(self, state: State) -> Protocol:
        """Fill everything from a state; returns the protocol object."""
        self._lent = None
        self.load_shared(state)
        for number, fields in enumerate(state.processes):
            # neighbouring states share the fields of most processes
            if self._loaded[number] is not fields:
                self._fill(number, fields)
        return self.protocol

    def lend_protocol(self, state: State) -> Protocol:
        """The protocol in a state, for a step that may change its fields; for nothing if the last one did not."""
        if self._lent is not state or self.shared() != state.shared:
            self.load(state)
            self._lent = state
        return self.protocol

    def load_shared(self, state: State) -> Protocol:
        """Fill the protocol's own fields only."""
        fields = vars(self.protocol)
        fields.update(zip(self._names, state.shared, strict=True))
        fields["_sent"] = self._sent(state)
        self._shown = state
        return self.protocol

    def _fill(self, number: int, fields: Locals) -> None:
        vars(self.processes[number]).update(zip(self._process_names[number], fields, strict=True))
        self._loaded[number] = fields

    def lend(self, number: int, fields: Locals) -> Process:
        """One process with these fields, for a step that will change them."""
        self._fill(number, fields)
        self._lent = self._loaded[number] = None
        return self.processes[number]

    def shared(self) -> Locals:
        """The protocol's own fields as they are now."""
        fields = vars(self.protocol)
        return tuple([fields[name] for name in self._names])

    def locals(self, number: int) -> Locals:
        """The fields of a process as they are now."""
        fields = vars(self.processes[number])
        return tuple([fields[name] for name in self._process_names[number]])
