"""From a solver's model of a symbolic state to the plain state that the reference semantics knows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import z3

from ...models.language import Map, Sent
from ...models.semantics import State, System
from .. import ir
from ..ir import types as t
from . import faults, networks
from . import values as v
from .logic import Formula
from .setting import Setting
from .values import Value
from .worlds import Fields, World

Evaluate = Callable[[Formula], bool]
"""Whether a formula is true in the solver's model."""


def evaluator(model: z3.ModelRef) -> Evaluate:
    """What is true in a model; what it leaves open is false."""

    def evaluate(formula: Formula) -> bool:
        return formula if isinstance(formula, bool) else z3.is_true(model.eval(formula, model_completion=True))

    return evaluate


def state_of(system: System, world: World, evaluate: Evaluate) -> State:
    """The plain state; nothing in the setting may be open."""
    setting = world.setting
    return State(
        _locals(setting, setting.program.shared, system.shape.fields, world.shared, evaluate),
        tuple(
            _locals(
                setting,
                setting.class_of(ref).fields,
                system.shape.shapes[ref.cluster].fields,
                world.processes[ref],
                evaluate,
            )
            for ref in system.refs
        ),
        networks.network_of(system, world.network, evaluate, plain_of),
        tuple(_fault(setting, kept, evaluate) for kept in world.faults),
        frozenset(),
    )


def _locals(
    setting: Setting, declared: tuple[ir.Field, ...], order: Any, fields: Fields, evaluate: Evaluate
) -> tuple[Any, ...]:
    types = {field.name: field.type for field in declared}
    return tuple(plain_of(setting, types[f.name], fields[f.name], evaluate) for f in order)


def plain_of(setting: Setting, type_: t.Type, value: Value, evaluate: Evaluate) -> Any:
    """The plain value of a type that this is in the solver's model."""

    def inner(item_type: t.Type, item: Value) -> Any:
        return plain_of(setting, item_type, item, evaluate)

    match type_:
        case t.Bool():
            return evaluate(value)
        case t.OptionalT(item=item):
            return inner(item, value.item) if evaluate(value.present) else None
        case t.TupleT(items=items):
            return tuple(map(inner, items, value.items))
        case t.RecordT(cls=cls, items=items):
            return cls(*map(inner, items, value.items))
        case t.SentT(message=message):
            source, target, content = value.items
            return Sent(_case(source, evaluate), _case(target, evaluate), inner(message, content))
        case t.SeqT(item=item):
            return tuple(inner(item, each) for each in value.items[: _case(value.length, evaluate)])
        case t.SetT():
            return frozenset(plain for plain, guard in value.of.items() if evaluate(guard))
        case t.MapT(value=item):
            return Map({key: inner(item, each) for key, each in value.of.items()})
    return _case(value, evaluate)


def _case(value: v.Cases, evaluate: Evaluate) -> Any:
    return next(plain for plain, guard in value.of.items() if evaluate(guard))


def _fault(setting: Setting, kept: faults.Kept, evaluate: Evaluate) -> Any:
    left = _case(kept.left, evaluate)
    if isinstance(kept, faults.Crashes):
        return (left, frozenset(ref for ref, guard in kept.down.of.items() if evaluate(guard)))
    side = _case(kept.side, evaluate)
    return (left, frozenset((side, frozenset(setting.refs) - side)) if side else frozenset())
