"""Replaying a recorded trace on a candidate: another version of its model, perhaps with other parameters."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from ..models.language import ModelError
from ..models.semantics import Cut, PropertyFailed, State, StepFailed, System
from .candidate import Impossible, agree, first_state, next_step
from .errors import Json, TraceError
from .format import Recording, Source, open_recording
from .judgement import Assumption, Charge, explained
from .missing import failure_of, missing
from .states import encode_state
from .trace import ASSUMED, Moment, Reason, Trace
from .verify import retake
from .why import explain_failure
from .words import say_step


class Replay(Enum):
    """What became of a recorded trace."""

    REPRODUCED = "reproduced"
    NOT_POSSIBLE = "no longer possible"
    NOT_A_VIOLATION = "no longer a violation"


@dataclass(frozen=True)
class Replayed:
    """The outcome of a replay.

    `step` is the number of the step that shows the violation again, that cannot be taken, or the last one.
    `action` says in words which step that is, `reason` why it cannot be taken: the guard that is not met, the
    message that is not there, the bound that cuts it. `differs_from` is the first step after which the states are not
    those of the recording, None if none is. `why` says why the property is violated, where it is. `trace` is the run
    as far as it went on the candidate.
    """

    outcome: Replay
    kind: str
    violated: str
    recorded_length: int
    step: int
    action: str
    reason: str
    differs_from: int | None
    why: tuple[Reason, ...]
    trace: Trace | None

    def __str__(self) -> str:
        match self.outcome:
            case Replay.REPRODUCED if self.kind == "run":
                return f"reproduced: all {_steps(self.step)} are possible"
            case Replay.REPRODUCED:
                return f"reproduced: {self._accusation} after {_steps(self.step)}{self._from}"
            case Replay.NOT_POSSIBLE:
                return f"no longer possible: step {self.step}, {self.action}: {self.reason}"
        return f"no longer a violation: all {_steps(self.recorded_length)} are possible, and {self._acquittal}"

    @property
    def _from(self) -> str:
        return " from the assumed state" if self.trace and self.trace.from_anywhere else ""

    @property
    def _accusation(self) -> str:
        match self.kind:
            case "invariant" | "step invariant":
                return f"{self.violated} is violated"
            case "assertion":
                return "an assertion fails"
        return "a deadlock" if self.kind == "deadlock" else "the model fails"

    @property
    def _acquittal(self) -> str:
        match self.kind:
            case "invariant":
                return f"{self.violated} holds in {'the last' if self._from else 'every'} state"
            case "step invariant":
                return f"{self.violated} holds of every step"
            case "assertion":
                return "no assertion fails"
        return "another step can be taken at the end" if self.kind == "deadlock" else "nothing fails"

    def describe(self) -> str:
        """The outcome on a few lines, with where the states part and why the property is violated."""
        lines = [str(self)]
        if self.differs_from is not None:
            lines.append(f"  the states differ from the recorded ones from step {self.differs_from} on")
        for reason in self.why:
            lines.append(f"  because {reason.expression}" + (f"  ({reason.file}:{reason.line})" if reason.line else ""))
            lines += [f"    {name} = {value}" for name, value in reason.bindings]
        return "\n".join(lines)


def _steps(number: int) -> str:
    return f"{number} step" + "s" * (number != 1)


def replay(source: Source, system: System) -> Replayed:
    """Take the recorded steps on another system, and say whether they still show the violation.

    The steps are followed, not the states: actions and processes are found by name, messages by what they say; fields
    and parameters may differ. Only a first state that is assumed is taken as it was recorded: it must be a state of the
    candidate, and satisfy what is assumed of it.
    Errors: `TraceError`, `OSError`; `ModelError` if the system lacks a property.
    """
    recording = open_recording(source)
    try:
        return _Run(recording, system).follow()
    except TraceError as error:
        raise error.inside(recording.file) from error


class _Run:
    """A replay under way."""

    def __init__(self, recording: Recording, system: System) -> None:
        header = recording.header
        self._recording = recording
        self._system = system
        self._charge = Charge(system, header.kind, header.violated)
        self._assumption = Assumption(system, header.assumes or ())
        self._moments: list[Moment] = []
        self._state: State | None = None
        self._differs_from: int | None = None

    def follow(self) -> Replayed:
        """Take the steps one after the other, up to the first that shows the violation or cannot be taken."""
        last = self._recording.header.length
        for number, recorded in enumerate(self._recording.steps):
            try:
                go = self._begin if recorded["kind"] == ASSUMED.kind.value else self._take
                if go(recorded, number == last):
                    return self._ended(Replay.REPRODUCED, number)
            except Impossible as impossible:
                return self._ended(Replay.NOT_POSSIBLE, number, impossible.reason)
            except PropertyFailed as failed:
                raise _broken(failed, number) from failed
        return self._ended(Replay.NOT_A_VIOLATION, last)

    def _begin(self, recorded: dict[str, Json], is_last: bool) -> bool:
        """Begin in the recorded state; returns whether it alone shows the violation. Errors: as `_take`."""
        state = first_state(self._system, recorded)
        self._arrived(Moment(ASSUMED, (), state), recorded)
        self._require_assumed("the first state")
        return is_last and self._charge.shown(None, ASSUMED, state)

    def _take(self, recorded: dict[str, Json], is_last: bool) -> bool:
        """Take one step; returns whether it shows the violation. Errors: `Impossible`, `PropertyFailed`."""
        before = self._state
        try:
            step = next_step(self._system, before, recorded)
            tried = retake(self._system, before, step, lambda state: self._agrees(recorded, state))
        except StepFailed as failed:
            return self._failed(failed)
        if tried is None:
            raise Impossible(missing(self._system, before, step))
        if isinstance(tried, Cut):
            raise Impossible(f"it is cut by the bound {tried.bound}")
        self._arrived(Moment(step, tried.sent, tried.state), recorded)
        shown = (is_last or not self._charge.only_at_end) and self._charge.shown(before, step, tried.state)
        if not (shown or is_last):
            self._require_assumed(f"step {len(self._moments) - 1}")
        return shown

    def _require_assumed(self, where: str) -> None:
        """Of every state that another one follows. Errors: `Impossible`, `PropertyFailed`."""
        before, last = (self._moments[-2].state if len(self._moments) > 1 else None), self._moments[-1]
        broken = None if last.state is None else self._assumption.broken(before, last.step, last.state)
        if broken is not None:
            raise Impossible(f"the assumed property {broken.name} is false in {where}")

    def _failed(self, failed: StepFailed) -> bool:
        if not self._charge.fits(failed):
            raise Impossible(failure_of(failed))
        self._moments.append(Moment(failed.step, (), None))
        return True

    def _arrived(self, moment: Moment, recorded: dict[str, Json]) -> None:
        assert moment.state is not None
        if self._differs_from is None and not self._agrees(recorded, moment.state):
            self._differs_from = len(self._moments)
        self._moments.append(moment)
        self._state = moment.state

    def _agrees(self, recorded: dict[str, Json], state: State) -> bool:
        return recorded["state"] is None or agree(recorded["state"], encode_state(self._system, state))

    def _ended(self, outcome: Replay, number: int, reason: str = "") -> Replayed:
        header, shown = self._recording.header, outcome is Replay.REPRODUCED
        kind, violated = (header.kind, header.violated) if shown else ("run", "")
        moments, assumes = tuple(self._moments), header.assumes or ()
        trace = Trace(self._system, moments, kind, violated, assumes=assumes) if moments else None
        trace = explained(trace) if shown and trace else trace
        action = say_step(self._recording.steps[number])
        why = trace.why if trace else ()
        about = (header.kind, header.violated, header.length, number, action, reason)
        return Replayed(outcome, *about, self._differs_from, why, trace)


def _broken(failed: PropertyFailed, number: int) -> ModelError:
    reason = explain_failure(failed.cause)[0]
    what = f"the property {failed.name} fails with {type(failed.cause).__name__} after step {number} of the trace"
    return ModelError(
        "failed-property", what, because=f"{reason.expression} at {reason.file}:{reason.line}: {failed.cause}"
    )
