"""One call of a function under symbolic execution, and what the step that it belongs to has done so far."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import z3

from ...models.language import ModelError, Place
from .. import ir
from . import values as v
from .algebra import choose
from .logic import Formula, all_of, any_of, conj, disj, either, exists, forall, implies, neg
from .setting import Setting
from .values import Value
from .worlds import Fields, World

Expressions = Mapping[type[ir.Expr], Callable[["Frame", Any], Value]]
Statements = Mapping[type[ir.Stmt], Callable[["Frame", Any], None]]


def no_meaning(place: Place | None, what: str, because: str = "", instead: str = "") -> ModelError:
    """The mistake of asking for something that has no symbolic meaning."""
    return ModelError("no-symbolic-meaning", what, place=place, because=because, instead=instead)


@dataclass(frozen=True)
class Sending:
    """A message that a step sends if `guard` is true; `type` is the message's."""

    guard: Formula
    to: v.Cases
    type: ir.RecordT
    message: Value


@dataclass
class Doing:
    """What a step has done so far.

    `enabled` are the guards met, `failed` when it fails instead: an index out of range, an assertion. `cut_off` has
    peers whose connection is broken. `defined` are facts about the variables that stand for a maximum. `weakened` has
    the guards that were left out. `known` has what functions of whole states gave, where nothing is assigned: a
    property asks the same ones again and again.
    """

    enabled: Formula = True
    failed: Formula = False
    sends: list[Sending] = field(default_factory=list)
    cut_off: list[tuple[Formula, v.Cases]] = field(default_factory=list)
    defined: list[Formula] = field(default_factory=list)
    weakened: dict[Place, None] = field(default_factory=dict)
    known: dict[Any, Value] | None = None


@dataclass
class Frame:
    """The local variables of one call, the condition under which it is where it is, and how it was left.

    `variables` are those that a surrounding quantifier or comprehension binds.
    """

    expressions: Expressions
    statements: Statements
    world: World
    owner: Any
    doing: Doing
    locals: dict[str, Value] = field(default_factory=dict)
    path: tuple[Formula, ...] = ()
    variables: tuple[z3.ExprRef, ...] = ()
    returned: Formula = False
    broken: Formula = False
    continued: Formula = False
    result: Value = None

    @property
    def setting(self) -> Setting:
        """What is taken as given."""
        return self.world.setting

    # -- expressions ---------------------------------------------------------------------------------------------

    def value(self, expr: ir.Expr) -> Value:
        """The value of an expression."""
        return self.expressions[type(expr)](self, expr)

    def all(self, exprs: Sequence[ir.Expr]) -> tuple[Value, ...]:
        """The values of several."""
        return tuple([self.value(expr) for expr in exprs])

    @contextmanager
    def under(self, condition: Formula) -> Iterator[None]:
        """What is evaluated in here matters only under this condition."""
        before = self.path
        self.path = before if condition is True else (*before, condition)
        try:
            yield
        finally:
            self.path = before

    def fail_unless(self, condition: Formula) -> None:
        """The model fails here unless this is true."""
        if condition is True:
            return
        here = conj(self.doing.enabled, *self.path, neg(condition))
        self.doing.failed = disj(self.doing.failed, exists(self.variables, here))

    def define(self, fact: Formula) -> None:
        """Note what is known of a new variable, whatever the values of the bound ones are."""
        self.doing.defined.append(forall(self.variables, implies(all_of(self.path), fact)))

    def bind(self, pattern: ir.Pattern, value: Value) -> None:
        """Give names to a value or its items."""
        if pattern.name:
            self.locals[pattern.name] = value
        for item, part in zip(pattern.items, value.items if pattern.items else (), strict=True):
            self.bind(item, part)

    def inner(self, round_: v.Round | None = None) -> Frame:
        """A frame whose new locals are not seen here, within one round of a loop over values."""
        frame = replace(self, locals=dict(self.locals))
        if round_ is not None:
            frame.path = self.path if round_.guard is True else (*self.path, round_.guard)
            frame.variables = (*self.variables, *round_.variables)
        return frame

    def frozen(self) -> Frame:
        """A frame that does not see what is assigned from here on, for what is evaluated later."""
        owner, world = self.owner, self.world
        if isinstance(owner, v.Actor) and (ref := owner.ref.constant) is not None:
            owner = v.Actor(owner.world.changing(ref), owner.ref)
        elif owner is world:
            owner = world = world.changing(None)
        return replace(self, locals=dict(self.locals), owner=owner, world=world)

    # -- calls ---------------------------------------------------------------------------------------------------

    def call(self, name: str, owner: Any, arguments: Sequence[Value]) -> Value:
        """Call a function of the program; what it does counts as this step's."""
        if self.doing.known is None or arguments or not isinstance(owner, World):
            return self._called(name, owner, arguments)
        key = (name, id(owner))
        if key in self.doing.known:
            return self.doing.known[key]
        failed, defined = self.doing.failed, len(self.doing.defined)
        result = self._called(name, owner, arguments)
        # where it may fail depends on where it is called
        if self.doing.failed is failed and len(self.doing.defined) == defined:
            self.doing.known[key] = result
        return result

    def _called(self, name: str, owner: Any, arguments: Sequence[Value]) -> Value:
        function = self.setting.program.functions[name]
        names = [parameter.name for parameter in function.parameters]
        given = dict(zip(names, arguments, strict=True))
        frame = replace(self, owner=owner, locals=given, returned=False, broken=False, continued=False, result=None)
        frame.block(function.body)
        return frame.result

    # -- statements ----------------------------------------------------------------------------------------------

    def block(self, body: Sequence[ir.Stmt]) -> None:
        """Do the statements in order; what follows one that may have left the block is done where it has not."""
        for i, stmt in enumerate(body):
            self.statements[type(stmt)](self, stmt)
            gone = any_of((self.returned, self.broken, self.continued))
            if gone is True:
                return
            if gone is not False:
                rest = body[i + 1 :]
                self.fork(neg(gone), partial(self._go_on, rest), lambda: None)
                return

    def _go_on(self, rest: Sequence[ir.Stmt]) -> None:
        self.returned = self.broken = self.continued = False
        self.block(rest)

    def fork(self, test: Formula, then: Callable[[], None], other: Callable[[], None]) -> None:
        """Do one thing where the test is true and another where it is not, and merge what comes of it."""
        if isinstance(test, bool):
            (then if test else other)()
            return
        before = self._snapshot()
        after = self._branch(test, then)
        self._restore(before)
        otherwise = self._branch(neg(test), other)
        self._restore(_merged(test, after, otherwise))

    def _branch(self, test: Formula, body: Callable[[], None]) -> _Snapshot:
        with self.under(test):
            body()
        return self._snapshot()

    def _snapshot(self) -> _Snapshot:
        ways = (self.returned, self.broken, self.continued)
        return _Snapshot(dict(self.locals), dict(self.fields), ways, self.result)

    def _restore(self, snapshot: _Snapshot) -> None:
        self.locals.clear()
        self.locals.update(snapshot.locals)
        self.fields.clear()
        self.fields.update(snapshot.fields)
        self.returned, self.broken, self.continued = snapshot.ways
        self.result = snapshot.result

    @property
    def fields(self) -> Fields:
        """The fields that assignments of this step change."""
        owner = self.owner
        if isinstance(owner, v.Actor):
            ref = owner.ref.constant
            return owner.world.processes[ref] if ref is not None else {}
        return self.world.shared


@dataclass(frozen=True)
class _Snapshot:
    """What a branch may change."""

    locals: dict[str, Value]
    fields: Fields
    ways: tuple[Formula, Formula, Formula]
    result: Value


def _merged(test: Formula, one: _Snapshot, other: _Snapshot) -> _Snapshot:
    ways = tuple(either(test, a, b) for a, b in zip(one.ways, other.ways, strict=True))
    return _Snapshot(
        _merge(test, one.locals, other.locals),
        _merge(test, one.fields, other.fields),
        (ways[0], ways[1], ways[2]),
        choose(test, one.result, other.result),
    )


def _merge(test: Formula, one: Mapping[str, Value], other: Mapping[str, Value]) -> dict[str, Value]:
    # a local of one branch only is not read after it
    return {k: choose(test, one[k], other[k]) for k in one if k in other}
