"""Functions of a program by the evaluator and by the symbolic engine: what the one gives, the other must give too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import z3

from quorate.checker import ir
from quorate.checker.ir import evaluate
from quorate.checker.ir.world import World as PlainWorld
from quorate.checker.symbolic import values as v
from quorate.checker.symbolic.algebra import equal
from quorate.checker.symbolic.frame import Doing
from quorate.checker.symbolic.fresh import Source
from quorate.checker.symbolic.lifting import lift
from quorate.checker.symbolic.logic import Formula, all_of, as_term, conj, neg
from quorate.checker.symbolic.setting import Setting
from quorate.checker.symbolic.statements import run
from quorate.checker.symbolic.worlds import Fields, World
from quorate.models.language import ModelError, Ref
from quorate.models.language.marks import Disabled

from .stepping import solver_of

Owner = Ref[Any] | None
Plain = Mapping[str, Any]


@dataclass(frozen=True)
class Found:
    """What a function gives: its result and its owner's fields, or the class of what it raises."""

    raised: type[BaseException] | None
    result: Any = None
    fields: Plain | None = None


def evaluated(setting: Setting, own: Plain, function: str, owner: Owner) -> Found:
    """What the evaluator makes of a function in a state in which all processes have the same fields."""
    everybody = {ref: dict(own) for ref in setting.refs}
    world = PlainWorld(setting.program, setting.parameters, {} if owner else dict(own), everybody)
    try:
        effects = evaluate.run(world, function, owner, ())
    except (Disabled, AssertionError, ModelError) as error:
        return Found(type(error))
    return Found(None, effects.result, effects.fields)


@dataclass(frozen=True)
class Symbolic:
    """A function run once in a symbolic state of which `before` are the fields of its owner."""

    setting: Setting
    function: ir.Function
    types: Mapping[str, ir.Type]
    before: Fields
    after: Fields
    result: Any
    doing: Doing
    known: list[Formula]

    @staticmethod
    def of(setting: Setting, function: str, owner: Owner, own: Plain | None = None) -> Symbolic:
        """With these values in the fields of the owner; with unknown ones if there are none."""
        source, types = Source(setting), _types(setting, owner)
        before = {n: source.value(t, n) if own is None else lift(setting, t, own[n]) for n, t in types.items()}
        shared, everybody = ({}, dict.fromkeys(setting.refs, before)) if owner else (before, {})
        world, doing = World(setting, shared, everybody).changing(owner), Doing()
        result = run(world, function, v.Actor(world, v.constant(owner)) if owner else world, (), doing)
        after = world.processes[owner] if owner else world.shared
        return Symbolic(setting, setting.program.functions[function], types, before, after, result, doing, source.known)

    def where(self, own: Plain) -> Formula:
        """That the fields before have these values."""
        return all_of(equal(self.before[name], self._lifted(name, own)) for name in self.types)

    def _lifted(self, name: str, own: Plain) -> Any:
        return lift(self.setting, self.types[name], own[name])

    def says(self, found: Found) -> Formula:
        """Whether this is what comes of it."""
        if found.raised is Disabled:
            return conj(neg(self.doing.enabled), neg(self.doing.failed))
        if found.raised is not None:
            return self.doing.failed
        assert found.fields is not None
        returns = self.function.returns
        same = True if isinstance(returns, ir.NoneT) else equal(self.result, lift(self.setting, returns, found.result))
        fields = (equal(self.after[name], self._lifted(name, found.fields)) for name in self.types)
        return conj(self.doing.enabled, neg(self.doing.failed), same, *fields)

    def require(self, own: Plain, found: Found) -> None:
        """Fail unless this, and nothing else, comes of it where the fields have these values."""
        assumed = solver_of(*self.known, *self.doing.defined, self.where(own))
        assert assumed.check() == z3.sat
        assumed.add(as_term(neg(self.says(found))))
        assert assumed.check() == z3.unsat, (found, self.function.name)


def _types(setting: Setting, owner: Owner) -> dict[str, ir.Type]:
    fields = setting.class_of(owner).fields if owner else setting.program.shared
    return {field.name: field.type for field in fields}


def meaning(setting: Setting, function: str, owner: Owner, own: Plain | None = None) -> Symbolic | None:
    """As `Symbolic.of`, None if the function has no symbolic meaning."""
    try:
        return Symbolic.of(setting, function, owner, own)
    except ModelError as error:
        if error.code == "no-symbolic-meaning" and error.place:
            return None
        raise
