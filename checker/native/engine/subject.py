"""What a run is about: a model as the reference semantics has it, and as code."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

from ....models.semantics import Cut, Judge, Outcome, PropertyFailed, State, Step, StepFailed, System
from ...search import Symmetry
from .code import Code, NativeGaveUp
from .control import CUT, ERROR, FAILURE, NUMBER_AT, STATE, STATES_AT, STEP_ERROR, STEPS_AT, WITHIN
from .desk import Entry
from .program import Program


@dataclass(frozen=True)
class Subject:
    """A system with the properties to check, and the same as code and as a program.

    The semantics are not made for several threads at once: whoever asks them holds the `lock`.
    """

    system: System
    judge: Judge
    symmetry: Symmetry
    code: Code
    program: Program
    lock: threading.RLock = field(default_factory=threading.RLock)

    def canonical(self, words: list[int]) -> State:
        """The state that stands for what some words hold, among those that symmetry makes equal."""
        return self.symmetry.canonical(self.code.decode(words))

    def entries(self, before: State) -> Iterator[tuple[Step, Entry]]:
        """All entries of a state, as the reference semantics has them. Errors: `NativeGaveUp`."""
        for step, tried in self.system.attempts(before):
            if isinstance(tried, Cut):
                yield step, (CUT | _number(tried.bound, self.code.bounds), [])
            elif isinstance(tried, StepFailed):
                yield step, (FAILURE | _number(step.title, self.code.titles), [])
            else:
                tag = STATE | _number(step.title, self.code.titles) | self._judged(before, step, tried)
                yield step, (tag, self.code.encode(tried.state))

    def _judged(self, before: State, step: Step, outcome: Outcome) -> int:
        broken: list[str] = []
        try:
            broken += (p.name for p in self.judge.of_step(before, step, outcome.state))
        except PropertyFailed:
            return STEP_ERROR
        return mask_of(broken, self.code.step_properties) << STEPS_AT

    def verdict(self, state: State) -> int:
        """What is to be said of a state, as the kernel `judge` says it."""
        broken: list[str] = []
        try:
            within = self.system.within(state)
            broken += (p.name for p in self.judge.broken(state))
        except PropertyFailed:
            return ERROR
        return (WITHIN if within else 0) | mask_of(broken, self.code.properties) << STATES_AT


def mask_of(chosen: list[str], names: tuple[str, ...]) -> int:
    """The bits of some names. Errors: `NativeGaveUp` for a name that the code does not know."""
    return sum(1 << _index(name, names) for name in dict.fromkeys(chosen))


def _number(name: str, names: tuple[str, ...]) -> int:
    return _index(name, names) << NUMBER_AT


def _index(name: str, names: tuple[str, ...]) -> int:
    if name not in names:
        raise NativeGaveUp(f"the machine code knows nothing of {name}")
    return names.index(name)
