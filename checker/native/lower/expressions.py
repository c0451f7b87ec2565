"""The code of each expression."""

from __future__ import annotations

from functools import partial
from types import MappingProxyType

from ... import ir
from ..layout.reps import Maybe, Rep, Scalar, Unit
from . import collections as c
from . import comprehensions, processes
from .calls import call
from .cells import add, both, compare, floor_div, greatest, negation, remainder, sub, times
from .coerce import flat, moderate, nothing_of
from .compare import all_of, equal, one_of, ordered
from .frame import Frame, Meaning
from .merging import merged
from .products import item
from .status import ASK, FAILED
from .values import NOTHING, Flat, Known, Likely, Pair, Value, number, truth


def integer(f: Frame, expr: ir.Expr) -> Flat:
    """Write an expression whose value is an int."""
    return flat(f, f.value(expr))


def _logic(f: Frame, e: ir.Logic) -> Value:
    tests = [partial(f.test, item) for item in e.items]
    return truth((all_of if e.op is ir.LogicOp.AND else one_of)(f, tests))


def _literal(f: Frame, e: ir.Literal) -> Value:
    return NOTHING if e.value is None else Known(e.value, e.type)


def _local(f: Frame, e: ir.Local) -> Value:
    if e.name in f.variables:
        found = f.variables[e.name]
        return Flat(found.rep, found.names)
    return f.locals[e.name]


def _self(f: Frame, e: ir.Self) -> Value:
    assert f.owner is not None
    return f.owner


# -- ints ----------------------------------------------------------------------------------------------------------


Bounds = tuple[int | None, int | None]
"""Between what an int lies, if that is known."""


def _range(rep: Rep) -> tuple[int, int] | None:
    return (rep.lo, rep.hi) if isinstance(rep, Scalar) and rep.lo is not None and rep.hi is not None else None


def _sure(*values: Flat) -> bool:
    return not any(isinstance(value.rep, Likely) for value in values)


_OPERATORS = MappingProxyType(
    {
        ir.ArithmeticOp.ADD: add,
        ir.ArithmeticOp.SUBTRACT: sub,
        ir.ArithmeticOp.MULTIPLY: times,
        ir.ArithmeticOp.DIVIDE: floor_div,
        ir.ArithmeticOp.REMAINDER: remainder,
    }
)


def _arithmetic(f: Frame, e: ir.Arithmetic) -> Value:
    a, b = integer(f, e.left), integer(f, e.right)
    if e.op in (ir.ArithmeticOp.DIVIDE, ir.ArithmeticOp.REMAINDER):
        b = Flat(b.rep, (f.writer.named(b.cell),))
        f.writer.stop_unless(compare(b.cell, "!=", 0), FAILED)
        if b.cell == 0:
            return number(0)
    if e.op is ir.ArithmeticOp.MULTIPLY:
        a, b = moderate(f, a), moderate(f, b)
    bounds = _bounds(e.op, _range(a.rep), _range(b.rep))
    return number(_OPERATORS[e.op](a.cell, b.cell), *bounds, sure=_sure(a, b))


def _bounds(op: ir.ArithmeticOp, a: tuple[int, int] | None, b: tuple[int, int] | None) -> Bounds:
    """Between what a result lies."""
    if op is ir.ArithmeticOp.REMAINDER and b is not None and b[0] > 0:
        return 0, b[1] - 1
    if a is None or b is None:
        return None, None
    match op:
        case ir.ArithmeticOp.ADD:
            return a[0] + b[0], a[1] + b[1]
        case ir.ArithmeticOp.SUBTRACT:
            return a[0] - b[1], a[1] - b[0]
        case ir.ArithmeticOp.MULTIPLY:
            products = [x * y for x in a for y in b]
            return min(products), max(products)
        case ir.ArithmeticOp.DIVIDE if b[0] > 0:
            quotients = [x // y for x in a for y in b]
            return min(quotients), max(quotients)
    return None, None


def _negate(f: Frame, e: ir.Negate) -> Value:
    a = integer(f, e.value)
    known = _range(a.rep)
    bounds: Bounds = (-known[1], -known[0]) if known else (None, None)
    return number(sub(0, a.cell) if isinstance(a.cell, int) else f"(-{a.cell})", *bounds, sure=_sure(a))


def _absolute(f: Frame, e: ir.Absolute) -> Value:
    a = integer(f, e.value)
    cell = f.writer.named(a.cell)
    known = _range(a.rep)
    bounds: Bounds = (0, max(map(abs, known))) if known else (None, None)
    return number(greatest(cell, f"(0 - {cell})" if isinstance(cell, str) else -cell), *bounds, sure=_sure(a))


def _rank(f: Frame, e: ir.Rank) -> Value:
    ref = flat(f, f.value(e.ref))
    refs = f.context.system.refs
    return number(f.context.looked_up([r.index for r in refs], f.writer.named(ref.cell)), 0, max(r.index for r in refs))


def _nth(f: Frame, e: ir.Nth) -> Value:
    index = integer(f, e.index)
    rep = f.context.reps.of_type(e.type)
    assert isinstance(rep, Scalar)
    cell = f.writer.named(index.cell)
    f.writer.stop_unless(both(compare(0, "<=", cell), compare(cell, "<=", rep.hi or 0)), ASK)
    return Flat(rep, (cell,))


# -- optionals, conditionals -----------------------------------------------------------------------------------------


def _conditional(f: Frame, e: ir.Conditional) -> Value:
    asked_ = f.writer.named(f.test(e.test))
    found = merged(f, [(asked_, lambda: f.value(e.then)), (1, lambda: f.value(e.other))])
    assert found is not None
    return found


def _unwrap(f: Frame, e: ir.Unwrap) -> Value:
    inner = f.value(e.value)
    if isinstance(inner, Flat) and isinstance(inner.rep, Unit):
        f.writer.emit(f"return {FAILED}")
        return nothing_of(f, e.type)
    if not isinstance(inner, Flat) or not isinstance(inner.rep, Maybe):
        return inner
    f.writer.stop_unless(
        compare(inner.cells[0], "!=", 0) if isinstance(inner.cells[0], int) else inner.cells[0], FAILED
    )
    at = inner.at and (inner.at[0], add(inner.at[1], 1))
    return Flat(inner.rep.item, inner.cells[1:], at)


def _widen(f: Frame, e: ir.Widen) -> Value:
    return f.value(e.value)


# -- products ----------------------------------------------------------------------------------------------------


def _tuple(f: Frame, e: ir.MakeTuple) -> Value:
    return Pair(tuple(f.value(item) for item in e.items))


def _record(f: Frame, e: ir.MakeRecord) -> Value:
    assert isinstance(e.type, ir.RecordT)
    return Pair(tuple(f.value(item) for item in e.items), e.type.names)


def _tuple_item(f: Frame, e: ir.TupleItem) -> Value:
    return item(f, f.value(e.value), e.index)


def _record_item(f: Frame, e: ir.RecordItem) -> Value:
    whole = f.value(e.value)
    names = ("sender", "to", "message") if isinstance(e.value.type, ir.SentT) else _names(e.value.type)
    if isinstance(whole, Known):
        return Known(getattr(whole.value, e.name), e.type)
    return item(f, whole, names.index(e.name))


def _names(type_: ir.Type) -> tuple[str, ...]:
    assert isinstance(type_, ir.RecordT)
    return type_.names


def _replace(f: Frame, e: ir.Replace) -> Value:
    whole, names = f.value(e.value), _names(e.type)
    changed = {name: f.value(each) for name, each in zip(e.names, e.items, strict=True)}
    if isinstance(whole, Known):
        whole = flat(f, whole)
    return Pair(tuple(changed.get(name) or item(f, whole, n) for n, name in enumerate(names)), names)


EXPRESSIONS: MappingProxyType[type[ir.Expr], Meaning] = MappingProxyType(
    {
        ir.Literal: _literal,
        ir.Local: _local,
        ir.Self: _self,
        ir.Not: lambda f, e: truth(negation(f.test(e.value))),
        ir.Logic: _logic,
        ir.Arithmetic: _arithmetic,
        ir.Negate: _negate,
        ir.Absolute: _absolute,
        ir.Equal: lambda f, e: truth(equal(f, f.value(e.left), f.value(e.right))),
        ir.Order: lambda f, e: truth(ordered(f, e.op, f.value(e.left), f.value(e.right))),
        ir.Conditional: _conditional,
        ir.Unwrap: _unwrap,
        ir.Widen: _widen,
        ir.Rank: _rank,
        ir.Nth: _nth,
        ir.MakeTuple: _tuple,
        ir.MakeRecord: _record,
        ir.TupleItem: _tuple_item,
        ir.RecordItem: _record_item,
        ir.Replace: _replace,
        ir.Call: call,
        **c.EXPRESSIONS,
        **comprehensions.EXPRESSIONS,
        **processes.EXPRESSIONS,
    }
)
"""The code of each expression."""
