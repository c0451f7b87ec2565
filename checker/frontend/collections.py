"""Methods of sets, sequences and maps that give a new value, and those that would change one in place."""

from __future__ import annotations

import ast
from collections.abc import Callable
from types import MappingProxyType

from .. import ir
from .convert import convert
from .errors import close
from .scope import Scope

_IN_PLACE: MappingProxyType[str, str] = MappingProxyType(
    {
        "add": "{target} |= {{{argument}}}",
        "discard": "{target} -= {{{argument}}}",
        "remove": "{target} -= {{{argument}}}",
        "append": "{target} += ({argument},)",
        "extend": "{target} += {argument}",
        "update": "{target} |= {argument}",
        "insert": "{target} = {target}[:i] + (x,) + {target}[i:]",
        "pop": "{target} = {target}[:-1]",
        "clear": "{target} = ...",
        "setdefault": "{target} |= {{key: value}}",
        "sort": "{target} = tuple(sorted({target}))",
        "reverse": "{target} = tuple(reversed({target}))",
    }
)

_SET_OPERATIONS: MappingProxyType[str, ir.SetOp] = MappingProxyType(
    {
        "union": ir.SetOp.UNION,
        "intersection": ir.SetOp.INTERSECTION,
        "difference": ir.SetOp.DIFFERENCE,
        "symmetric_difference": ir.SetOp.SYMMETRIC,
    }
)


def collection_method(scope: Scope, node: ast.Call, owner: ir.Expr, name: str) -> ir.Expr:
    """A method of a value. Errors: `in-place`, `unknown-attribute`."""
    known = _METHODS.get(type(owner.type), MappingProxyType({}))
    if name in known:
        return known[name](scope, node, owner)
    if name in _IN_PLACE and isinstance(owner.type, ir.SetT | ir.SeqT | ir.MapT | ir.TupleT):
        raise in_place(scope, node, owner, name)
    target = ast.unparse(node.func)
    if isinstance(owner.type, ir.SetT | ir.SeqT | ir.MapT):
        words = {"owner": ir.describe(owner.type), "name": name, "near": close(name, list(known))}
        raise scope.fail("unknown-attribute", node.func, **words)
    advice = "use in, len, |, &, - and + instead, or write a helper method"
    raise scope.fail("unknown-call", node, name=target, advice=advice)


def in_place(scope: Scope, node: ast.Call, owner: ir.Expr, name: str) -> Exception:
    """The mistake of changing a value."""
    kind = {ir.SetT: "set", ir.MapT: "map"}.get(type(owner.type), "sequence")
    target = ast.unparse(node.func.value) if isinstance(node.func, ast.Attribute) else "self.field"
    argument = ast.unparse(node.args[0]) if node.args else "..."
    example = _IN_PLACE[name].format(target=target, argument=argument)
    return scope.fail("in-place", node, type=kind, example=example)


def _one(scope: Scope, node: ast.Call, wanted: ir.Type) -> ir.Expr:
    if len(node.args) != 1 or node.keywords:
        words = {"wanted": "one argument", "actual": str(len(node.args) + len(node.keywords))}
        raise scope.fail("wrong-arguments", node, function=ast.unparse(node.func), **words)
    return scope.of(node.args[0], wanted, ast.unparse(node.func))


def _set_operation(scope: Scope, node: ast.Call, owner: ir.Expr) -> ir.Expr:
    op = _SET_OPERATIONS[node.func.attr if isinstance(node.func, ast.Attribute) else ""]
    return ir.SetOperation(scope.place(node), owner.type, op, owner, _one(scope, node, owner.type))


def _subset(scope: Scope, node: ast.Call, owner: ir.Expr) -> ir.Expr:
    return ir.Order(scope.place(node), ir.Bool(), ir.OrderOp.LESS_EQUAL, owner, _one(scope, node, owner.type))


def _superset(scope: Scope, node: ast.Call, owner: ir.Expr) -> ir.Expr:
    return ir.Order(scope.place(node), ir.Bool(), ir.OrderOp.GREATER_EQUAL, owner, _one(scope, node, owner.type))


def _disjoint(scope: Scope, node: ast.Call, owner: ir.Expr) -> ir.Expr:
    place, other = scope.place(node), _one(scope, node, owner.type)
    common = ir.SetOperation(place, owner.type, ir.SetOp.INTERSECTION, owner, other)
    zero = ir.Literal(place, ir.Int(), 0)
    return ir.Equal(place, ir.Bool(), ir.Length(place, ir.Int(), common), zero)


def _values(scope: Scope, node: ast.Call, owner: ir.Expr) -> ir.Expr:
    _, value = ir.parts(owner.type)
    return ir.MapValues(scope.place(node), ir.BagT(value), owner)


def _items(scope: Scope, node: ast.Call, owner: ir.Expr) -> ir.Expr:
    return ir.MapPairs(scope.place(node), ir.BagT(ir.TupleT(ir.parts(owner.type))), owner)


def _keys(scope: Scope, node: ast.Call, owner: ir.Expr) -> ir.Expr:
    key, _ = ir.parts(owner.type)
    return ir.ToSet(scope.place(node), ir.SetT(key), owner)


def _count(scope: Scope, node: ast.Call, owner: ir.Expr) -> ir.Expr:
    item = ir.item_of(owner.type) or ir.Never()
    value = convert(owner, ir.SeqT(item)) or owner
    return ir.Count(scope.place(node), ir.Int(), value, _one(scope, node, item))


Method = Callable[[Scope, ast.Call, ir.Expr], ir.Expr]

_METHODS: MappingProxyType[type[ir.Type], MappingProxyType[str, Method]] = MappingProxyType(
    {
        ir.SetT: MappingProxyType(
            {
                **dict.fromkeys(_SET_OPERATIONS, _set_operation),
                "issubset": _subset,
                "issuperset": _superset,
                "isdisjoint": _disjoint,
            }
        ),
        ir.MapT: MappingProxyType({"values": _values, "items": _items, "keys": _keys}),
        ir.SeqT: MappingProxyType({"count": _count}),
        ir.TupleT: MappingProxyType({"count": _count}),
    }
)
