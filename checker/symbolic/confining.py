"""Whether the values that a step leaves are in their domains, as `models.semantics.domains` judges plain ones."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..ir import types as t
from . import values as v
from .algebra import below
from .lifting import lift
from .logic import Formula, any_of, conj
from .setting import Setting
from .values import Value


class Confined(NamedTuple):
    """A value without the cases outside its domain; whether a bound *cuts* the step, and whether the model *fails*.

    A bound that parameters set cuts, one that is written out as a number is a claim of the model.
    """

    value: Value
    cut: Formula = False
    failed: Formula = False


def confined(setting: Setting, type_: t.Type, value: Value) -> Confined:
    """A value as its domain has it."""
    match type_, value:
        case _, None:
            return Confined(None)
        case t.Int(), _:
            return _number(setting, type_, value)
        case t.OptionalT(item=item), v.Maybe(present, inner):
            found = confined(setting, item, inner)
            return Confined(v.Maybe(present, found.value), conj(present, found.cut), conj(present, found.failed))
        case ((t.TupleT(items=types) | t.RecordT(items=types)), v.Product(items)):
            parts = [confined(setting, x, item) for x, item in zip(types, items, strict=True)]
            return _together(v.Product(tuple(part.value for part in parts)), parts)
        case t.SeqT(), v.Sequence():
            return _sequence(setting, type_, value)
        case t.SetT(item=item), v.Bits():
            return _bits(setting, item, value)
        case t.SetT(item=item), v.Listing(items):
            return _listing(setting, item, items)
        case t.MapT(value=item), v.Table(of, lift_key):
            parts = [confined(setting, item, each) for each in of.values()]
            return _together(v.Table(dict(zip(of, (p.value for p in parts), strict=True)), lift_key), parts)
    return Confined(value)


def _together(value: Value, parts: list[Confined]) -> Confined:
    return Confined(value, any_of(part.cut for part in parts), any_of(part.failed for part in parts))


def _number(setting: Setting, type_: t.Int, value: Value) -> Confined:
    lo, hi = setting.bound(type_.lo), setting.bound(type_.hi)
    low = False if lo is None else below(value, v.constant(lo))
    high = False if hi is None else below(v.constant(hi), value)
    sides = ((low, type_.lo), (high, type_.hi))
    cut = any_of(side for side, bound in sides if _is_named(setting, bound))
    failed = any_of(side for side, bound in sides if not _is_named(setting, bound))
    return Confined(_pruned(value, lo, hi), cut, failed)


def _is_named(setting: Setting, bound: t.Bound) -> bool:
    return bound is not None and bool(setting.named(bound))


def _pruned(value: Value, lo: int | None, hi: int | None) -> Value:
    if not isinstance(value, v.Cases):
        return value
    kept = {n: g for n, g in value.of.items() if (lo is None or n >= lo) and (hi is None or n <= hi)}
    # where none is left the step does not exist, and any value will do
    return v.Cases(kept or {lo if lo is not None else hi: True})


def _sequence(setting: Setting, type_: t.SeqT, value: v.Sequence) -> Confined:
    size = confined(setting, t.Int(0, type_.most), value.length)
    most = setting.bound(type_.most)
    kept = value.items if most is None else value.items[:most]
    parts = [confined(setting, type_.item, item) for item in kept]
    under = [
        part._replace(cut=conj(_has(value, i), part.cut), failed=conj(_has(value, i), part.failed))
        for i, part in enumerate(parts)
    ]
    return _together(v.Sequence(size.value, tuple(p.value for p in parts)), [size, *under])


def _has(value: v.Sequence, index: int) -> Formula:
    return below(v.constant(index), value.length)


def _bits(setting: Setting, item: t.Type, value: v.Bits) -> Confined:
    """The members of a set, each in its domain or not."""
    inside: dict[Any, Formula] = {}
    parts: list[Confined] = []
    for plain, guard in value.of.items():
        found = confined(setting, item, lift(setting, item, plain))
        if found.cut is False and found.failed is False:
            inside[plain] = guard
        else:
            parts.append(Confined(None, conj(guard, found.cut), conj(guard, found.failed)))
    return _together(v.Bits(inside, value.lift), parts)


def _listing(setting: Setting, item: t.Type, items: tuple[tuple[Formula, Value], ...]) -> Confined:
    parts = [(guard, confined(setting, item, each)) for guard, each in items]
    value = v.Listing(tuple((guard, part.value) for guard, part in parts))
    return Confined(
        value,
        any_of(conj(guard, part.cut) for guard, part in parts),
        any_of(conj(guard, part.failed) for guard, part in parts),
    )
