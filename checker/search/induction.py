"""From states that an engine found to a counterexample to induction that has been run again."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from ...models.semantics import Outcome, PropertyFailed, State, Step, StepFailed, System
from ...traces import ASSUMED, Moment, Trace
from ...traces.judgement import Charge, find_property
from .counterexample import run_again
from .finding import Sort, failed_step
from .selfcheck import SelfCheckFailed


def cti(
    system: System, states: Sequence[State], violated: str, assumes: Sequence[str], *, fails: bool = False
) -> Trace:
    """A counterexample to induction: steps from a state that need not be reachable to the violation of a property.

    Every state but the last satisfies the properties `assumes`; a state that stands alone satisfies them too. Between
    two states the least step is taken that leads from one to the other. With `fails` a step that fails follows the
    last state, and `violated` is `assertion`, or the title of that step if it is a mistake in the model.
    Errors: `SelfCheckFailed` if there is no such step or the trace is none of the model; `ModelError` if the model has
    no property of such a name.
    """
    sort = _sort(system, violated, fails)
    moments = [Moment(ASSUMED, (), states[0]), *_steps(system, states, Charge(system, sort, violated))]
    if fails:
        moments.append(_failing(system, states[-1], violated))
    return run_again(Trace(system, tuple(moments), sort, violated, assumes=tuple(assumes)))


def _sort(system: System, violated: str, fails: bool) -> Sort:
    if fails:
        return "assertion" if violated == "assertion" else "error"
    return "step invariant" if find_property(system, violated).on_step else "invariant"


def _steps(system: System, states: Sequence[State], charge: Charge) -> Iterator[Moment]:
    pairs = list(itertools.pairwise(states))
    for number, (before, after) in enumerate(pairs, 1):
        leading = _leading(system, before, after)
        if not leading:
            raise SelfCheckFailed(f"no step leads to state {number} of the counterexample to induction")
        # of several steps to the last state, perhaps not all violate a step invariant
        guilty = (m for m in leading if number == len(pairs) and _is_shown(charge, before, m.step, after))
        yield next(guilty, leading[0])


def _is_shown(charge: Charge, before: State, step: Step, after: State) -> bool:
    try:
        return charge.shown(before, step, after)
    except PropertyFailed:
        # running the trace again says so
        return False


def _leading(system: System, before: State, after: State) -> list[Moment]:
    """The steps that lead from one state to the next, the least first."""
    taken = ((step, tried) for step, tried in system.attempts(before) if isinstance(tried, Outcome))
    return [Moment(step, tried.sent, tried.state) for step, tried in taken if tried.state == after]


def _failing(system: System, state: State, name: str) -> Moment:
    for step, tried in system.attempts(state):
        if isinstance(tried, StepFailed) and failed_step(tried, state).name == name:
            return Moment(step, (), None)
    raise SelfCheckFailed(f"no step fails as {name} after the last state of the counterexample to induction")
