"""Whether something is a state of a model at all, reachable or not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..models.semantics import Domain, Envelope, State, Stray, System
from .errors import TraceError
from .show import show
from .states import decode_state, encode_state, fields_of


def flaw(system: System, state: State) -> str:
    """What keeps this from being a state of a model, in words; empty if nothing does.

    Fields and messages are in their domains, the network holds no more than it can, faults have no more left than the
    model allows; nothing is asked of how the state came to be.
    """
    found = next(_outside(system, state), "")
    if found:
        return found
    try:
        # what can be written and read back is as the model's own steps would have left it
        again = decode_state(system, encode_state(system, state), "")
    except TraceError as error:
        return f"{error.at.removeprefix('/')}: {error.problem}"
    return "" if again == state else "its network, or what was ever sent, is not as the model keeps it"


def _outside(system: System, state: State) -> Iterator[str]:
    """The fields and messages that are not in their domains."""
    for field, value in zip(system.shape.fields, state.shared, strict=True):
        yield from _strayed(field.name, field.domain, value)
    for ref, values in zip(system.refs, state.processes, strict=True):
        for field, value in zip(fields_of(system, ref), values, strict=True):
            yield from _strayed(f"{ref!r}.{field.name}", field.domain, value)
    for envelope in (*system.carrier.contents(state.network), *sorted(state.sent, key=repr)):
        yield from _unfit(system, envelope)


def _unfit(system: System, envelope: Envelope) -> Iterator[str]:
    """What is wrong with a message: its ends, its class, its fields."""
    for end in (envelope.source, envelope.target):
        if end not in system.refs:
            yield f"there is no process {end!r}"
            return
    handler = system.shape.shapes[envelope.target.cluster].handlers.get(type(envelope.message))
    if handler is None:
        yield f"{envelope.target!r} receives no {type(envelope.message).__name__}"
    else:
        yield from _strayed("a message", handler.message, envelope.message)


def _strayed(what: str, domain: Domain, value: Any) -> Iterator[str]:
    try:
        bound = domain.check(value)
    except Stray as stray:
        yield f"{what} is {show(value)}: {show(stray.value)} is not {stray.domain}"
    else:
        if bound is not None:
            yield f"{what} is {show(value)}, beyond the bound {bound}"
