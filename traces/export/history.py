"""What the clients of a trace asked for and were told, for checkers of histories.

The shape is that of Jepsen's histories, which Knossos, Elle and their kin read: one map for each beginning and end of
an operation, in the order in which they happened. A protocol that keeps such a history says so by a method
`past_operations` (`quorate.invariants.linearizability`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ...models.language import ModelError
from ..trace import Trace

Event = dict[str, Any]


def history_json(trace: Trace) -> str:
    """The history as a JSON array of objects. Errors: `ModelError` if there is none."""
    return "[\n" + ",\n".join(f"  {json.dumps(event)}" for event in events(trace)) + "\n]\n"


def history_edn(trace: Trace) -> str:
    """The history as EDN, one map a line. Errors: `ModelError` if there is none."""
    return "".join(f"{_edn(event)}\n" for event in events(trace))


def events(trace: Trace) -> list[Event]:
    """The beginnings and ends of operations: `index`, `type`, `process`, `f` and `value`.

    An operation that has no answer yet ends as `info`: nobody knows whether it took place. Values are numbered from 1
    in the order in which they were first written; None is the value of a register that nobody has written.
    """
    if trace.from_anywhere:
        raise ModelError(
            "no-history",
            "a counterexample to induction has no history",
            because="its first state is assumed, and nobody need have asked for anything before it",
            instead="export it as text, or any other format",
        )
    past = _operations(trace)
    listed = any(hasattr(operation, "seen") for operation in past)
    told = [event for operation in past for event in _told(operation, _Numbers(past), listed)]
    return [{"index": index, **event} for index, (_, event) in enumerate(sorted(told, key=lambda one: one[0]))]


def _operations(trace: Trace) -> tuple[Any, ...]:
    state = next(moment.state for moment in reversed(trace.moments) if moment.state is not None)
    protocol = trace.system.new_view().load(state)
    if not hasattr(protocol, "past_operations"):
        raise ModelError(
            "no-history",
            f"{type(protocol).__name__} keeps no history of what its clients did",
            instead="give it a method past_operations, as quorate.invariants.linearizability describes it",
        )
    found: tuple[Any, ...] = protocol.past_operations()
    return found


class _Numbers:
    """A number for each value, because other checkers know neither records nor symbols."""

    def __init__(self, past: tuple[Any, ...]) -> None:
        written = [operation.value for operation in past if operation.writes]
        self._known = {value: number for number, value in enumerate(dict.fromkeys(written), 1)}

    def of(self, value: Any) -> int | None:
        """The number of a value, None for None; one that nobody has written gets the next number."""
        return None if value is None else self._known.setdefault(value, len(self._known) + 1)


def _told(operation: Any, numbers: _Numbers, listed: bool) -> Iterator[tuple[float, Event]]:
    """The beginning and the end of an operation, with their moments."""
    kind = ("append" if listed else "write") if operation.writes else "read"
    written = numbers.of(operation.value) if operation.writes else None
    about = {"process": operation.client.index, "f": kind}
    yield operation.begun, {"type": "invoke", **about, "value": written}
    if operation.ended is None:
        yield float("inf"), {"type": "info", **about, "value": written}
    else:
        read = [numbers.of(value) for value in operation.seen] if listed else numbers.of(operation.value)
        yield operation.ended, {"type": "ok", **about, "value": written if operation.writes else read}


def _edn(event: Event) -> str:
    return "{" + ", ".join(f":{key} {_value(value)}" for key, value in event.items()) + "}"


def _value(value: Any) -> str:
    if value is None:
        return "nil"
    if isinstance(value, list):
        return "[" + " ".join(map(_value, value)) + "]"
    return f":{value}" if isinstance(value, str) else str(value)
