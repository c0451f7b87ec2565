"""From plain values to symbolic ones and back: a value that is known, and every value that an unknown one can be."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ...models.language import Map, Sent
from ...models.language.values import Every
from ..ir import types as t
from . import values as v
from .algebra import longer
from .logic import Formula, all_of, conj, neg
from .setting import Setting
from .values import Value


def lift(setting: Setting, type_: t.Type, plain: Any) -> Value:
    """A plain value of a type as a symbolic one."""
    match type_:
        case t.Bool():
            return plain
        case t.OptionalT(item=item):
            return v.Maybe(False, None) if plain is None else v.Maybe(True, lift(setting, item, plain))
        case t.TupleT(items=items):
            return v.Product(tuple(lift(setting, i, p) for i, p in zip(items, plain, strict=True)))
        case t.RecordT(names=names, items=items):
            pairs = zip(names, items, strict=True)
            return v.Product(tuple(lift(setting, item, getattr(plain, name)) for name, item in pairs))
        case t.SentT(message=message):
            return v.Product((v.constant(plain.sender), v.constant(plain.to), lift(setting, message, plain.message)))
        case t.SeqT(item=item):
            return v.Sequence(v.constant(len(plain)), tuple(lift(setting, item, p) for p in plain))
        case t.SetT(item=item) if setting.is_open(item):
            return v.Listing(tuple((True, lift(setting, item, p)) for p in plain))
        case t.SetT(item=item):
            return bits(setting, item, ((p, True) for p in plain))
        case t.MapT(key=key, value=value):
            return _lift_map(setting, key, value, plain)
    return v.constant(plain)


def _lift_map(setting: Setting, key: t.Type, value: t.Type, plain: Any) -> v.Table | v.Total:
    if isinstance(plain, Every):
        every = lift(setting, value, plain.value)
        if setting.is_open(key):
            return v.Total(lambda k: every)
        plain = Map({k: plain.value for k in setting.known(key)})
    entries = {k: lift(setting, value, plain[k]) for k in plain}
    return v.Table(entries, lifter(setting, key))


def lifter(setting: Setting, type_: t.Type) -> Callable[[Any], Value]:
    """`lift` for one type."""
    return lambda plain: lift(setting, type_, plain)


def bits(setting: Setting, item: t.Type, pairs: Iterable[tuple[Any, Formula]]) -> v.Bits:
    """A set of known values of a type, each with whether it is a member."""
    return v.Bits({plain: guard for plain, guard in pairs if guard is not False}, lifter(setting, item))


# -- back ---------------------------------------------------------------------------------------------------------


def plains(type_: t.Type, value: Value) -> Iterator[tuple[Any, Formula]]:
    """Every plain value that this may be, and when it is that one; a plain value may come more than once.

    Only for values without anything open.
    """
    match type_:
        case t.Bool():
            yield from ((plain, guard) for plain, guard in ((True, value), (False, neg(value))) if guard is not False)
        case t.OptionalT(item=item):
            yield from _plain_optional(item, value)
        case t.TupleT(items=items):
            yield from _plain_product(items, value.items)
        case t.RecordT(cls=cls, items=items):
            yield from ((cls(*plain), guard) for plain, guard in _plain_product(items, value.items))
        case t.SentT(message=message):
            ends = t.NoneT()
            yield from ((Sent(*plain), g) for plain, g in _plain_product((ends, ends, message), value.items))
        case t.SeqT(item=item):
            yield from _plain_sequence(item, value)
        case t.SetT():
            yield from _plain_set(value)
        case t.MapT(value=item):
            keys = tuple(value.of)
            for plain, guard in _plain_product((item,) * len(keys), tuple(value.of.values())):
                yield Map(dict(zip(keys, plain, strict=True))), guard
        case _:
            yield from value.of.items()


def _plain_optional(item: t.Type, value: v.Maybe) -> Iterator[tuple[Any, Formula]]:
    if value.present is not True:
        yield None, neg(value.present)
    if value.present is not False:
        yield from ((plain, conj(value.present, guard)) for plain, guard in plains(item, value.item))


def _plain_product(types: Iterable[t.Type], items: tuple[Value, ...]) -> Iterator[tuple[tuple[Any, ...], Formula]]:
    found = [list(plains(type_, item)) for type_, item in zip(types, items, strict=True)]
    for combination in itertools.product(*found):
        guard = all_of(guard for _, guard in combination)
        if guard is not False:
            yield tuple(plain for plain, _ in combination), guard


def _plain_sequence(item: t.Type, value: v.Sequence) -> Iterator[tuple[Any, Formula]]:
    for length, guard in value.length.of.items():
        items = value.items[:length]
        if any(each is None for each in items):
            # as in `in_sequence`: it is never so long
            continue
        for plain, own in _plain_product((item,) * length, items):
            yield plain, conj(guard, own)


def _plain_set(value: v.Bits) -> Iterator[tuple[Any, Formula]]:
    sure = frozenset(key for key, guard in value.of.items() if guard is True)
    unsure = [(key, guard) for key, guard in value.of.items() if not isinstance(guard, bool)]
    for which in itertools.product((False, True), repeat=len(unsure)):
        chosen = [(key, guard if there else neg(guard)) for there, (key, guard) in zip(which, unsure, strict=True)]
        members = sure | frozenset(key for there, (key, _) in zip(which, chosen, strict=True) if there)
        yield members, all_of(guard for _, guard in chosen)


def in_sequence(value: v.Sequence) -> list[tuple[Formula, Value]]:
    """The items of a bounded sequence, each with whether it is there.

    None stands where no item can be, though the formula for the length does not show it.
    """
    found = ((longer(value, i), item) for i, item in enumerate(value.items) if item is not None)
    return [(there, item) for there, item in found if there is not False]
