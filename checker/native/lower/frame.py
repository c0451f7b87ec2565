"""Where code is being written: the kernel, the method, and what its names stand for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from ....models.language import Place
from ... import ir
from ..layout.reps import Rep
from .cells import Cell
from .context import Context
from .effects import is_hasty
from .status import DISABLED, DISABLED_LATE
from .values import Value, asked
from .writer import Block, Writer

Meaning = Callable[["Frame", Any], Value]
"""Writes an expression, and gives its value."""


@dataclass
class Kernel:
    """One kernel under construction.

    `owner` is the cluster whose process takes the step, empty for the protocol. `writes` tells a step from a property,
    which finds the same memory from its beginning to its end. `written` are the fields that may have been assigned when
    a line is reached, `touched` whether anything was, `posts` whether a message may have been sent, `cuts` whether a
    connection may have been broken. `place` is the expression that is being written, `mutable` the names whose values
    change.
    """

    context: Context
    expressions: Mapping[type[ir.Expr], Meaning]
    statements: Mapping[type[ir.Stmt], Callable[[Frame, Any], None]]
    writer: Writer
    writes: bool
    owner: str = ""
    written: set[str] = field(default_factory=set)
    cells: set[int] = field(default_factory=set)
    touched: bool = False
    posts: bool = False
    cuts: bool = False
    place: Place | None = None
    mutable: set[str] = field(default_factory=set)

    def disabled(self) -> int:
        """The status of a guard that is not met here."""
        return DISABLED_LATE if self.touched else DISABLED


@dataclass
class Variable:
    """A local of a model that is assigned more than once: how it is kept, and the names of its cells."""

    rep: Rep
    names: tuple[str, ...]


@dataclass
class Leaving:
    """How a function is left from inside a loop: a variable that says so, and those of what it gives."""

    flag: str
    rep: Rep | None
    names: tuple[str, ...]


@dataclass
class Frame:
    """One call of a function of the model, whose code is written where the call stands.

    `locals` are assigned once, `variables` those in `many`. `stop` is the variable that ends the loop around, `leaving`
    how the function is left from there. In a `hasty` expression a field is read at once, because a later part assigns.
    """

    kernel: Kernel
    owner: Value | None
    function: ir.Function
    locals: dict[str, Value] = field(default_factory=dict)
    variables: dict[str, Variable] = field(default_factory=dict)
    many: frozenset[str] = frozenset()
    stop: str = ""
    leaving: Leaving | None = None
    hasty: bool = False

    @property
    def writer(self) -> Writer:
        """Where lines go."""
        return self.kernel.writer

    @property
    def place(self) -> Place:
        """Where in the model the code comes from."""
        return self.kernel.place or self.function.place

    @property
    def context(self) -> Context:
        """The model and its layout."""
        return self.kernel.context

    def value(self, expr: ir.Expr) -> Value:
        """Write an expression; gives its value."""
        before, self.kernel.place = self.kernel.place, expr.place
        found = self.kernel.expressions[type(expr)](self, expr)
        self.kernel.place = before  # not after an error, which names the place
        return found

    def do(self, stmt: ir.Stmt) -> None:
        """Write a statement."""
        self.kernel.statements[type(stmt)](self.within(stmt), stmt)

    def within(self, stmt: ir.Stmt) -> Frame:
        """A frame for the expressions of a statement."""
        hasty = self.kernel.writes and is_hasty(self.context.program, stmt)
        return self if hasty == self.hasty else replace(self, hasty=hasty)

    def test(self, expr: ir.Expr) -> Cell:
        """Write a question; gives the answer."""
        return asked(self.value(expr))

    def inner(self) -> Frame:
        """A frame whose new locals are not seen here."""
        return replace(self, locals=dict(self.locals))

    def looping(self, stop: str) -> Frame:
        """A frame in a loop that this variable stops."""
        return replace(self, stop=stop)

    @contextmanager
    def aside(self) -> Iterator[Block]:
        """Write to a block that is not yet part of the kernel."""
        with self.writer.into(Block()) as block:
            yield block


def assigned_often(function: ir.Function) -> frozenset[str]:
    """The locals that are assigned more than once, or in a loop."""
    often: set[str] = set()
    seen: set[str] = {p.name for p in function.parameters}
    for name, looped in _assigned(function.body, False):
        if looped or name in seen:
            often.add(name)
        seen.add(name)
    return frozenset(often)


def _assigned(body: Sequence[ir.Stmt], looped: bool) -> Iterator[tuple[str, bool]]:
    for stmt in body:
        match stmt:
            case ir.Assign(targets=targets):
                yield from ((target.name, looped) for target in targets if isinstance(target, ir.ToLocal))
            case ir.If(then=then, other=other):
                yield from _assigned((*then, *other), looped)
            case ir.For(target=target, body=inner):
                yield from ((name, looped) for name in names_of(target))
                yield from _assigned(inner, True)


def names_of(pattern: ir.Pattern) -> Iterator[str]:
    """The locals that a pattern gives names to."""
    if pattern.name:
        yield pattern.name
    for item in pattern.items:
        yield from names_of(item)
