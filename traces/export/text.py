"""A trace on a terminal: who does what, what is sent, and what changes."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from ..changes import Change, changed
from ..flights import flights
from ..format import encode_moment
from ..show import printable
from ..states import encode_envelope
from ..trace import Reason, Trace
from ..words import say, say_envelope, say_message, say_step
from .opening import opening


def text(trace: Trace) -> str:
    """Numbered steps, below each what it sends and only what it changes; then what is violated, and why.

    A counterexample to induction says so first, and shows the whole of the state that it begins in.
    """
    steps = [encode_moment(trace.system, number, moment) for number, moment in enumerate(trace.moments)]
    lines = [*_first(trace, steps[0])]
    flown = flights(trace)
    for before, step in itertools.pairwise(steps):
        lost = [encode_envelope(trace.system, f.envelope) for f in flown if f.lost == step["number"]]
        lines += _step(before, step, lost if step["kind"] != "lose" else [])
    return "\n".join([*lines, *_end(trace)]) + "\n"


def _first(trace: Trace, step: dict[str, Any]) -> Iterator[str]:
    """The first state; all of it if it is assumed, because no step leads to it."""
    if trace.from_anywhere:
        satisfied = f"satisfies {', '.join(map(printable, trace.assumes))}" if trace.assumes else "is any"
        yield f"counterexample to induction: the first state {satisfied}; it need not be reachable"
    yield f"   0  {say_step(step)}"
    parts = [(f"{part.owner}.{part.name}".removeprefix("."), part.value) for part in opening(trace)]
    width = max((len(name) for name, _ in parts), default=0)
    yield from (f"        {name:<{width}}  {value}" for name, value in parts)


def _step(before: dict[str, Any], step: dict[str, Any], lost: list[dict[str, Any]]) -> Iterator[str]:
    """What a step changes, what its disconnections lose, and what it sends."""
    yield f"{step['number']:>4}  {say_step(step)}"
    changes = list(changed(before["state"], step["state"]))
    width = max((len(_place(change, step)) for change in changes), default=0)
    for change in changes:
        yield f"        {_place(change, step):<{width}}  {say(change.old)} -> {say(change.new)}"
    for each in lost:
        yield f"        disconnects, and loses {say_envelope(each)}"
    for message, receivers in _sent(step).items():
        yield f"        sends {message} to {', '.join(receivers)}"


def _place(change: Change, step: dict[str, Any]) -> str:
    """Where something changed: the process that takes the step need not be named again."""
    own = change.owner and change.owner == step["process"]
    return change.path.removeprefix(f"{change.owner}.") if own else change.path


def _sent(step: dict[str, Any]) -> dict[str, list[str]]:
    sent: dict[str, list[str]] = {}
    for message in step["sent"]:
        sent.setdefault(say_message(message), []).append(message["dst"])
    return sent


def _end(trace: Trace) -> Iterator[str]:
    if trace.kind == "run":
        return
    after = f"after {trace.length} step" + "s" * (trace.length != 1)
    yield {
        "deadlock": f"deadlock {after}: no step can be taken",
        "assertion": f"assertion failed in step {trace.length}",
        "error": f"mistake in the model, met in step {trace.length}",
        "step invariant": f"violated by step {trace.length}: {trace.violated}",
    }.get(trace.kind, f"violated {after}: {trace.violated}")
    for reason in trace.why:
        yield from reason_lines(reason)


def reason_lines(reason: Reason) -> Iterator[str]:
    """Why, on a few indented lines: the expression with its place, then the values."""
    yield f"  because {reason.expression}" + (f"  ({reason.file}:{reason.line})" if reason.line else "")
    for name, value in reason.bindings:
        yield f"    {name} = {value}"
