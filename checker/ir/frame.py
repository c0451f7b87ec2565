"""One call of a function: its local variables, and the two tables that say what its nodes mean."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ...models.language import Ref
from . import nodes as n
from .world import World


class Leave(NamedTuple):
    """How a block was left before its end: `return`, `break` or `continue`."""

    how: type[n.Stmt]
    value: Any = None


@dataclass(frozen=True)
class Meaning:
    """The value of each expression, and what each statement does."""

    expressions: Mapping[type[n.Expr], Callable[[Frame, Any], Any]]
    statements: Mapping[type[n.Stmt], Callable[[Frame, Any], Leave | None]]


@dataclass
class Frame:
    """The local variables of one call, and what the step has sent and cut off so far."""

    meaning: Meaning
    world: World
    owner: Any
    locals: dict[str, Any] = field(default_factory=dict)
    sends: list[tuple[Ref[Any], Any]] = field(default_factory=list)
    cut: set[Ref[Any]] = field(default_factory=set)

    def value(self, expr: n.Expr) -> Any:
        """The value of an expression."""
        return self.meaning.expressions[type(expr)](self, expr)

    def all(self, exprs: Sequence[n.Expr]) -> tuple[Any, ...]:
        """The values of several, from left to right."""
        return tuple([self.value(expr) for expr in exprs])

    def block(self, body: Sequence[n.Stmt]) -> Leave | None:
        """Do the statements in order, until one of them leaves the block."""
        for stmt in body:
            left = self.meaning.statements[type(stmt)](self, stmt)
            if left is not None:
                return left
        return None

    def call(self, name: str, owner: Any, arguments: Sequence[Any]) -> Any:
        """Call a function of the program; what it sends and cuts off counts as this frame's."""
        function = self.world.program.functions[name]
        names = [parameter.name for parameter in function.parameters]
        given = dict(zip(names, arguments, strict=True))
        frame = Frame(self.meaning, self.world, owner, given, self.sends, self.cut)
        left = frame.block(function.body)
        return left.value if left else None

    def bind(self, pattern: n.Pattern, value: Any) -> None:
        """Give names to a value or its items."""
        if pattern.name:
            self.locals[pattern.name] = value
        for item, part in zip(pattern.items, value if pattern.items else (), strict=True):
            self.bind(item, part)

    def inner(self) -> Frame:
        """A frame whose new locals are not seen here."""
        return dataclasses.replace(self, locals=dict(self.locals))
