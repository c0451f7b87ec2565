"""Models with their states, for tests of how states are kept."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from functools import cache

from quorate.checker.frontend import compile_model
from quorate.checker.native.layout import StateLayout
from quorate.models.language import Protocol
from quorate.models.mutants import MUTANTS
from quorate.models.semantics import Outcome, State, System
from quorate.models.semantics.steps import StepFailed, Tried

from ..ir.bundled import bundled, some_mutants, title


def models() -> dict[str, Protocol]:
    """Every bundled model with its defaults, and some mutants with the parameters that show them."""
    originals = {title(cls): cls() for cls in bundled()}
    return originals | {name: mutant.instance() for name, mutant in some_mutants().items()}


def layout_of(protocol: Protocol, slots: int = 16) -> StateLayout:
    """The layout of a model."""
    return StateLayout(System(protocol), compile_model(protocol), slots)


def first_states(system: System, most: int = 200) -> list[State]:
    """The first states of a breadth-first search, whatever the properties say of them."""
    seen = dict.fromkeys(_states(system, None))
    todo = deque(seen)
    while todo and len(seen) < most:
        new = [state for state in _states(system, todo.popleft()) if state not in seen]
        seen |= dict.fromkeys(new)
        todo += dict.fromkeys(new)
    return list(seen)


def _states(system: System, state: State | None) -> Iterator[State]:
    attempts: Iterator[Tried | StepFailed] = (tried for _, tried in system.attempts(state))
    return (tried.state for tried in attempts if isinstance(tried, Outcome))


@cache
def explored(name: str) -> tuple[StateLayout, list[State]]:
    """The layout of a model, and its first states."""
    layout = layout_of(MUTANTS[name].instance() if name in MUTANTS else models()[name])
    return layout, first_states(layout.system)
