"""Statements: a table from each construct of Python to what it does."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from types import MappingProxyType
from typing import Any

from ...models.language import require
from .. import ir
from .assignments import annotated, assign, augmented
from .comprehensions import iterable, pattern
from .expressions import self_name
from .operators import condition, not_none
from .scope import Scope
from .sending import broadcast, disconnect, send
from .static import outside, static

Block = tuple[ir.Stmt, ...]

_OUTSIDE: MappingProxyType[type[ast.stmt], str] = MappingProxyType(
    {
        ast.Try: "try",
        ast.TryStar: "try",
        ast.Raise: "raise",
        ast.With: "with",
        ast.AsyncWith: "with",
        ast.AsyncFor: "await",
        ast.FunctionDef: "a function inside a method",
        ast.AsyncFunctionDef: "a function inside a method",
        ast.ClassDef: "a class inside a method",
        ast.Import: "an import inside a method",
        ast.ImportFrom: "an import inside a method",
        ast.Global: "a global statement",
        ast.Nonlocal: "a global statement",
        ast.Delete: "del",
        ast.Match: "match",
    }
)


def block(scope: Scope, nodes: Sequence[ast.stmt]) -> Block:
    """The statements of a block, in order."""
    return tuple(made for node in nodes for made in statement(scope, node))


def statement(scope: Scope, node: ast.stmt) -> Block:
    """What one statement of the source does."""
    meaning = MEANING.get(type(node))
    if meaning is None:
        raise outside(scope, node, _OUTSIDE.get(type(node), type(node).__name__))
    made = meaning(scope, node)
    if scope.narrowed and not isinstance(node, ast.If | ast.For) and _may_write(scope, node):
        scope.forget(f"{self_name(scope)}.")
    return made


def _may_write(scope: Scope, node: ast.stmt) -> bool:
    calls = [n.func for n in ast.walk(node) if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)]
    own = [c for c in calls if isinstance(c.value, ast.Name) and c.value.id == self_name(scope)]
    return any(c.attr not in _LEAVE_FIELDS for c in own)


_LEAVE_FIELDS = ("send", "broadcast", "disconnect", "members", "is_quorum", "domain", "sent", "under_way")


def ends(body: Sequence[ir.Stmt]) -> bool:
    """Whether control never comes out at the end of a block."""
    if not body:
        return False
    match body[-1]:
        case ir.Return() | ir.Break() | ir.Continue():
            return True
        case ir.If(then=then, other=other):
            return ends(then) and ends(other)
        case ir.Require(condition=ir.Literal(value=False)) | ir.Assert(condition=ir.Literal(value=False)):
            return True
    return False


def returns(body: Sequence[ir.Stmt]) -> bool:
    """Whether a block always returns a value."""
    if not body:
        return False
    match body[-1]:
        case ir.If(then=then, other=other):
            return returns(then) and returns(other)
    return isinstance(body[-1], ir.Return) or (ends(body) and not isinstance(body[-1], ir.Break | ir.Continue))


def _if(scope: Scope, node: ast.If) -> Block:
    test = condition(scope, node.test)
    yes, no = scope.inner(), scope.inner()
    yes.narrowed |= not_none(node.test, True)
    no.narrowed |= not_none(node.test, False)
    then, other = block(yes, node.body), block(no, node.orelse)
    _meet(scope, [branch for branch, body in ((yes, then), (no, other)) if not ends(body)] or [yes, no])
    return (ir.If(scope.place(node), test, then, other),)


def _meet(scope: Scope, branches: list[Scope]) -> None:
    first, *rest = branches
    common = [name for name in first.locals if all(name in branch.locals for branch in rest)]
    scope.locals.update({name: first.locals[name] for name in common})
    scope.narrowed = first.narrowed.intersection(*(branch.narrowed for branch in rest))


def _for(scope: Scope, node: ast.For) -> Block:
    if node.orelse:
        raise outside(scope, node, "else after a loop")
    source, item = iterable(scope, node.iter)
    for inside in (inner for each in node.body for inner in ast.walk(each)):
        _forget_targets(scope, inside)
    inner = scope.inner()
    target = pattern(inner, node.target, item)
    body = block(inner, node.body)
    return (ir.For(scope.place(node), target, source, body),)


def _forget_targets(scope: Scope, node: ast.AST) -> None:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AugAssign) else []
    for target in targets:
        for each in target.elts if isinstance(target, ast.Tuple) else [target]:
            scope.forget(ast.unparse(each))
    if isinstance(node, ast.stmt) and _may_write(scope, node):
        scope.forget(f"{self_name(scope)}.")


def _while(scope: Scope, node: ast.While) -> Block:
    raise scope.fail("unbounded-loop", node)


def _return(scope: Scope, node: ast.Return) -> Block:
    wanted = scope.unit.returns
    name = f"the result of {scope.unit.name}"
    if node.value is None:
        value = (
            None if wanted in (None, ir.NoneT()) else scope.as_type(_nothing(scope, node), wanted or ir.NoneT(), name)
        )
        scope.returned.append(ir.NoneT())
        return (ir.Return(scope.place(node), value),)
    value = scope.expr(node.value) if wanted is None else scope.of(node.value, wanted, name)
    scope.returned.append(value.type)
    return (ir.Return(scope.place(node), None if wanted == ir.NoneT() else value),)


def _nothing(scope: Scope, node: ast.stmt) -> ir.Expr:
    return ir.Literal(scope.place(node), ir.NoneT(), None)


def _assert(scope: Scope, node: ast.Assert) -> Block:
    test = condition(scope, node.test)
    scope.narrowed |= not_none(node.test, True)
    message = node.msg.value if isinstance(node.msg, ast.Constant) else node.msg and ast.unparse(node.msg)
    return (ir.Assert(scope.place(node), test, str(message or "")),)


def _expression(scope: Scope, node: ast.Expr) -> Block:
    if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str | type(...)):
        return ()
    if isinstance(node.value, ast.Call):
        return _call(scope, node.value)
    scope.expr(node.value)
    raise outside(scope, node, "a value that nothing is done with")


def _call(scope: Scope, node: ast.Call) -> Block:
    if static(scope, node.func) is require:
        return _require(scope, node)
    if isinstance(node.func, ast.Attribute) and node.func.attr in _SENDING and _is_self(scope, node.func.value):
        return (_SENDING[node.func.attr](scope, node),)
    value = scope.expr(node)
    if not isinstance(value, ir.Call):
        raise outside(scope, node, "a value that nothing is done with")
    return (ir.Perform(scope.place(node), value),)


def _is_self(scope: Scope, node: ast.expr) -> bool:
    own = isinstance(node, ast.Name) and node.id == self_name(scope)
    return own and isinstance(scope.unit.owner, ir.ProcessT)


def _require(scope: Scope, node: ast.Call) -> Block:
    if len(node.args) != 1 or node.keywords:
        words = {"wanted": "one condition", "actual": str(len(node.args))}
        raise scope.fail("wrong-arguments", node, function="require", **words)
    test = condition(scope, node.args[0])
    scope.narrowed |= not_none(node.args[0], True)
    return (ir.Require(scope.place(node), test),)


def _pass(scope: Scope, node: ast.Pass) -> Block:
    return ()


def _break(scope: Scope, node: ast.Break) -> Block:
    return (ir.Break(scope.place(node)),)


def _continue(scope: Scope, node: ast.Continue) -> Block:
    return (ir.Continue(scope.place(node)),)


_SENDING: MappingProxyType[str, Callable[[Scope, ast.Call], ir.Stmt]] = MappingProxyType(
    {"send": send, "broadcast": broadcast, "disconnect": disconnect}
)

MEANING: MappingProxyType[type[ast.stmt], Callable[[Scope, Any], Block]] = MappingProxyType(
    {
        ast.Assign: assign,
        ast.AugAssign: augmented,
        ast.AnnAssign: annotated,
        ast.If: _if,
        ast.For: _for,
        ast.While: _while,
        ast.Return: _return,
        ast.Assert: _assert,
        ast.Expr: _expression,
        ast.Pass: _pass,
        ast.Break: _break,
        ast.Continue: _continue,
    }
)
