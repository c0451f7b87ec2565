"""Random walks through the states of a protocol: quick to find a bug, never a proof."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Protocol as TypingProtocol

from ..models.language import ModelError, Protocol
from ..models.semantics import Judge, Outcome, PropertyFailed, State, Step, StepFailed, System
from .check import known_properties
from .engines import Engine, Wishes, excuse, fresh
from .frontend import compile_model, unused
from .native.engine import NativeWalker, Walks
from .native.exploring import cores, to_the_end
from .native.prepare import Prepared, Subject
from .reference import state_graph
from .search import (
    INTERRUPTED,
    Finding,
    Limits,
    Progress,
    Reached,
    Result,
    Run,
    Statistics,
    Usage,
    failed_step,
    straight,
    symmetry_of,
)


def simulate(
    protocol: Protocol,
    *,
    walks: int = 1000,
    steps: int = 100,
    seed: int = 0,
    properties: Iterable[str] | None = None,
    limits: Limits | None = None,
    engine: Engine = "auto",
    threads: int | None = None,
    cached: bool = True,
    progress: Progress = lambda statistics: None,
) -> Result:
    """Take `walks` random walks of at most `steps` steps each; the same seed and engine give the same walks.

    The verdict is *violated* or *inconclusive*: walks that find nothing show nothing about the states they missed.
    `distinct_states` counts the states met, `generated_states` the steps taken, `depth` the states of the longest
    walk. A violating walk has the detours between equal states left out. `engine`, `threads` and `cached` are as in
    `check`. Errors: as `check`.
    """
    program = compile_model(protocol)
    system = System(protocol)
    judge = Judge(system, known_properties(system, properties))
    subject = Subject(program, system, judge, symmetry_of(system, wanted=False))
    wishes = Wishes(limits or Limits(), progress=progress, threads=threads, cached=cached)
    found = _walked(engine, subject, Walks(walks, steps, seed), wishes)
    findings = () if found.walker.finding is None else (found.walker.finding,)
    run = Run(
        found.engine,
        found.subject.system,
        found.subject.judge,
        subject.symmetry,
        found.walker.statistics,
        findings,
        found.walker.chain,
        found.ended,
        partial(state_graph, protocol),
        found.usage,
    )
    return run.result((*found.warnings, *unused(program)))


class Walker(TypingProtocol):
    """Somebody who has taken walks."""

    statistics: Statistics
    finding: Finding | None

    def chain(self, state: State | None) -> list[State]:
        """The walk up to its last visit of a state, without its detours."""
        ...


@dataclass(frozen=True)
class _Walked:
    """Walks that have ended, and the engine that took them."""

    engine: str
    subject: Subject
    walker: Walker
    ended: str
    usage: Usage = field(default_factory=Usage)
    warnings: tuple[str, ...] = ()


def _walked(engine: Engine, subject: Subject, walks: Walks, wishes: Wishes) -> _Walked:
    if engine == "reference":
        return _by_reference(subject, walks, wishes)
    try:
        return _as_machine_code(subject, walks, wishes)
    except ModelError as refused:
        return replace(_by_reference(fresh(subject), walks, wishes), warnings=(excuse(engine, refused),))


def _as_machine_code(subject: Subject, walks: Walks, wishes: Wishes) -> _Walked:
    threads = wishes.threads or cores()

    def walker(subject: Subject, made: Prepared) -> NativeWalker:
        return NativeWalker(
            subject.system,
            subject.judge,
            subject.symmetry,
            made.code,
            walks,
            limits=wishes.limits,
            progress=wishes.progress,
            threads=threads,
            link=made.link,
        )

    found, ended = to_the_end(subject, wishes.cached, walker)
    return _Walked("native", subject, found, ended, Usage(threads, dict(found.memory)))


def _by_reference(subject: Subject, walks: Walks, wishes: Wishes) -> _Walked:
    walker = _Walker(subject.system, subject.judge, random.Random(walks.seed), wishes.limits, wishes.progress)
    return _Walked("reference", subject, walker, _walk(walker, walks.walks, walks.steps))


def _walk(walker: _Walker, walks: int, steps: int) -> str:
    try:
        for _ in range(walks):
            walker.walk(steps)
            if walker.finding is not None:
                return ""
    except Reached as reached:
        return str(reached)
    except KeyboardInterrupt:
        return INTERRUPTED
    return f"{walks} random walks found nothing, which says nothing about the states that they missed"


@dataclass
class _Walker:
    system: System
    judge: Judge
    random: random.Random
    limits: Limits
    progress: Progress
    statistics: Statistics = field(default_factory=Statistics)
    finding: Finding | None = None
    seen: set[State] = field(default_factory=set)
    path: list[State] = field(default_factory=list)

    def walk(self, steps: int) -> None:
        """Take one walk; stops at a finding, at the end of the steps, or where no step is enabled."""
        self.path = []
        for _ in range(steps + 1):
            self.limits.check(self.statistics)
            self.progress(self.statistics)
            if not self._step():
                return

    def _step(self) -> bool:
        here = self.path[-1] if self.path else None
        choices: list[tuple[Step, Outcome]] = []
        try:
            tries = self.system.initial() if here is None else self.system.successors(here)
            choices = [(step, o) for step, o in tries if isinstance(o, Outcome) and self.system.within(o.state)]
            if choices:
                self._go(here, *self.random.choice(choices))
        except StepFailed as failed:
            self.finding = failed_step(failed, here)
        except PropertyFailed as failed:
            self.finding = Finding("error", failed.name, here, self.path[-1], failed.cause)
        return bool(choices) and self.finding is None

    def _go(self, here: State | None, step: Step, outcome: Outcome) -> None:
        self._count(step, outcome.state)
        for p in () if here is None else self.judge.of_step(here, step, outcome.state):
            self.finding = self.finding or Finding("step invariant", p.name, here, outcome.state)
        for p in self.judge.of_state(outcome.state):
            self.finding = self.finding or Finding("invariant", p.name, here, outcome.state)

    def _count(self, step: Step, state: State) -> None:
        self.path.append(state)
        self.seen.add(state)
        self.statistics.distinct = len(self.seen)
        self.statistics.generated += 1
        if len(self.path) > 1:
            self.statistics.actions[step.title] += 1
        self.statistics.depth = max(self.statistics.depth, len(self.path))

    def chain(self, state: State | None) -> list[State]:
        """The walk up to its last visit of a state, without what lies between two visits of any state."""
        return straight(self.path, state)
