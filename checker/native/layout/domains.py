"""How the values of each domain and of each type of the intermediate representation are kept, for one system."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from ....models.language import Ref, Sent
from ....models.semantics import System
from ....models.semantics import domains as d
from ... import ir
from ...ir.bounds import bound_value
from .errors import NoLayout
from .reps import (
    MOST_BITS,
    Array,
    BitSet,
    Maybe,
    Product,
    Rep,
    Scalar,
    Table,
    Unit,
    choice,
    identity,
    roomy,
    token,
    truth,
)

ANY = d.Integers(-(2**63), 2**63 - 1, None)
"""The ints that a computation may give: nothing is known of them."""


class SentMessages(d.Records):
    """What `sent(M)` has: a message with its sender and receiver."""

    @cached_property
    def field_names(self) -> tuple[str, ...]:
        return Sent._fields


def of_domain(domain: d.Domain, refs: tuple[Ref[Any], ...]) -> Rep:
    """How the values of a domain are kept; `refs` are all processes. Errors: `NoLayout` for what cannot be."""

    def every(items: Sequence[d.Domain]) -> tuple[Rep, ...]:
        return tuple(of_domain(item, refs) for item in items)

    match domain:
        case d.Booleans():
            return truth()
        case d.Nothing():
            return Unit()
        case d.Integers(lo, hi):
            return Scalar(None, None) if domain == ANY else Scalar(lo, hi)
        case d.Enumeration(cls):
            return choice(cls)
        case d.Identities(members):
            return identity([refs.index(ref) for ref in members], refs)
        case d.Symbols(cls, size):
            return token(cls, size)
        case d.Optional(item):
            return Maybe(of_domain(item, refs))
        case d.Tuples(items):
            return Product(every(items))
        case d.Records(cls, items):
            return Product(every(items), cls)
        case d.Sequences(item, most):
            return Array(of_domain(item, refs), max(0, most))
        case d.Sets(item):
            return _bits(domain, of_domain(item, refs))
        case d.Maps(index, item):
            return _table(domain, of_domain(index, refs), of_domain(item, refs))
    raise AssertionError(domain)


def _bits(domain: d.Sets, item: Rep) -> Rep:
    if item.size is None:
        raise NoLayout(f"{domain} has no fixed size", "a set is kept as a bit for each value that may be in it")
    return BitSet(item)


def _table(domain: d.Maps, key: Rep, value: Rep) -> Rep:
    if key.size is None or key.size > MOST_BITS:
        raise NoLayout(f"a Map has too many keys, each {domain.index}", f"at most {MOST_BITS} are kept")
    return Table(key, domain.keys, value)


class Reps:
    """How values are kept in one system, by their domain or by their type in the intermediate representation."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._parameters = system.protocol.parameters
        self._domains: dict[d.Domain, Rep] = {}
        self._types: dict[ir.Type, Rep | None] = {}

    def of(self, domain: d.Domain) -> Rep:
        """How the values of a domain are kept. Errors: `NoLayout`."""
        if domain not in self._domains:
            self._domains[domain] = of_domain(domain, self._system.refs)
        return self._domains[domain]

    def work(self, domain: d.Domain) -> Rep:
        """How the values of a domain are kept during a step. Errors: `NoLayout`."""
        return roomy(self.of(domain))

    def of_type(self, type_: ir.Type) -> Rep | None:
        """How the values of a type are kept, None if they have no cells or no fixed number of them.

        An int without bounds has a cell of which nothing is known. Errors: `NoLayout`.
        """
        if type_ not in self._types:
            domain = self._domain(type_)
            self._types[type_] = None if domain is None else self.of(domain)
        return self._types[type_]

    def _domain(self, type_: ir.Type) -> d.Domain | None:
        """The domain that a type stands for."""
        shape = self._system.shape
        match type_:
            case ir.Bool():
                return d.Booleans()
            case ir.NoneT():
                return d.Nothing()
            case ir.Int(lo=lo, hi=hi):
                return ANY if lo is None or hi is None else d.Integers(self._bound(lo), self._bound(hi), None)
            case ir.EnumT(cls=enum):
                return d.Enumeration(enum)
            case ir.RefT(cls=process):
                return d.Identities(shape.members(process))
            case ir.SymbolT(cls=symbol):
                return shape.resolver.domain(symbol)
            case ir.OptionalT(item=item):
                inner = self._domain(item)
                return inner and d.Optional(inner)
        return self._compound(type_)

    def _compound(self, type_: ir.Type) -> d.Domain | None:
        match type_:
            case ir.TupleT(items=items):
                found = self._every(items)
                return None if found is None else d.Tuples(found)
            case ir.RecordT(cls=cls, items=items):
                found = self._every(items)
                return None if found is None else d.Records(cls, found)
            case ir.SentT(message=message):
                body, ends = self._domain(message), d.Identities(self._system.refs)
                return body and SentMessages(Sent, (ends, ends, body))
            case ir.SeqT(item=item, most=most):
                inner = self._domain(item)
                return d.Sequences(inner, self._bound(most), None) if inner and most is not None else None
            case ir.SetT(item=item):
                inner = self._sized(item)
                return inner and d.Sets(inner)
            case ir.MapT(key=key, value=value):
                index, inner = self._sized(key), self._domain(value)
                return d.Maps(index, inner) if index and inner else None
        return None

    def _every(self, types: Sequence[ir.Type]) -> tuple[d.Domain, ...] | None:
        found = [self._domain(type_) for type_ in types]
        known = tuple(domain for domain in found if domain is not None)
        return known if len(known) == len(found) else None

    def _sized(self, type_: ir.Type) -> d.Domain | None:
        """The domain of a type whose values can be numbered."""
        domain = self._domain(type_)
        return None if domain is None or self.of(domain).size is None else domain

    def _bound(self, bound: int | str) -> int:
        return bound_value(bound, self._parameters)
