"""The Informal Trace Format (Apalache ADR-015), which TLA+ and Quint tools read.

A strict profile that all its readers accept: integers are `#bigint`, every name is an identifier that is no keyword of
Python, absent values are variants `Some` and `Nothing`, variants carry records, sets and maps are sorted.
"""

from __future__ import annotations

import json
import keyword
import re
from collections.abc import Iterable
from functools import singledispatch
from typing import Any

from ...models.language import Bag, Crash, Fifo, Ref
from ...models.semantics import Envelope, Kind, State, System
from ...models.semantics.domains import (
    Booleans,
    Domain,
    Identities,
    Integers,
    Maps,
    Named,
    Optional,
    Records,
    Sequences,
    Sets,
    Tuples,
)
from ..document import pretty
from ..errors import Json
from ..format import encode_parameters
from ..states import fields_of
from ..steps import methods, parameters
from ..trace import Moment, Trace
from ..values import encode
from ..words import say_assumed


def itf(trace: Trace) -> str:
    """A trace in ITF: a variable for each shared field, for each cluster a map from its processes, and the network.

    `mbt::actionTaken` and `mbt::nondetPicks` say which step led to each state, as Quint's do. A last step that failed
    has no state and is told in the description only.
    """
    system = trace.system
    states = [_state(system, i, m, m.state) for i, m in enumerate(trace.moments) if m.state is not None]
    if not states:
        blank: dict[str, Json] = {"#meta": {"index": 0}, "mbt::actionTaken": trace.moments[0].step.name}
        states = [blank]
    meta: dict[str, Json] = {
        "format": "ITF",
        "format-description": "https://apalache-mc.org/docs/adr/015adr-trace.html",
        "description": _description(trace),
        "source": trace.name,
        "parameters": encode_parameters(system),
    }
    variables: list[Json] = [name for name in states[0] if name != "#meta"]
    return pretty({"#meta": meta, "vars": variables, "states": states}) + "\n"


def _description(trace: Trace) -> str:
    begun = f" from {say_assumed(trace.assumes)}" if trace.from_anywhere else ""
    if trace.kind == "run":
        return f"a run of {trace.length} steps{begun}"
    return f"{trace.kind}: {trace.violated} after {trace.length} steps{begun}"


def _state(system: System, number: int, moment: Moment, state: State) -> dict[str, Json]:
    variables = _fields(system.shape.fields, state.shared)
    for cluster in system.shape.classes:
        ours = [ref for ref in system.refs if ref.cluster == cluster]
        variables[cluster] = mapping([repr(ref), _process(system, ref, state)] for ref in ours)
    variables["network"] = _network(system, state.network)
    variables |= _faults(system, state)
    steps = {"mbt::actionTaken": moment.step.name, "mbt::nondetPicks": _picks(system, moment)}
    return {"#meta": {"index": number}, **renamed(variables), **steps}


def _process(system: System, ref: Ref[Any], state: State) -> Json:
    return renamed(_fields(fields_of(system, ref), state.processes[system.number(ref)]))


def _fields(fields: Iterable[Named], values: Iterable[Any]) -> dict[str, Json]:
    return {f.name: to_itf(f.domain, v) for f, v in zip(fields, values, strict=True)}


# -- values --------------------------------------------------------------------------------------------------------


@singledispatch
def to_itf(domain: Domain, value: Any) -> Json:
    """A value of a domain in ITF; identities, symbols and members of an enumeration are strings."""
    return encode(domain, value) if value is not None else "None"


@to_itf.register
def _(domain: Booleans, value: Any) -> Json:
    return bool(value)


@to_itf.register
def _(domain: Integers, value: Any) -> Json:
    return integer(value)


@to_itf.register
def _(domain: Optional, value: Any) -> Json:
    return optional(None if value is None else to_itf(domain.item, value))


@to_itf.register
def _(domain: Tuples, value: Any) -> Json:
    return {"#tup": [to_itf(d, v) for d, v in zip(domain.items, value, strict=True)]}


@to_itf.register
def _(domain: Records, value: Any) -> Json:
    names = domain.field_names
    return record((n, to_itf(d, getattr(value, n))) for n, d in zip(names, domain.items, strict=True))


@to_itf.register
def _(domain: Sequences, value: Any) -> Json:
    return [to_itf(domain.item, v) for v in value]


@to_itf.register
def _(domain: Sets, value: Any) -> Json:
    return collection(to_itf(domain.item, v) for v in value)


@to_itf.register
def _(domain: Maps, value: Any) -> Json:
    return mapping([to_itf(domain.index, k), to_itf(domain.item, value[k])] for k in domain.keys)


def integer(value: int) -> Json:
    """An integer."""
    return {"#bigint": str(value)}


def optional(data: Json | None) -> Json:
    """A value that may be absent, as a variant."""
    return {"tag": "Nothing", "value": {}} if data is None else {"tag": "Some", "value": {"v": data}}


def record(fields: Iterable[tuple[str, Json]]) -> Json:
    """A record whose field names every reader accepts."""
    return renamed(dict(fields))


def collection(items: Iterable[Json]) -> Json:
    """A set, in the order of its canonical JSON."""
    return {"#set": sorted(items, key=_canonical)}


def mapping(pairs: Iterable[list[Json]]) -> Json:
    """A map, in the order of the canonical JSON of its keys."""
    return {"#map": sorted(pairs, key=_canonical)}


def _canonical(data: Json) -> str:
    return json.dumps(data, sort_keys=True)


def renamed(members: dict[str, Json]) -> dict[str, Json]:
    """The same members under names that are identifiers in every reader's language."""
    made: dict[str, Json] = {}
    for name, value in members.items():
        legal = re.sub("[^A-Za-z0-9_]", "_", name)
        if not re.match("[A-Za-z]", legal) or keyword.iskeyword(legal) or legal == "tag":
            legal = f"f_{legal}"
        while legal in made:
            legal += "_"
        made[legal] = value
    return made


# -- network, faults and steps -------------------------------------------------------------------------------------


def _network(system: System, held: Any) -> Json:
    network, contents = type(system.protocol).network, list(system.carrier.contents(held))
    if isinstance(network, Bag):
        return mapping([_envelope(system, e), integer(contents.count(e))] for e in dict.fromkeys(contents))
    if not isinstance(network, Fifo):
        return collection(_envelope(system, e) for e in contents)
    queues: dict[tuple[str, str], list[Json]] = {}
    for e in contents:
        queues.setdefault((repr(e.source), repr(e.target)), []).append(_message(system, e))
    return mapping([record((("src", src), ("dst", dst))), queue] for (src, dst), queue in queues.items())


def _envelope(system: System, envelope: Envelope) -> Json:
    ends = (("src", repr(envelope.source)), ("dst", repr(envelope.target)))
    return record((*ends, ("message", _message(system, envelope))))


def _message(system: System, envelope: Envelope) -> Json:
    kind = type(envelope.message)
    name = kind.__name__ if not keyword.iskeyword(kind.__name__) else f"{kind.__name__}_"
    return {"tag": name, "value": to_itf(system.shape.resolver.record(kind), envelope.message)}


def _faults(system: System, state: State) -> dict[str, Json]:
    variables: dict[str, Json] = {}
    group = Sets(Identities(system.refs))
    for fault, (left, who) in zip(type(system.protocol).faults, state.faults, strict=True):
        crash = isinstance(fault, Crash)
        prefix = "crashes" if crash else "partitions"
        number = "" if f"{prefix}_left" not in variables else f"_{len(variables)}"
        variables[f"{prefix}_left{number}"] = integer(left)
        variables[f"{'down' if crash else 'sides'}{number}"] = to_itf(group if crash else Sets(group), who)
    return variables


def _picks(system: System, moment: Moment) -> Json:
    """Everything that was chosen: the process, the message, and each parameter that any action has."""
    step = moment.step
    picks = {name: optional(None) for name in ("process", "message", *_parameters(system))}
    picks["process"] = optional(None if step.process is None else repr(step.process))
    picks["message"] = optional(None if step.envelope is None else _envelope(system, step.envelope))
    if step.envelope is None:
        own = zip(parameters(system, step), step.arguments, strict=True)
        picks |= {p.name: optional(to_itf(p.domain, value)) for p, value in own}
    return renamed(picks)


def _parameters(system: System) -> list[str]:
    first = [next(r for r in system.refs if r.cluster == c) for c in system.shape.classes]
    every = [*methods(system, Kind.INITIAL, None), *methods(system, Kind.ACTION, None)]
    every += [m for ref in first for m in methods(system, Kind.ACTION, ref)]
    return list(dict.fromkeys(p.name for m in every for p in m.parameters))
