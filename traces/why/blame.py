"""Which part of an expression made it true or false."""

from __future__ import annotations

import ast
import inspect
import types
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ...models import language
from ..show import in_order, show
from ..trace import Reason
from .scope import Function, Scope, Unexplained, choices, definition, position, scope_of


def blame(node: ast.expr, scope: Scope, found: bool) -> list[Reason]:
    """Why an expression came out as `found`, as the smallest parts of it that decide."""
    match node:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return blame(operand, scope, not found)
        case ast.BoolOp(op=op, values=operands):
            one_decides = isinstance(op, ast.Or) == found
            return _decisive(operands, scope, found) if one_decides else _together(node, operands, scope, found)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return blame(body if scope.value(test) else orelse, scope, found)
        case ast.NamedExpr(value=value):
            return blame(value, scope, found)
        case ast.Compare() if len(node.ops) > 1:
            return blame(_link(node, scope), scope, found) if not found else [leaf(node, scope)]
        case ast.Name(id=name) if name in scope.meant:
            meant, where = scope.meant[name]
            return blame(meant, where, found) if bool(where.value(meant)) == found else [leaf(node, scope)]
        case ast.Call():
            return _call(node, scope, found)
    return [leaf(node, scope)]


def _decisive(operands: list[ast.expr], scope: Scope, found: bool) -> list[Reason]:
    for operand in operands:
        if bool(scope.value(operand)) == found:
            return blame(operand, scope, found)
    raise Unexplained("the expression has another value now")


def _together(node: ast.BoolOp, operands: list[ast.expr], scope: Scope, found: bool) -> list[Reason]:
    """Every operand counts: the plain ones are told in one, those with parts of their own after it."""
    reasons = [blame(operand, scope, found) for operand in operands]
    if all(len(r) == 1 for r in reasons) and not any(isinstance(n, ast.comprehension) for n in ast.walk(node)):
        inner = {name: value for r in reasons for name, value in r[0].bindings}
        own = leaf(node, scope)
        return [replace(own, bindings=tuple({**inner, **dict(own.bindings)}.items()))]
    return [reason for r in reasons for reason in r]


def _link(node: ast.Compare, scope: Scope) -> ast.Compare:
    """The first false comparison of a chain."""
    sides = [node.left, *node.comparators]
    for left, op, right in zip(sides, node.ops, sides[1:], strict=False):
        link = ast.Compare(left, [op], [right])
        ast.copy_location(link, left)
        link.end_lineno, link.end_col_offset = right.end_lineno, right.end_col_offset
        if not scope.value(link):
            return link
    raise Unexplained("the comparison has another value now")


# -- quantifiers and helpers ---------------------------------------------------------------------------------------


def _call(node: ast.Call, scope: Scope, found: bool) -> list[Reason]:
    match node:
        case ast.Call(
            func=ast.Name(id="all" | "any" as quantifier),
            args=[ast.GeneratorExp() | ast.ListComp() | ast.SetComp() as body],
            keywords=[],
        ):
            if (quantifier == "any") != found:
                return [leaf(node, scope)]
            for chosen in choices(body.generators, scope):
                if bool(chosen.value(body.elt)) == found:
                    return blame(body.elt, chosen, found)
            raise Unexplained("no choice decides")
        case ast.Call(func=ast.Name(id="bool"), args=[argument], keywords=[]):
            return blame(argument, scope, found)
    return _helper(node, scope, found)


def _helper(node: ast.Call, scope: Scope, found: bool) -> list[Reason]:
    function = scope.value(node.func)
    method = function if isinstance(function, types.MethodType) else None
    plain = method.__func__ if method else function
    if not isinstance(plain, types.FunctionType) or plain.__module__.startswith(language.__name__):
        return [leaf(node, scope)]
    try:
        inner, body = _entered(plain, method.__self__ if method else None, node, scope)
        reasons = blame_body(body, inner, found)
    except Exception:
        return [leaf(node, scope)]
    return [leaf(node, scope), *reasons] if not _is_rule(inner) else reasons


def _is_rule(scope: Scope) -> bool:
    # a helper such as implies(p, q), all of whose arguments are truths, is a way of writing, not a link
    return bool(scope.meant) and all(isinstance(where.value(node), bool) for node, where in scope.meant.values())


def _entered(function: types.FunctionType, this: Any, node: ast.Call, scope: Scope) -> tuple[Scope, Function]:
    receiver = [] if this is None else [this]
    signature = inspect.signature(function)
    values = [*receiver, *map(scope.value, node.args)]
    named = {k.arg: scope.value(k.value) for k in node.keywords if k.arg}
    bound = signature.bind(*values, **named)
    bound.apply_defaults()
    inner = scope_of(function, bound.arguments)
    nodes = [None, *node.args] if receiver else list(node.args)
    meant = {p: (n, scope) for p, n in zip(signature.parameters, nodes, strict=False) if n is not None}
    inner.meant.update(meant | {k.arg: (k.value, scope) for k in node.keywords if k.arg})
    return inner, definition(function.__code__, inner.source)


# -- bodies --------------------------------------------------------------------------------------------------------


class _Next(Exception):
    """`continue`."""


class _Out(Exception):
    """`break`."""


def blame_body(function: Function, scope: Scope, found: bool) -> list[Reason]:
    """Why a function returned `found`, following its statements up to the `return` that did."""
    if isinstance(function, ast.Lambda):
        return blame(function.body, scope, found)
    reasons = _followed(function.body, scope, found)
    if reasons is None:
        raise Unexplained("the function ends without a return")
    return reasons


def _followed(body: list[ast.stmt], scope: Scope, found: bool) -> list[Reason] | None:
    for statement in body:
        reasons = _statement(statement, scope, found)
        if reasons is not None:
            return reasons
    return None


def _statement(statement: ast.stmt, scope: Scope, found: bool) -> list[Reason] | None:
    match statement:
        case ast.Return(value=value):
            return _returned(statement, value, scope, found)
        case ast.If(test=test, body=body, orelse=orelse):
            taken = bool(scope.value(test))
            return _followed(body if taken else orelse, scope.branch(test, taken), found)
        case ast.For():
            return _loop(statement, scope, found)
        case ast.Continue():
            raise _Next
        case ast.Break():
            raise _Out
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            scope.meant[name] = (value, scope)
    scope.run(statement)
    return None


def _returned(statement: ast.stmt, value: ast.expr | None, scope: Scope, found: bool) -> list[Reason]:
    if value is None or bool(scope.value(value)) != found:
        raise Unexplained("the function returns something else now")
    if isinstance(value, ast.Constant):
        if not scope.tests:
            return [Reason(scope.source.segment(statement), *position(scope, statement), _chosen(value, scope))]
        return blame(scope.tests[-1][0], scope, scope.tests[-1][1])
    return blame(value, scope, found)


def _loop(statement: ast.For, scope: Scope, found: bool) -> list[Reason] | None:
    for value in in_order(scope.value(statement.iter)):
        try:
            reasons = _followed(statement.body, scope.loop(statement.target, value), found)
        except _Next:
            continue
        except _Out:
            return None
        if reasons is not None:
            return reasons
    return _followed(statement.orelse, scope, found)


# -- what is told about a part -------------------------------------------------------------------------------------


def leaf(node: ast.expr, scope: Scope) -> Reason:
    """The reason that an expression has no deciding part: it as a whole, with the values that it compares."""
    values = dict(_chosen(node, scope))
    for part in _sides(node):
        text = scope.source.segment(part)
        if text not in values and not _is_told(part, scope):
            values[text] = show(scope.value(part))
    return Reason(scope.source.segment(node), *position(scope, node), tuple(values.items()))


def _sides(node: ast.expr) -> Iterator[ast.expr]:
    match node:
        case ast.Compare(left=left, comparators=right):
            yield from (side for side in (left, *right) if not isinstance(side, ast.Constant))
        case ast.BoolOp(values=operands):
            for operand in operands:
                yield from _sides(operand)
        case ast.UnaryOp(operand=operand):
            yield from _sides(operand)
        case ast.Call(
            func=ast.Name(id="all" | "any"), args=[ast.GeneratorExp() | ast.ListComp() | ast.SetComp() as body]
        ):
            yield body.generators[0].iter
        case ast.Call(args=arguments):
            yield from (a for a in arguments if isinstance(a, ast.Name | ast.Attribute | ast.Subscript))


def _is_told(part: ast.expr, scope: Scope) -> bool:
    """Whether a part is told already beside the variable that it belongs to, or is a name for something fixed."""
    if isinstance(part, ast.Call) and not part.args:
        part = part.func
    if isinstance(part, ast.Attribute):
        part = part.value
        return isinstance(part, ast.Name) and (part.id in scope.quantified or isinstance(scope.value(part), type))
    return False


def _chosen(node: ast.expr, scope: Scope) -> tuple[tuple[str, str], ...]:
    """The quantified variables, each with what the expression asks of it."""
    nodes = [n for part in (*scope.filters, node) for n in ast.walk(part)]
    return tuple((name, show(value) + _asked(name, nodes, scope)) for name, value in scope.quantified.items())


def _asked(name: str, nodes: list[ast.AST], scope: Scope) -> str:
    """The fields and the results of a process that an expression asks for; other values are shown as they are."""
    if not isinstance(scope.quantified[name], language.Process):
        return ""
    told = {}
    for node in nodes:
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=owner), attr=method), args=[]) if owner == name:
                told[f"{method}()"] = show(scope.value(node))
            case ast.Attribute(value=ast.Name(id=owner), attr=field) if owner == name and field != "id":
                told[field] = show(scope.value(node))
    plain = {f: v for f, v in told.items() if not callable(getattr(scope.quantified[name], f, None))}
    return f" ({', '.join(f'{k}={v}' for k, v in plain.items())})" if plain else ""
