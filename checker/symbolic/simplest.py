"""Which of several states to show: one with little in it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any

import z3

from . import values as v
from .logic import Formula, any_of, as_term, neg
from .values import Value
from .worlds import World

PATIENCE = 2.0
"""Seconds that are spent on making a state simpler."""


def simplest(formulas: Sequence[Formula], world: World, model: z3.ModelRef) -> z3.ModelRef:
    """A model of the formulas in which the state has first values, few members and nothing optional, as far as can be.

    Wishes are granted one after the other, each if it can be on top of those before.
    """
    solver, ends = z3.Solver(), time.monotonic() + PATIENCE
    for formula in formulas:
        solver.add(as_term(formula))
    for wish in wishes(world):
        if not z3.is_true(model.eval(as_term(wish), model_completion=True)):
            if time.monotonic() > ends or solver.check(as_term(wish)) != z3.sat:
                continue
            model = solver.model()
        solver.add(as_term(wish))
    return model


def wishes(world: World) -> Iterator[Formula]:
    """What would make a state simple, the network first: fewer messages spare a reader the most."""
    yield from _of(getattr(world.network, "held", {}))
    for fields in (*world.processes.values(), world.shared):
        for value in fields.values():
            yield from _of(value)


def _of(value: Value) -> Iterator[Formula]:
    match value:
        case bool() | None:
            return
        case z3.BoolRef():
            yield neg(value)
        case v.Cases(of=of):
            yield from _first(of)
        case v.Maybe(present, item):
            yield from (() if isinstance(present, bool) else (neg(present),))
            yield from _of(item)
        case v.Product(items):
            yield from _all(items)
        case v.Sequence(length, items):
            yield from _of(length)
            yield from _all(items)
        case v.Bits(of):
            yield from (neg(guard) for guard in of.values() if not isinstance(guard, bool))
        case v.Table(of):
            yield from _all(of.values())
        case dict():
            yield from _all(value.values())


def _all(values: Any) -> Iterator[Formula]:
    for value in values:
        yield from _of(value)


def _first(of: Any) -> Iterator[Formula]:
    """One of the lower half of the values, then one of the lower half of those, and so on."""
    guards = [guard for guard in of.values() if not isinstance(guard, bool)]
    half = len(guards) // 2
    while half:
        yield any_of(guards[:half])
        half //= 2
