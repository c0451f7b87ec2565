"""Lowers expressions: words, pointers, and truth as branches or single bits."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from .body import Body
from .intrinsics import wrap

BINARY: dict[type, str] = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.BitAnd: "and", ast.BitOr: "or", ast.BitXor: "xor",
    ast.LShift: "shl", ast.RShift: "ashr",
}  # fmt: skip
COMPARE: dict[type, str] = {
    ast.Eq: "eq", ast.NotEq: "ne", ast.Lt: "slt", ast.LtE: "sle", ast.Gt: "sgt", ast.GtE: "sge",
}  # fmt: skip
BITS_OF_A_WORD = 64
HARMLESS = {"at", "lshr", "ult", "mul", "popcount", "ctz", "clz", "wrap"}
DEEP = 4  # an expression deeper than this is not computed for nothing


def binary(b: Body, node: ast.AST, op: ast.operator, left: str, right: str) -> str:
    """Compute `left op right` of two operands."""
    name = BINARY.get(type(op))
    if name is not None:
        if name in ("shl", "ashr") and right[0] != "%" and not 0 <= int(right) < BITS_OF_A_WORD:
            raise b.illegal(node, f"a shift by {right}")
        return b.emit(f"{name} i64 {left}, {right}")
    if type(op) is ast.FloorDiv:
        return _floor_division(b, left, right)
    if type(op) is ast.Mod:
        return _floor_remainder(b, left, right)
    raise b.illegal(node, f"{type(op).__name__} is no operator of a kernel")


def cell(b: Body, node: ast.Subscript) -> str:
    """The address of `p[i]`, or of an entry of a table."""
    base = node.value
    if isinstance(base, ast.Name) and base.id in b.names.tables and base.id not in b.pointers:
        return b.emit(f"getelementptr inbounds i64, ptr @table.{base.id}, i64 {b.value(node.slice)}")
    start = pointer(b, base)
    return b.emit(f"getelementptr inbounds i64, ptr {start}, i64 {b.value(node.slice)}")


def pointer(b: Body, node: ast.expr) -> str:
    """The operand of an expression of type Words."""
    if isinstance(node, ast.Name):
        return _pointer_name(b, node)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "at":
        return moved(b, node, node.args)
    if isinstance(node, ast.IfExp):
        return _if_else_of(b, node, "ptr", pointer)
    raise b.illegal(node, "a pointer is expected here")


def moved(b: Body, node: ast.AST, arguments: list[ast.expr]) -> str:
    """The operand of `at(p, i)`, given p and i."""
    if len(arguments) != 2:
        raise b.illegal(node, "a pointer and how far to move it are expected")
    start = pointer(b, arguments[0])
    return b.emit(f"getelementptr i64, ptr {start}, i64 {b.value(arguments[1])}")


def simple(node: ast.expr, deep: int = DEEP) -> bool:
    """Whether an expression can be computed although its value may not be needed: no memory, no division."""
    kind = type(node)
    if kind is ast.Name or kind is ast.Constant:
        return True
    if deep == 0:
        return False
    inner = _SIMPLE.get(kind)
    return inner is not None and all(simple(part, deep - 1) for part in inner(node))


def _operands(node: ast.BinOp) -> list[ast.expr]:
    unsafe = isinstance(node.op, (ast.FloorDiv, ast.Mod))
    # a shift too far would be poison, on which one may not branch
    unsafe |= isinstance(node.op, (ast.LShift, ast.RShift)) and not isinstance(node.right, ast.Constant)
    return [_NEVER] if unsafe else [node.left, node.right]


def _arguments(node: ast.Call) -> list[ast.expr]:
    harmless = isinstance(node.func, ast.Name) and node.func.id in HARMLESS
    if harmless and len(node.args) == 2 and getattr(node.func, "id", "") == "lshr":
        harmless = isinstance(node.args[1], ast.Constant)
    return node.args if harmless else [_NEVER]


_NEVER = ast.Tuple([])
_SIMPLE: dict[type, Callable[[Any], list[ast.expr]]] = {
    ast.BinOp: _operands,
    ast.UnaryOp: lambda node: [node.operand],
    ast.Compare: lambda node: [node.left, *node.comparators],
    ast.BoolOp: lambda node: node.values,
    ast.IfExp: lambda node: [node.test, node.body, node.orelse],
    ast.Call: _arguments,
}


def _pointer_name(b: Body, node: ast.Name) -> str:
    operand = b.pointers.get(node.id)
    if operand:
        return operand
    if operand is None:
        raise b.illegal(node, f"{node.id} is no pointer")
    return b.emit(f"load ptr, ptr %v.{node.id}")


# values


def _name(b: Body, node: ast.Name) -> str:
    name = node.id
    operand = b.known.get(name) or b.words.get(name)
    if operand:
        return operand
    if operand is not None:
        return b.get_word(name)
    operand = b.names.constants.get(name)
    if operand is None or name in b.pointers:
        raise b.illegal(node, f"{name} is no word" if _is_known(b, name) else f"{name} is not defined")
    return operand


def _is_known(b: Body, name: str) -> bool:
    return name in b.pointers or name in b.names.tables or name in b.names.functions or name in b.forms.calls


def _constant(b: Body, node: ast.Constant) -> str:
    x = node.value
    if isinstance(x, int) and -(1 << 63) <= x < 1 << 64:
        return str(wrap(x))
    raise b.illegal(node, f"{x!r} is no 64-bit integer")


def _binary(b: Body, node: ast.BinOp) -> str:
    chain = [node]
    while isinstance(node.left, ast.BinOp):  # a | b | c | ... may be long
        node = node.left
        chain.append(node)
    operand = b.value(node.left)
    for node in reversed(chain):
        operand = binary(b, node, node.op, operand, b.value(node.right))
    return operand


def _floor_division(b: Body, left: str, right: str) -> str:
    if _positive(right):
        quotient, remainder = _divided(b, left, right)
        return b.emit(f"add i64 {quotient}, {b.emit(f'ashr i64 {remainder}, 63')}")
    # the lowest number divided by -1 is the lowest number, where the processor would stop
    minus = b.emit(f"icmp eq i64 {right}, -1")
    quotient, remainder = _divided(b, left, b.emit(f"select i1 {minus}, i64 1, i64 {right}"))
    down = b.emit(f"sext i1 {_opposite(b, remainder, right)} to i64")
    floor = b.emit(f"add i64 {quotient}, {down}")
    return b.emit(f"select i1 {minus}, i64 {b.emit(f'sub i64 0, {left}')}, i64 {floor}")


def _floor_remainder(b: Body, left: str, right: str) -> str:
    if _positive(right):
        remainder = b.emit(f"srem i64 {left}, {right}")
        low = b.emit(f"and i64 {b.emit(f'ashr i64 {remainder}, 63')}, {right}")
        return b.emit(f"add i64 {remainder}, {low}")
    minus = b.emit(f"icmp eq i64 {right}, -1")
    safe = b.emit(f"select i1 {minus}, i64 1, i64 {right}")
    remainder = b.emit(f"srem i64 {left}, {safe}")
    return b.emit(f"add i64 {remainder}, {b.emit(f'select i1 {_opposite(b, remainder, right)}, i64 {right}, i64 0')}")


def _positive(operand: str) -> bool:
    return operand.isdigit() and operand != "0"


def _divided(b: Body, left: str, right: str) -> tuple[str, str]:
    return b.emit(f"sdiv i64 {left}, {right}"), b.emit(f"srem i64 {left}, {right}")


def _opposite(b: Body, remainder: str, divisor: str) -> str:
    """Whether a remainder that is not 0 has not the sign of the divisor."""
    signs = b.emit(f"icmp slt i64 {b.emit(f'xor i64 {remainder}, {divisor}')}, 0")
    return b.emit(f"and i1 {signs}, {b.emit(f'icmp ne i64 {remainder}, 0')}")


def _unary(b: Body, node: ast.UnaryOp) -> str:
    op = type(node.op)
    if op is ast.Not:
        return _as_word(b, node)
    operand = b.value(node.operand)
    if op is ast.USub and operand[0] != "%":
        return str(wrap(-int(operand)))
    if op is ast.USub:
        return b.emit(f"sub i64 0, {operand}")
    return operand if op is ast.UAdd else b.emit(f"xor i64 {operand}, -1")


def _as_word(b: Body, node: ast.expr) -> str:
    if simple(node):
        return b.emit(f"zext i1 {b.bit(node)} to i64")
    return _chosen(b, node, "i64", lambda: "1", lambda: "0")


def _and_or(b: Body, node: ast.BoolOp) -> str:
    """As in Python the value is that of the operand which decided."""
    if all(_is_truth(v) for v in node.values):
        return _as_word(b, node)
    operand = b.value(node.values[0])
    for following in node.values[1:]:
        operand = _decided(b, isinstance(node.op, ast.And), operand, following)
    return operand


def _decided(b: Body, is_and: bool, operand: str, following: ast.expr) -> str:
    more, end, here = b.label(), b.label(), b.here
    before = b.known
    bit = b.emit(f"icmp ne i64 {operand}, 0")
    b.branch(bit, *((more, end) if is_and else (end, more)))
    b.start(more, before.copy())
    second = b.value(following)
    there = b.here
    b.jump(end)
    b.start(end, before)
    return b.emit(f"phi i64 [{operand}, %{here}], [{second}, %{there}]")


def _is_truth(node: ast.expr) -> bool:
    if isinstance(node, ast.Compare) or (isinstance(node, ast.Constant) and node.value in (0, 1)):
        return True
    if isinstance(node, ast.BoolOp):
        return all(_is_truth(v) for v in node.values)
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)


def _if_else(b: Body, node: ast.IfExp) -> str:
    return _if_else_of(b, node, "i64", Body.value)


def _if_else_of(b: Body, node: ast.IfExp, type_: str, lower: Callable[[Body, ast.expr], str]) -> str:
    if simple(node.body) and simple(node.orelse) and simple(node.test):
        bit = b.bit(node.test)
        yes = lower(b, node.body)
        return b.emit(f"select i1 {bit}, {type_} {yes}, {type_} {lower(b, node.orelse)}")
    return _chosen(b, node.test, type_, lambda: lower(b, node.body), lambda: lower(b, node.orelse))


def _chosen(b: Body, test: ast.expr, type_: str, yes: Callable[[], str], no: Callable[[], str]) -> str:
    one, other, end = b.label(), b.label(), b.label()
    before = b.decide(test, one, other)
    arms = []
    for label, arm in ((one, yes), (other, no)):
        b.start(label, before.copy())
        operand = arm()
        arms.append(f"[{operand}, %{b.here}]")
        b.jump(end)
    b.start(end, before)
    return b.emit(f"phi {type_} {', '.join(arms)}")


def _subscript(b: Body, node: ast.Subscript) -> str:
    return b.emit(f"load i64, ptr {cell(b, node)}")


def _call(b: Body, node: ast.Call) -> str:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    intrinsic = b.forms.calls.get(name)
    if node.keywords:
        raise b.illegal(node, "arguments have no names")
    if intrinsic is not None:
        return intrinsic(b, node)
    return _call_of_kernel(b, node, name)


def _call_of_kernel(b: Body, node: ast.Call, name: str) -> str:
    parameters = b.names.functions.get(name)
    if parameters is None:
        raise b.illegal(node, f"{name or 'this'} is no kernel")
    if len(parameters) != len(node.args):
        raise b.illegal(node, f"{name} takes {len(parameters)} arguments and not {len(node.args)}")
    given = [
        f"i64 {b.value(arg)}" if p.type == "i64" else f"ptr {pointer(b, arg)}"
        for p, arg in zip(parameters, node.args, strict=True)
    ]
    b.called.append(name)
    return b.emit(f"call i64 @{name}({', '.join(given)})")


VALUES: dict[type, Callable[[Body, Any], str]] = {
    ast.Name: _name,
    ast.Constant: _constant,
    ast.BinOp: _binary,
    ast.UnaryOp: _unary,
    ast.Compare: _as_word,
    ast.BoolOp: _and_or,
    ast.IfExp: _if_else,
    ast.Subscript: _subscript,
    ast.Call: _call,
}


# truth


def compared(b: Body, node: ast.AST, op: ast.cmpop, left: str, right: str) -> str:
    """The truth of a comparison of two operands."""
    name = COMPARE.get(type(op))
    if name is None:
        raise b.illegal(node, f"{type(op).__name__} is no comparison of a kernel")
    return b.emit(f"icmp {name} i64 {left}, {right}")


def _compare_bit(b: Body, node: ast.Compare) -> str:
    if len(node.ops) > 1 and not simple(node):
        return b.emit(f"icmp ne i64 {_as_word(b, node)}, 0")
    left = b.value(node.left)
    bits = []
    for op, comparator in zip(node.ops, node.comparators, strict=True):
        right = b.value(comparator)
        bits.append(compared(b, node, op, left, right))
        left = right
    return _all(b, "and", bits)


def _all(b: Body, op: str, bits: list[str]) -> str:
    together = bits[0]
    for bit in bits[1:]:
        together = b.emit(f"{op} i1 {together}, {bit}")
    return together


def _and_or_bit(b: Body, node: ast.BoolOp) -> str:
    if simple(node):
        return _all(b, "and" if isinstance(node.op, ast.And) else "or", [b.bit(v) for v in node.values])
    return b.emit(f"icmp ne i64 {_as_word(b, node)}, 0")


def _not_bit(b: Body, node: ast.UnaryOp) -> str:
    if isinstance(node.op, ast.Not):
        return b.emit(f"xor i1 {b.bit(node.operand)}, true")
    return b.emit(f"icmp ne i64 {_unary(b, node)}, 0")


def _call_bit(b: Body, node: ast.Call) -> str:
    if isinstance(node.func, ast.Name) and node.func.id == "ult" and len(node.args) == 2:
        left = b.value(node.args[0])
        return b.emit(f"icmp ult i64 {left}, {b.value(node.args[1])}")
    return b.emit(f"icmp ne i64 {_call(b, node)}, 0")


BITS: dict[type, Callable[[Body, Any], str]] = {
    ast.Compare: _compare_bit,
    ast.BoolOp: _and_or_bit,
    ast.UnaryOp: _not_bit,
    ast.Call: _call_bit,
}


def _test_and_or(b: Body, node: ast.BoolOp, yes: str, no: str) -> None:
    if simple(node):
        b.branch(b.bit(node), yes, no)
        return
    is_and = isinstance(node.op, ast.And)
    for value in node.values[:-1]:
        following = b.label()
        b.start(following, b.decide(value, *((following, no) if is_and else (yes, following))))
    b.test(node.values[-1], yes, no)


def _test_not(b: Body, node: ast.UnaryOp, yes: str, no: str) -> None:
    if isinstance(node.op, ast.Not):
        b.test(node.operand, no, yes)
    else:
        b.branch(b.bit(node), yes, no)


def _test_compare(b: Body, node: ast.Compare, yes: str, no: str) -> None:
    left = b.value(node.left)
    *first, last = zip(node.ops, node.comparators, strict=True)
    for op, comparator in first:
        following = b.label()
        right = b.value(comparator)
        b.branch(compared(b, node, op, left, right), following, no)
        b.start(following, b.known)
        left = right
    b.branch(compared(b, node, last[0], left, b.value(last[1])), yes, no)


def _test_constant(b: Body, node: ast.Constant, yes: str, no: str) -> None:
    b.jump(no if _constant(b, node) == "0" else yes)


TESTS: dict[type, Callable[[Body, Any, str, str], None]] = {
    ast.BoolOp: _test_and_or,
    ast.UnaryOp: _test_not,
    ast.Compare: _test_compare,
    ast.Constant: _test_constant,
}
