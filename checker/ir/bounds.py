"""The value of a bound such as `"entries + 1"`, once the parameters are known."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from types import MappingProxyType

from ...models.language import ModelError

_OPERATORS: MappingProxyType[type[ast.operator], Callable[[int, int], int]] = MappingProxyType(
    {
        ast.Add: operator.add,
        ast.Sub: operator.sub,
        ast.Mult: operator.mul,
        ast.FloorDiv: operator.floordiv,
        ast.Mod: operator.mod,
    }
)


def bound_value(bound: int | str, parameters: Mapping[str, int]) -> int:
    """A bound as a number. Errors: `ModelError` if it is not arithmetic over the parameters."""
    return bound if isinstance(bound, int) else _evaluate(ast.parse(bound, mode="eval").body, bound, parameters)


def _evaluate(node: ast.expr, text: str, parameters: Mapping[str, int]) -> int:
    match node:
        case ast.Constant(value=int(value)):
            return value
        case ast.Name(id=name) if name in parameters:
            return parameters[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_evaluate(operand, text, parameters)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
            return _OPERATORS[type(op)](_evaluate(left, text, parameters), _evaluate(right, text, parameters))
    raise ModelError("bad-bound", f"the bound {text!r} is not arithmetic over the parameters")
