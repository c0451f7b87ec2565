"""The symbolic meaning of comprehensions: quantifiers over what has no bound, conjunctions over what has one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from types import MappingProxyType
from typing import Any

import z3

from .. import ir
from ..ir import types as t
from ..ir.fits import item_of
from ..ir.walk import walk
from . import values as v
from .algebra import choose, contains, equal
from .collections import appended, collected, rounds_of
from .frame import Frame, no_meaning
from .lifting import lifter
from .logic import Formula, all_of, any_of, conj, disj, exists, forall, implies, neg
from .reach import reached
from .scalars import anything, calculated, less
from .values import Value


def _ways(f: Frame, generators: Sequence[ir.Generator]) -> Iterator[tuple[Frame, v.Round]]:
    """A frame for each way through the generators; the round has the condition for it and its variables."""
    yield from _through(f, generators, v.Round(True, None))


def _through(f: Frame, generators: Sequence[ir.Generator], so_far: v.Round) -> Iterator[tuple[Frame, v.Round]]:
    if not generators:
        yield f, so_far
        return
    first, *rest = generators
    for round_ in rounds_of(f, f.value(first.iterable), first.iterable.type):
        inner = f.inner(round_)
        inner.bind(first.target, round_.item)
        guard = conj(round_.guard, _conditions(inner, first))
        if guard is not False:
            both = v.Round(conj(so_far.guard, guard), None, (*so_far.variables, *round_.variables))
            yield from _through(inner, rest, both)


def _conditions(f: Frame, generator: ir.Generator) -> Formula:
    found: list[Formula] = []
    for condition in generator.conditions:
        found.append(f.value(condition))
        f.path = (*f.path, found[-1])
    return all_of(found)


def _quantified(f: Frame, e: ir.Quantified) -> Formula:
    return _quantify(f, e.generators, e.body, e.quantifier is ir.Quantifier.ALL)


def _quantify(f: Frame, generators: Sequence[ir.Generator], body: ir.Expr, every: bool) -> Formula:
    if not generators:
        result: Formula = f.value(body)
        return result
    first, *rest = generators
    parts: list[Formula] = []
    rounds = rounds_of(f, f.value(first.iterable), first.iterable.type)
    with f.under(True):
        for round_ in rounds:
            inner = f.inner(round_)
            inner.bind(first.target, round_.item)
            guard = conj(round_.guard, _conditions(inner, first))
            if guard is False:
                continue
            holds = _quantify(inner, rest, body, every)
            if every:
                parts.append(forall(round_.variables, implies(guard, holds)))
            else:
                parts.append(exists(round_.variables, conj(guard, holds)))
            if parts[-1] is (not every):
                break
            # what comes next is evaluated only where this has not settled the matter
            if not round_.variables:
                f.path = (*f.path, parts[-1] if every else neg(parts[-1]))
    return all_of(parts) if every else any_of(parts)


def _bounded(f: Frame, e: Any) -> Iterator[tuple[Frame, Formula]]:
    for frame, round_ in _ways(f, e.generators):
        if round_.variables:
            raise no_meaning(e.place, "this goes through something without a bound, one by one")
        yield frame, round_.guard


def _sum(f: Frame, e: ir.Sum) -> Value:
    total: Value = v.constant(0)
    for frame, guard in _bounded(f, e):
        total = calculated(ir.ArithmeticOp.ADD, total, choose(guard, frame.value(e.body), v.constant(0)))
    return total


def _extreme(f: Frame, e: ir.ExtremeOf) -> Value:
    default = None if e.default is None else f.value(e.default)
    found = [(frame, round_, frame.value(e.body)) for frame, round_ in _ways(f, e.generators)]
    if any(round_.variables for _, round_, _ in found):
        return _defined_extreme(f, e, [(r, value) for _, r, value in found], default)
    best: Value = None
    there: Formula = False
    for _, round_, value in found:
        best = value if best is None else choose(_replaces(e.extreme, round_.guard, there, value, best), value, best)
        there = disj(there, round_.guard)
    if default is None:
        f.fail_unless(there)
        return anything(f, e.type) if best is None else best
    return choose(there, best, default)


def _replaces(extreme: ir.Extreme, guard: Formula, there: Formula, value: Value, best: Value) -> Formula:
    better = less(value, best) if extreme is ir.Extreme.LEAST else less(best, value)
    return conj(guard, disj(neg(there), better))


def _defined_extreme(f: Frame, e: ir.ExtremeOf, found: list[tuple[v.Round, Value]], default: Value) -> Value:
    """A new number, and what makes it the extreme: the sets of a model are finite, so there is one."""
    if not isinstance(e.type, t.Int):
        raise no_meaning(e.place, "this is the extreme of something without a bound, and no number")
    names = [variable.sort() for variable in f.variables]
    sort = f.setting.numbers
    best: Any = z3.FreshFunction(*names, sort)(*f.variables) if names else z3.FreshConst(sort, "extreme")
    is_one = any_of(exists(r.variables, conj(r.guard, equal(best, value))) for r, value in found)
    none = all_of(forall(r.variables, neg(r.guard)) for r, _ in found)
    worse = less if e.extreme is ir.Extreme.LEAST else (lambda a, b: less(b, a))
    no_better = all_of(forall(r.variables, implies(r.guard, neg(worse(value, best)))) for r, value in found)
    if default is None:
        f.fail_unless(neg(none))
    f.define(conj(disj(is_one, none if default is None else conj(none, equal(best, default))), no_better))
    return best


def _set_of(f: Frame, e: ir.SetOf) -> Value:
    item = item_of(e.type) or t.Never()
    if _is_filter(e) and not _has_extreme(f, e.generators[0].conditions):
        source = f.value(e.generators[0].iterable)
        if isinstance(source, v.Predicate):
            return _filtered(f, e, source)
    then = f.frozen()

    def again() -> Iterator[v.Round]:
        return (v.Round(r.guard, frame.value(e.body), r.variables) for frame, r in _ways(then, e.generators))

    return collected(f, item, again)


def _is_filter(e: ir.SetOf) -> bool:
    """Whether the body is what the only generator gives: `{x for x in s if ...}`."""
    one = len(e.generators) == 1
    return one and isinstance(e.body, ir.Local) and e.body.name == e.generators[0].target.name


def _has_extreme(f: Frame, exprs: Sequence[ir.Expr]) -> bool:
    """Whether these may ask for a maximum, which is a number of its own for each value of the bound variables."""
    program = f.setting.program
    called = [name for node in walk(*exprs) if isinstance(node, ir.Call) for name in node.functions]
    return any(isinstance(node, ir.ExtremeOf) for node in (*walk(*exprs), *reached(program, called)))


def _filtered(f: Frame, e: ir.SetOf, source: v.Predicate) -> v.Predicate:
    then = f.frozen()

    def holds(item: Value) -> Formula:
        inner = then.inner()
        inner.bind(e.generators[0].target, item)
        return _conditions(inner, e.generators[0])

    return v.Predicate(
        lambda x: conj(contains(source, x), holds(x)),
        lambda: (v.Round(conj(r.guard, holds(r.item)), r.item, r.variables) for r in source.rounds()),
    )


def _seq_of(f: Frame, e: ir.SeqOf) -> Value:
    sequence = v.Sequence(v.constant(0), ())
    for frame, guard in _bounded(f, e):
        sequence = appended(sequence, guard, frame.value(e.body))
    return sequence


def _map_of(f: Frame, e: ir.MapOf) -> Value:
    found = [(frame, round_) for frame, round_ in _ways(f, e.generators)]
    if any(round_.variables for _, round_ in found):
        return _total(f, e)
    items = tuple((r.guard, frame.value(e.key), frame.value(e.value)) for frame, r in found)
    if all(guard is True and isinstance(key, v.Cases) and len(key.of) == 1 for guard, key, _ in items):
        assert isinstance(e.type, t.MapT)
        return v.Table({key.constant: value for _, key, value in items}, lifter(f.setting, e.type.key))
    return v.Entries(items)


def _total(f: Frame, e: ir.MapOf) -> v.Total:
    """`{k: ... for k in self.domain(K)}` over a sort without a bound."""
    first = e.generators[0]
    simple = len(e.generators) == 1 and not first.conditions and isinstance(first.iterable, ir.Domain)
    if not simple or not isinstance(e.key, ir.Local) or e.key.name != first.target.name:
        raise no_meaning(e.place, "this map has no value for each of its keys, of which there is any number")
    if _has_extreme(f, [e.value]):
        raise no_meaning(e.place, "this map has a maximum for each of its keys, of which there is any number")

    then = f.frozen()

    def at(key: Value) -> Value:
        inner = then.inner()
        inner.bind(first.target, key)
        return inner.value(e.value)

    return v.Total(at)


COMPREHENSIONS: MappingProxyType[type[ir.Expr], Callable[[Frame, Any], Value]] = MappingProxyType(
    {
        ir.Quantified: _quantified,
        ir.Sum: _sum,
        ir.ExtremeOf: _extreme,
        ir.SetOf: _set_of,
        ir.SeqOf: _seq_of,
        ir.MapOf: _map_of,
    }
)
"""The symbolic value of each comprehension."""
