"""Proofs by induction, from the names of properties to the outcome."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ...models.language import ModelError, Protocol
from ...models.language.protocol import near
from ...models.semantics import Judge, State, System
from ...traces import Trace
from .. import ir
from ..search import Finding, cti, symmetry_of, trace_of
from .induction import Induction
from .proof import Answer, Obligation, Outcome, Proof
from .quorum_rules import require_quorums
from .setting import Setting
from .solving import Effort
from .tasks import Decision, Tasks
from .workers import decided

Progress = Callable[[int, int, Obligation], None]
"""Told how many obligations are done, of how many, and one that is tried."""


@dataclass(frozen=True)
class Wishes:
    """How a proof is to be made: as in `quorate.checker.prove`."""

    unbounded: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    k: int = 1
    time_limit: float | None = None
    seed: int = 0
    jobs: int = 1
    progress: Progress = lambda done, total, obligation: None


@dataclass(frozen=True)
class Prover:
    """A program whose properties are to be proved."""

    protocol: Protocol
    program: ir.Program
    wishes: Wishes

    @property
    def properties(self) -> dict[str, ir.Property]:
        """Everything that can be proved, by name."""
        program = self.program
        return {p.name: p for p in (*program.invariants, *program.step_invariants, *program.lemmas)}

    def named(self, names: Sequence[str]) -> tuple[ir.Property, ...]:
        """The properties of these names. Errors: `ModelError` with the near matches."""
        return tuple(self._named(name) for name in dict.fromkeys(names))

    def _named(self, name: str) -> ir.Property:
        if name not in self.properties:
            what = f"{self.program.name} has no property {name}"
            raise ModelError("unknown-property", what, instead=near(name, list(self.properties)))
        return self.properties[name]

    def setting(self) -> Setting:
        """What is taken as given. Errors: `ModelError` for a name that is no parameter."""
        names = [setting.name for setting in self.program.parameters]
        for name in (*self.wishes.unbounded, *self.wishes.any):
            if name not in names:
                what = f"{self.program.name} has no parameter {name} that could be without a bound"
                raise ModelError("unknown-parameter", what, instead=near(name, names))
        free = frozenset((*self.wishes.unbounded, *self.wishes.any))
        return Setting(self.program, dict(self.protocol.parameters), free)

    # -- the proof -----------------------------------------------------------------------------------------------

    def prove(self, invariants: Sequence[ir.Property], lemmas: Sequence[ir.Property]) -> Proof:
        """Prove invariants with the help of lemmas."""
        started, setting = time.monotonic(), self.setting()
        believed = tuple(require_quorums(setting, self.protocol))
        outcomes: list[Outcome] = []
        interrupted = False
        weakened: tuple[str, ...] = ()
        try:
            tasks, work = self._taken_apart(setting, invariants, lemmas, outcomes)
            weakened = tuple(f"{place}: {place.source().strip()}" for place in tasks.weakened)
            self._carry_out(tasks, work, outcomes)
        except KeyboardInterrupt:
            interrupted = True
        return Proof(
            model=self.program.name,
            parameters=dict(self.protocol.parameters),
            invariants=tuple(p.name for p in invariants),
            lemmas=tuple(p.name for p in lemmas),
            outcomes=tuple(outcomes),
            elapsed_seconds=time.monotonic() - started,
            unbounded=self.wishes.unbounded,
            any=self.wishes.any,
            k=self.wishes.k,
            seed=self.wishes.seed,
            weakened=weakened,
            assumes=believed,
            interrupted=interrupted,
        )

    def _taken_apart(
        self,
        setting: Setting,
        invariants: Sequence[ir.Property],
        lemmas: Sequence[ir.Property],
        outcomes: list[Outcome],
    ) -> tuple[Tasks, list[Obligation]]:
        """The obligations; whether an invariant follows from the lemmas is found out here, and noted if it does."""
        on_states = [p for p in invariants if p not in self.program.step_invariants and p not in lemmas]
        # lemmas are true of every reachable state, also of those that no step leads on from
        alone = self._tasks(setting, lemmas, invariants, k=1)
        induced = list(lemmas)
        for property_ in on_states:
            implied = Obligation("implication", property_.name)
            decision = alone.decide(implied, property_) if lemmas else Decision(Answer.UNKNOWN)
            if decision.answer is Answer.PROVED:
                outcomes.append(self._outcome(implied, decision, ()))
            else:
                induced.append(property_)
        tasks = self._tasks(setting, induced, invariants, self.wishes.k)
        steps = [p for p in invariants if p in self.program.step_invariants]
        # the last of `k` steps is never one of the first `k - 1` of a run
        first = [*induced, *steps] if self.wishes.k > 1 else induced
        return tasks, [*_initiations(first), *_consecutions(tasks, [*induced, *steps])]

    def _tasks(self, setting: Setting, assumed: Sequence[ir.Property], others: Sequence[ir.Property], k: int) -> Tasks:
        induction = Induction(setting, tuple(assumed), tuple(others), k)
        return Tasks(self.protocol, induction, Effort(self.wishes.time_limit, self.wishes.seed))

    def _carry_out(self, tasks: Tasks, work: Sequence[Obligation], outcomes: list[Outcome]) -> None:
        properties, names = self.properties, tuple(p.name for p in tasks.induction.assumed)
        steps = frozenset(p.name for p in self.program.step_invariants)

        def decide(obligation: Obligation) -> Decision:
            return tasks.decide(obligation, properties[obligation.property], obligation.property in steps)

        tasks.require_states()
        tasks.induction.prepare()
        for obligation, decision in decided(decide, work, self.wishes.jobs, self.wishes.progress):
            outcomes.append(self._outcome(obligation, decision, names))
        place = {obligation: number for number, obligation in enumerate(work, len(outcomes) - len(work))}
        outcomes.sort(key=lambda outcome: place.get(outcome.obligation, -1))

    def _outcome(self, obligation: Obligation, decision: Decision, assumed: tuple[str, ...]) -> Outcome:
        trace = self._trace(obligation, decision, assumed) if decision.states else None
        return Outcome(obligation, decision.answer, decision.seconds, decision.reason, trace)

    def _trace(self, obligation: Obligation, decision: Decision, assumed: tuple[str, ...]) -> Trace:
        """The failure as a trace that was run again. Errors: `SelfCheckFailed`."""
        assert decision.protocol is not None
        system = System(decision.protocol)
        if obligation.part != "initiation":
            return cti(system, decision.states, obligation.property, assumed)
        states = list(decision.states)
        before = states[-2] if len(states) > 1 else None
        on_step = self.properties[obligation.property] in self.program.step_invariants
        finding = Finding("step invariant" if on_step else "invariant", obligation.property, before, states[-1])
        judge = Judge(system, [obligation.property])
        return trace_of(finding, system, judge, symmetry_of(system, (), False), _chain(states))


def _chain(states: list[State]) -> Callable[[State | None], list[State]]:
    return lambda state: [] if state is None else states[: states.index(state) + 1]


def _initiations(properties: Sequence[ir.Property]) -> list[Obligation]:
    return [Obligation("initiation", p.name) for p in properties]


def _consecutions(tasks: Tasks, properties: Sequence[ir.Property]) -> Iterator[Obligation]:
    for title in tasks.titles:
        for p in properties:
            if not (p.between_crashes and title == "crash"):
                yield Obligation("consecution", p.name, title)
