"""What is known at a point of a function while it is compiled: its names, their types, and the place in the source."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from types import FunctionType
from typing import Protocol

from ...models.language import ModelError, Place
from .. import ir
from .convert import convert
from .errors import mistake
from .facts import Facts
from .source import place_of
from .types import Annotations

Lower = Callable[["Scope", ast.expr, ir.Type | None], ir.Expr]
"""From an expression of the source to one of the representation; the type is a hint, not a promise."""

Arguments = Callable[["Scope", "Signature"], tuple[ir.Expr, ...]]


@dataclass(frozen=True)
class Signature:
    """What a function takes: the name and type of each parameter, None where the argument decides."""

    name: str
    names: tuple[str, ...]
    types: tuple[ir.Type | None, ...]
    defaults: Mapping[str, object]


@dataclass(frozen=True)
class Unit:
    """The function that is being compiled, for one class of owner."""

    name: str
    function: FunctionType
    definition: ast.FunctionDef
    file: str
    owner: ir.Type | None
    defined_in: type | None
    names: Mapping[str, object]
    returns: ir.Type | None


class Session(Protocol):
    """The compilation as a whole, as an expression sees it."""

    facts: Facts
    annotations: Annotations

    def signature(self, function: FunctionType, owned: bool, place: Place) -> Signature:
        """What a function takes, without `self` if it is owned."""
        ...

    def function(
        self, function: FunctionType, owner: ir.Type | None, arguments: tuple[ir.Type, ...], place: Place
    ) -> ir.Function:
        """The compiled function, for an owner and these types of arguments."""
        ...


class Widened(Exception):
    """A local variable needs a wider type than it had when it was first assigned; the function is compiled again."""

    def __init__(self, name: str, type_: ir.Type) -> None:
        super().__init__(name)
        self.name = name
        self.type = type_


@dataclass
class Scope:
    """The names in sight; `narrowed` holds the expressions, as text, that are known not to be None here."""

    unit: Unit
    session: Session
    lower: Lower
    locals: dict[str, ir.Type] = field(default_factory=dict)
    narrowed: frozenset[str] = frozenset()
    widened: Mapping[str, ir.Type] = field(default_factory=dict)
    returned: list[ir.Type] = field(default_factory=list)

    def inner(self) -> Scope:
        """A scope inside this one: what it adds is not seen outside."""
        return replace(self, locals=dict(self.locals))

    def knowing(self, texts: frozenset[str]) -> Scope:
        """This scope where these expressions are known not to be None; it shares the local variables."""
        return replace(self, narrowed=self.narrowed | texts)

    def forget(self, text: str) -> None:
        """What depends on an expression that was assigned to is no longer known."""
        self.narrowed = frozenset(known for known in self.narrowed if text not in known)

    def place(self, node: ast.stmt | ast.expr | ast.arg | ast.keyword) -> Place:
        """Where a node stands."""
        return place_of(self.unit.file, node)

    def fail(self, code: str, node: ast.stmt | ast.expr | ast.keyword, **words: str) -> ModelError:
        """A mistake at a node."""
        return mistake(code, self.place(node), **words)

    def expr(self, node: ast.expr, hint: ir.Type | None = None) -> ir.Expr:
        """An expression of whatever type it has; the hint helps where the source does not say."""
        value = self.lower(self, node, hint)
        if isinstance(value.type, ir.OptionalT) and self.narrowed and ast.unparse(node) in self.narrowed:
            return ir.Unwrap(value.place, value.type.item, value)
        return value

    def of(self, node: ast.expr, wanted: ir.Type, name: str) -> ir.Expr:
        """An expression as a value of a type. Errors: `type-mismatch`, where `name` says what takes it."""
        value = self.expr(node, wanted)
        return self.as_type(value, wanted, name)

    def as_type(self, value: ir.Expr, wanted: ir.Type, name: str) -> ir.Expr:
        """A value as one of another type. Errors: `type-mismatch`."""
        converted = convert(value, wanted)
        if converted is None:
            described = {"wanted": ir.describe(wanted), "actual": ir.describe(value.type)}
            raise mistake("type-mismatch", value.place, name=name, **described)
        return converted

    def some(self, node: ast.expr, hint: ir.Type | None = None) -> ir.Expr:
        """An expression that is not None where it is used."""
        value = self.expr(node, hint)
        return ir.Unwrap(value.place, value.type.item, value) if isinstance(value.type, ir.OptionalT) else value
