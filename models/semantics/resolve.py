"""From an annotation to a domain, with the parameters of a run."""

from __future__ import annotations

import ast
import dataclasses
import operator
import types
import typing
from collections.abc import Callable
from enum import Enum
from typing import Any

from ..language import AtMost, Map, ModelError, Process, Protocol, Range, Ref, Symbol
from ..language.domains import Bound
from ..language.protocol import near
from .domains import (
    Booleans,
    Domain,
    Enumeration,
    Identities,
    Integers,
    Maps,
    Nothing,
    Optional,
    Records,
    Sequences,
    Sets,
    Symbols,
    Tuples,
)

_OPERATORS: dict[type[ast.operator], Callable[[int, int], int]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}


class Resolver:
    """Turns annotations into domains for one protocol instance."""

    def __init__(self, protocol: Protocol, members: Callable[[type[Process]], tuple[Ref[Any], ...]]) -> None:
        self._parameters = protocol.parameters
        self._members = members
        self._records: dict[type, Records] = {}

    def bound(self, bound: Bound) -> tuple[int, str | None]:
        """The value of a bound, and the parameter that it depends on first."""
        if isinstance(bound, int):
            return bound, None
        tree = ast.parse(bound, mode="eval").body
        names = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name)]
        return self._evaluate(tree, bound), names[0] if names else None

    def count(self, bound: Bound, least: int = 0) -> tuple[int, str | None]:
        """As `bound`, of what is counted. Errors: `ModelError` for less than `least`."""
        value, name = self.bound(bound)
        if value < least:
            raise ModelError(
                "bad-bound",
                f"the bound {bound!r} is {value}, and it counts at least {least}",
                because="fewer than none is no bound at all, and a network that holds no copy delivers nothing",
                instead="change it, or the parameters that it depends on",
            )
        return value, name

    def _evaluate(self, node: ast.expr, text: str) -> int:
        match node:
            case ast.Constant(value=int(value)):
                return value
            case ast.Name(id=name) if name in self._parameters:
                return int(self._parameters[name])
            case ast.Name(id=name):
                known = near(name, list(self._parameters))
                raise ModelError("unknown-bound", f"the bound {text!r} names no parameter", instead=known)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
                return _OPERATORS[type(op)](self._evaluate(left, text), self._evaluate(right, text))
        raise ModelError(
            "bad-bound",
            f"the bound {text!r} is not arithmetic over parameters",
            instead="use names, integers, + - * // %",
        )

    def domain(self, hint: Any) -> Domain:
        """The domain that an annotation stands for. Errors: `ModelError` if it is not finite."""
        origin, arguments = typing.get_origin(hint), typing.get_args(hint)
        if origin is typing.Annotated:
            return self._annotated(arguments[0], arguments[1:])
        if origin in (typing.Union, types.UnionType):
            return self._optional(hint, arguments)
        if origin is Ref:
            return Identities(self._members(arguments[0]))
        if origin is frozenset:
            return Sets(self.domain(arguments[0]))
        if origin is Map:
            return Maps(self.domain(arguments[0]), self.domain(arguments[1]))
        if origin is tuple and Ellipsis not in arguments:
            return Tuples(tuple(self.domain(a) for a in arguments))
        if isinstance(hint, type):
            return self._class(hint)
        raise _no_domain(hint)

    def _annotated(self, base: Any, extra: tuple[Any, ...]) -> Domain:
        for bound in extra:
            if isinstance(bound, Range) and base is int:
                (lo, low), (hi, high) = self.bound(bound.lo), self.bound(bound.hi)
                return Integers(lo, hi, high, low)
            if isinstance(bound, AtMost) and typing.get_origin(base) is tuple:
                most, name = self.bound(bound.length)
                return Sequences(self.domain(typing.get_args(base)[0]), most, name)
            if isinstance(bound, Range | AtMost):
                raise _misplaced(bound, base)
        return self.domain(base)

    def _optional(self, hint: Any, arguments: tuple[Any, ...]) -> Domain:
        some = [a for a in arguments if a is not types.NoneType]
        if len(some) == 1 and len(arguments) == 2:
            return Optional(self.domain(some[0]))
        raise _no_domain(hint)

    def _class(self, hint: type) -> Domain:
        if hint is bool:
            return Booleans()
        if hint is types.NoneType:
            return Nothing()
        if issubclass(hint, Enum):
            return Enumeration(hint)
        if issubclass(hint, Symbol):
            return Symbols(hint, self.bound(hint.size)[0])
        if dataclasses.is_dataclass(hint):
            return self.record(hint)
        raise _no_domain(hint)

    def record(self, cls: type) -> Records:
        """The domain of a record or message class."""
        if cls not in self._records:
            hints = typing.get_type_hints(cls, include_extras=True)
            items = tuple(self.domain(hints[f.name]) for f in dataclasses.fields(cls))
            self._records[cls] = Records(cls, items)
        return self._records[cls]


def _no_domain(hint: Any) -> ModelError:
    name = getattr(hint, "__name__", str(hint))
    return ModelError(
        "no-domain",
        f"{name} is not a finite domain",
        because="the checker tries every value, so each field, parameter and message needs finitely many",
        instead='bound it: Annotated[int, Range(0, "terms")], Annotated[tuple[Entry, ...], AtMost("entries")]',
    )


def _misplaced(bound: Range | AtMost, base: Any) -> ModelError:
    word, meant = ("Range", "an int") if isinstance(bound, Range) else ("AtMost", "a sequence, tuple[T, ...]")
    return ModelError(
        "misplaced-bound",
        f"{word} bounds {meant}, and this is {getattr(base, '__name__', base)}",
        because="a bound that says nothing would be taken for one that holds",
        instead="bound what the value is made of, or write a @constraint",
    )
