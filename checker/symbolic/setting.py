"""What a run of the symbolic engine takes as given: the parameters, and which of them have no bound."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import z3

from ...models.language import Map, ModelError, Process, Ref, Sent
from .. import ir
from ..ir import types as t
from ..ir.bounds import bound_value
from . import order

MOST = 20_000
"""No type is listed that has more values: the formulas would not fit in memory."""


@dataclass(frozen=True)
class Setting:
    """A program with its parameters; those in `free` stand for any number.

    `parameters` has the protocol's own ones and the size of each cluster under the cluster's name.
    """

    program: ir.Program
    parameters: Mapping[str, Any]
    free: frozenset[str] = frozenset()

    # -- bounds --------------------------------------------------------------------------------------------------

    def bound(self, bound: t.Bound) -> int | None:
        """The value of a bound, None if there is none."""
        if bound is None or self.free & self.named(bound):
            return None
        return bound_value(bound, self.parameters)

    @staticmethod
    def named(bound: t.Bound) -> frozenset[str]:
        """The parameters that a bound depends on."""
        tree = ast.parse(bound if isinstance(bound, str) else "0", mode="eval")
        return frozenset(node.id for node in ast.walk(tree) if isinstance(node, ast.Name))

    @cached_property
    def sizes(self) -> frozenset[str]:
        """The parameters that say how many there are of somebody who has quorums."""
        return frozenset(str(item.cls.size) for item in self._families())

    def is_free(self, type_: t.Type) -> bool:
        """Whether the symbols of this type are of any number."""
        return isinstance(type_, t.SymbolT) and self.bound(type_.cls.size) is None

    def is_open(self, type_: t.Type) -> bool:
        """Whether values of this type hold something without a bound."""
        match type_:
            case t.Int(lo=lo, hi=hi):
                return self.bound(lo) is None or self.bound(hi) is None
            case t.SymbolT():
                return self.is_free(type_)
            case t.SeqT(item=item, most=most):
                return self.bound(most) is None or self.is_open(item)
            case t.SentT(message=message):
                return self.is_open(message)
            case t.OptionalT(item=item) | t.SetT(item=item) | t.BagT(item=item):
                return self.is_open(item)
            case t.MapT(key=key, value=value):
                return self.is_open(key) or self.is_open(value)
            case t.TupleT(items=items) | t.RecordT(items=items):
                return any(map(self.is_open, items))
        return False

    @cached_property
    def numbers(self) -> z3.SortRef:
        """The sort of integers without a bound: where somebody is of any number, only their order matters."""
        return order.SORT if self._families() else z3.IntSort()

    def _families(self) -> list[t.SymbolT]:
        """Who is of any number and has quorums."""
        sets = (f.parameters[0].type for f in self.program.functions.values() if f.quorum)
        items = (set_.item for set_ in sets if isinstance(set_, t.SetT))
        return [item for item in items if isinstance(item, t.SymbolT) and self.is_free(item)]

    def sort(self, type_: t.SymbolT) -> z3.SortRef:
        """The sort of the symbols of any number."""
        return z3.DeclareSort(type_.cls.__name__)

    # -- processes -----------------------------------------------------------------------------------------------

    @cached_property
    def refs(self) -> tuple[Ref[Any], ...]:
        """The identities of all processes, cluster by cluster."""
        return tuple(ref for cluster in self.program.clusters for ref in self.cluster(cluster.name))

    def cluster(self, name: str) -> tuple[Ref[Any], ...]:
        """The identities of a cluster's processes, in order."""
        return tuple(Ref(name, i) for i in range(self.parameters[name]))

    @cached_property
    def _classes(self) -> dict[str, ir.ProcessClass]:
        named = {p.name: p for p in self.program.processes}
        return {c.name: named[c.process] for c in self.program.clusters}

    def class_of(self, ref: Ref[Any]) -> ir.ProcessClass:
        """The class of a process."""
        return self._classes[ref.cluster]

    def members(self, cls: type[Process]) -> tuple[Ref[Any], ...]:
        """The identities of the processes of a class, in order."""
        return tuple(ref for ref in self.refs if issubclass(self.class_of(ref).type.classes[0], cls))

    # -- values --------------------------------------------------------------------------------------------------

    def is_inhabited(self, type_: t.Type) -> bool:
        """Whether a type has any value at all: a range has none, if its parameters make it empty."""
        match type_:
            case t.OptionalT() | t.SeqT() | t.SetT():
                return True
            case t.MapT(key=key, value=value):
                return self.is_inhabited(value) or not self.is_inhabited(key)
            case t.TupleT(items=items) | t.RecordT(items=items):
                return all(map(self.is_inhabited, items))
        return self.is_open(type_) or bool(self.known(type_))

    def known(self, type_: t.Type) -> tuple[Any, ...]:
        """Every value of a type without anything open, in order. Errors: `ModelError` if they are too many."""
        if type_ not in self._known:
            found = tuple(itertools.islice(self._values(type_), MOST + 1))
            if len(found) > MOST:
                raise too_many(type_)
            self._known[type_] = found
        return self._known[type_]

    @cached_property
    def _known(self) -> dict[t.Type, tuple[Any, ...]]:
        return {}

    def _values(self, type_: t.Type) -> Iterator[Any]:
        match type_:
            case t.Bool():
                yield from (False, True)
            case t.NoneT():
                yield None
            case t.Int(lo=lo, hi=hi):
                least, most = self.bound(lo), self.bound(hi)
                assert least is not None
                assert most is not None
                yield from range(least, most + 1)
            case t.EnumT(cls=enum):
                yield from enum
            case t.SymbolT(cls=symbol):
                yield from map(symbol.nth, range(bound_value(symbol.size, self.parameters)))
            case t.RefT(cls=process):
                yield from self.members(process)
            case t.OptionalT(item=item):
                yield from (None, *self.known(item))
            case t.TupleT(items=items):
                yield from itertools.product(*map(self.known, items))
            case t.RecordT(cls=record, items=items):
                yield from (record(*each) for each in itertools.product(*map(self.known, items)))
            case t.SentT(message=message):
                everybody = self.refs
                yield from (Sent(*each) for each in itertools.product(everybody, everybody, self.known(message)))
            case t.SeqT(item=item, most=most):
                lengths = range((self.bound(most) or 0) + 1)
                yield from (each for n in lengths for each in itertools.product(self.known(item), repeat=n))
            case t.SetT(item=item):
                members = self.known(item)
                sizes = range(len(members) + 1)
                yield from (frozenset(each) for n in sizes for each in itertools.combinations(members, n))
            case t.MapT(key=key, value=value):
                keys = self.known(key)
                for each in itertools.product(self.known(value), repeat=len(keys)):
                    yield Map(dict(zip(keys, each, strict=True)))


def too_many(type_: t.Type) -> ModelError:
    """The mistake of a type with too many values to list."""
    return ModelError(
        "too-many-values",
        f"a {t.describe(type_)} has more than {MOST:,} values within these bounds",
        because="the symbolic engine has a variable for each of them",
        instead="lower the parameters, or leave their bounds away with --unbounded",
    )
