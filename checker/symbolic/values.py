"""Symbolic values: what the values of a model become when they depend on a state that is not known.

Where a scalar can have few values it is *cases*: each value under the condition that it is the one; the conditions
exclude each other. Operations on cases are Python's on each pair, so bounded models become propositional formulas and
what is constant stays so. Integers and symbols without a bound are z3's terms.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import z3

from . import order
from .logic import Formula, any_of, conj, either

Value = Any
"""A formula, cases, a term, or one of the classes below; None where an optional is not there."""


class Cases:
    """A scalar with few possible values: an integer, an identity, a symbol, a member of an enum."""

    __slots__ = ("of",)

    def __init__(self, of: Mapping[Any, Formula]) -> None:
        self.of = of

    @property
    def constant(self) -> Any | None:
        """The value, if only one is possible."""
        return next(iter(self.of)) if len(self.of) == 1 else None

    def where(self, holds: Callable[[Any], bool]) -> Formula:
        """Whether the value is one of which this holds."""
        if all(map(holds, self.of)):
            return True
        return any_of(guard for value, guard in self.of.items() if holds(value))

    def map(self, function: Callable[[Any], Any]) -> Cases:
        """The function's result in each case."""
        return cases((function(value), guard) for value, guard in self.of.items())


def constant(value: Any) -> Cases:
    """A scalar that is known."""
    return Cases({value: True})


def cases(pairs: Any) -> Cases:
    """Cases from pairs of a value and a condition, in which a value may occur again."""
    found: dict[Any, list[Formula]] = {}
    for value, guard in pairs:
        if guard is not False:
            found.setdefault(value, []).append(guard)
    if len(found) == 1:
        return constant(next(iter(found)))
    return Cases({value: any_of(guards) for value, guards in found.items()})


@dataclass(frozen=True, slots=True)
class Maybe:
    """An optional: whether it is there, and what it then is."""

    present: Formula
    item: Value


@dataclass(frozen=True, slots=True)
class Product:
    """A tuple of fixed length, a record or a message, by its items."""

    items: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Sequence:
    """A sequence that is at most as long as `items`; those from `length` on mean nothing."""

    length: Value
    items: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Array:
    """A sequence without a bound: its length, and the item at each index."""

    length: Value
    at: Callable[[Value], Value]


@dataclass(frozen=True, slots=True)
class Span:
    """The integers from `lo` up to and without `hi`, where there is no bound on how many."""

    lo: Value
    hi: Value


@dataclass(frozen=True, slots=True)
class Bits:
    """A set of known values, each with whether it is a member."""

    of: Mapping[Any, Formula]
    lift: Callable[[Any], Value]


@dataclass(frozen=True, slots=True)
class Listing:
    """A finite set of values that need not be known: whether each is meant, and the value; equal ones may recur."""

    items: tuple[tuple[Formula, Value], ...]


@dataclass(frozen=True, slots=True)
class Round:
    """One way through a collection: the item, whether it is one, and the variables that stand for any value."""

    guard: Formula
    item: Value
    variables: tuple[z3.ExprRef, ...] = ()


@dataclass(frozen=True, slots=True)
class Predicate:
    """A set that need not be finite: what is a member, and ways through all that could be."""

    contains: Callable[[Value], Formula]
    rounds: Callable[[], Iterator[Round]]


@dataclass(frozen=True, slots=True)
class Table:
    """A map whose keys are known."""

    of: Mapping[Any, Value]
    lift: Callable[[Any], Value]


@dataclass(frozen=True, slots=True)
class Entries:
    """The entries of a map display, each under a condition; later ones come before earlier ones of the same key."""

    items: tuple[tuple[Formula, Value, Value], ...]


@dataclass(frozen=True, slots=True)
class Total:
    """A map over a sort without a bound."""

    at: Callable[[Value], Value]


@dataclass(frozen=True, slots=True)
class Size:
    """How many members a set has that need not be finite: it can be compared with few."""

    of: Predicate


@dataclass(frozen=True, slots=True)
class Actor:
    """A process in a state, by its identity."""

    world: Any
    ref: Cases


Set = Bits | Listing | Predicate


def number(value: Value, sort: z3.SortRef | None = None) -> Any:
    """A scalar as a term: of this sort, if it is an integer that is kept as cases."""
    if not isinstance(value, Cases):
        return value
    known = order.literal if sort == order.SORT else z3.IntVal
    (last, _), *rest = reversed(list(value.of.items()))
    result: Any = known(last)
    for each, guard in rest:
        result = z3.If(guard, known(each), result)
    return result


def terms(one: Value, other: Value) -> tuple[Any, Any]:
    """Two scalars as terms of one sort; at least one of them is a term."""
    sort = (other if isinstance(one, Cases) else one).sort()
    return number(one, sort), number(other, sort)


def choice(test: Formula, then: Formula, other: Formula) -> Formula:
    """As `either`."""
    return either(test, then, other)


def weighed(value: Cases, guard: Formula) -> Iterator[tuple[Any, Formula]]:
    """The cases of a value, each under a further condition."""
    for each, own in value.of.items():
        yield each, conj(guard, own)
