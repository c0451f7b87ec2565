"""A sequence diagram in Mermaid, which GitHub, GitLab and most editors of Markdown draw."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..flights import Flight, flights
from ..format import encode_moment
from ..states import encode_envelope
from ..trace import Trace
from ..words import say_assumed, say_message, say_step
from .fold import drawn, gap
from .opening import unusual

WIDEST = 120
"""The longest text beside an arrow or in a note."""


def mermaid(trace: Trace) -> str:
    """One participant for each process, notes for actions and faults, an arrow for each message.

    An arrow stands at the step in which its message arrives; a message that is still under way at the end is drawn
    where it was sent, as a dashed open arrow, a lost one ends in a cross, also where a disconnection loses it.
    A counterexample to induction begins with what is assumed, and with what in its first state is not as at the start.
    """
    return "\n".join(["sequenceDiagram", *(f"    {line}" for line in _Diagram(trace).lines())]) + "\n"


def escape(text: str) -> str:
    """Text that Mermaid shows as it is: no character of it can end a statement or begin another."""
    text = text if len(text) <= WIDEST else text[: WIDEST - 1] + "…"
    lines = re.split(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]", text)
    return "<br/>".join("".join(map(_character, line)) for line in lines)


def _character(character: str) -> str:
    # `#` begins Mermaid's own entities, `;` ends a statement, `%%` begins a comment, `<` begins markup
    if character in '#;%<>&"\\`{}' or not character.isprintable():
        return f"#{ord(character)};"
    return character


class _Diagram:
    """The lines of a diagram."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        names = [repr(ref) for ref in trace.system.refs] or [type(trace.system.protocol).__name__]
        self._aliases = {name: f"p{i}" for i, name in enumerate(names)}
        self._steps = [encode_moment(trace.system, i, m) for i, m in enumerate(trace.moments)]
        self._flights = flights(trace)

    def lines(self) -> Iterator[str]:
        """Participants, then steps, then what is violated."""
        for name, alias in self._aliases.items():
            yield f"participant {alias} as {escape(name)}"
        yield from self._opening()
        length, previous = self._trace.length, 0
        for number in drawn(length):
            if number != previous + 1:
                yield f"Note over {self._everybody()}: {escape(gap(length))}"
            yield from self._step(self._steps[number])
            previous = number
        if self._trace.kind != "run":
            yield f"Note over {self._everybody()}: {escape(self._verdict())}"

    def _opening(self) -> Iterator[str]:
        """The first state of a counterexample to induction: what is assumed, and what is not as at the start."""
        if self._trace.from_anywhere:
            told = unusual(self._trace)
            about = [f"0: {say_assumed(self._trace.assumes)}", *told.pop("", [])]
            yield f"Note over {self._everybody()}: {'<br/>'.join(map(escape, about))}"
            for process, fields in told.items():
                yield f"Note over {self._aliases[process]}: {'<br/>'.join(map(escape, fields))}"

    def _everybody(self) -> str:
        aliases = list(self._aliases.values())
        return aliases[0] if len(aliases) == 1 else f"{aliases[0]},{aliases[-1]}"

    def _verdict(self) -> str:
        names = {"deadlock": "deadlock", "assertion": "assertion failed", "error": "mistake in the model"}
        violated = names.get(self._trace.kind, f"{self._trace.violated} is violated")
        return "\n".join([violated, *(reason.expression for reason in self._trace.why[:3])])

    def _step(self, step: dict[str, Any]) -> Iterator[str]:
        number, kind = step["number"], step["kind"]
        if kind in ("receive", "duplicate"):
            yield self._arrow(step["message"], "->>", f"{number}: {say_message(step['message'])}")
        elif kind == "lose":
            yield self._lost(number, step["message"])
        else:
            over = self._aliases.get(step["process"] or "", self._everybody())
            yield f"Note over {over}: {escape(f'{number}: {_short(step)}')}"
        for flight in self._flights:
            if flight.lost == number and kind != "lose":
                yield self._lost(number, encode_envelope(self._trace.system, flight.envelope))
            if flight.sent == number:
                yield from self._unseen(flight)

    def _lost(self, number: int, message: dict[str, Any]) -> str:
        return self._arrow(message, "-x", f"{number}: lost: {say_message(message)}")

    def _unseen(self, flight: Flight) -> Iterator[str]:
        """A message that no later step of the trace shows."""
        if not flight.received and flight.lost is None and not flight.merged:
            message = encode_envelope(self._trace.system, flight.envelope)
            yield self._arrow(message, "--)", f"{say_message(message)} (not received)")

    def _arrow(self, message: dict[str, Any], arrow: str, label: str) -> str:
        return f"{self._aliases[message['src']]}{arrow}{self._aliases[message['dst']]}: {escape(label)}"


def _short(step: dict[str, Any]) -> str:
    """The step without the process, over which the note stands anyway."""
    return say_step(step).removeprefix(f"{step['process']} ")
