"""Traces as files: write one, read one back, or look at what a file is about."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from importlib import metadata
from pathlib import Path
from typing import Any

from ..models.semantics import System
from . import document
from .errors import Json, TraceError, below, unexpected
from .states import decode_envelopes, decode_state, encode_sent, encode_state, in_order
from .steps import decode_step, encode_step
from .trace import Kind, Moment, Reason, Trace


@dataclass(frozen=True)
class Header:
    """What a trace file is about: what one needs to know to load the model it belongs to.

    `model` is how the model is named on the command line, `module` and `name` where its class is; all three are
    hints and nothing is imported because of them. `length` is in steps. `assumes` names what is assumed of every state
    but the last, None if the trace begins in an initial state.
    """

    model: str
    module: str
    name: str
    parameters: Mapping[str, bool | int | str]
    kind: Kind
    violated: str
    length: int
    tool: str
    assumes: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Recording:
    """A trace file that was read and checked, but not yet seen through any model."""

    header: Header
    steps: list[dict[str, Any]]
    why: tuple[Reason, ...]
    file: str = ""


Source = Recording | Path | str
"""A trace: the path of a file, the text itself, or one that was opened already."""


def open_recording(source: Source) -> Recording:
    """Read and check a trace without a model. Errors: `TraceError`; `OSError` if the file cannot be read."""
    if isinstance(source, Recording):
        return source
    data = document.load(source)
    try:
        _require_members(data)
    except TraceError as error:
        raise error.inside(str(source) if isinstance(source, Path) else "") from error
    why = tuple(Reason(r["expression"], r["file"], r["line"], tuple(r["bindings"].items())) for r in data["why"])
    return Recording(_header(data), data["steps"], why, str(source) if isinstance(source, Path) else "")


def _require_members(data: dict[str, Any]) -> None:
    """Refuse a step of a process that the recorded parameters leave no room for. Errors: `TraceError`."""
    for number, step in enumerate(data["steps"]):
        message = step["message"] or {}
        named = {"process": step["process"], "message/src": message.get("src"), "message/dst": message.get("dst")}
        for at, name in named.items():
            member = re.fullmatch(r"(\w+)\[(\d+)\]", str(name))
            size = data["parameters"].get(member[1]) if member else None
            if member and isinstance(size, int) and int(member[2]) >= size:
                raise unexpected(f"/steps/{number}/{at}", f"one of the {size} processes of {member[1]}", name)


def read_header(source: Source) -> Header:
    """What a trace is about, so that its model can be loaded. Errors: `TraceError`, `OSError`."""
    return open_recording(source).header


def _header(data: dict[str, Any]) -> Header:
    model = data["model"]
    about = (data["parameters"], data["kind"], data["violated"], data["length"], data["tool"])
    assumes = tuple(data["assumes"]) if "assumes" in data else None
    return Header(model["name"], model["module"], model["class"], *about, assumes)


def read(source: Source, system: System) -> Trace:
    """A trace of this system. Errors: `TraceError` if the file is not one, `OSError` if it cannot be read."""
    recording = open_recording(source)
    header = recording.header
    try:
        _require_parameters(system, header)
        moments = tuple(_moment(system, step, f"/steps/{i}") for i, step in enumerate(recording.steps))
    except TraceError as error:
        raise error.inside(recording.file) from error
    return Trace(system, moments, header.kind, header.violated, recording.why, header.model, header.assumes or ())


def _require_parameters(system: System, header: Header) -> None:
    expected = encode_parameters(system)
    for name, value in header.parameters.items():
        if name not in expected:
            raise TraceError(f"the model has no parameter {name}", at=below("/parameters", name))
        if value != expected[name]:
            problem = f"the trace has {name}={value}, the model {name}={expected[name]}"
            raise TraceError(problem, at=below("/parameters", name))


def _moment(system: System, data: dict[str, Any], at: str) -> Moment:
    step = decode_step(system, data, at)
    sent = decode_envelopes(system, data["sent"], below(at, "sent"))
    state = None if data["state"] is None else decode_state(system, data["state"], below(at, "state"))
    return Moment(step, in_order(system, sent), state)


def write(trace: Trace) -> str:
    """A trace as text in the format `quorate.trace/1`; equal traces give equal bytes."""
    data: dict[str, Json] = {
        "schema": document.SCHEMA,
        "tool": f"quorate {_version()}",
        "model": {"name": trace.name, "module": trace.module, "class": type(trace.system.protocol).__qualname__},
        "parameters": encode_parameters(trace.system),
        "kind": trace.kind,
        "violated": trace.violated,
        **({"assumes": list(trace.assumes)} if trace.from_anywhere else {}),
        "why": [_reason(reason) for reason in trace.why],
        "length": trace.length,
        "steps": [encode_moment(trace.system, i, moment) for i, moment in enumerate(trace.moments)],
    }
    return document.pretty(data) + "\n"


def encode_parameters(system: System) -> dict[str, bool | int | str]:
    """The parameters of a run, by name."""
    return {name: _plain(value) for name, value in system.protocol.parameters.items()}


def _plain(value: object) -> bool | int | str:
    if isinstance(value, Enum):
        return value.name
    return value if isinstance(value, int | str) else repr(value)


def encode_moment(system: System, number: int, moment: Moment) -> dict[str, Json]:
    """A step with what it sent and the state it led to."""
    state = None if moment.state is None else encode_state(system, moment.state)
    sent = encode_sent(system, moment.sent)
    return {"number": number, **encode_step(system, moment.step), "sent": sent, "state": state}


def _reason(reason: Reason) -> dict[str, Json]:
    where = {"expression": reason.expression, "file": reason.file, "line": reason.line}
    return {**where, "bindings": dict(reason.bindings)}


def _version() -> str:
    try:
        return metadata.version("quorate")
    except metadata.PackageNotFoundError:
        return "unknown"
