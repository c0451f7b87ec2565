"""From what an engine found to a trace that has been run again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from ...models.semantics import Judge, Outcome, PropertyFailed, State, Step, StepFailed, System, Tried
from ...traces import DoesNotReplay, Moment, Trace, explained, verify
from .finding import Finding, failed_step
from .selfcheck import SelfCheckFailed
from .symmetry import Symmetry

Chain = Callable[[State | None], list[State]]
"""The canonical states on the first path to a state, the initial one first; none for None."""


def trace_of(finding: Finding, system: System, judge: Judge, symmetry: Symmetry, chain: Chain) -> Trace:
    """The least shortest trace that shows a finding.

    Errors: `SelfCheckFailed` if the trace cannot be run again, or does not show what was found.
    """
    moments = tuple(_Retrace(system, judge, symmetry).moments(finding, chain))
    return run_again(Trace(system, moments, finding.sort, finding.name))


def run_again(trace: Trace) -> Trace:
    """A trace that was found, on a system of its own, with the reasons. Errors: `SelfCheckFailed` if it is no run."""
    # such a system remembers nothing of the run: the model's code runs again
    trace = replace(trace, system=System(trace.system.protocol))
    try:
        verify(trace)
    except DoesNotReplay as difference:
        raise SelfCheckFailed(f"the counterexample of {trace.violated} does not replay: {difference}") from difference
    return explained(trace)


class _Retrace:
    """Finds, state by state, the least step whose end has the canonical form that the engine saw."""

    def __init__(self, system: System, judge: Judge, symmetry: Symmetry) -> None:
        self._system = system
        self._judge = judge
        self._symmetry = symmetry

    def moments(self, finding: Finding, chain: Chain) -> list[Moment]:
        """The steps up to the finding, its own included."""
        if finding.sort == "deadlock":
            return self._along(chain(finding.before))
        if finding.after is None:
            moments = self._along(chain(finding.before))
            return [*moments, self._failing(moments, finding)]
        if finding.sort == "invariant":
            return self._along(chain(finding.after))
        moments = self._along(chain(finding.before))
        return [*moments, self._last(moments, finding)]

    def _along(self, states: list[State]) -> list[Moment]:
        moments: list[Moment] = []
        for state in states:
            moments.append(_first(self._tries(moments), self._is(state)))
        return moments

    def _tries(self, moments: list[Moment]) -> Iterable[tuple[Step, Tried | StepFailed]]:
        return self._system.attempts(moments[-1].state if moments else None)

    def _is(self, canonical: State) -> Callable[[Step, Outcome], bool]:
        return lambda step, outcome: self._symmetry.canonical(outcome.state) == canonical

    def _last(self, moments: list[Moment], finding: Finding) -> Moment:
        before = moments[-1].state if moments else None
        return _first(
            self._tries(moments), lambda step, outcome: self._shows(finding.name, before, step, outcome.state)
        )

    def _shows(self, name: str, before: State | None, step: Step, after: State) -> bool:
        try:
            broken = [] if before is None else list(self._judge.of_step(before, step, after))
            broken += self._judge.of_state(after)
            self._system.within(after)
        except PropertyFailed as failed:
            return failed.name == name
        return any(p.name == name for p in broken)

    def _failing(self, moments: list[Moment], finding: Finding) -> Moment:
        for step, failed in self._tries(moments):
            if isinstance(failed, StepFailed):
                again = failed_step(failed, finding.before)
                if (again.sort, again.name) == (finding.sort, finding.name):
                    return Moment(step, (), None)
        raise SelfCheckFailed("the step that failed does not fail when it is taken again")


def _first(tries: Iterable[tuple[Step, Tried | StepFailed]], wanted: Callable[[Step, Outcome], bool]) -> Moment:
    for step, outcome in tries:
        if isinstance(outcome, Outcome) and wanted(step, outcome):
            return Moment(step, outcome.sent, outcome.state)
    raise SelfCheckFailed(
        "no step leads to the next state of the counterexample: the model is not deterministic, or not symmetric"
    )
