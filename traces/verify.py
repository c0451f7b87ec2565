"""Running a trace again, step by step, before anybody is shown it."""

from __future__ import annotations

from collections.abc import Callable

from ..models.semantics import Cut, Kind, Outcome, Property, PropertyFailed, State, StepFailed, System, Tried
from ..models.semantics.steps import Step
from .judgement import Assumption, Charge
from .legal import flaw
from .show import show
from .states import in_order
from .trace import Moment, Trace


class DoesNotReplay(Exception):
    """A trace is not a run of its own model: a fault of the checker, never of the model.

    `number` is the step at which they part, `difference` what is different.
    """

    def __init__(self, number: int, difference: str) -> None:
        super().__init__(f"step {number}: {difference}")
        self.number = number
        self.difference = difference


def verify(trace: Trace) -> None:
    """Run a trace again, independently of how it was found.

    A first state that is assumed must be a state of the model, and all but the last satisfy what is assumed.
    Errors: `DoesNotReplay` if a step cannot be taken, leads to another state or sends something else, or if the
    end does not show what the trace says.
    """
    charge = Charge(trace.system, trace.kind, trace.violated)
    before: State | None = None
    for number, moment in enumerate(trace.moments):
        if moment.state is None:
            _verify_failure(trace, number, before, charge)
        elif before is None and trace.from_anywhere:
            _verify_first(trace.system, moment, moment.state)
            before = moment.state
        else:
            _verify_moment(trace.system, number, before, moment)
            before = moment.state
    _verify_assumption(trace)
    if trace.moments[-1].state is not None and not _is_shown(trace, charge):
        raise DoesNotReplay(trace.length, f"the end of the trace does not show the {trace.kind} {trace.violated}")


def _verify_assumption(trace: Trace) -> None:
    """Of every state but the last; of the only one if no step is taken."""
    if trace.assumes and not trace.from_anywhere:
        raise DoesNotReplay(0, "something is assumed of a trace that begins in an initial state")
    assumption, before = Assumption(trace.system, trace.assumes), None
    for number, moment in enumerate(trace.moments[: max(1, trace.length)]):
        broken = _broken(assumption, number, before, moment)
        if broken is not None:
            raise DoesNotReplay(number, f"the assumed property {broken.name} is false")
        before = moment.state


def _broken(assumption: Assumption, number: int, before: State | None, moment: Moment) -> Property | None:
    try:
        return None if moment.state is None else assumption.broken(before, moment.step, moment.state)
    except PropertyFailed as failed:
        raise _failed(number, failed) from failed


def _failed(number: int, failed: PropertyFailed) -> DoesNotReplay:
    return DoesNotReplay(number, f"the property {failed.name} fails: {failed.cause!r}")


def _verify_first(system: System, moment: Moment, state: State) -> None:
    problem = flaw(system, state)
    if problem:
        raise DoesNotReplay(0, f"the first state is none of the model: {problem}")
    if moment.sent:
        raise DoesNotReplay(0, f"{moment.step.name} sends {show(moment.sent)}, not ()")


def _is_shown(trace: Trace, charge: Charge) -> bool:
    before, last = (trace.moments[-2].state if trace.length else None), trace.moments[-1]
    try:
        return last.state is not None and charge.shown(before, last.step, last.state)
    except PropertyFailed as failed:
        raise _failed(trace.length, failed) from failed


def _verify_moment(system: System, number: int, before: State | None, moment: Moment) -> None:
    try:
        tried = retake(system, before, moment.step, lambda state: state == moment.state)
    except StepFailed as failed:
        raise DoesNotReplay(number, f"{failed.step.name} fails: {failed.cause!r}") from failed
    if tried is None:
        raise DoesNotReplay(number, f"{moment.step.name} cannot be taken")
    if isinstance(tried, Cut):
        raise DoesNotReplay(number, f"{moment.step.name} is cut by the bound {tried.bound}")
    if tried.state != moment.state:
        raise DoesNotReplay(number, f"{moment.step.name} leads to another state")
    if in_order(system, tried.sent) != in_order(system, moment.sent):
        raise DoesNotReplay(number, f"{moment.step.name} sends {show(tried.sent)}, not {show(moment.sent)}")


def _verify_failure(trace: Trace, number: int, before: State | None, charge: Charge) -> None:
    if number != trace.length:
        raise DoesNotReplay(number, "the trace goes on after a step that failed")
    try:
        retake(trace.system, before, trace.moments[number].step, lambda state: True)
    except StepFailed as failed:
        if charge.fits(failed):
            return
        raise DoesNotReplay(number, f"the step fails in another way: {failed.cause!r}") from failed
    raise DoesNotReplay(number, "the step that failed does not fail")


def retake(system: System, before: State | None, step: Step, wanted: Callable[[State], bool]) -> Tried | None:
    """Take a step again, from nowhere if it chooses the initial state. Errors: `StepFailed`.

    The loss of a message leads to several states if the queue holds it more than once, a crash if several faults allow
    it: then to the one that is wanted.
    """
    tried = system.take(before, step)
    if before is None or step.kind not in (Kind.LOSE, Kind.CRASH):
        return tried
    if not isinstance(tried, Outcome) or wanted(tried.state):
        return tried
    others = (other for found, other in system.successors(before) if found == step)
    return next((other for other in others if isinstance(other, Outcome) and wanted(other.state)), tried)
