"""The symbolic meaning of names, constants, logic, numbers, comparisons and products."""

from __future__ import annotations

import operator
from collections.abc import Callable
from itertools import product
from types import MappingProxyType
from typing import Any

import z3

from ...models.language import Place, rank
from .. import ir
from ..ir import types as t
from . import order
from . import values as v
from .algebra import below, choose, equal, is_set, subset
from .frame import Frame, no_meaning
from .fresh import everything
from .lifting import lift
from .logic import Formula, all_of, any_of, conj, disj, forall, implies, neg
from .quorums import as_quorum
from .values import Value
from .worlds import World


def _literal(f: Frame, e: ir.Literal) -> Value:
    return v.Maybe(False, None) if e.value is None else lift(f.setting, e.type, e.value)


def _read_field(f: Frame, e: ir.ReadField) -> Value:
    owner = f.value(e.owner)
    if isinstance(owner, World):
        return owner.shared[e.name]
    return per_process(owner, lambda actor: actor.world.processes[actor.ref.constant][e.name])


def per_process(actor: v.Actor, function: Callable[[v.Actor], Value]) -> Value:
    """What a function of one process gives, for one that is not known."""
    found: Value = None
    for ref, guard in actor.ref.of.items():
        result = function(v.Actor(actor.world, v.constant(ref)))
        found = result if found is None else choose(guard, result, found)
    return found


def _parameter(f: Frame, e: ir.Parameter) -> Value:
    if e.name in f.setting.free:
        raise no_meaning(
            e.place,
            f"{e.name} has no value here",
            because="the proof is for any number of them",
            instead="ask a @quorum method which sets are large enough",
        )
    plain = f.setting.parameters[e.name]
    return plain if isinstance(plain, bool) else v.constant(plain)


def _peers(f: Frame, e: ir.Peers) -> Value:
    actor = f.value(e.owner)
    cluster = f.setting.cluster(next(iter(actor.ref.of)).cluster)
    return v.Bits({ref: neg(actor.ref.of.get(ref, False)) for ref in cluster}, v.constant)


def _processes(f: Frame, e: ir.Processes) -> Value:
    world = f.value(e.owner)
    refs = [ref for cluster in e.clusters for ref in f.setting.cluster(cluster)]
    actors = tuple(v.Actor(world, v.constant(ref)) for ref in refs)
    return v.Sequence(v.constant(len(actors)), actors)


def _process_at(f: Frame, e: ir.ProcessAt) -> Value:
    processes, ref = f.value(e.processes), f.value(e.ref)
    there = [actor.ref.constant for actor in processes.items]
    f.fail_unless(ref.where(lambda each: each in there))
    kept = v.cases((each, guard) for each, guard in ref.of.items() if each in there)
    # where none is left the model fails, and any will do
    return v.Actor(processes.items[0].world, kept if kept.of else processes.items[0].ref)


def _call(f: Frame, e: ir.Call) -> Value:
    owner = None if e.owner is None else f.value(e.owner)
    arguments = f.all(e.arguments)
    function = f.setting.program.functions[e.functions[0]]
    if function.quorum and _is_of_any_number(f, function):
        return as_quorum(f, function, arguments[0])
    if not isinstance(owner, v.Actor):
        return f.call(e.functions[0], owner, arguments)
    return per_process(owner, lambda actor: f.call(_function(f, e, actor), actor, arguments))


def _is_of_any_number(f: Frame, function: ir.Function) -> bool:
    set_ = function.parameters[0].type
    return isinstance(set_, t.SetT) and f.setting.is_free(set_.item)


def _function(f: Frame, e: ir.Call, actor: v.Actor) -> str:
    assert e.owner is not None
    classes = e.owner.type.classes if isinstance(e.owner.type, t.ProcessT) else ()
    if len(e.functions) == 1:
        return e.functions[0]
    ref = actor.ref.constant
    assert ref is not None
    return e.functions[classes.index(f.setting.class_of(ref).type.classes[0])]


# -- logic --------------------------------------------------------------------------------------------------------


def _logic(f: Frame, e: ir.Logic) -> Formula:
    decides = e.op is ir.LogicOp.OR
    found: list[Formula] = []
    with f.under(True):
        for item in e.items:
            found.append(f.value(item))
            if found[-1] is decides:
                break
            # what comes next is evaluated only where this has not settled the matter
            f.path = (*f.path, neg(found[-1]) if decides else found[-1])
    return any_of(found) if decides else all_of(found)


def _conditional(f: Frame, e: ir.Conditional) -> Value:
    test = f.value(e.test)
    if isinstance(test, bool):
        return f.value(e.then if test else e.other)
    with f.under(test):
        then = f.value(e.then)
    with f.under(neg(test)):
        other = f.value(e.other)
    return choose(test, then, other)


# -- numbers ------------------------------------------------------------------------------------------------------

_OPERATORS: MappingProxyType[ir.ArithmeticOp, Callable[[Any, Any], Any]] = MappingProxyType(
    {
        ir.ArithmeticOp.ADD: operator.add,
        ir.ArithmeticOp.SUBTRACT: operator.sub,
        ir.ArithmeticOp.MULTIPLY: operator.mul,
        ir.ArithmeticOp.DIVIDE: operator.floordiv,
        ir.ArithmeticOp.REMAINDER: operator.mod,
    }
)
_ON_TERMS: MappingProxyType[ir.ArithmeticOp, Callable[[Any, Any], Any]] = MappingProxyType(
    {**_OPERATORS, ir.ArithmeticOp.DIVIDE: operator.truediv}
)
_DIVISIONS = (ir.ArithmeticOp.DIVIDE, ir.ArithmeticOp.REMAINDER)


def _arithmetic(f: Frame, e: ir.Arithmetic) -> Value:
    left, right = _countable(f.value(e.left), e.place), _countable(f.value(e.right), e.place)
    if order.is_ordered(left) or order.is_ordered(right):
        raise no_meaning(
            e.place,
            "this calculates with a number of which only the order matters here",
            because="where somebody is of any number, integers without a bound are compared and nothing else",
            instead="leave --any away, or compare the numbers themselves",
        )
    if e.op in _DIVISIONS:
        right = _divisor(f, left, right, e.place)
    return calculated(e.op, left, right)


def calculated(op: ir.ArithmeticOp, left: Value, right: Value) -> Value:
    """Two integers to one; a divisor is never 0."""
    if isinstance(left, v.Cases) and isinstance(right, v.Cases):
        pairs = product(left.of.items(), right.of.items())
        return v.cases((_OPERATORS[op](a, b), conj(g, h)) for (a, g), (b, h) in pairs)
    return _ON_TERMS[op](v.number(left), v.number(right))


def _divisor(f: Frame, divided: Value, value: Value, place: Place) -> Value:
    f.fail_unless(neg(equal(value, v.constant(0))))
    if isinstance(value, v.Cases):
        kept = v.cases((each, guard) for each, guard in value.of.items() if each != 0)
        # z3 rounds towards the divisor's sign, Python down: they agree where the divisor is positive
        if isinstance(divided, v.Cases) or all(each > 0 for each in kept.of):
            # where none is left the model fails, and any will do
            return kept if kept.of else v.constant(1)
    raise no_meaning(place, "this divides by a number that is not known to be positive")


def _countable(value: Value, place: Place) -> Value:
    if isinstance(value, v.Size):
        raise no_meaning(
            place,
            "this counts a set without a bound",
            because="the members of such a set are those that satisfy a formula, and nobody can count them",
            instead="compare its length with a small number, or ask a @quorum method",
        )
    return value


def plus(value: Value, more: int) -> Value:
    """An integer and a constant, added."""
    return calculated(ir.ArithmeticOp.ADD, value, v.constant(more))


def _negate(f: Frame, e: ir.Negate) -> Value:
    value = _countable(f.value(e.value), e.place)
    return value.map(operator.neg) if isinstance(value, v.Cases) else -value


def _absolute(f: Frame, e: ir.Absolute) -> Value:
    value = _countable(f.value(e.value), e.place)
    return value.map(abs) if isinstance(value, v.Cases) else z3.If(value < 0, -value, value)


_NEVER_COMPARED = (v.Entries, v.Span, v.Total)


# -- comparisons --------------------------------------------------------------------------------------------------


def _equal(f: Frame, e: ir.Equal) -> Formula:
    left, right = f.value(e.left), f.value(e.right)
    if isinstance(left, v.Size) or isinstance(right, v.Size):
        return conj(_at_most(left, right, e.place), _at_most(right, left, e.place))
    if isinstance(left, _NEVER_COMPARED) or isinstance(right, _NEVER_COMPARED):
        raise no_meaning(
            e.place, "this compares maps or ranges of which not everything is known", instead="compare their items"
        )
    return equal(left, right)


def _order(f: Frame, e: ir.Order) -> Formula:
    left, right = f.value(e.left), f.value(e.right)
    if e.op in (ir.OrderOp.GREATER, ir.OrderOp.GREATER_EQUAL):
        left, right = right, left
    strict = e.op in (ir.OrderOp.LESS, ir.OrderOp.GREATER)
    if isinstance(left, v.Size) or isinstance(right, v.Size):
        return neg(_at_most(right, left, e.place)) if strict else _at_most(left, right, e.place)
    return less(left, right) if strict else at_most(left, right)


def less(one: Value, other: Value) -> Formula:
    """Whether one value comes before another: numbers, bools, tuples from left to right, sets by inclusion."""
    if is_set(one):
        return conj(subset(one, other), neg(subset(other, one)))
    if isinstance(one, v.Product):
        return _less_tuple(one.items, other.items)
    if isinstance(one, bool | z3.BoolRef):
        return conj(neg(one), other)
    return below(one, other)


def _less_tuple(ones: tuple[Value, ...], others: tuple[Value, ...]) -> Formula:
    if not ones:
        return False
    first = less(ones[0], others[0])
    return disj(first, conj(equal(ones[0], others[0]), _less_tuple(ones[1:], others[1:])))


def at_most(one: Value, other: Value) -> Formula:
    """Whether one value comes before another or is equal to it."""
    return subset(one, other) if is_set(one) else neg(less(other, one))


def _at_most(one: Value, other: Value, place: Place) -> Formula:
    """Whether one number is at most another, where one of them is the size of a set without a bound."""
    size, limit = (one, other) if isinstance(one, v.Size) else (other, one)
    known = limit.constant if isinstance(limit, v.Cases) else None
    if known is None or known > 3:
        _countable(size, place)
        raise no_meaning(place, "the size of a set without a bound is compared with one that is not small and known")
    return _has_at_most(size.of, known) if size is one else neg(_has_at_most(size.of, known - 1))


def _has_at_most(set_: v.Predicate, most: int) -> Formula:
    """Of any so many members and one more, two are equal."""
    if most < 0:
        return False
    parts = []
    for rounds in product(*[list(set_.rounds()) for _ in range(most + 1)]):
        # each way has variables of its own: a round that stands for two members is made again for the second
        pairs = [(a, b) for i, a in enumerate(rounds) for b in rounds[:i]]
        same = any_of(equal(a.item, b.item) for a, b in pairs)
        variables = [variable for r in rounds for variable in r.variables]
        parts.append(forall(variables, implies(all_of(r.guard for r in rounds), same)))
    return all_of(parts)


# -- optionals and products ---------------------------------------------------------------------------------------


def _unwrap(f: Frame, e: ir.Unwrap) -> Value:
    value = f.value(e.value)
    f.fail_unless(value.present)
    return anything(f, e.type) if value.item is None else value.item


def anything(f: Frame, type_: t.Type) -> Value:
    """Some value of a type, where it does not matter which: the model fails there."""
    round_ = next(iter(everything(f.setting, type_)))
    f.doing.defined.append(True if not round_.variables else round_.guard)
    return round_.item


def widened(value: Value, from_: t.Type, to: t.Type) -> Value:
    """The same value as one of a wider type."""
    match from_, to:
        case t.NoneT(), t.OptionalT():
            return value
        case t.OptionalT(item=a), t.OptionalT(item=b):
            return value if value.item is None else v.Maybe(value.present, widened(value.item, a, b))
        case _, t.OptionalT(item=b):
            return v.Maybe(True, widened(value, from_, b))
        case t.TupleT(items=items), t.SeqT(item=item):
            pairs = zip(items, value.items, strict=True)
            return v.Sequence(v.constant(len(items)), tuple(widened(x, a, item) for a, x in pairs))
        case t.TupleT(items=a), t.TupleT(items=b):
            parts = zip(a, b, value.items, strict=True)
            return v.Product(tuple(widened(x, one, other) for one, other, x in parts))
        case (t.SeqT(item=a), t.SeqT(item=b)) if isinstance(value, v.Sequence):
            return v.Sequence(value.length, tuple(widened(x, a, b) for x in value.items))
    return value


def _record_item(f: Frame, e: ir.RecordItem) -> Value:
    type_, value = e.value.type, f.value(e.value)
    names = type_.names if isinstance(type_, t.RecordT) else ("sender", "to", "message")
    return value.items[names.index(e.name)]


def _replace(f: Frame, e: ir.Replace) -> Value:
    assert isinstance(e.type, t.RecordT)
    value, changes = f.value(e.value), dict(zip(e.names, f.all(e.items), strict=True))
    pairs = zip(e.type.names, value.items, strict=True)
    return v.Product(tuple(changes.get(name, item) for name, item in pairs))


def _product(f: Frame, e: ir.MakeTuple | ir.MakeRecord) -> Value:
    return v.Product(f.all(e.items))


def _nth(f: Frame, e: ir.Nth) -> Value:
    if f.setting.is_free(e.type):
        raise no_meaning(
            e.place, f"the members of {t.describe(e.type)} have no numbers here", because="they are of any number"
        )
    assert isinstance(e.type, t.SymbolT)
    return f.value(e.index).map(e.type.cls.nth)


def _not(f: Frame, e: ir.Not) -> Formula:
    return neg(f.value(e.value))


SCALARS: MappingProxyType[type[ir.Expr], Callable[[Frame, Any], Value]] = MappingProxyType(
    {
        ir.Literal: _literal,
        ir.Local: lambda f, e: f.locals[e.name],
        ir.Self: lambda f, e: f.owner,
        ir.ReadField: _read_field,
        ir.Parameter: _parameter,
        ir.Identity: lambda f, e: f.value(e.owner).ref,
        ir.Peers: _peers,
        ir.Processes: _processes,
        ir.ProcessAt: _process_at,
        ir.Call: _call,
        ir.Not: _not,
        ir.Logic: _logic,
        ir.Conditional: _conditional,
        ir.Arithmetic: _arithmetic,
        ir.Negate: _negate,
        ir.Absolute: _absolute,
        ir.Equal: _equal,
        ir.Order: _order,
        ir.Unwrap: _unwrap,
        ir.Widen: lambda f, e: widened(f.value(e.value), e.value.type, e.type),
        ir.Rank: lambda f, e: f.value(e.ref).map(rank),
        ir.Nth: _nth,
        ir.MakeTuple: _product,
        ir.MakeRecord: _product,
        ir.TupleItem: lambda f, e: f.value(e.value).items[e.index],
        ir.RecordItem: _record_item,
        ir.Replace: _replace,
    }
)
"""The symbolic value of each expression that is no collection."""
