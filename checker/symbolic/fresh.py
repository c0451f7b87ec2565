"""Values that are not known: a variable for everything that a type leaves open.

A value may depend on others (`at`): then its variables are functions of those.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import z3

from ...models.language import ModelError
from ..ir import types as t
from . import values as v
from .algebra import aligned, below, equal, longer
from .lifting import bits, lift, lifter
from .logic import Formula, all_of, any_of, conj, forall, neg
from .setting import Setting
from .values import Value


@dataclass
class Source:
    """Makes unknown values, and notes what is known of them: a lower bound, say."""

    setting: Setting
    known: list[Formula] = field(default_factory=list)
    notes: bool = True

    def value(self, type_: t.Type, name: str, at: Sequence[z3.ExprRef] = ()) -> Value:
        """An unknown value of a type; the same name and arguments mean the same value."""
        match type_:
            case t.Bool():
                return variable(name, z3.BoolSort(), at)
            case t.Int() | t.SymbolT() if self.setting.is_open(type_):
                return self._open(type_, name, at)
            case t.OptionalT(item=item) if not self.setting.is_inhabited(item):
                return v.Maybe(False, None)
            case t.OptionalT(item=item):
                return v.Maybe(variable(f"{name}?", z3.BoolSort(), at), self.value(item, name, at))
            case t.TupleT(items=items):
                return v.Product(tuple(self.value(item, f"{name}.{i}", at) for i, item in enumerate(items)))
            case t.RecordT(names=names, items=items):
                pairs = zip(names, items, strict=True)
                return v.Product(tuple(self.value(item, f"{name}.{n}", at) for n, item in pairs))
            case t.SeqT(item=item) if not self.setting.is_inhabited(item):
                return v.Sequence(v.constant(0), ())
            case t.SeqT():
                return self._sequence(type_, name, at)
            case t.SetT(item=item):
                return self.members(item, name, at)
            case t.MapT(key=key, value=value):
                return self._map(key, value, name, at)
        return self._cases(self.setting.known(type_), name, at)

    def _open(self, type_: t.Type, name: str, at: Sequence[z3.ExprRef]) -> z3.ExprRef:
        made = variable(name, sort_of(self.setting, type_), at)
        self._note(in_range(self.setting, type_, made), at)
        return made

    def _note(self, fact: Formula, at: Sequence[z3.ExprRef]) -> None:
        if self.notes and fact is not True:
            self.known.append(forall(at, fact))

    def one_of(self, plains: Sequence[Any], name: str) -> v.Cases:
        """An unknown one of these values."""
        return self._cases(plains, name, ())

    def _cases(self, plains: Sequence[Any], name: str, at: Sequence[z3.ExprRef]) -> v.Cases:
        """A tree of yes and no, so that exactly one case is true without anybody saying so."""
        if not plains:
            self._note(False, at)
        if len(plains) <= 1:
            return v.Cases(dict.fromkeys(plains, True))
        half = len(plains) // 2
        first = variable(f"{name}<{half}", z3.BoolSort(), at)
        low, high = self._cases(plains[:half], f"{name}-", at), self._cases(plains[half:], f"{name}+", at)
        return v.cases((*v.weighed(low, first), *v.weighed(high, neg(first))))

    def _sequence(self, type_: t.SeqT, name: str, at: Sequence[z3.ExprRef]) -> v.Sequence | v.Array:
        most = self.setting.bound(type_.most)
        if most is None:
            length = variable(f"{name}.length", z3.IntSort(), at)
            self._note(length >= 0, at)
            item = self._everywhere(type_.item, name, at, z3.FreshInt("index"))
            return v.Array(length, lambda i: item(v.number(i)))
        length = self._cases(range(most + 1), f"{name}.length", at)
        return v.Sequence(length, tuple(self.value(type_.item, f"{name}[{i}]", at) for i in range(most)))

    def members(self, item: t.Type, name: str, at: Sequence[z3.ExprRef] = ()) -> v.Set:
        """An unknown set."""
        if not self.setting.is_open(item):
            known = self.setting.known(item)
            pairs = ((plain, variable(f"{name}:{plain!r}", z3.BoolSort(), at)) for plain in known)
            return bits(self.setting, item, pairs)
        return relation(self.setting, item, name, at)

    def _map(self, key: t.Type, value: t.Type, name: str, at: Sequence[z3.ExprRef]) -> v.Table | v.Total:
        if not self.setting.is_open(key):
            known = self.setting.known(key)
            return v.Table({k: self.value(value, f"{name}[{k!r}]", at) for k in known}, lifter(self.setting, key))
        sort = sort_of(self.setting, key)
        item = self._everywhere(value, name, at, z3.FreshConst(sort, "key"))
        return v.Total(lambda k: item(v.number(k, sort)))

    def _everywhere(
        self, type_: t.Type, name: str, at: Sequence[z3.ExprRef], place: z3.ExprRef
    ) -> Callable[[z3.ExprRef], Value]:
        """An unknown value for each place of a sort; what is known of all of them is noted once."""
        self.value(type_, name, (*at, place))
        quiet = replace(self, notes=False)
        return lambda where: quiet.value(type_, name, (*at, where))


def variable(name: str, sort: z3.SortRef, at: Sequence[z3.ExprRef]) -> Any:
    """A variable, or the value of a function at these arguments."""
    if not at:
        return z3.Const(name, sort)
    return z3.Function(name, *[each.sort() for each in at], sort)(*at)


def sort_of(setting: Setting, type_: t.Type) -> z3.SortRef:
    """The sort of an open scalar."""
    return setting.sort(type_) if isinstance(type_, t.SymbolT) else setting.numbers


def in_range(setting: Setting, type_: t.Type, term: Any) -> Formula:
    """Whether an open scalar keeps the bounds that its type has."""
    if not isinstance(type_, t.Int):
        return True
    lo, hi = setting.bound(type_.lo), setting.bound(type_.hi)
    low = True if lo is None else neg(below(term, v.constant(lo)))
    return conj(low, True if hi is None else neg(below(v.constant(hi), term)))


# -- relations ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Hole:
    """What is open in a value of which the rest is known."""

    type: t.Type


def skeletons(setting: Setting, type_: t.Type) -> Iterator[Any]:
    """Every way in which the known parts of a value can be: values with holes in the place of what is open."""
    match type_:
        case t.Int() | t.SymbolT() if setting.is_open(type_):
            yield Hole(type_)
        case t.OptionalT(item=item):
            yield v.Maybe(False, None)
            yield from (v.Maybe(True, inner) for inner in skeletons(setting, item))
        case t.TupleT(items=items) | t.RecordT(items=items):
            yield from map(v.Product, itertools.product(*(tuple(skeletons(setting, item)) for item in items)))
        case t.SeqT(item=item, most=most) if (longest := setting.bound(most)) is not None:
            inner = tuple(skeletons(setting, item))
            for length in range(longest + 1):
                for items in itertools.product(inner, repeat=length):
                    yield v.Sequence(v.constant(length), items)
        case t.SetT() | t.MapT() | t.SeqT() if setting.is_open(type_):
            raise ModelError(
                "no-symbolic-meaning",
                f"a {t.describe(type_)} without a bound is a member of a set or a field of a message",
                place=setting.program.place,
                because="a set of those is no relation over numbers and symbols",
                instead="keep the bound of the parameters that it depends on",
            )
        case _:
            yield from (lift(setting, type_, plain) for plain in setting.known(type_))


def holes(skeleton: Any) -> Iterator[Hole]:
    """What is open, from left to right."""
    match skeleton:
        case Hole():
            yield skeleton
        case v.Maybe(item=item):
            yield from holes(item)
        case v.Product(items=items) | v.Sequence(items=items):
            for item in items:
                yield from holes(item)


def filled(skeleton: Any, terms: Iterator[z3.ExprRef]) -> Value:
    """The value with these terms in its holes."""
    match skeleton:
        case Hole():
            return next(terms)
        case v.Maybe(present, item):
            return v.Maybe(present, filled(item, terms))
        case v.Product(items):
            return v.Product(tuple(filled(item, terms) for item in items))
        case v.Sequence(length, items):
            return v.Sequence(length, tuple(filled(item, terms) for item in items))
    return skeleton


def matched(skeleton: Any, value: Value, terms: list[z3.ExprRef], numbers: z3.SortRef) -> Formula:
    """Whether a value is such a one; `terms` gets what it has in the holes, integers as terms of this sort."""
    value = aligned(value, skeleton)
    if isinstance(value, v.Maybe) and not isinstance(skeleton, v.Maybe):
        return value.present is not False and conj(value.present, matched(skeleton, value.item, terms, numbers))
    match skeleton:
        case Hole():
            terms.append(v.number(value, None if isinstance(skeleton.type, t.SymbolT) else numbers))
            return True
        case v.Maybe(present, item):
            there = value.present if present else neg(value.present)
            return conj(there, matched(item, value.item, terms, numbers)) if present and there is not False else there
        case v.Product(items):
            return all_of([matched(a, b, terms, numbers) for a, b in zip(items, value.items, strict=True)])
        case v.Sequence(length, items):
            fits = len(items) <= len(value.items) and _has_length(value, length.constant)
            if fits is False:
                return False
            parts = [matched(a, b, terms, numbers) for a, b in zip(items, value.items, strict=False)]
            return conj(fits, *parts)
    return equal(skeleton, value)


def _has_length(value: v.Sequence, length: int) -> Formula:
    return value.length.of.get(length, False) if isinstance(value.length, v.Cases) else longer(value, length)


def relation(setting: Setting, item: t.Type, name: str, at: Sequence[z3.ExprRef] = ()) -> v.Predicate:
    """An unknown set of values that hold something open: a relation for each way that their known parts can be."""
    shapes = [(f"{name}#{i}", s, tuple(holes(s))) for i, s in enumerate(skeletons(setting, item))]

    def member(symbol: str, holes: tuple[Hole, ...], terms: list[Any]) -> Formula:
        ranges = [in_range(setting, hole.type, term) for hole, term in zip(holes, terms, strict=True)]
        return conj(*ranges, variable(symbol, z3.BoolSort(), (*at, *terms)))

    def contains(value: Value) -> Formula:
        return any_of(_in_shape(value, *shape) for shape in shapes)

    def _in_shape(value: Value, symbol: str, skeleton: Any, holes: tuple[Hole, ...]) -> Formula:
        terms: list[Any] = []
        fits = matched(skeleton, value, terms, setting.numbers)
        return False if fits is False else conj(fits, member(symbol, holes, terms))

    def rounds() -> Iterator[v.Round]:
        for symbol, skeleton, holes in shapes:
            terms = [z3.FreshConst(sort_of(setting, hole.type), "any") for hole in holes]
            yield v.Round(member(symbol, holes, terms), filled(skeleton, iter(terms)), tuple(terms))

    return v.Predicate(contains, rounds)


def everything(setting: Setting, type_: t.Type) -> Iterator[v.Round]:
    """Every value of a type, as rounds: with variables where something is open."""
    for skeleton in skeletons(setting, type_):
        found = tuple(holes(skeleton))
        terms = tuple(z3.FreshConst(sort_of(setting, hole.type), "any") for hole in found)
        ranges = all_of(in_range(setting, h.type, term) for h, term in zip(found, terms, strict=True))
        yield v.Round(ranges, filled(skeleton, iter(terms)), terms)
