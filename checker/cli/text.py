"""The result of a run as text: the verdicts first, then what they rest on."""

from __future__ import annotations

from collections.abc import Iterator

import click

from ...traces import EXPORTERS
from .. import Result, Violation
from .parameters import shown
from .verdicts import WIDEST, word

MANY = 100_000
"""From so many states on, what is held for each says something; below, it is what is there at the start."""


def report(result: Result) -> str:
    """Everything that a run found, as text."""
    blocks = [verdicts(result), _covered(result), _actions(result), _warnings(result), *_counterexamples(result)]
    return "\n\n".join(block for block in blocks if block)


def verdicts(result: Result) -> str:
    """The verdict, and below it that of each property."""
    parameters = " ".join(f"{name}={shown(value)}" for name, value in result.parameters.items())
    first = f"{word(result.verdict, WIDEST)}  {click.style(result.model, bold=True)}  {parameters}".rstrip()
    lengths = {violation.name: _length(violation) for violation in result.violations}
    others = [f"  {word(v, WIDEST)}  {name}{lengths.get(name, '')}" for name, v in result.properties.items()]
    return "\n".join([first, *others])


def summary(result: Result) -> str:
    """The verdict on one line."""
    return f"{word(result.verdict)}  {result.model}: {result.reason}"


def _length(violation: Violation) -> str:
    return f"  after {_many(violation.length, 'step')}"


def _many(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


# -- what the verdict rests on -------------------------------------------------------------------------------------


def _covered(result: Result) -> str:
    return "\n".join(f"{title:10}{text}" for title, text in _rows(result))


def _rows(result: Result) -> Iterator[tuple[str, str]]:
    yield "covered", "every state within the bounds" if result.exhaustive else f"not every state: {result.reason}"
    yield "cut", _cut(result)
    yield "symmetry", ", ".join(result.symmetry) or "off"
    yield "states", _states(result)
    yield "time", f"{result.elapsed_seconds:.2f} s, {_rate(result):,.0f} states/s, {_engine(result)}"
    if result.usage.memory:
        yield "memory", _memory(result)


def _engine(result: Result) -> str:
    threads = result.usage.threads
    return f"{result.engine} engine" + (f" on {_many(threads, 'thread')}" if result.usage.memory else "")


def _memory(result: Result) -> str:
    taken, states = sum(result.usage.memory.values()), result.distinct_states
    each = f", {taken / states:,.0f} bytes a state" if states >= MANY else ""
    missed = f"two states taken for one with probability {result.usage.collisions:.0e}"
    return f"{taken / 2**20:,.0f} MiB{each}; {missed}"


def _cut(result: Result) -> str:
    if not result.cut:
        return "nothing"
    bounds = ", ".join(f"{bound} {times:,}" for bound, times in result.cut.items())
    return f"{bounds} (transitions beyond these bounds)"


def _states(result: Result) -> str:
    counted = f"{result.distinct_states:,} distinct, {result.generated_states:,} generated"
    return f"{counted}, depth {result.depth}"


def _rate(result: Result) -> float:
    return result.distinct_states / result.elapsed_seconds if result.elapsed_seconds else 0.0


def _actions(result: Result) -> str:
    width = max(map(len, result.actions), default=0)
    idle = click.style("never taken" if result.exhaustive else "not taken so far", fg="yellow")
    lines = [f"  {name:{width}}  {times:12,}" for name, times in result.actions.items()]
    marks = ["" if times else f"  {idle}" for times in result.actions.values()]
    return "\n".join(["actions", *map(str.__add__, lines, marks)]) if lines else ""


def _warnings(result: Result) -> str:
    return "\n".join(f"{click.style('warning', fg='yellow')}: {text}" for text in result.warnings)


# -- what is violated ----------------------------------------------------------------------------------------------


def _counterexamples(result: Result) -> list[str]:
    return [_counterexample(violation) for violation in result.violations]


def _counterexample(violation: Violation) -> str:
    of_property = violation.trace.kind in ("invariant", "step invariant")
    title = click.style("counterexample" + (f" to {violation.name}" if of_property else ""), bold=True)
    steps = EXPORTERS["text"](violation.trace).rstrip()
    return f"{title}\n\n{steps}"
