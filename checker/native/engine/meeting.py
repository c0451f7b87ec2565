"""From what a random walk met to a finding that the reference semantics confirms."""

from __future__ import annotations

from dataclasses import dataclass

from ....models.semantics import Outcome, PropertyFailed, State, Step, StepFailed
from ...search import Finding, SelfCheckFailed, failed_step
from .control import ENTRY, FAILED, VERDICT, WALK, WITHIN
from .desk import Desk
from .memory import Region
from .subject import Subject


@dataclass(frozen=True)
class Met:
    """What a walk, of this number, found, and the states that it had visited by then."""

    walk: int
    finding: Finding
    path: list[State]


def met(subject: Subject, desk: Desk, words: list[list[int]], starts: Region, code: int) -> Met:
    """What the walk under way at a desk came back with. Errors: `SelfCheckFailed`."""
    path = [subject.code.decode(w) for w in words]
    if code == FAILED:
        return Met(desk.cells[WALK], _failed(subject, desk, path[-1]), path)
    came = path[:-1] if desk.cells[VERDICT] & WITHIN else path
    if came:
        step, after = _step(subject, desk, came[-1])
        finding = _broken(subject, came[-1], step, after)
    else:
        k = subject.code.words
        after = subject.code.decode(starts.read(desk.cells[ENTRY] * k, k))
        finding = _broken(subject, None, None, after)
    if finding is None:
        raise SelfCheckFailed(f"the machine code found a violation, the reference semantics none, in the state {after}")
    return Met(desk.cells[WALK], finding, [*came, after])


def _failed(subject: Subject, desk: Desk, before: State) -> Finding:
    tried = dict(enumerate(subject.system.attempts(before))).get(desk.cells[ENTRY])
    if tried is None or not isinstance(tried[1], StepFailed):
        raise SelfCheckFailed(
            f"the machine code found a step that fails, the reference semantics none, in the state {before}"
        )
    return failed_step(tried[1], before)


def _step(subject: Subject, desk: Desk, before: State) -> tuple[Step, State]:
    tried = dict(enumerate(subject.system.attempts(before))).get(desk.cells[ENTRY])
    if tried is None or not isinstance(tried[1], Outcome):
        raise SelfCheckFailed(
            f"the machine code took a step that the reference semantics does not have, in the state {before}"
        )
    return tried[0], tried[1].state


def _broken(subject: Subject, before: State | None, step: Step | None, after: State) -> Finding | None:
    """The first violation of a step, or of an initial state."""
    judge, steps = subject.judge, []
    try:
        subject.system.within(after)
        if before is not None and step is not None:
            steps = list(judge.of_step(before, step, after))
        broken = list(judge.of_state(after))
    except PropertyFailed as failed:
        return Finding("error", failed.name, before, after, failed.cause)
    if steps:
        return Finding("step invariant", steps[0].name, before, after)
    return Finding("invariant", broken[0].name, before, after) if broken else None
