"""The first state of a counterexample to induction, which must be told because no step leads to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from ...models.semantics import State, System
from ..errors import Json
from ..states import encode_state
from ..trace import Trace
from ..words import say, say_envelope


class Part(NamedTuple):
    """A part of a state: whose it is (empty for what no process has), its name, and its value in words."""

    owner: str
    name: str
    value: str


def opening(trace: Trace) -> list[Part]:
    """Everything in the first state: shared fields, each process, what faults have left, what is under way.

    Nothing for a trace that begins in an initial state.
    """
    first = trace.moments[0].state
    return list(_parts(trace.system, first)) if trace.from_anywhere and first is not None else []


def unusual(trace: Trace) -> dict[str, list[str]]:
    """The same for drawings, by owner, `term: 1`: without what is as every run of the model begins."""
    fresh = set(_parts(trace.system, _blank(trace.system)))
    told: dict[str, list[str]] = {}
    for part in opening(trace):
        if part not in fresh:
            told.setdefault(part.owner, []).append(f"{part.name}: {part.value}")
    return told


def _blank(system: System) -> State:
    """The state with every field as it was declared, before any `@initial` has chosen."""
    processes = tuple(system.shape.shapes[ref.cluster].initial for ref in system.refs)
    faults = tuple(b.fresh() for b in system.breakages)
    return State(system.shape.initial, processes, system.carrier.empty(), faults, frozenset())


def _parts(system: System, state: State) -> Iterator[Part]:
    found: dict[str, Any] = encode_state(system, state)
    yield from _fields("", found["shared"])
    for process, fields in found["processes"].items():
        yield from _fields(process, fields)
    yield from _fields("", _budgets(found["network"]) if system.refs else {})
    for fault in found["faults"]:
        yield from _fields("", {f"{fault['kind']} {name}": left for name, left in fault.items() if name != "kind"})
    yield from (Part("", "under way", say_envelope(message)) for message in found["network"]["messages"])
    yield from (Part("", "ever sent", say_envelope(message)) for message in found["ever_sent"])


def _budgets(network: dict[str, Json]) -> dict[str, Json]:
    """What the network may still do, such as deliver a message twice."""
    left = {name: value for name, value in network.items() if name not in ("kind", "messages")}
    return {name.replace("_", " "): value for name, value in left.items()}


def _fields(owner: str, fields: dict[str, Json]) -> Iterator[Part]:
    yield from (Part(owner, name, say(value)) for name, value in fields.items())
