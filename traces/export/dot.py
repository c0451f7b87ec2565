"""A space-time diagram in DOT, for Graphviz: a column for each process, time from top to bottom."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..graph import ENVIRONMENT
from ..trace import Trace
from ..words import say_assumed
from .fold import drawn, gap
from .opening import unusual

STYLES = {
    "program": 'color="#888888", arrowhead=none, weight=50',
    "message": 'color="#1f5fa8", fontcolor="#1f5fa8", constraint=true, weight=1',
    "loss": 'color="#b8860b", fontcolor="#b8860b", style=dashed, weight=1',
}
"""How each kind of edge of the happens-before graph is drawn."""


def dot(trace: Trace) -> str:
    """The happens-before graph: boxes for events, arrows for messages, the violation in red.

    A counterexample to induction begins with a note of what is assumed, and shows there and below the name of each
    process what in its first state is not as at the start.
    """
    graph = trace.causality()
    actors = list(dict.fromkeys([*map(repr, trace.system.refs), *(d["actor"] for _, d in graph.nodes(data=True))]))
    lines = ["digraph trace {", '  graph [rankdir=TB, newrank=true, fontname="sans-serif"];']
    lines += ['  node [shape=box, style="rounded,filled", fillcolor=white, fontname="sans-serif", fontsize=10];']
    lines += ['  edge [fontname="sans-serif", fontsize=9];', *_heads(trace, actors)]
    lines += [f"  {line}" for line in _body(trace, graph, actors)]
    return "\n".join([*lines, "}"]) + "\n"


def quote(text: str) -> str:
    """Text as a DOT string that is shown as it is."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\r", " ").replace("\n", "\\n")
    return '"' + "".join(c if c.isprintable() else " " for c in escaped) + '"'


def _heads(trace: Trace, actors: list[str]) -> Iterator[str]:
    heads, fields = [f"h{i}" for i in range(len(actors))], unusual(trace)
    for head, actor in zip(heads, actors, strict=True):
        label = quote("\n".join([actor, *map(_wrapped, fields.get(actor, []))]))
        yield f"  {head} [group=g{head[1:]}, label={label}, shape=plaintext, style=solid, fontsize=12];"
    yield f"  {{ rank=same; {' '.join(f'{head};' for head in heads)} }}"
    if len(heads) > 1:
        yield f"  {' -> '.join(heads)} [style=invis, weight=10];"


def _body(trace: Trace, graph: Any, actors: list[str]) -> Iterator[str]:
    numbers = drawn(trace.length)
    yield from _assumption(trace)
    if trace.from_anywhere and actors:
        yield "assumed -> h0 [style=invis];"
    for number in numbers:
        event = graph.nodes[number]
        told = any(kind == "message" for _, _, kind in graph.in_edges(number, data="kind"))
        yield f"e{number} [group=g{actors.index(event['actor'])}, {_box(event, told)}];"
    for start, end in _program(graph, numbers, actors):
        yield f"{start} -> {end} [{STYLES['program']}];"
    for start, end, data in graph.edges(data=True):
        if data["kind"] != "program" and {start, end} <= set(numbers):
            yield f"e{start} -> e{end} [{STYLES[data['kind']]}, label={quote(_wrapped(data['message']))}];"
    yield from _order(numbers, gap(trace.length))


def _assumption(trace: Trace) -> Iterator[str]:
    """A note above everything, with the violation if no step is needed for it."""
    if not trace.from_anywhere:
        return
    lines = [f"0: {say_assumed(trace.assumes)}", *unusual(trace).get("", [])]
    if trace.length == 0 and trace.kind != "run":
        lines.append(f"{trace.violated} is violated")
    label = quote("\n".join(map(_wrapped, lines)))
    yield f"assumed [label={label}, shape=note, style=solid];"


def _program(graph: Any, numbers: list[int], actors: list[str]) -> Iterator[tuple[str, str]]:
    """The line of each process, from its name through its events."""
    last = {actor: f"h{i}" for i, actor in enumerate(actors)}
    for number in numbers:
        actor = graph.nodes[number]["actor"]
        yield last[actor], f"e{number}"
        last[actor] = f"e{number}"


def _order(numbers: list[int], left_out: str) -> Iterator[str]:
    """One event to a line, so that time runs downwards for everybody."""
    events = [f"e{number}" for number in numbers]
    if left_out:
        yield f"gap [label={quote(left_out)}, shape=plaintext, style=solid, group=g0];"
        events.insert(len(events) // 2, "gap")
    if len(events) > 1:
        yield f"{' -> '.join(events)} [style=invis, weight=0];"


def _box(event: dict[str, Any], told: bool) -> str:
    """How an event looks; `told` says that an arrow to it tells its message."""
    label = event["label"].replace(f"{event['actor']} ", "", 1) if event["actor"] != ENVIRONMENT else event["label"]
    if told and event["kind"] in ("receive", "duplicate"):
        label = f"{event['step']}: {event['action']}"
    if event["violates"]:
        shown = quote(f"{_wrapped(label)}\n{event['violates']} is violated")
        return f'label={shown}, color="#c00000", fillcolor="#ffe0e0"'
    fault = event["kind"] in ("crash", "lose", "partition", "heal", "duplicate")
    return f"label={quote(_wrapped(label))}" + (', fillcolor="#fff2cc"' if fault else "")


def _wrapped(label: str) -> str:
    return label if len(label) <= 40 else label.replace("(", "(\n", 1).replace(", ", ",\n")
