"""What can be done with any symbolic value: choose between two, and ask whether two are equal."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import combinations, product, zip_longest
from types import MappingProxyType
from typing import Any

import z3

from . import order
from . import values as v
from .logic import Formula, all_of, any_of, conj, disj, either, exists, forall, iff, implies, neg, same_term
from .values import Value

CLAUSES = 1_000
"""No majority is written out that needs more: its members are counted."""

_TERM: type = z3.ExprRef
"""The class of terms, in the tables below."""


def choose(test: Formula, then: Value, other: Value) -> Value:
    """The second if the first is true, else the third; both are of one type."""
    if isinstance(test, bool):
        return then if test else other
    if then is other or other is None:
        return then
    if then is None:
        return other
    return _CHOICES[_kind(then, other)](test, then, other)


def _kind(one: Value, other: Value) -> type:
    """The class whose table entry takes care of both."""
    if isinstance(one, bool | z3.BoolRef) or isinstance(other, bool | z3.BoolRef):
        return bool
    if isinstance(one, v.Bits) and isinstance(other, v.Bits):
        return v.Bits
    if is_set(one):
        return v.Predicate if v.Predicate in (type(one), type(other)) else v.Listing
    if isinstance(one, v.Cases) and isinstance(other, v.Cases):
        return v.Cases
    if isinstance(one, v.Cases | z3.ExprRef):
        return _TERM
    if v.Array in (type(one), type(other)):
        return v.Array
    kind: type = type(one)
    return kind


def is_set(value: Value) -> bool:
    """Whether this is a set, in any of the ways to keep one."""
    return isinstance(value, v.Bits | v.Listing | v.Predicate)


def _choose_cases(test: Formula, then: v.Cases, other: v.Cases) -> v.Cases:
    return v.cases((*v.weighed(then, test), *v.weighed(other, neg(test))))


def _choose_term(test: Formula, then: Value, other: Value) -> Value:
    return z3.If(test, *v.terms(then, other))


def _choose_maybe(test: Formula, then: v.Maybe, other: v.Maybe) -> v.Maybe:
    return v.Maybe(either(test, then.present, other.present), choose(test, then.item, other.item))


def _choose_product(test: Formula, then: v.Product, other: v.Product) -> v.Product:
    pairs = zip(then.items, other.items, strict=True)
    return v.Product(tuple(choose(test, a, b) for a, b in pairs))


def _choose_sequence(test: Formula, then: v.Sequence, other: v.Sequence) -> v.Sequence:
    pairs = zip_longest(then.items, other.items)
    length = choose(test, then.length, other.length)
    return v.Sequence(length, tuple(choose(test, a, b) for a, b in pairs))


def _choose_array(test: Formula, then: Value, other: Value) -> v.Array:
    one, two = array(then), array(other)
    return v.Array(choose(test, one.length, two.length), lambda i: choose(test, one.at(i), two.at(i)))


def _choose_bits(test: Formula, then: v.Bits, other: v.Bits) -> v.Bits:
    keys = dict.fromkeys((*then.of, *other.of))
    found = {k: either(test, then.of.get(k, False), other.of.get(k, False)) for k in keys}
    return v.Bits(found, then.lift)


def _choose_listing(test: Formula, then: v.Set, other: v.Set) -> v.Listing:
    mine = [(conj(test, r.guard), r.item) for r in rounds(then)]
    theirs = [(conj(neg(test), r.guard), r.item) for r in rounds(other)]
    return v.Listing((*mine, *theirs))


def _choose_predicate(test: Formula, then: v.Set, other: v.Set) -> v.Predicate:
    def rounds_of() -> Iterator[v.Round]:
        for round_ in rounds(then):
            yield v.Round(conj(test, round_.guard), round_.item, round_.variables)
        for round_ in rounds(other):
            yield v.Round(conj(neg(test), round_.guard), round_.item, round_.variables)

    return v.Predicate(lambda x: either(test, contains(then, x), contains(other, x)), rounds_of)


def _choose_table(test: Formula, then: v.Table, other: v.Table) -> v.Table:
    keys = dict.fromkeys((*then.of, *other.of))
    return v.Table({k: choose(test, then.of.get(k), other.of.get(k)) for k in keys}, then.lift)


def _choose_total(test: Formula, then: v.Total, other: v.Total) -> v.Total:
    return v.Total(lambda k: choose(test, then.at(k), other.at(k)))


def _choose_actor(test: Formula, then: v.Actor, other: v.Actor) -> v.Actor:
    return v.Actor(then.world, choose(test, then.ref, other.ref))


_CHOICES: MappingProxyType[type, Callable[[Formula, Any, Any], Value]] = MappingProxyType(
    {
        bool: either,
        v.Cases: _choose_cases,
        _TERM: _choose_term,
        v.Maybe: _choose_maybe,
        v.Product: _choose_product,
        v.Sequence: _choose_sequence,
        v.Array: _choose_array,
        v.Bits: _choose_bits,
        v.Listing: _choose_listing,
        v.Predicate: _choose_predicate,
        v.Table: _choose_table,
        v.Total: _choose_total,
        v.Actor: _choose_actor,
    }
)


def merged(pairs: Iterable[tuple[Value, Formula]]) -> Value:
    """One of several values: the last one whose condition is true, or the first if none is."""
    found: Value = None
    for value, guard in pairs:
        found = value if found is None else choose(guard, value, found)
    return found


# -- equality -----------------------------------------------------------------------------------------------------


def equal(one: Value, other: Value) -> Formula:
    """Whether two values of one type are equal."""
    if one is other:
        return True
    if one is None or other is None:
        # both stand where nothing is: whoever compares asks first whether anything is there
        return True
    one, other = aligned(one, other), aligned(other, one)
    return _EQUALITIES[_kind(one, other)](one, other)


def aligned(value: Value, other: Value) -> Value:
    """A value that is compared with one of a wider type, as one of that type: an item with an optional, say."""
    if isinstance(other, v.Maybe) and not isinstance(value, v.Maybe):
        return v.Maybe(True, value)
    if isinstance(other, v.Sequence) and isinstance(value, v.Product):
        return v.Sequence(v.constant(len(value.items)), value.items)
    return value


def _equal_cases(one: v.Cases, other: v.Cases) -> Formula:
    if len(other.of) == 1:
        one, other = other, one
    return any_of(conj(guard, other.of.get(value, False)) for value, guard in one.of.items())


def _equal_terms(one: Value, other: Value) -> Formula:
    return same_term(*v.terms(one, other))


def _equal_maybe(one: v.Maybe, other: v.Maybe) -> Formula:
    both = conj(one.present, other.present)
    same = False if both is False else conj(both, equal(one.item, other.item))
    return disj(same, conj(neg(one.present), neg(other.present)))


def _equal_product(one: v.Product, other: v.Product) -> Formula:
    return all_of(equal(a, b) for a, b in zip(one.items, other.items, strict=True))


def _equal_sequence(one: v.Sequence, other: v.Sequence) -> Formula:
    lengths = equal(one.length, other.length)
    pairs = enumerate(zip(one.items, other.items, strict=False))
    return conj(lengths, *(implies(longer(one, i), equal(a, b)) for i, (a, b) in pairs))


def _equal_array(left: Value, right: Value) -> Formula:
    one, other = array(left), array(right)
    index = z3.FreshInt("index")
    within = conj(index >= 0, index < v.number(one.length))
    return conj(
        equal(one.length, other.length), forall([index], implies(within, equal(one.at(index), other.at(index))))
    )


def _equal_bits(one: v.Bits, other: v.Bits) -> Formula:
    keys = dict.fromkeys((*one.of, *other.of))
    return all_of(iff(one.of.get(k, False), other.of.get(k, False)) for k in keys)


def _equal_sets(one: v.Set, other: v.Set) -> Formula:
    return conj(subset(one, other), subset(other, one))


def _equal_table(one: v.Table, other: v.Table) -> Formula:
    if one.of.keys() != other.of.keys():
        return False
    return all_of(equal(value, other.of[key]) for key, value in one.of.items())


def _equal_actor(one: v.Actor, other: v.Actor) -> Formula:
    return equal(one.ref, other.ref)


_EQUALITIES: MappingProxyType[type, Callable[[Any, Any], Formula]] = MappingProxyType(
    {
        bool: iff,
        v.Cases: _equal_cases,
        _TERM: _equal_terms,
        v.Maybe: _equal_maybe,
        v.Product: _equal_product,
        v.Sequence: _equal_sequence,
        v.Array: _equal_array,
        v.Bits: _equal_bits,
        v.Listing: _equal_sets,
        v.Predicate: _equal_sets,
        v.Table: _equal_table,
        v.Actor: _equal_actor,
    }
)


# -- sequences ----------------------------------------------------------------------------------------------------


def longer(sequence: v.Sequence, index: int) -> Formula:
    """Whether a sequence has an item at this index, from 0."""
    return below(v.constant(index), sequence.length)


def below(one: Value, other: Value) -> Formula:
    """Whether an integer is less than another."""
    if isinstance(one, v.Cases) and isinstance(other, v.Cases):
        pairs = product(one.of.items(), other.of.items())
        return any_of(conj(g, h) for (a, g), (b, h) in pairs if a < b)
    left, right = v.terms(one, other)
    less: z3.BoolRef = order.less(left, right) if order.is_ordered(left) else left < right
    return less


def array(value: Value) -> v.Array:
    """A sequence as one without a bound."""
    if isinstance(value, v.Array):
        return value

    def at(index: Value) -> Value:
        found: Value = None
        for i, item in enumerate(value.items):
            found = item if found is None else choose(equal(index, v.constant(i)), item, found)
        return found

    return v.Array(value.length, at)


# -- sets ---------------------------------------------------------------------------------------------------------


def contains(collection: v.Set, item: Value) -> Formula:
    """Whether this is a member."""
    if isinstance(collection, v.Predicate):
        return collection.contains(item)
    return any_of(conj(guard, equal(member, item)) for guard, member in members(collection))


def members(collection: v.Bits | v.Listing) -> Iterator[tuple[Formula, Value]]:
    """What may be a member of a finite set, and whether it is."""
    if isinstance(collection, v.Listing):
        yield from collection.items
        return
    for key, guard in collection.of.items():
        if guard is not False:
            yield guard, collection.lift(key)


def rounds(collection: v.Set) -> Iterator[v.Round]:
    """Every way through a set."""
    if isinstance(collection, v.Predicate):
        yield from collection.rounds()
        return
    for guard, item in members(collection):
        yield v.Round(guard, item)


def is_known_empty(collection: v.Set) -> bool:
    """Whether a set has no members whatever the state is."""
    return not isinstance(collection, v.Predicate) and all(guard is False for guard, _ in members(collection))


def subset(one: v.Set, other: v.Set) -> Formula:
    """Whether every member of the first set is one of the second."""
    if isinstance(one, v.Bits) and isinstance(other, v.Bits):
        return all_of(implies(guard, other.of.get(key, False)) for key, guard in one.of.items())
    return all_of(forall(r.variables, implies(r.guard, contains(other, r.item))) for r in rounds(one))


def some(collection: v.Set, holds: Callable[[Value], Formula]) -> Formula:
    """Whether this holds of some member."""
    return any_of(exists(r.variables, conj(r.guard, holds(r.item))) for r in rounds(collection))


def distinct(collection: v.Bits | v.Listing) -> list[tuple[Formula, Value]]:
    """The members of a finite set, each only once."""
    if isinstance(collection, v.Bits):
        return list(members(collection))
    found: list[tuple[Formula, Value]] = []
    for guard, item in collection.items:
        again = any_of(conj(earlier, equal(other, item)) for earlier, other in found)
        found.append((conj(guard, neg(again)), item))
    return found


def tally(formulas: list[Formula]) -> v.Cases:
    """How many of these are true."""
    counts: dict[int, Formula] = {0: True}
    for formula in formulas:
        more: dict[int, Formula] = {}
        for count, guard in counts.items():
            more[count] = disj(more.get(count, False), conj(guard, neg(formula)))
            more[count + 1] = conj(guard, formula)
        counts = {count: guard for count, guard in more.items() if guard is not False}
    return v.cases(counts.items())


def at_least(formulas: Sequence[Formula], least: int) -> Formula:
    """Whether so many of these are true: of any so few that the others would not do, one is.

    A solver sees in a moment what this rules out; from a count it has to work that out.
    """
    few = len(formulas) - least + 1
    if few <= 0:
        return False
    if math.comb(len(formulas), few) > CLAUSES:
        return tally(list(formulas)).where(lambda count: count >= least)
    return all_of(any_of(some) for some in combinations(formulas, few))
