"""The initial states, which the reference semantics chooses and judges."""

from __future__ import annotations

from collections.abc import Callable

from ....models.language import ModelError
from ....models.semantics import Cut, Outcome, PropertyFailed, State, StepFailed, System
from ...search import Finding, Statistics, failed_step
from .subject import Subject

Place = Callable[[State], list[int]]
"""Puts a state in the table; gives the words that stand for it, none if it was there."""


class Start:
    """Enters the initial states just as the reference engine does, and counts them in `statistics`."""

    def __init__(
        self,
        subject: Subject,
        statistics: Statistics,
        report: Callable[[Finding], None],
        place: Place,
        keep: Callable[[list[int]], None],
    ) -> None:
        self._subject = subject
        self._statistics = statistics
        self._report = report
        self._place = place
        self._keep = keep
        self._found: State | None = None

    def enter(self) -> None:
        """Give each new state within the constraints to `keep`. Errors: whatever `report` raises."""
        try:
            for _, tried in self._subject.system.attempts(None):
                if isinstance(tried, StepFailed):
                    self._report(failed_step(tried, None))
                elif isinstance(tried, Cut):
                    self._statistics.cut[tried.bound] += 1
                else:
                    self._enter(tried)
        except PropertyFailed as failed:
            self._report(Finding("error", failed.name, None, self._found, failed.cause))

    def _enter(self, outcome: Outcome) -> None:
        self._statistics.generated += 1
        self._found = state = self._subject.symmetry.canonical(outcome.state)
        words = self._place(state)
        if words:
            if self._subject.system.within(state):
                self._keep(words)
            for p in self._subject.judge.of_state(state):
                self._report(Finding("invariant", p.name, None, state))


def no_start(system: System) -> ModelError:
    """What is wrong with a model without initial states."""
    return ModelError(
        "no-initial-state",
        f"{type(system.protocol).__name__} has no initial state",
        because="what is said of every state would be said of none",
        instead="look at the guards of the @initial methods, their bounds and the @constraint methods",
    )
