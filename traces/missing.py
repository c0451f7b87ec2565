"""What keeps a step from being taken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..models.language import Ref
from ..models.language.marks import Disabled
from ..models.semantics import Envelope, Kind, State, Step, StepFailed, System
from .states import encode_envelope
from .why import explain_failure, explain_guard
from .words import say_envelope


def missing(system: System, state: State | None, step: Step) -> str:
    """Why a step that cannot be taken in a state cannot be taken, in words."""
    if state is None:
        return "there is no such initial state"
    if step.process is not None and _is_down(system, state, step):
        return f"{step.process!r} is down"
    if step.envelope is not None:
        held = _held_back(system, state, step.kind, step.envelope)
        if held:
            return held
    if step.kind in (Kind.ACTION, Kind.RECEIVE, Kind.DUPLICATE):
        return _guard(system, state, step)
    if step.process is not None and _may_crash(system, state, step):
        return _restart(system, state, step.process)
    return {
        Kind.LOSE: "this network does not lose it",
        Kind.CRASH: "no crash of this process is left",
        Kind.PARTITION: "no partition is left",
    }.get(step.kind, "there is no partition to heal")


def _is_down(system: System, state: State, step: Step) -> bool:
    assert step.process is not None
    return any(b.down(kept, step.process) for b, kept in zip(system.breakages, state.faults, strict=True))


def _held_back(system: System, state: State, kind: Kind, envelope: Envelope) -> str:
    """Why the network does not hand this message over now, empty if it does."""
    message = f"the message {say_envelope(encode_envelope(system, envelope))}"
    if kind is not Kind.LOSE and envelope not in system.carrier.deliverable(state.network):
        return f"{message} is behind another one in its queue"
    if kind is Kind.DUPLICATE and system.carrier.kept(state.network) is None:
        return "no delivery that keeps its copy is left"
    faults = zip(system.breakages, state.faults, strict=True)
    if kind is not Kind.LOSE and any(b.blocks(kept, envelope) for b, kept in faults):
        return f"{message} waits for the partition to heal"
    return ""


def _guard(system: System, state: State, step: Step) -> str:
    """Which guard is not met: the method is called once more, to see where it stops."""
    view = system.new_view()
    protocol = view.load(state)
    owner = protocol if step.process is None else view.processes[system.number(step.process)]
    return _refused(getattr(owner, step.name), step.arguments)


def _may_crash(system: System, state: State, step: Step) -> bool:
    faults = zip(system.breakages, state.faults, strict=True)
    return any(step == possible for b, kept in faults for possible, _ in b.steps(kept))


def _restart(system: System, state: State, process: Ref[Any]) -> str:
    """Which guard of the restart that belongs to a crash is not met."""
    number, shape = system.number(process), system.shape.shapes[process.cluster]
    crashed = system.new_view().lend(number, shape.crashed(state.processes[number]))
    return f"of its restart, {_refused(getattr(crashed, str(shape.restart)), ())}"


def _refused(method: Callable[..., None], arguments: tuple[Any, ...]) -> str:
    try:
        method(*arguments)
    except Disabled as disabled:
        stop = explain_guard(disabled)
        return f"the guard is not met: {stop}" if stop else "its guard is not met"
    return "it cannot be taken"


def failure_of(failed: StepFailed) -> str:
    """How a step failed, in words."""
    reason = explain_failure(failed.cause)[0]
    where = f" at {reason.file}:{reason.line}" if reason.line else ""
    return f"it fails with {type(failed.cause).__name__}: {reason.expression}{where}"
