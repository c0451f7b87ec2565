"""Bounded model checking: is there a run of so many steps that violates a property?

Biere, Cimatti, Clarke and Zhu, "Symbolic Model Checking without BDDs", TACAS 1999. Nothing is open here, so a run is a
propositional formula. Runs are made longer step by step, so that the first one found is a shortest one.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import z3

from ...models.language import Protocol
from ...models.semantics import Judge, State, StepFailed, System
from .. import ir
from ..search import INTERRUPTED, Finding, Progress, Statistics, failed_step
from ..search.finding import Sort
from .decoding import evaluator, state_of
from .frame import Doing
from .fresh import Source
from .logic import Formula, all_of, any_of, as_term, conj, implies, neg
from .moves import Moves
from .properties import judged
from .setting import Setting
from .statements import run
from .unrolling import Stepped, merged_worlds, started, stepped
from .worlds import World


@dataclass(frozen=True)
class Accusation:
    """A property that a run may violate with its last step, and when it does; None stands for a step that fails."""

    property: ir.Property | None
    sort: Sort
    when: Formula


@dataclass
class Unrolled:
    """The runs of a protocol, up to some length."""

    protocol: Protocol
    program: ir.Program
    judge: Judge
    seed: int = 0
    statistics: Statistics = field(default_factory=Statistics)
    worlds: list[World] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    states: list[State] = field(default_factory=list)

    def search(self, depth: int, seconds: float | None, progress: Progress) -> str:
        """Look for a violation after 0, 1, ... steps; gives why the search ended without one."""
        ends = None if seconds is None else time.monotonic() + seconds
        try:
            for steps in range(depth + 1):
                progress(self.statistics)
                if ends is not None and time.monotonic() >= ends:
                    return f"the time limit of {seconds:g} s was reached before runs of {steps} steps"
                if not self._longer(steps, ends):
                    return f"the solver gave up on runs of {steps} steps: {self._solver.reason_unknown()}"
                if self.findings:
                    return ""
                self.statistics.depth = steps + 1
        except (KeyboardInterrupt, z3.Z3Exception) as end:
            if isinstance(end, KeyboardInterrupt) or "canceled" in str(end):
                return INTERRUPTED
            raise
        return f"no run of up to {depth} steps violates a property, and a longer one may"

    def _longer(self, steps: int, ends: float | None) -> bool:
        """Look at the runs of so many steps; False if the solver gives up."""
        step = self._extended(steps)
        accused = [*self._of_step(step), *self._of_state(self.worlds[-1], step.enabled if step else True)]
        found = any_of(each.when for each in accused)
        self._solver.set("timeout", 4_294_967_295 if ends is None else max(1, int((ends - time.monotonic()) * 1000)))
        answer = self._answer(found)
        if answer == z3.sat:
            self._note(accused, step)
        elif step:
            self._solver.add(as_term(step.enabled))
        return bool(answer != z3.unknown)

    def _answer(self, found: Formula) -> z3.CheckSatResult:
        if found is False:
            return z3.unsat
        self._solver.push()
        self._solver.add(as_term(found))
        answer = self._solver.check()
        if answer == z3.sat:
            self._model = self._solver.model()
        self._solver.pop()
        return answer

    # -- the runs ------------------------------------------------------------------------------------------------

    @cached_property
    def _setting(self) -> Setting:
        return Setting(self.program, dict(self.protocol.parameters))

    @cached_property
    def _solver(self) -> z3.Solver:
        solver = z3.SolverFor("QF_FD")
        solver.set("random_seed", self.seed)
        return solver

    @cached_property
    def _properties(self) -> tuple[ir.Property, ...]:
        names = {p.name for p in self.judge.properties}
        return tuple(p for p in (*self.program.invariants, *self.program.lemmas) if p.name in names)

    @cached_property
    def _step_properties(self) -> tuple[ir.Property, ...]:
        names = {p.name for p in self.judge.properties}
        return tuple(p for p in self.program.step_invariants if p.name in names)

    @cached_property
    def _moves(self) -> Moves:
        # all history variables are kept, read or not: one that reaches its bound cuts the step
        return Moves(self._setting, self.program.histories)

    def _constraints(self) -> Iterator[ir.Property]:
        for name in self.program.constraints:
            function = self.program.functions[name]
            yield ir.Property(function.place, name, name, None, False)

    def _extended(self, steps: int) -> Stepped | None:
        """Make the runs one step longer, or begin them."""
        if not steps:
            self.worlds.append(self._first())
            return None
        before = self.worlds[-1]
        for constraint in self._constraints():
            self._solver.add(as_term(run(before, constraint.function, before, (), Doing())))
        step = stepped(self._moves, before, f"{steps}")
        self._add(step.facts)
        self.worlds.append(step.world)
        return step

    def _first(self) -> World:
        found = list(started(self._setting))
        which = Source(self._setting).one_of(range(len(found)), "first")
        pairs = list(zip(found, which.of.values(), strict=True))
        self._add([implies(guard, all_of((taken.enabled, *taken.facts))) for taken, guard in pairs])
        return merged_worlds([(taken.world, guard) for taken, guard in pairs])

    def _add(self, facts: Sequence[Formula]) -> None:
        for fact in facts:
            self._solver.add(as_term(fact))

    # -- what they violate ---------------------------------------------------------------------------------------

    def _of_step(self, step: Stepped | None) -> Iterator[Accusation]:
        if step is None:
            return
        yield Accusation(None, "error", step.failed)
        before, after = self.worlds[-2:]
        for property_ in self._step_properties:
            says = judged(property_, before, after)
            self._add(says.facts)
            asked = neg(step.crash) if property_.between_crashes else True
            yield Accusation(property_, "step invariant", conj(step.enabled, asked, neg(says.holds)))

    def _of_state(self, world: World, reached: Formula) -> Iterator[Accusation]:
        for property_ in self._properties:
            says = judged(property_, world)
            self._add(says.facts)
            yield Accusation(property_, "invariant", conj(reached, neg(says.holds)))

    def _note(self, accused: Sequence[Accusation], step: Stepped | None) -> None:
        """What the solver's model violates first, as a finding of the reference semantics."""
        system, evaluate = System(self.protocol), evaluator(self._model)
        guilty = next(each for each in accused if evaluate(each.when))
        worlds = self.worlds[:-1] if guilty.property is None else self.worlds
        self.states = [state_of(system, world, evaluate) for world in worlds]
        if guilty.property is None:
            self.findings.append(_failure(system, self.states[-1]))
            return
        before = self.states[-2] if len(self.states) > 1 else None
        self.findings.append(Finding(guilty.sort, guilty.property.name, before, self.states[-1]))

    def chain(self, state: State | None) -> list[State]:
        """The states of the run that was found, up to one of them."""
        return [] if state is None else self.states[: self.states.index(state) + 1]


def _failure(system: System, before: State) -> Finding:
    failures = (failed for _, failed in system.attempts(before) if isinstance(failed, StepFailed))
    return failed_step(next(failures), before)
