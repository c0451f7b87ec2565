"""Expressions: a table from each construct of Python to what it means."""

from __future__ import annotations

import ast
from collections.abc import Callable
from types import MappingProxyType
from typing import Any

from .. import ir
from .attributes import attribute, subscript
from .calls import call
from .compare import compare
from .comprehensions import display, make_map, map_comprehension, set_comprehension
from .operators import binary, boolean, conditional, unary
from .scope import Scope
from .static import constant, outside, static

_CONSTANTS: MappingProxyType[type, str] = MappingProxyType(
    {str: "a string", bytes: "a string", float: "a float", complex: "a complex number", type(...): "..."}
)

_OUTSIDE: MappingProxyType[type[ast.expr], str] = MappingProxyType(
    {
        ast.Lambda: "a lambda",
        ast.JoinedStr: "an f-string",
        ast.NamedExpr: ":=",
        ast.Yield: "yield",
        ast.YieldFrom: "yield",
        ast.Await: "await",
        ast.ListComp: "a list",
        ast.GeneratorExp: "a generator",
        ast.Starred: "* here",
        ast.Slice: "a slice here",
    }
)


def lower(scope: Scope, node: ast.expr, hint: ir.Type | None) -> ir.Expr:
    """An expression of the source as one of the representation; the type is a hint for what the source leaves open."""
    meaning = MEANING.get(type(node))
    if meaning is None:
        raise outside(scope, node, _OUTSIDE.get(type(node), type(node).__name__))
    return meaning(scope, node, hint)


def _constant(scope: Scope, node: ast.Constant, hint: ir.Type | None) -> ir.Expr:
    if type(node.value) in _CONSTANTS:
        raise outside(scope, node, _CONSTANTS[type(node.value)])
    return constant(scope, node, node.value)


def _name(scope: Scope, node: ast.Name, hint: ir.Type | None) -> ir.Expr:
    type_ = scope.locals.get(node.id)
    if type_ is None:
        return constant(scope, node, static(scope, node))
    if node.id == self_name(scope):
        return ir.Self(scope.place(node), type_)
    return ir.Local(scope.place(node), type_, node.id)


def self_name(scope: Scope) -> str | None:
    """What a method calls the process or protocol that it belongs to."""
    arguments = scope.unit.definition.args
    return None if scope.unit.owner is None else (arguments.posonlyargs + arguments.args)[0].arg


MEANING: MappingProxyType[type[ast.expr], Callable[[Scope, Any, ir.Type | None], ir.Expr]] = MappingProxyType(
    {
        ast.Constant: _constant,
        ast.Name: _name,
        ast.Attribute: attribute,
        ast.Subscript: subscript,
        ast.Call: call,
        ast.BinOp: binary,
        ast.UnaryOp: unary,
        ast.BoolOp: boolean,
        ast.Compare: compare,
        ast.IfExp: conditional,
        ast.Tuple: display,
        ast.List: display,
        ast.Set: display,
        ast.Dict: make_map,
        ast.SetComp: set_comprehension,
        ast.DictComp: map_comprehension,
    }
)
