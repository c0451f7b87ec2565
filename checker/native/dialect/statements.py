"""Lowers statements."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from .body import Body, Loop
from .expressions import binary, cell, pointer
from .locals import is_array, is_pointer


def _assign(b: Body, s: ast.Assign) -> None:
    if len(s.targets) != 1:
        raise b.illegal(s, "one name is assigned at a time")
    target = s.targets[0]
    if isinstance(target, ast.Name):
        _assign_name(b, target.id, s.value)
    elif isinstance(target, ast.Subscript):
        operand = b.value(s.value)
        b.lines.append(f"store i64 {operand}, ptr {_writable(b, target)}")
    else:
        raise b.illegal(s, f"{type(target).__name__} is nothing to assign to")


def _assign_name(b: Body, name: str, value: ast.expr) -> None:
    if is_array(value):
        operand = _array(b, value)
        if not b.pointers[name]:
            b.lines.append(f"store ptr {operand}, ptr %v.{name}")
    elif is_pointer(value):
        b.lines.append(f"store ptr {pointer(b, value)}, ptr %v.{name}")
    else:
        b.set_word(name, b.value(value))


def _array(b: Body, call: ast.Call) -> str:
    b.arrays.append(_size(b, call))
    return f"%c.{len(b.arrays) - 1}"


def _size(b: Body, call: ast.Call) -> int:
    size = _constant(b, call.args[0]) if len(call.args) == 1 else None
    if size is None or size < 0:
        raise b.illegal(call, "how many cells there are is a constant")
    return size


def _constant(b: Body, node: ast.expr) -> int | None:
    """The number that an expression of constants is."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return node.value
    if isinstance(node, ast.Name) and node.id in b.names.constants:
        return int(b.names.constants[node.id])
    if isinstance(node, ast.BinOp) and type(node.op) in _ARITHMETIC:
        left, right = _constant(b, node.left), _constant(b, node.right)
        return None if left is None or right is None else _ARITHMETIC[type(node.op)](left, right)
    return None


_ARITHMETIC: dict[type, Callable[[int, int], int]] = {
    ast.Add: int.__add__,
    ast.Sub: int.__sub__,
    ast.Mult: int.__mul__,
}


def _writable(b: Body, target: ast.Subscript) -> str:
    if isinstance(target.value, ast.Name) and target.value.id in b.names.tables and target.value.id not in b.pointers:
        raise b.illegal(target, f"{target.value.id} is a table, which is never written")
    return cell(b, target)


def _augmented(b: Body, s: ast.AugAssign) -> None:
    if isinstance(s.target, ast.Name):
        name = s.target.id
        before = b.value(ast.copy_location(ast.Name(name), s))
        b.set_word(name, binary(b, s, s.op, before, b.value(s.value)))
    elif isinstance(s.target, ast.Subscript):
        address = _writable(b, s.target)
        before = b.emit(f"load i64, ptr {address}")
        operand = binary(b, s, s.op, before, b.value(s.value))
        b.lines.append(f"store i64 {operand}, ptr {address}")
    else:
        raise b.illegal(s, f"{type(s.target).__name__} is nothing to assign to")


def _if(b: Body, s: ast.If) -> None:
    after, leaving = b.label(), []
    while True:
        one, other = b.label(), b.label()
        before = b.decide(s.test, one, other)
        leaving += _arm(b, one, before.copy(), s.body, after)
        if not (len(s.orelse) == 1 and isinstance(s.orelse[0], ast.If)):
            break
        b.start(other, before)
        s = s.orelse[0]
    leaving += _arm(b, other, before, s.orelse, after)
    if leaving:
        b.start(after, _agreed(leaving))


def _arm(b: Body, label: str, known: dict[str, str], statements: list[ast.stmt], after: str) -> list[dict[str, str]]:
    """Lower one arm; gives what is known where it leads on, nothing if it does not."""
    b.start(label, known)
    b.block(statements)
    if b.ended:
        return []
    b.jump(after)
    return [b.known]


def _agreed(leaving: list[dict[str, str]]) -> dict[str, str]:
    first, *others = leaving
    for other in others:
        first = {name: operand for name, operand in first.items() if other.get(name) == operand}
    return first


def _while(b: Body, s: ast.While) -> None:
    _no_else(b, s)
    again, body, out = b.label(), b.label(), b.label()
    b.jump(again)
    b.start(again, {})
    known = b.decide(s.test, body, out)
    _loop(b, s.body, known, Loop(again, out), body)
    b.jump(again)
    b.start(out, {})


def _for(b: Body, s: ast.For) -> None:
    _no_else(b, s)
    if not isinstance(s.target, ast.Name):
        raise b.illegal(s, "a loop counts with a name")
    first, end = _range(b, s.iter)
    head, body, following, out = b.label(), b.label(), b.label(), b.label()
    counter = f"%i.{head}"
    before = b.here
    b.jump(head)
    b.start(head, {})
    b.lines.append(f"{counter} = phi i64 [{first}, %{before}], [{counter}.next, %{following}]")
    b.branch(b.emit(f"icmp slt i64 {counter}, {end}"), body, out)
    _loop(b, [_Counted(s.target.id, counter), *s.body], {}, Loop(following, out), body)
    b.jump(following)
    b.start(following, {})
    b.lines.append(f"{counter}.next = add nsw i64 {counter}, 1")
    b.jump(head)
    b.start(out, {})


class _Counted(ast.stmt):
    """The start of a round of a loop: the name takes the number of the round."""

    def __init__(self, name: str, operand: str) -> None:
        super().__init__()
        self.name = name
        self.operand = operand


def _counted(b: Body, s: _Counted) -> None:
    b.set_word(s.name, s.operand)


def _loop(b: Body, statements: list[ast.stmt], known: dict[str, str], loop: Loop, body: str) -> None:
    b.start(body, known)
    b.loops.append(loop)
    b.block(statements)
    b.loops.pop()


def _range(b: Body, node: ast.expr) -> tuple[str, str]:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "range"):
        raise b.illegal(node, "a loop runs over range(end) or range(first, end)")
    if len(node.args) not in (1, 2) or node.keywords:
        raise b.illegal(node, "a range has an end, or a first number and an end")
    operands = [b.value(arg) for arg in node.args]
    return (operands[0], operands[1]) if len(operands) == 2 else ("0", operands[0])


def _no_else(b: Body, s: ast.For | ast.While) -> None:
    if s.orelse:
        raise b.illegal(s, "a loop has no else")


def _return(b: Body, s: ast.Return) -> None:
    b.end(f"ret i64 {'0' if s.value is None else b.value(s.value)}")


def _expression(b: Body, s: ast.Expr) -> None:
    if isinstance(s.value, ast.Call):
        b.value(s.value)
    elif not (isinstance(s.value, ast.Constant) and isinstance(s.value.value, str)):
        raise b.illegal(s, "an expression that does nothing")


def _break(b: Body, s: ast.Break) -> None:
    if not b.loops:
        raise b.illegal(s, "break outside a loop")
    b.jump(b.loops[-1].out)


def _continue(b: Body, s: ast.Continue) -> None:
    if not b.loops:
        raise b.illegal(s, "continue outside a loop")
    b.jump(b.loops[-1].again)


def _pass(b: Body, s: ast.Pass) -> None:
    pass


STATEMENTS: dict[type, Callable[[Body, Any], None]] = {
    ast.Assign: _assign,
    ast.AugAssign: _augmented,
    ast.If: _if,
    ast.While: _while,
    ast.For: _for,
    ast.Return: _return,
    ast.Expr: _expression,
    ast.Break: _break,
    ast.Continue: _continue,
    ast.Pass: _pass,
    _Counted: _counted,
}
