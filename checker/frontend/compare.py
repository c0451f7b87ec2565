"""Comparisons: equality, order, membership."""

from __future__ import annotations

import ast

from .. import ir
from .convert import convert
from .operators import ORDERS
from .scope import Scope
from .static import outside

_BY_IDENTITY = (ir.Bool, ir.EnumT, ir.RefT, ir.SymbolT, ir.NoneT, ir.OptionalT)


def compare(scope: Scope, node: ast.Compare, hint: ir.Type | None) -> ir.Expr:
    """`a == b`, `a < b <= c`, `a in b`."""
    sides = [node.left, *node.comparators]
    pairs = zip(sides, node.ops, sides[1:], strict=False)
    found = tuple(_pair(scope, node, left, op, right) for left, op, right in pairs)
    if len(found) == 1:
        return found[0]
    return ir.Logic(scope.place(node), ir.Bool(), ir.LogicOp.AND, found)


def _pair(scope: Scope, node: ast.Compare, left: ast.expr, op: ast.cmpop, right: ast.expr) -> ir.Expr:
    if isinstance(op, ast.In | ast.NotIn):
        return _negated(scope, node, _membership(scope, node, left, right), isinstance(op, ast.NotIn))
    if type(op) in ORDERS:
        return _order(scope, node, left, ORDERS[type(op)], right)
    first = scope.expr(left)
    second = scope.expr(right, first.type)
    if isinstance(op, ast.Is | ast.IsNot) and not _identical(first.type, second.type):
        raise outside(scope, node, "is")
    return _negated(scope, node, _equal(scope, node, first, second), isinstance(op, ast.NotEq | ast.IsNot))


def _negated(scope: Scope, node: ast.expr, value: ir.Expr, negated: bool) -> ir.Expr:
    return ir.Not(scope.place(node), ir.Bool(), value) if negated else value


def _identical(left: ir.Type, right: ir.Type) -> bool:
    return isinstance(left, ir.NoneT) or isinstance(right, ir.NoneT) or isinstance(left, _BY_IDENTITY)


def _equal(scope: Scope, node: ast.expr, left: ir.Expr, right: ir.Expr) -> ir.Expr:
    joined = ir.join(left.type, right.type)
    if joined is None:
        words = {"left": ir.describe(left.type), "right": ir.describe(right.type)}
        raise scope.fail("never-equal", node, **words)
    check_comparable(scope, node, joined)
    sides = [convert(side, joined) or side for side in (left, right)]
    return ir.Equal(scope.place(node), ir.Bool(), *sides)


def check_comparable(scope: Scope, node: ast.expr, type_: ir.Type) -> None:
    """Errors: `compared-processes`, for anything that holds some."""
    if isinstance(type_, ir.ProcessT | ir.ProtocolT):
        raise scope.fail("compared-processes", node)
    for part in ir.parts(type_):
        check_comparable(scope, node, part)


def _membership(scope: Scope, node: ast.Compare, left: ast.expr, right: ast.expr) -> ir.Expr:
    item = scope.expr(left)
    collection = scope.some(right, ir.SeqT(item.type) if isinstance(right, ast.Tuple) else None)
    inside = ir.item_of(collection.type)
    if inside is None:
        raise scope.fail("not-a-collection", right, actual=ir.describe(collection.type))
    joined = ir.join(item.type, inside)
    if joined is None:
        words = {"left": ir.describe(item.type), "right": ir.describe(inside)}
        raise scope.fail("never-equal", node, **words)
    check_comparable(scope, node, joined)
    if isinstance(collection.type, ir.TupleT):
        collection = convert(collection, ir.SeqT(inside)) or collection
    return ir.Contains(scope.place(node), ir.Bool(), convert(item, joined) or item, collection)


def _order(scope: Scope, node: ast.Compare, left: ast.expr, op: ir.OrderOp, right: ast.expr) -> ir.Expr:
    first = scope.some(left)
    second = scope.some(right, first.type)
    joined = ir.join(first.type, second.type)
    if joined is None:
        words = {"left": ir.describe(first.type), "right": ir.describe(second.type)}
        raise scope.fail("never-equal", node, **words)
    if not isinstance(joined, ir.SetT):
        check_order(scope, node, joined)
    sides = [convert(side, joined) or side for side in (first, second)]
    return ir.Order(scope.place(node), ir.Bool(), op, *sides)


def check_order(scope: Scope, node: ast.expr, type_: ir.Type) -> None:
    """Say that values of this type can be put in order. Errors: `no-order`."""
    match type_:
        case ir.Int() | ir.Bool() | ir.Never():
            return
        case ir.TupleT(items=items):
            for item in items:
                check_order(scope, node, item)
        case ir.SeqT(item=item):
            check_order(scope, node, item)
        case ir.RefT(cls=cls):
            raise scope.fail("no-order", node, **_of_refs(scope, type_))
        case ir.SymbolT(cls=cls):
            reason = f"the members of {cls.__name__} are interchangeable: which is which means nothing"
            advice = "compare with ==, or keep them in a set"
            raise scope.fail("no-order", node, values=f"the members of {cls.__name__}", reason=reason, advice=advice)
        case ir.EnumT(cls=cls):
            words = {
                "reason": "an enum has names, not numbers",
                "advice": "compare with is, or use an int with a Range",
            }
            raise scope.fail("no-order", node, values=f"the members of {cls.__name__}", **words)
        case _:
            words = {"reason": "only integers and tuples of integers have one", "advice": "compare the fields in turn"}
            raise scope.fail("no-order", node, values=f"values of type {ir.describe(type_)}", **words)


def _of_refs(scope: Scope, type_: ir.RefT) -> dict[str, str]:
    sizes = [scope.session.facts.protocol._clusters[name] for name in scope.session.facts.clusters_of((type_.cls,))]
    size = max(sizes, default=1)
    renamings = 1
    for n in range(2, size + 1):
        renamings *= n
    kind = type_.cls.__name__.lower()
    return {
        "values": f"{kind} identities",
        "reason": "identities are interchangeable: the checker visits one of the "
        f"{renamings} renamings of {size} processes of class {type_.cls.__name__}",
        "advice": "compare with ==, keep the identities in a set, or compare rank(...) and give symmetry up",
    }
