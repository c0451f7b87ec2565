"""The symbolic meaning of maps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import MappingProxyType
from typing import Any

from .. import ir
from ..ir import types as t
from . import values as v
from .algebra import choose, equal
from .collections import is_given
from .frame import Frame, no_meaning
from .fresh import everything
from .lifting import lifter
from .logic import Formula, any_of, conj
from .scalars import anything
from .setting import Setting
from .values import Value


def _make_map(f: Frame, e: ir.MakeMap) -> Value:
    return v.Entries(tuple((True, *pair) for pair in zip(f.all(e.keys), f.all(e.values), strict=True)))


def mapped(setting: Setting, type_: t.Type, value: Value) -> Value:
    """A map display as a whole map."""
    if not isinstance(value, v.Entries):
        return value
    assert isinstance(type_, t.MapT)
    empty = v.Table(dict.fromkeys(setting.known(type_.key)), lifter(setting, type_.key))
    return updated(empty, value)


def updated(base: Value, entries: Value) -> Value:
    """A map with some values replaced."""
    if isinstance(entries, v.Table):
        return v.Table({**base.of, **entries.of}, base.lift)
    if not isinstance(entries, v.Entries):
        return entries
    if isinstance(base, v.Total):
        return _updated_total(base, entries)
    of = dict(base.of)
    for guard, key, value in entries.items:
        for plain in of:
            here = conj(guard, _is_key(base, plain, key))
            if here is not False:
                of[plain] = choose(here, value, of[plain])
    return v.Table(of, base.lift)


def _is_key(table: v.Table, plain: Any, key: Value) -> Formula:
    return key.of.get(plain, False) if isinstance(key, v.Cases) else equal(table.lift(plain), key)


def _updated_total(base: v.Total, entries: v.Entries) -> v.Total:
    def at(key: Value) -> Value:
        found = base.at(key)
        for guard, own, value in entries.items:
            found = choose(conj(guard, equal(own, key)), value, found)
        return found

    return v.Total(at)


def _map_item(f: Frame, e: ir.MapItem) -> Value:
    display, key = f.value(e.value), f.value(e.key)
    value = mapped(f.setting, e.value.type, display)
    if isinstance(value, v.Total):
        return value.at(key)
    here = [(_is_key(value, plain, key), item) for plain, item in value.of.items()]
    f.fail_unless(any_of(guard for guard, _ in here))
    if isinstance(display, v.Entries):
        f.fail_unless(any_of(conj(guard, equal(own, key)) for guard, own, _ in display.items))
    found: Value = None
    for guard, item in here:
        if guard is not False:
            found = item if found is None else choose(guard, item, found)
    return anything(f, e.type) if found is None else found


def _whole(f: Frame, e: ir.Expr) -> Value:
    value = f.value(e)
    if isinstance(value, v.Entries):
        raise no_meaning(e.place, "this goes through a map that may lack keys", instead="index it")
    return value


def _map_values(f: Frame, e: ir.MapValues) -> Value:
    value = _whole(f, e.value)
    if isinstance(value, v.Total):
        return _image(f, e.value.type, value.at)
    return v.Sequence(v.constant(len(value.of)), tuple(value.of.values()))


def _map_pairs(f: Frame, e: ir.MapPairs) -> Value:
    value = _whole(f, e.value)
    if isinstance(value, v.Total):
        return _image(f, e.value.type, lambda key: v.Product((key, value.at(key))))
    pairs = tuple(v.Product((value.lift(key), item)) for key, item in value.of.items())
    return v.Sequence(v.constant(len(pairs)), pairs)


def _image(f: Frame, type_: t.Type, function: Callable[[Value], Value]) -> v.Predicate:
    """What a function gives for the keys of a map without a bound: no set, for each key counts."""
    assert isinstance(type_, t.MapT)
    key = type_.key

    def again() -> Iterator[v.Round]:
        return (v.Round(r.guard, function(r.item), r.variables) for r in everything(f.setting, key))

    found = list(again())
    return v.Predicate(lambda x: is_given(found, x), again)


def _every(f: Frame, e: ir.Every) -> Value:
    assert isinstance(e.type, t.MapT)
    every = f.value(e.value)
    if f.setting.is_open(e.type.key):
        return v.Total(lambda key: every)
    return v.Table(dict.fromkeys(f.setting.known(e.type.key), every), lifter(f.setting, e.type.key))


MAPS: MappingProxyType[type[ir.Expr], Callable[[Frame, Any], Value]] = MappingProxyType(
    {
        ir.MakeMap: _make_map,
        ir.Every: _every,
        ir.MapItem: _map_item,
        ir.MapUpdate: lambda f, e: updated(f.value(e.value), f.value(e.entries)),
        ir.MapValues: _map_values,
        ir.MapPairs: _map_pairs,
    }
)
"""The symbolic value of each map, and of what is asked of one."""
