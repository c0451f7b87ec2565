"""Domains and their values, drawn at random."""

from __future__ import annotations

from enum import Enum
from typing import Any

from hypothesis import strategies as st

from quorate.checker.native.layout import of_domain
from quorate.models.language import Map, Ref, Symbol, record
from quorate.models.semantics import domains as d

REFS = tuple(Ref[Any](cluster, i) for cluster, count in (("a", 2), ("b", 3)) for i in range(count))
SCATTERED = (REFS[1], REFS[2], REFS[4])


class Colour(Enum):
    """Three members, one of them with two names."""

    RED, GREEN, BLUE = range(3)
    CRIMSON = 0


class Shade(Symbol, size=3):
    """Three symbols."""


@record
class Pair:
    """Any two values."""

    left: Any
    right: Any


@record
class Nothing:
    """A record without fields."""


LEAVES: tuple[d.Domain, ...] = (
    d.Booleans(),
    d.Nothing(),
    d.Integers(0, 1, None),
    d.Integers(-2, 3, None),
    d.Integers(2, 4, None),
    d.Integers(-5, -4, None),
    d.Integers(1 << 40, (1 << 40) + 2, None),
    d.Enumeration(Colour),
    d.Symbols(Shade, 3),
    d.Identities(REFS),
    d.Identities(REFS[2:]),
    d.Identities(SCATTERED),
    d.Records(Nothing, ()),
    d.Tuples(()),
)


def size(domain: d.Domain) -> int:
    """How many values a domain has, as its representation counts them."""
    found = of_domain(domain, REFS).size
    return 1 << 100 if found is None else found


@st.composite
def domains(draw: st.DrawFn, depth: int = 3, most: int = 1 << 100) -> d.Domain:
    """A domain of at most so many values."""
    found = draw(st.sampled_from(LEAVES) if depth == 0 else st.one_of(st.sampled_from(LEAVES), compound(depth - 1)))
    return found if size(found) <= most else draw(st.sampled_from(LEAVES))


@st.composite
def compound(draw: st.DrawFn, depth: int) -> d.Domain:
    """A domain whose values are made of others."""
    inner = domains(depth)
    match draw(st.sampled_from(("optional", "tuple", "record", "sequence", "set", "map"))):
        case "optional":
            return d.Optional(draw(inner))
        case "tuple":
            return d.Tuples(tuple(draw(st.lists(inner, max_size=3))))
        case "record":
            return d.Records(Pair, (draw(inner), draw(inner)))
        case "sequence":
            return d.Sequences(draw(inner), draw(st.integers(0, 3)), None)
        case "set":
            return d.Sets(draw(domains(depth, most=200)))
    return d.Maps(draw(domains(depth, most=8)), draw(inner))


def values(domain: d.Domain) -> st.SearchStrategy[Any]:
    """The values of a domain."""
    match domain:
        case d.Integers(lo, hi):
            return st.integers(lo, hi)
        case d.Optional(item):
            return st.none() | values(item)
        case d.Tuples(items):
            return st.tuples(*map(values, items))
        case d.Records(cls, items):
            return st.builds(cls, *map(values, items))
        case d.Sequences(item, most):
            return st.lists(values(item), max_size=most).map(tuple)
        case d.Sets(item):
            return st.frozensets(values(item), max_size=6)
        case d.Maps(_, item):
            return st.tuples(*[values(item)] * len(domain.keys)).map(
                lambda items: Map(dict(zip(domain.keys, items, strict=True)))
            )
    return st.sampled_from(tuple(domain.values()))


@st.composite
def two_values(draw: st.DrawFn) -> tuple[d.Domain, Any, Any]:
    """A domain with two of its values."""
    domain = draw(domains())
    return domain, draw(values(domain)), draw(values(domain))
