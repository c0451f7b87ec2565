"""Finding a recorded step among the steps of a candidate: by name, and messages by what they say."""

from __future__ import annotations

from typing import Any

from ..models.language import Ref
from ..models.semantics import Envelope, Kind, Outcome, State, Step, System
from ..models.semantics.domains import Named
from .errors import Json, TraceError
from .states import decode_state, encode_envelope
from .steps import WITH_MESSAGE, encode_step, message_step, methods, parameters
from .values import decode
from .words import say, say_envelope, say_message


class Impossible(Exception):
    """A recorded step cannot be taken by a candidate; `reason` says in words why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def next_step(system: System, state: State | None, recorded: dict[str, Any]) -> Step:
    """The step of a candidate that corresponds to a recorded one. Errors: `Impossible` if there is none."""
    kind = Kind(recorded["kind"])
    if state is None:
        return _initial(system, recorded)
    if kind in WITH_MESSAGE:
        return message_step(system, kind, _under_way(system, state, recorded["message"]))
    process = None if recorded["process"] is None else _process(system, recorded["process"])
    return _chosen(system, Step(kind, recorded["action"], process), recorded)


def first_state(system: System, recorded: dict[str, Any]) -> State:
    """The recorded state in which a trace begins that assumes it. Errors: `Impossible` if a candidate has none such."""
    try:
        return decode_state(system, recorded["state"], "")
    except TraceError as error:
        where = error.at.removeprefix("/")
        raise Impossible(f"the recorded state is none of this model: {where}: {error.problem}") from error


def _initial(system: System, recorded: dict[str, Any]) -> Step:
    steps = [step for step, tried in system.initial() if isinstance(tried, Outcome)]
    for step in steps:
        found = encode_step(system, step)
        if (found["action"], found["arguments"]) == (recorded["action"], recorded["arguments"]):
            return step
    if len(steps) == 1:
        return steps[0]
    raise Impossible("no initial state is chosen in this way any more")


def _process(system: System, name: str) -> Ref[Any]:
    known = {repr(ref): ref for ref in system.refs}
    if name not in known:
        raise Impossible(f"there is no process {name}")
    return known[name]


def _chosen(system: System, step: Step, recorded: dict[str, Any]) -> Step:
    if step.kind is Kind.ACTION and all(m.name != step.name for m in methods(system, step.kind, step.process)):
        owner = "the protocol" if step.process is None else system.shape.classes[step.process.cluster].__name__
        raise Impossible(f"{owner} has no action {step.name} any more")
    given = recorded["arguments"]
    return step._replace(arguments=tuple(_argument(p, given) for p in parameters(system, step)))


def _argument(parameter: Named, given: dict[str, Json]) -> Any:
    if parameter.name not in given:
        raise Impossible(f"it now takes an argument {parameter.name}, which the trace does not have")
    value = given[parameter.name]
    try:
        return decode(parameter.domain, value, "")
    except TraceError as error:
        raise Impossible(f"{parameter.name}={say(value)} is not {parameter.domain}") from error


# -- messages ------------------------------------------------------------------------------------------------------


def _under_way(system: System, state: State, recorded: Any) -> Envelope:
    """The message under way that is the recorded one, or says the same where both have a field."""
    if recorded is None:
        raise TraceError("a step of this kind is about a message, and there is none")
    under_way = {e: encode_envelope(system, e) for e in system.carrier.contents(state.network)}
    alike = [e for e, found in under_way.items() if found == recorded]
    alike = alike or [e for e, found in under_way.items() if agree(recorded, found)]
    if alike:
        return alike[0]
    others = [found for found in under_way.values() if all(found[k] == recorded[k] for k in ("src", "dst", "type"))]
    instead = f"; instead there is {say_message(others[0])}" if others else ""
    raise Impossible(f"the message {say_envelope(recorded)} is not in the network{instead}")


def agree(recorded: Json, now: Json) -> bool:
    """Whether two states or messages are the same in everything that both models have."""
    if isinstance(recorded, dict) and isinstance(now, dict):
        return all(agree(recorded[name], now[name]) for name in recorded.keys() & now.keys())
    if isinstance(recorded, list) and isinstance(now, list):
        return len(recorded) == len(now) and all(map(agree, recorded, now))
    return recorded == now and type(recorded) is type(now)
