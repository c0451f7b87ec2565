"""The value of each expression, on plain Python values."""

from __future__ import annotations

import dataclasses
import operator
from collections.abc import Callable, Iterator, Sequence
from types import MappingProxyType
from typing import Any

from ...models.language import Map, ModelError, Place, Sent, rank
from ...models.language.values import Every
from . import nodes as n
from . import types as t
from .fits import item_of
from .frame import Frame
from .world import Actor, World, fields_of, values


def _mistake(code: str, what: str, place: Place) -> ModelError:
    return ModelError(code, what, place=place)


def _operator(
    function: Callable[[Any, Any], Any],
) -> Callable[[Frame, Any], Any]:
    return lambda f, e: function(f.value(e.left), f.value(e.right))


_ARITHMETIC: MappingProxyType[n.ArithmeticOp, Callable[[int, int], int]] = MappingProxyType(
    {
        n.ArithmeticOp.ADD: operator.add,
        n.ArithmeticOp.SUBTRACT: operator.sub,
        n.ArithmeticOp.MULTIPLY: operator.mul,
        n.ArithmeticOp.DIVIDE: operator.floordiv,
        n.ArithmeticOp.REMAINDER: operator.mod,
    }
)
_ORDERS: MappingProxyType[n.OrderOp, Callable[[Any, Any], bool]] = MappingProxyType(
    {
        n.OrderOp.LESS: operator.lt,
        n.OrderOp.LESS_EQUAL: operator.le,
        n.OrderOp.GREATER: operator.gt,
        n.OrderOp.GREATER_EQUAL: operator.ge,
    }
)
_SETS: MappingProxyType[n.SetOp, Callable[[Any, Any], Any]] = MappingProxyType(
    {
        n.SetOp.UNION: operator.or_,
        n.SetOp.INTERSECTION: operator.and_,
        n.SetOp.DIFFERENCE: operator.sub,
        n.SetOp.SYMMETRIC: operator.xor,
    }
)


def _arithmetic(f: Frame, e: n.Arithmetic) -> int:
    left, right = f.value(e.left), f.value(e.right)
    if right == 0 and e.op in (n.ArithmeticOp.DIVIDE, n.ArithmeticOp.REMAINDER):
        raise _mistake("division-by-zero", f"{left} {e.op.value} 0 has no value", e.place)
    return _ARITHMETIC[e.op](left, right)


def _logic(f: Frame, e: n.Logic) -> bool:
    tests = (f.value(item) for item in e.items)
    return all(tests) if e.op is n.LogicOp.AND else any(tests)


def _unwrap(f: Frame, e: n.Unwrap) -> Any:
    value = f.value(e.value)
    if value is None:
        raise _mistake("none-dereference", "this is None here, and its item is needed", e.place)
    return value


def _item(f: Frame, e: n.SeqItem) -> Any:
    value, index = f.value(e.value), f.value(e.index)
    if not -len(value) <= index < len(value):
        raise _mistake("index-out-of-range", f"there is no item {index}: the length is {len(value)}", e.place)
    return value[index]


def _map_item(f: Frame, e: n.MapItem) -> Any:
    value, key = f.value(e.value), f.value(e.key)
    if key not in value:
        raise _mistake("missing-key", f"the map has no key {key!r}", e.place)
    return value[key]


def _slice(f: Frame, e: n.Slice) -> Any:
    value, lo, hi = f.value(e.value), e.lo and f.value(e.lo), e.hi and f.value(e.hi)
    return value[lo:hi]


def _record_item(f: Frame, e: n.RecordItem) -> Any:
    return getattr(f.value(e.value), e.name)


def _replace(f: Frame, e: n.Replace) -> Any:
    changes = dict(zip(e.names, f.all(e.items), strict=True))
    return dataclasses.replace(f.value(e.value), **changes)


def _make_record(f: Frame, e: n.MakeRecord) -> Any:
    items = f.all(e.items)
    return _record_class(e.type)(*items)


def _record_class(type_: t.Type) -> Callable[..., Any]:
    if not isinstance(type_, t.RecordT):
        raise TypeError(f"{type_} is no record")
    return type_.cls


def _processes(f: Frame, e: n.Processes) -> Any:
    world: World = f.value(e.owner)
    return tuple(Actor(world, ref) for cluster in e.clusters for ref in world.cluster(cluster))


def _process_at(f: Frame, e: n.ProcessAt) -> Any:
    processes, ref = f.value(e.processes), f.value(e.ref)
    for process in processes:
        if process.ref == ref:
            return process
    raise _mistake("missing-key", f"{ref!r} is not in this cluster", e.place)


def _peers(f: Frame, e: n.Peers) -> Any:
    actor: Actor = f.value(e.owner)
    return frozenset(actor.world.cluster(actor.ref.cluster)) - {actor.ref}


def _majority(f: Frame, e: n.Majority) -> bool:
    actor, members = f.value(e.owner), f.value(e.members)
    return 2 * len(members) > len(actor.world.cluster(actor.ref.cluster))


def _members(f: Frame, e: n.Members) -> Any:
    item = item_of(e.type)
    return frozenset(values(f.world, item or t.Never()))


def _domain(f: Frame, e: n.Domain) -> Any:
    return tuple(values(f.world, item_of(e.type) or t.Never()))


def _sent(f: Frame, e: n.Sent) -> Any:
    world: World = f.value(e.owner)
    return _of_class(e.type, world.sent)


def _under_way(f: Frame, e: n.UnderWay) -> Any:
    world: World = f.value(e.owner)
    return _of_class(e.type, world.under_way)


def _of_class(type_: t.Type, messages: frozenset[Any]) -> Any:
    item = item_of(type_)
    cls = item.message.cls if isinstance(item, t.SentT) else object
    return frozenset(Sent(*each) for each in messages if isinstance(each[2], cls))


def _call(f: Frame, e: n.Call) -> Any:
    owner: Any = None if e.owner is None else f.value(e.owner)
    arguments = f.all(e.arguments)
    if len(e.functions) == 1 or e.owner is None or not isinstance(e.owner.type, t.ProcessT):
        return f.call(e.functions[0], owner, arguments)
    cls = owner.world.class_of(owner.ref.cluster)
    return f.call(e.functions[e.owner.type.classes.index(cls)], owner, arguments)


def _zip(f: Frame, e: n.Zip) -> Any:
    items = f.all(e.items)
    if e.strict and len(set(map(len, items))) > 1:
        raise _mistake("unequal-lengths", f"zip gets lengths {', '.join(str(len(i)) for i in items)}", e.place)
    return tuple(zip(*items, strict=False))


def _make_map(f: Frame, e: n.MakeMap) -> Any:
    keys = f.all(e.keys)
    return Map(dict(zip(keys, f.all(e.values), strict=True)))


# -- comprehensions -----------------------------------------------------------------------------------------------


def _each(f: Frame, generators: Sequence[n.Generator]) -> Iterator[Frame]:
    """A frame for each way through the generators; one and the same, with other values in it."""
    yield from _through(f.inner(), generators)


def _through(f: Frame, generators: Sequence[n.Generator]) -> Iterator[Frame]:
    if not generators:
        yield f
        return
    first, *rest = generators
    for value in f.value(first.iterable):
        f.bind(first.target, value)
        if all(f.value(test) for test in first.conditions):
            yield from _through(f, rest)


def _bodies(f: Frame, e: Any) -> Iterator[Any]:
    return (inner.value(e.body) for inner in _each(f, e.generators))


def _quantified(f: Frame, e: n.Quantified) -> bool:
    return all(_bodies(f, e)) if e.quantifier is n.Quantifier.ALL else any(_bodies(f, e))


def _extreme(f: Frame, e: n.ExtremeOf) -> Any:
    default = None if e.default is None else f.value(e.default)
    found = list(_bodies(f, e))
    if not found and e.default is None:
        raise _mistake("empty-extreme", f"{e.extreme.value} of nothing has no value", e.place)
    if not found:
        return default
    return min(found) if e.extreme is n.Extreme.LEAST else max(found)


def _map_of(f: Frame, e: n.MapOf) -> Any:
    return Map({inner.value(e.key): inner.value(e.value) for inner in _each(f, e.generators)})


def _parameter(f: Frame, e: n.Parameter) -> Any:
    if e.owner is not None:
        f.value(e.owner)
    return f.world.parameters[e.name]


EXPRESSIONS: MappingProxyType[type[n.Expr], Callable[[Frame, Any], Any]] = MappingProxyType(
    {
        n.Literal: lambda f, e: e.value,
        n.Local: lambda f, e: f.locals[e.name],
        n.Self: lambda f, e: f.owner,
        n.ReadField: lambda f, e: fields_of(f.value(e.owner))[e.name],
        n.Parameter: _parameter,
        n.Identity: lambda f, e: f.value(e.owner).ref,
        n.Members: _members,
        n.Peers: _peers,
        n.Majority: _majority,
        n.Processes: _processes,
        n.ProcessAt: _process_at,
        n.Domain: _domain,
        n.Sent: _sent,
        n.UnderWay: _under_way,
        n.Not: lambda f, e: not f.value(e.value),
        n.Logic: _logic,
        n.Arithmetic: _arithmetic,
        n.Negate: lambda f, e: -f.value(e.value),
        n.Absolute: lambda f, e: abs(f.value(e.value)),
        n.Equal: _operator(operator.eq),
        n.Order: lambda f, e: _ORDERS[e.op](f.value(e.left), f.value(e.right)),
        n.Conditional: lambda f, e: f.value(e.then) if f.value(e.test) else f.value(e.other),
        n.Unwrap: _unwrap,
        n.Widen: lambda f, e: f.value(e.value),
        n.Rank: lambda f, e: rank(f.value(e.ref)),
        n.Nth: lambda f, e: e.type.cls.nth(f.value(e.index)),
        n.MakeTuple: lambda f, e: f.all(e.items),
        n.TupleItem: lambda f, e: f.value(e.value)[e.index],
        n.MakeRecord: _make_record,
        n.RecordItem: _record_item,
        n.Replace: _replace,
        n.MakeSeq: lambda f, e: f.all(e.items),
        n.MakeSet: lambda f, e: frozenset(f.all(e.items)),
        n.MakeMap: _make_map,
        n.Every: lambda f, e: Every(f.value(e.value)),
        n.Length: lambda f, e: len(f.value(e.value)),
        n.Contains: lambda f, e: f.value(e.item) in f.value(e.collection),
        n.Count: lambda f, e: f.value(e.value).count(f.value(e.item)),
        n.SeqItem: _item,
        n.Slice: _slice,
        n.Concat: lambda f, e: f.value(e.left) + f.value(e.right),
        n.Repeat: lambda f, e: f.value(e.value) * f.value(e.times),
        n.SetOperation: lambda f, e: _SETS[e.op](f.value(e.left), f.value(e.right)),
        n.MapItem: _map_item,
        n.MapUpdate: lambda f, e: f.value(e.value) | f.value(e.entries),
        n.MapValues: lambda f, e: tuple(f.value(e.value).values()),
        n.MapPairs: lambda f, e: tuple(f.value(e.value).items()),
        n.Range: lambda f, e: tuple(range(f.value(e.lo), f.value(e.hi), f.value(e.step))),
        n.Enumerate: lambda f, e: tuple(enumerate(f.value(e.value), f.value(e.start))),
        n.Zip: _zip,
        n.Reversed: lambda f, e: f.value(e.value)[::-1],
        n.Sorted: lambda f, e: tuple(sorted(f.value(e.value))),
        n.ToSet: lambda f, e: frozenset(f.value(e.value)),
        n.ToSeq: lambda f, e: tuple(f.value(e.value)),
        n.Quantified: _quantified,
        n.Sum: lambda f, e: sum(_bodies(f, e)),
        n.ExtremeOf: _extreme,
        n.SetOf: lambda f, e: frozenset(_bodies(f, e)),
        n.SeqOf: lambda f, e: tuple(_bodies(f, e)),
        n.MapOf: _map_of,
        n.Call: _call,
    }
)
"""The value of each expression."""
