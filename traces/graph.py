"""A trace as a networkx graph: the path of its states, and which event happened before which."""

from __future__ import annotations

import hashlib
import itertools
import json
import re
from typing import TYPE_CHECKING, Any

from .changes import changed
from .document import SCHEMA
from .errors import Json
from .flights import flights
from .format import encode_moment, encode_parameters
from .states import encode_envelope
from .trace import Trace
from .words import say_assumed, say_message, say_step

if TYPE_CHECKING:
    import networkx

    Graph = networkx.MultiDiGraph[int]

ENVIRONMENT = "environment"
"""Who takes the steps that no process takes: the protocol's own actions, and faults of the network."""


def path(trace: Trace, flat: bool = False) -> Graph:
    """The states of a trace, numbered from 0, with an edge for each step.

    Nodes have `step`, `fingerprint`, `label`, `violates` (the property that the state shows to be violated) and
    `state`; edges `action`, `kind`, `actor`, `args`, `message`, `src`, `dst`, `sent` and `changed`. With `flat`, what
    is nested is JSON text under `state_json` and so on, and there is no None.
    """
    graph = _graph(trace, flat)
    steps = _steps(trace)
    for number, step in enumerate(steps):
        graph.add_node(number, **_attributes(_node(trace, step), flat))
    for before, step in itertools.pairwise(steps):
        graph.add_edge(before["number"], step["number"], **_attributes(_edge(before, step), flat))
    return graph


def causality(trace: Trace) -> Graph:
    """The events of a trace, numbered as its steps, with an edge wherever one directly precedes another.

    An edge of kind `program` leads from each event of a process to its next one, one of kind `message` from sending
    to receiving, one of kind `loss` from sending to the step in which the network loses the message. The first state
    is no event, and what is under way in it was not sent. Every attribute is a string, a number or a bool.
    """
    graph = _graph(trace, True)
    last: dict[str, int] = {}
    for step in _steps(trace)[1:]:
        number, event = step["number"], _event(step)
        graph.add_node(number, **_attributes(event, True), violates=_legal(_violated(trace, number)))
        if event["actor"] in last:
            graph.add_edge(last[event["actor"]], number, kind="program")
        last[event["actor"]] = number
    _add_messages(graph, trace)
    return graph


def _add_messages(graph: Graph, trace: Trace) -> None:
    for flight in flights(trace):
        if flight.sent == 0:
            # under way in the first state, which is no event
            continue
        message = encode_envelope(trace.system, flight.envelope)
        ends = {"message": say_message(message), "src": message["src"], "dst": message["dst"]}
        for received in flight.received:
            graph.add_edge(flight.sent, received, **_attributes({"kind": "message", **ends}, True))
        if flight.lost is not None:
            graph.add_edge(flight.sent, flight.lost, **_attributes({"kind": "loss", **ends}, True))


# -- attributes ----------------------------------------------------------------------------------------------------


def _graph(trace: Trace, flat: bool) -> Graph:
    import networkx

    about: dict[str, Json] = {
        "schema": SCHEMA,
        "model": trace.name,
        "params": encode_parameters(trace.system),
        "property": trace.violated,
        "kind": trace.kind,
        "assumes": list(trace.assumes),
    }
    return networkx.MultiDiGraph(**_attributes(about, flat))


def _steps(trace: Trace) -> list[dict[str, Any]]:
    return [encode_moment(trace.system, number, moment) for number, moment in enumerate(trace.moments)]


def _violated(trace: Trace, number: int) -> str:
    return trace.violated or trace.kind if number == trace.length and trace.kind != "run" else ""


def _node(trace: Trace, step: dict[str, Any]) -> dict[str, Json]:
    number, state = step["number"], step["state"]
    return {
        "step": number,
        "fingerprint": fingerprint(state),
        "label": f"{number}: {_said(trace, step)}",
        "violates": _violated(trace, number),
        "state": state or {},
    }


def _said(trace: Trace, step: dict[str, Any]) -> str:
    return say_assumed(trace.assumes) if trace.from_anywhere and step["number"] == 0 else say_step(step)


def fingerprint(state: Json) -> str:
    """Sixteen hexadecimal digits that two equal states share, on every machine."""
    return hashlib.sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()[:16]


def _event(step: dict[str, Any]) -> dict[str, Any]:
    return {
        "step": step["number"],
        "kind": step["kind"],
        "action": step["action"],
        "actor": step["process"] or ENVIRONMENT,
        "args": step["arguments"],
        "message": say_message(step["message"]) if step["message"] else "",
        "label": f"{step['number']}: {say_step(step)}",
    }


def _edge(before: dict[str, Any], step: dict[str, Any]) -> dict[str, Json]:
    message = step["message"] or {"src": "", "dst": ""}
    changes = [change.path for change in changed(before["state"], step["state"])]
    event = {name: value for name, value in _event(step).items() if name != "step"}
    return {**event, "src": message["src"], "dst": message["dst"], "sent": step["sent"], "changed": changes}


def _attributes(attributes: dict[str, Json], flat: bool) -> dict[str, Any]:
    return _flat(attributes) if flat else attributes


def _flat(attributes: dict[str, Json]) -> dict[str, Any]:
    nested = {name for name, value in attributes.items() if isinstance(value, dict | list)}
    return {
        f"{name}_json" if name in nested else name: json.dumps(value) if name in nested else _legal(value)
        for name, value in attributes.items()
    }


_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _legal(value: Json) -> Json:
    # XML has no way to write some characters; JSON text has them escaped
    return _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", value) if isinstance(value, str) else value
