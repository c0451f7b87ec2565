"""Breadth-first search over the states of a system."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

from ...models.language import ModelError
from ...models.semantics import Cut, Judge, Outcome, PropertyFailed, State, Step, StepFailed, System, Tried
from ..search import Finding, Limits, Progress, Reached, Statistics, Symmetry, failed_step


class Explorer:
    """Visits each state once, nearest first, and stops at the first finding unless told to go on.

    States are expanded in the order in which they were found, steps in the fixed order of the system: so the first
    path to a state is the least of the shortest, and the first finding the least of the shortest counterexamples.
    """

    def __init__(
        self,
        system: System,
        judge: Judge,
        symmetry: Symmetry,
        *,
        limits: Limits,
        deadlock: bool = False,
        go_on: bool = False,
        progress: Progress = lambda statistics: None,
    ) -> None:
        self._system = system
        self._judge = judge
        self._symmetry = symmetry
        self._limits = limits
        self._deadlock = deadlock
        self._go_on = go_on
        self._progress = progress
        self._found: State | None = None
        self.statistics = Statistics()
        self.findings: list[Finding] = []
        self.parents: dict[State, State | None] = {}

    def run(self) -> str:
        """Explore; returns which limit ended the run, an empty string if none did.

        Errors: `KeyboardInterrupt` goes through; the statistics and findings so far are kept.
        """
        with _no_collector():
            try:
                self._levels()
            except Reached as reached:
                return str(reached)
            except _Done:
                return ""
        self.statistics.complete = True
        return ""

    def _levels(self) -> None:
        level = list(self._enter(None, self._system.attempts(None)))
        if not level and not self.findings:
            raise self._no_start()
        while level:
            self.statistics.depth += 1
            if self.statistics.depth == self._limits.depth:
                self._stop_unless_last(level)
            level = list(self._next(level))

    def _no_start(self) -> ModelError:
        return ModelError(
            "no-initial-state",
            f"{type(self._system.protocol).__name__} has no initial state",
            because="what is said of every state would be said of none",
            instead="look at the guards of the @initial methods, their bounds and the @constraint methods",
        )

    def _stop_unless_last(self, level: list[State]) -> None:
        # the states of the last level are generated once more to tell a space that ends here from one that goes on
        ends = (o.state for s in level for _, o in self._system.attempts(s) if isinstance(o, Outcome))
        if any(self._symmetry.canonical(end) not in self.parents for end in ends):
            raise Reached(f"the depth limit of {self._limits.depth} was reached")

    def _next(self, level: list[State]) -> Iterator[State]:
        for done, state in enumerate(level):
            self.statistics.frontier = len(level) - done
            self._limits.check(self.statistics)
            self._progress(self.statistics)
            if _is_sampled(len(self.parents)):
                self._check_symmetry(state)
            yield from self._enter(state, self._system.attempts(state))

    def _check_symmetry(self, state: State) -> None:
        # a step that fails is reported when the state is expanded
        with suppress(StepFailed):
            self._symmetry.check(state)

    def _enter(self, parent: State | None, tried: Iterable[tuple[Step, Tried | StepFailed]]) -> Iterator[State]:
        """The states to expand that were not seen before, among the ends of these steps."""
        stuck = True
        try:
            for step, outcome in tried:
                stuck = False
                if isinstance(outcome, StepFailed):
                    self._report(failed_step(outcome, parent))
                elif isinstance(outcome, Cut):
                    self.statistics.cut[outcome.bound] += 1
                elif (new := self._judged(parent, step, outcome)) is not None:
                    yield new
        except PropertyFailed as failed:
            self._report(Finding("error", failed.name, parent, self._found, failed.cause))
        if self._deadlock and stuck and parent is not None:
            self._report(Finding("deadlock", "deadlock", parent))

    def _judged(self, parent: State | None, step: Step, outcome: Outcome) -> State | None:
        """The state to expand next, None if it was seen before or lies outside a constraint."""
        self.statistics.generated += 1
        if parent is not None:
            self.statistics.actions[step.title] += 1
        self._found = state = self._symmetry.canonical(outcome.state)
        if parent is not None:
            for p in self._judge.of_step(parent, step, outcome.state):
                self._report(Finding("step invariant", p.name, parent, state))
        return None if state in self.parents else self._entered(parent, state)

    def _entered(self, parent: State | None, state: State) -> State | None:
        self.parents[state] = parent
        inside = self._system.within(state)
        self.statistics.distinct += inside
        for p in self._judge.of_state(state):
            self._report(Finding("invariant", p.name, parent, state))
        return state if inside else None

    def _report(self, finding: Finding) -> None:
        if all(known.name != finding.name for known in self.findings):
            self.findings.append(finding)
        if not self._go_on or finding.sort == "error":
            raise _Done

    def chain(self, state: State | None) -> list[State]:
        """The canonical states on the first path to a state, the initial one first."""
        found: list[State] = []
        while state is not None:
            found.append(state)
            state = self.parents[state]
        return found[::-1]


class _Done(Exception):
    """The finding that ends the run was made."""


def _is_sampled(count: int) -> bool:
    return count < 64 or not count & (count - 1)


@contextmanager
def _no_collector() -> Iterator[None]:
    # states hold no cycles and stay: looking for garbage among a million of them takes longer than finding them
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
