"""A state of a program as plain values, for the evaluator."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ...models.language import Process, Ref
from . import types as t
from .bounds import bound_value
from .nodes import Program

Fields = dict[str, Any]


@dataclass(frozen=True)
class World:
    """The fields of the protocol and of every process, the parameters of the run, and messages.

    `parameters` has the protocol's parameters and the size of each cluster under the cluster's name, `sent` what was
    ever sent and `under_way` what the network holds.
    """

    program: Program
    parameters: Mapping[str, Any]
    shared: Fields
    processes: Mapping[Ref[Any], Fields]
    sent: frozenset[Any] = frozenset()
    under_way: frozenset[Any] = frozenset()

    def cluster(self, name: str) -> tuple[Ref[Any], ...]:
        """The identities of a cluster's processes, in order."""
        return tuple(Ref(name, i) for i in range(self.parameters[name]))

    def members(self, cls: type[Process]) -> tuple[Ref[Any], ...]:
        """The identities of the processes of a class, in order."""
        return tuple(
            r for c in self.program.clusters if issubclass(self.class_of(c.name), cls) for r in self.cluster(c.name)
        )

    def class_of(self, cluster: str) -> type[Process]:
        """The class of the processes in a cluster."""
        names = {c.name: c.process for c in self.program.clusters}
        return next(p.type.classes[0] for p in self.program.processes if p.name == names[cluster])

    def changing(self, owner: Ref[Any] | None) -> World:
        """A copy in which the fields of the owner can be assigned without touching this one."""
        if owner is None:
            return replace(self, shared=dict(self.shared))
        return replace(self, processes={**self.processes, owner: dict(self.processes[owner])})


@dataclass(frozen=True)
class Actor:
    """A process in a state: what `self` is in a method, and what a property sees."""

    world: World
    ref: Ref[Any]

    @property
    def fields(self) -> Fields:
        """The fields of this process."""
        return self.world.processes[self.ref]


def fields_of(owner: Actor | World) -> Fields:
    """The fields of a process or of the protocol."""
    return owner.fields if isinstance(owner, Actor) else owner.shared


def values(world: World, type_: t.Type) -> Iterator[Any]:
    """Every value of a finite type, in order."""
    match type_:
        case t.Bool():
            yield from (False, True)
        case t.NoneT():
            yield None
        case t.Int(lo=lo, hi=hi) if lo is not None and hi is not None:
            yield from range(bound_value(lo, world.parameters), bound_value(hi, world.parameters) + 1)
        case t.EnumT(cls=enum):
            yield from enum
        case t.SymbolT(cls=symbol):
            yield from map(symbol.nth, range(bound_value(symbol.size, world.parameters)))
        case t.RefT(cls=process):
            yield from world.members(process)
        case t.OptionalT(item=item):
            yield from (None, *values(world, item))
        case t.TupleT(items=items):
            yield from itertools.product(*(tuple(values(world, item)) for item in items))
        case t.RecordT(cls=record, items=items):
            yield from (record(*each) for each in itertools.product(*(tuple(values(world, i)) for i in items)))
        case t.SetT(item=item):
            everything = tuple(values(world, item))
            sizes = range(len(everything) + 1)
            yield from (frozenset(c) for size in sizes for c in itertools.combinations(everything, size))
        case _:
            raise ValueError(f"{type_} has no list of values")
