"""Runs the text of kernels as the plain Python that it is."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

from .intrinsics import INTRINSICS, Word, Words, wrap
from .signatures import functions_of


class Table:
    """A constant array, which unlike a tuple does not count from its end."""

    __slots__ = ("values",)

    def __init__(self, values: tuple[int, ...]) -> None:
        self.values = values

    def __getitem__(self, i: int) -> Word:
        if i < 0:
            raise IndexError(f"entry {i} of a table")
        return wrap(self.values[i])


def interpret(
    text: str, constants: Mapping[str, int] | None = None, tables: Mapping[str, tuple[int, ...]] | None = None
) -> dict[str, Callable[..., int]]:
    """The functions of a text of kernels as Python functions, by name: what machine code is compared with.

    Errors: `IllegalKernel` if the text is no list of functions, Python's own (`IndexError`, ...) when they run.
    """
    functions = functions_of(text)
    for function in functions:
        _gives_a_word(function)
    names: dict[str, Any] = {"Word": Word, "Words": Words, **INTRINSICS}
    names |= {name: wrap(x) for name, x in (constants or {}).items()}
    names |= {name: Table(values) for name, values in (tables or {}).items()}
    exec(compile(ast.Module(list(functions), []), "<kernels>", "exec"), names)
    return {f.name: names[f.name] for f in functions}


def _gives_a_word(function: ast.FunctionDef) -> None:
    """A function that ends without a value gives 0."""
    function.decorator_list = []
    for node in ast.walk(function):
        if isinstance(node, ast.Return) and node.value is None:
            node.value = ast.copy_location(ast.Constant(0), node)
    end = ast.Return(ast.Constant(0))
    function.body.append(ast.fix_missing_locations(ast.copy_location(end, function.body[-1])))
