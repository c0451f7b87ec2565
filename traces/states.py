"""How a whole state is written in a trace: shared fields, processes, network, faults."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from ..models.language import Bag, Crash, Fifo, MessageSet, Ref
from ..models.semantics import Envelope, State, System
from ..models.semantics.domains import Identities, Integers, Named, Records, Sets
from ..models.semantics.network import Full
from .errors import Json, TraceError, as_array, as_object, below, unexpected
from .values import decode, decode_fields, encode, encode_fields, require_names

NETWORKS = {MessageSet: "set", Bag: "bag", Fifo: "fifo"}
"""What each kind of network is called in a trace."""


def encode_state(system: System, state: State) -> dict[str, Json]:
    """A state as JSON; equal states give equal text."""
    processes = zip(system.refs, state.processes, strict=True)
    return {
        "shared": encode_fields(system.shape.fields, state.shared),
        "processes": {repr(ref): encode_fields(fields_of(system, ref), values) for ref, values in processes},
        "network": _encode_network(system, state.network),
        "faults": [_encode_fault(system, *pair) for pair in zip(_faults(system), state.faults, strict=True)],
        "ever_sent": [encode_envelope(system, e) for e in sorted(state.sent, key=system.key)],
    }


def decode_state(system: System, data: Json, at: str) -> State:
    """The state that JSON stands for. Errors: `TraceError`."""
    found = as_object(data, at)
    require_names(("shared", "processes", "network", "faults", "ever_sent"), found, at)
    sent = decode_envelopes(system, found["ever_sent"], below(at, "ever_sent"))
    return State(
        decode_fields(system.shape.fields, found["shared"], below(at, "shared")),
        _decode_processes(system, found["processes"], below(at, "processes")),
        _decode_network(system, found["network"], below(at, "network")),
        _decode_faults(system, found["faults"], below(at, "faults")),
        frozenset(sent),
    )


def fields_of(system: System, ref: Ref[Any]) -> tuple[Named, ...]:
    """The fields of a process with their domains."""
    return system.shape.shapes[ref.cluster].fields


def _decode_processes(system: System, data: Json, at: str) -> tuple[tuple[Any, ...], ...]:
    found = as_object(data, at)
    require_names(map(repr, system.refs), found, at)
    return tuple(decode_fields(fields_of(system, r), found[repr(r)], below(at, repr(r))) for r in system.refs)


# -- messages ------------------------------------------------------------------------------------------------------


def encode_envelope(system: System, envelope: Envelope) -> dict[str, Any]:
    """A message with its two ends."""
    kind = type(envelope.message)
    return {
        "src": repr(envelope.source),
        "dst": repr(envelope.target),
        "type": kind.__name__,
        "fields": encode(system.shape.resolver.record(kind), envelope.message),
    }


def decode_envelope(system: System, data: Json, at: str) -> Envelope:
    """The message that JSON stands for, one that its receiver has a handler for. Errors: `TraceError`."""
    found = as_object(data, at)
    require_names(("src", "dst", "type", "fields"), found, at)
    source, target = (decode(Identities(system.refs), found[end], below(at, end)) for end in ("src", "dst"))
    domain = _received(system, target, found["type"], below(at, "type"))
    return Envelope(source, target, decode(domain, found["fields"], below(at, "fields")))


def _received(system: System, target: Ref[Any], name: Json, at: str) -> Records:
    known = {cls.__name__: h.message for cls, h in system.shape.shapes[target.cluster].handlers.items()}
    if isinstance(name, str) and name in known:
        return known[name]
    raise unexpected(at, f"a message that {target!r} receives ({', '.join(known) or 'none'})", name)


def encode_sent(system: System, sent: Iterable[Envelope]) -> list[Json]:
    """What a step sent, ordered by the two ends; between the same ends in the order of sending."""
    return [encode_envelope(system, e) for e in in_order(system, sent)]


def in_order(system: System, sent: Iterable[Envelope]) -> tuple[Envelope, ...]:
    """What a step sent, in the order in which it is written: a broadcast has no order of its own."""
    return tuple(sorted(sent, key=lambda e: (system.number(e.source), system.number(e.target))))


def decode_envelopes(system: System, data: Json, at: str) -> tuple[Envelope, ...]:
    """The messages in an array. Errors: `TraceError`."""
    return tuple(decode_envelope(system, e, below(at, i)) for i, e in enumerate(as_array(data, at)))


# -- network -------------------------------------------------------------------------------------------------------


def _encode_network(system: System, held: Any) -> dict[str, Json]:
    network = type(system.protocol).network
    budget = {"duplicates_left": held[0]} if isinstance(network, Bag) else {}
    messages = [encode_envelope(system, e) for e in system.carrier.contents(held)]
    return {"kind": NETWORKS[type(network)], **budget, "messages": messages}


def _decode_network(system: System, data: Json, at: str) -> Any:
    network = type(system.protocol).network
    found = as_object(data, at)
    budget = ("duplicates_left",) if isinstance(network, Bag) else ()
    require_names(("kind", *budget, "messages"), found, at)
    if found["kind"] != NETWORKS[type(network)]:
        raise unexpected(below(at, "kind"), f'"{NETWORKS[type(network)]}"', found["kind"])
    held = _held(system, decode_envelopes(system, found["messages"], below(at, "messages")), at)
    if not isinstance(network, Bag):
        return held
    most = Integers(0, held[0], None)
    return (decode(most, found["duplicates_left"], below(at, "duplicates_left")), held[1])


def _held(system: System, envelopes: tuple[Envelope, ...], at: str) -> Any:
    try:
        held = system.carrier.send(system.carrier.empty(), envelopes)
    except Full as full:
        raise TraceError(f"more messages than {full.bound} allows", at=at) from full
    if Counter(system.carrier.contents(held)) != Counter(envelopes):
        raise TraceError("more copies of a message than this network keeps", at=at)
    return held


# -- faults --------------------------------------------------------------------------------------------------------


def _faults(system: System) -> tuple[Any, ...]:
    return type(system.protocol).faults


def _group(system: System) -> Sets:
    return Sets(Identities(system.refs))


def _encode_fault(system: System, fault: Any, kept: Any) -> dict[str, Json]:
    if isinstance(fault, Crash):
        return {"kind": "crash", "left": kept[0], "down": encode(_group(system), kept[1])}
    return {"kind": "partition", "left": kept[0], "sides": encode(Sets(_group(system)), kept[1])}


def _decode_faults(system: System, data: Json, at: str) -> tuple[Any, ...]:
    items, faults = as_array(data, at), _faults(system)
    if len(items) != len(faults):
        raise unexpected(at, f"{len(faults)} elements, one for each fault of the model", data)
    fresh = [b.fresh()[0] for b in system.breakages]
    parts = enumerate(zip(faults, fresh, items, strict=True))
    return tuple(_decode_fault(system, fault, most, d, below(at, i)) for i, (fault, most, d) in parts)


def _decode_fault(system: System, fault: Any, most: int, data: Json, at: str) -> Any:
    kind = "crash" if isinstance(fault, Crash) else "partition"
    who = Named("down", _group(system)) if kind == "crash" else Named("sides", Sets(_group(system)))
    found = as_object(data, at)
    if found.get("kind") != kind:
        raise unexpected(below(at, "kind"), f'"{kind}"', found.get("kind"))
    rest = {name: value for name, value in found.items() if name != "kind"}
    left, befallen = decode_fields((Named("left", Integers(0, most, None)), who), rest, at)
    if not _can_befall(system, fault, befallen):
        raise unexpected(below(at, who.name), "what this fault of the model can do", found[who.name])
    return left, befallen


def _can_befall(system: System, fault: Any, befallen: frozenset[Any]) -> bool:
    """Whether a fault can leave this behind: who is down for good, or a split of all processes in two."""
    if isinstance(fault, Crash):
        return befallen <= frozenset(system.shape.members(fault.of) if fault.stays_down else ())
    everybody = frozenset(system.refs)
    return not befallen or all(befallen == {side, everybody - side} and side for side in befallen)
