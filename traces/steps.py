"""How a step is written in a trace, and read back into one that the system can take."""

from __future__ import annotations

from typing import Any

from ..models.language import Ref
from ..models.semantics import Envelope, Kind, Step, System
from ..models.semantics.domains import Identities, Named, Sets
from ..models.semantics.shape import Method
from .errors import Json, TraceError, as_object, below, unexpected
from .states import decode_envelope, encode_envelope
from .values import decode, decode_fields, encode_fields

WITH_MESSAGE = frozenset((Kind.RECEIVE, Kind.DUPLICATE, Kind.LOSE))
"""The steps that are about a message under way."""

FAULTS = frozenset((Kind.LOSE, Kind.CRASH, Kind.PARTITION, Kind.HEAL))
"""The steps that something goes wrong in, or right again, without any code of the model."""


def encode_step(system: System, step: Step) -> dict[str, Json]:
    """A step as JSON. The arguments of a handler are its message and the sender, and not written again."""
    own = () if step.kind in WITH_MESSAGE else step.arguments
    return {
        "kind": step.kind.value,
        "action": step.name,
        "process": None if step.process is None else repr(step.process),
        "arguments": encode_fields(parameters(system, step), own),
        "message": None if step.envelope is None else encode_envelope(system, step.envelope),
    }


def decode_step(system: System, data: Json, at: str) -> Step:
    """The step that JSON stands for, one that the model has. Errors: `TraceError`."""
    found = as_object(data, at)
    kind = Kind(found["kind"])
    process = None
    if found["process"] is not None:
        process = decode(Identities(system.refs), found["process"], below(at, "process"))
    if kind in WITH_MESSAGE:
        return _with_message(system, kind, found, at)
    if found["message"] is not None:
        raise unexpected(below(at, "message"), f"null, because a step of kind {kind.value} has no message", "a message")
    step = Step(kind, str(found["action"]), process)
    _require_known(system, step, at)
    arguments = decode_fields(parameters(system, step), found["arguments"], below(at, "arguments"))
    return step._replace(arguments=arguments)


def _with_message(system: System, kind: Kind, found: dict[str, Json], at: str) -> Step:
    envelope = decode_envelope(system, found["message"], below(at, "message"))
    step = message_step(system, kind, envelope)
    for member, expected in (("action", step.name), ("process", step.process and repr(step.process))):
        if found[member] != expected:
            raise unexpected(below(at, member), f"{expected}, to go with the message", found[member])
    return step


def message_step(system: System, kind: Kind, envelope: Envelope) -> Step:
    """The step in which this message is received, received and kept, or lost."""
    if kind is Kind.LOSE:
        return Step(kind, "lose", None, (), envelope)
    handler = system.shape.shapes[envelope.target.cluster].handlers[type(envelope.message)]
    arguments = (envelope.message, envelope.source) if handler.wants_sender else (envelope.message,)
    return Step(kind, handler.name, envelope.target, arguments, envelope)


def _require_known(system: System, step: Step, at: str) -> None:
    if step.kind in FAULTS or step.kind is Kind.ASSUMED:
        known: list[str] = [step.kind.value]
    else:
        known = [m.name for m in methods(system, step.kind, step.process)] or ["initial"] * (step.kind is Kind.INITIAL)
    if step.name not in known:
        raise unexpected(below(at, "action"), f"one of {', '.join(known) or 'no actions'}", step.name)
    if (step.kind is Kind.CRASH) != (step.process is not None) and step.kind is not Kind.ACTION:
        raise TraceError(f"a step of kind {step.kind.value} belongs to another process", at=below(at, "process"))


def methods(system: System, kind: Kind, process: Ref[Any] | None) -> tuple[Method, ...]:
    """The methods that can be steps of this kind: initial states, the protocol's own actions, or a process's."""
    if kind is Kind.INITIAL:
        return system.shape.initials
    if kind is Kind.ASSUMED:
        return ()
    return system.shape.actions if process is None else system.shape.shapes[process.cluster].actions


def parameters(system: System, step: Step) -> tuple[Named, ...]:
    """The parameters that a step's arguments were chosen for, with their domains."""
    if step.kind is Kind.PARTITION:
        return (Named("side", Sets(Identities(system.refs))),)
    if step.kind in WITH_MESSAGE or step.kind in FAULTS:
        return ()
    known = {m.name: m.parameters for m in methods(system, step.kind, step.process)}
    return known.get(step.name, ())
