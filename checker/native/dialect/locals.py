"""The local names of a kernel: each is a word or a pointer, everywhere in the function."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeGuard

from .errors import IllegalKernel
from .signatures import POINTER, WORD, Parameter


class Locals(NamedTuple):
    """The local words and pointers of a function, each with its operand if that is the same everywhere, else empty."""

    words: dict[str, str]
    pointers: dict[str, str]


def is_array(node: ast.expr) -> TypeGuard[ast.Call]:
    """Whether an expression is `cells(n)`."""
    return _calls(node, "cells")


def is_pointer(node: ast.expr) -> bool:
    """Whether an expression makes a pointer: `cells(n)`, `at(p, i)` or a choice between such."""
    if isinstance(node, ast.IfExp):
        return is_pointer(node.body) and is_pointer(node.orelse)
    return _calls(node, "at") or _calls(node, "cells")


def locals_of(function: ast.FunctionDef, parameters: Sequence[Parameter]) -> Locals:
    """Find the local names of a function; `IllegalKernel` for a name that is sometimes a word, sometimes a pointer."""
    types = {p.name: p.type for p in parameters}
    operands = {p.name: f"%a.{p.name}" for p in parameters}
    arrays = 0
    for name, value, line in _assigned(function.body, []):
        type_ = POINTER if value is not None and is_pointer(value) else WORD
        if types.setdefault(name, type_) != type_:
            raise IllegalKernel(f"{name} is a word and a pointer", line, function.name)
        array = value is not None and is_array(value)
        operands[name] = f"%c.{arrays}" if array and name not in operands else ""
        arrays += array
    return Locals(*({n: operands[n] for n in types if types[n] == kind} for kind in (WORD, POINTER)))


_Assigned = tuple[str, ast.expr | None, int]


def _assigned(statements: Iterable[ast.stmt], found: list[_Assigned]) -> list[_Assigned]:
    """Every assignment to a name, in the order of the text; without a value if that is surely a word."""
    for s in statements:
        if isinstance(s, ast.Assign):
            found += [(t.id, s.value, s.lineno) for t in s.targets if isinstance(t, ast.Name)]
        elif isinstance(s, (ast.AugAssign, ast.For)) and isinstance(s.target, ast.Name):
            found.append((s.target.id, None, s.lineno))
        if isinstance(s, (ast.If, ast.For, ast.While)):
            _assigned(s.body, found)
            _assigned(s.orelse, found)
    return found


def _calls(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
