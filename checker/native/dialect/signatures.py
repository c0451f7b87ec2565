"""The functions of a text of kernels, and what each of them takes."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import NamedTuple

from .errors import IllegalKernel
from .intrinsics import INTRINSICS

WORD = "i64"
POINTER = "ptr"
_TYPES = {"Word": WORD, "Words": POINTER}


class Parameter(NamedTuple):
    """A parameter of a kernel: its name and whether it is a word or a pointer."""

    name: str
    type: str


def functions_of(text: str) -> list[ast.FunctionDef]:
    """The function definitions of a text; `IllegalKernel` if anything else is there."""
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        raise IllegalKernel(f"no Python: {error.msg}", error.lineno or 0) from error
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    if len(functions) < len(tree.body):
        stray = next(node for node in tree.body if not isinstance(node, ast.FunctionDef))
        raise IllegalKernel("only functions may stand here", stray.lineno)
    return functions


def signatures_of(functions: Iterable[ast.FunctionDef]) -> dict[str, tuple[Parameter, ...]]:
    """What each function takes, by name; `IllegalKernel` for a name that is taken or a parameter without a type."""
    signatures: dict[str, tuple[Parameter, ...]] = {}
    for function in functions:
        if function.name in signatures or function.name in INTRINSICS:
            raise IllegalKernel(f"the name {function.name} is taken", function.lineno)
        signatures[function.name] = _signature(function)
    return signatures


def _signature(function: ast.FunctionDef) -> tuple[Parameter, ...]:
    a = function.args
    if a.posonlyargs or a.kwonlyargs or a.vararg or a.kwarg or a.defaults:
        raise IllegalKernel("only plain parameters", function.lineno, function.name)
    if function.returns is not None and not _is_name(function.returns, "Word"):
        raise IllegalKernel("a kernel gives a Word", function.lineno, function.name)
    return tuple(_parameter(arg, function.name) for arg in a.args)


def _parameter(arg: ast.arg, function: str) -> Parameter:
    if isinstance(arg.annotation, ast.Name) and arg.annotation.id in _TYPES:
        return Parameter(arg.arg, _TYPES[arg.annotation.id])
    raise IllegalKernel(f"parameter {arg.arg} is neither Word nor Words", arg.lineno, function)


def _is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name
