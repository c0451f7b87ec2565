"""Operators: arithmetic, sets, sequences, maps, comparisons, and conditions."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType

from .. import ir
from .convert import convert
from .scope import Scope
from .static import outside

ARITHMETIC: MappingProxyType[type[ast.operator], ir.ArithmeticOp] = MappingProxyType(
    {
        ast.Add: ir.ArithmeticOp.ADD,
        ast.Sub: ir.ArithmeticOp.SUBTRACT,
        ast.Mult: ir.ArithmeticOp.MULTIPLY,
        ast.FloorDiv: ir.ArithmeticOp.DIVIDE,
        ast.Mod: ir.ArithmeticOp.REMAINDER,
    }
)
SETS: MappingProxyType[type[ast.operator], ir.SetOp] = MappingProxyType(
    {
        ast.BitOr: ir.SetOp.UNION,
        ast.BitAnd: ir.SetOp.INTERSECTION,
        ast.Sub: ir.SetOp.DIFFERENCE,
        ast.BitXor: ir.SetOp.SYMMETRIC,
    }
)
ORDERS: MappingProxyType[type[ast.cmpop], ir.OrderOp] = MappingProxyType(
    {
        ast.Lt: ir.OrderOp.LESS,
        ast.LtE: ir.OrderOp.LESS_EQUAL,
        ast.Gt: ir.OrderOp.GREATER,
        ast.GtE: ir.OrderOp.GREATER_EQUAL,
    }
)
SPELLED: MappingProxyType[type[ast.operator], str] = MappingProxyType(
    {
        **{k: v.value for k, v in ARITHMETIC.items()},
        **{k: v.value for k, v in SETS.items()},
        ast.Div: "/",
        ast.Pow: "**",
        ast.MatMult: "@",
        ast.LShift: "<<",
        ast.RShift: ">>",
    }
)

_COLLECTIONS = (ir.SeqT, ir.SetT, ir.MapT)


def binary(scope: Scope, node: ast.BinOp, hint: ir.Type | None) -> ir.Expr:
    """`a + b`, whatever it means for these types."""
    left = scope.some(node.left, hint if isinstance(hint, _COLLECTIONS) else None)
    return combine(scope, node, left, node.op, node.right)


def combine(scope: Scope, node: ast.expr | ast.stmt, left: ir.Expr, op: ast.operator, operand: ast.expr) -> ir.Expr:
    """A value and an operand under an operator, at the place of `node`."""
    right = scope.some(operand, left.type if isinstance(left.type, _COLLECTIONS) else None)
    if isinstance(op, ast.Div | ast.Pow):
        raise outside(scope, node, SPELLED[type(op)])
    made = _meaning(scope, node, left, op, right)
    if made is None:
        words = {"left": ir.describe(left.type), "right": ir.describe(right.type)}
        raise scope.fail("no-operator", node, operator=SPELLED[type(op)], advice=_around(left, operand), **words)
    return made


def _around(left: ir.Expr, operand: ast.expr) -> str:
    """Advice for a single member where a set or a sequence is wanted."""
    text = ast.unparse(operand)
    match left.type:
        case ir.SetT():
            return f"write a set of it: {{{text}}}"
        case ir.SeqT() | ir.TupleT():
            return f"write a tuple of it: ({text},)"
    return ""


def _meaning(
    scope: Scope, node: ast.expr | ast.stmt, left: ir.Expr, op: ast.operator, right: ir.Expr
) -> ir.Expr | None:
    place = scope.place(node)
    match left.type, right.type:
        case ir.Int(), ir.Int() if type(op) in ARITHMETIC:
            return ir.Arithmetic(place, ir.Int(), ARITHMETIC[type(op)], left, right)
        case ir.SetT(), ir.SetT() if type(op) in SETS:
            return _sets(scope, node, left, SETS[type(op)], right)
        case ir.MapT(), ir.MapT() if isinstance(op, ast.BitOr):
            return _update(scope, left, right, replace(left, place=place).place)
        case (ir.SeqT() | ir.TupleT(), ir.Int()) if isinstance(op, ast.Mult):
            value = _as_sequence(left)
            return None if value is None else ir.Repeat(place, value.type, value, right)
        case (ir.SeqT() | ir.TupleT(), ir.SeqT() | ir.TupleT()) if isinstance(op, ast.Add):
            return _concat(left, right, place_of=place)
    return None


def _without_none(right: ir.Expr, item: ir.Type) -> ir.Expr:
    """The members of a set that are not None."""
    place, each = right.place, ir.Local(right.place, ir.OptionalT(item), "item$")
    none = ir.Equal(place, ir.Bool(), each, ir.Literal(place, each.type, None))
    there = ir.Not(place, ir.Bool(), none)
    generator = ir.Generator(place, ir.Pattern(place, each.type, each.name), right, (there,))
    return ir.SetOf(place, ir.SetT(item), ir.Unwrap(place, item, each), (generator,))


def _sets(scope: Scope, node: ast.expr | ast.stmt, left: ir.Expr, op: ir.SetOp, right: ir.Expr) -> ir.Expr:
    within = op in (ir.SetOp.DIFFERENCE, ir.SetOp.INTERSECTION)
    match left.type, right.type:
        case ir.SetT(item=item), ir.SetT(item=ir.OptionalT()) if within and not isinstance(item, ir.OptionalT):
            right = _without_none(right, item)
    joined = ir.join(left.type, right.type)
    if joined is None:
        words = {"left": ir.describe(left.type), "right": ir.describe(right.type)}
        raise scope.fail("no-common-type", node, **words)
    wide = [convert(side, joined) or side for side in (left, right)]
    return ir.SetOperation(scope.place(node), joined, op, *wide)


def _update(scope: Scope, left: ir.Expr, right: ir.Expr, place: ir.Place) -> ir.Expr:
    entries = scope.as_type(right, left.type, "the map")
    return ir.MapUpdate(place, left.type, left, entries)


def _as_sequence(value: ir.Expr) -> ir.Expr | None:
    item = ir.item_of(value.type)
    return None if item is None else convert(value, ir.SeqT(item))


def _concat(left: ir.Expr, right: ir.Expr, place_of: ir.Place) -> ir.Expr | None:
    match left, right:
        case ir.MakeTuple(type=ir.TupleT(items=a)), ir.MakeTuple(type=ir.TupleT(items=b)):
            return ir.MakeTuple(place_of, ir.TupleT(a + b), left.items + right.items)
    first, second = ir.item_of(left.type), ir.item_of(right.type)
    item = first and second and ir.join(first, second)
    if item is None:
        return None
    sides = [convert(side, ir.SeqT(item)) or side for side in (left, right)]
    return ir.Concat(place_of, ir.SeqT(item), *sides)


def unary(scope: Scope, node: ast.UnaryOp, hint: ir.Type | None) -> ir.Expr:
    """`not x`, `-x`."""
    if isinstance(node.op, ast.Not):
        return ir.Not(scope.place(node), ir.Bool(), condition(scope, node.operand))
    value = scope.of(node.operand, ir.Int(), "the sign")
    if isinstance(node.op, ast.UAdd):
        return value
    if isinstance(node.op, ast.Invert):
        raise outside(scope, node, "~")
    if isinstance(value, ir.Literal) and isinstance(value.value, int):
        return ir.Literal(scope.place(node), ir.Int(), -value.value)
    return ir.Negate(scope.place(node), ir.Int(), value)


def boolean(scope: Scope, node: ast.BoolOp, hint: ir.Type | None) -> ir.Expr:
    """`a and b`, of bools."""
    return _logic(scope, node, strict_bool)


def _logic(scope: Scope, node: ast.BoolOp, item: Callable[[Scope, ast.expr], ir.Expr]) -> ir.Expr:
    conjunction = isinstance(node.op, ast.And)
    items = []
    for value in node.values:
        items.append(item(scope, value))
        scope = scope.knowing(not_none(value, conjunction))
    op = ir.LogicOp.AND if conjunction else ir.LogicOp.OR
    return ir.Logic(scope.place(node), ir.Bool(), op, tuple(items))


def condition(scope: Scope, node: ast.expr) -> ir.Expr:
    """An expression as a condition: a bool, or a collection that is not empty.

    Errors: `not-bool`, `optional-misuse`.
    """
    if isinstance(node, ast.BoolOp):
        return _logic(scope, node, condition)
    value = scope.expr(node)
    if isinstance(value.type, ir.SeqT | ir.SetT | ir.MapT):
        length = ir.Length(value.place, ir.Int(), value)
        zero = ir.Literal(value.place, ir.Int(), 0)
        return ir.Order(value.place, ir.Bool(), ir.OrderOp.GREATER, length, zero)
    return _only_bool(scope, node, value)


def strict_bool(scope: Scope, node: ast.expr) -> ir.Expr:
    """An expression that is a bool. Errors: `not-bool`, `optional-misuse`."""
    return _only_bool(scope, node, scope.expr(node))


def _only_bool(scope: Scope, node: ast.expr, value: ir.Expr) -> ir.Expr:
    text = ast.unparse(node)
    if isinstance(value.type, ir.Bool):
        return value
    if isinstance(value.type, ir.OptionalT | ir.NoneT):
        raise scope.fail("optional-misuse", node, example=f"{text} is not None")
    example = f"write {text} != 0" if isinstance(value.type, ir.Int) else f"compare {text} with a value"
    raise scope.fail("not-bool", node, actual=ir.describe(value.type), example=example)


def not_none(test: ast.expr, outcome: bool) -> frozenset[str]:
    """The expressions, as text, that are not None when `test` has this outcome."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return not_none(operand, not outcome)
        case ast.BoolOp(op=op, values=values) if isinstance(op, ast.And) == outcome:
            return frozenset(text for value in values for text in not_none(value, outcome))
        case ast.Compare(left=left, ops=[op], comparators=[ast.Constant(value=None)]):
            if isinstance(op, ast.IsNot | ast.NotEq if outcome else ast.Is | ast.Eq):
                return frozenset((ast.unparse(left),))
    return frozenset()


def conditional(scope: Scope, node: ast.IfExp, hint: ir.Type | None) -> ir.Expr:
    """`then if test else other`."""
    test = condition(scope, node.test)
    then = scope.knowing(not_none(node.test, True)).expr(node.body, hint)
    other = scope.knowing(not_none(node.test, False)).expr(node.orelse, hint or then.type)
    joined = ir.join(then.type, other.type)
    if joined is None:
        words = {"left": ir.describe(then.type), "right": ir.describe(other.type)}
        raise scope.fail("no-common-type", node, **words)
    sides = [convert(side, joined) or side for side in (then, other)]
    return ir.Conditional(scope.place(node), joined, test, *sides)
