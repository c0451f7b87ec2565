"""The result of a run as text: the verdicts first, then what they rest on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import click

from ...traces import EXPORTERS, Trace
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
    return f"  after {many(violation.length, 'step')}"


def many(number: int, noun: str) -> str:
    """So many: `1 step`, `1,234 steps`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


# -- what the verdict rests on -------------------------------------------------------------------------------------


def table(rows: Iterable[tuple[str, str]]) -> str:
    """Lines with a title each."""
    return "\n".join(f"{title:10}{text}" for title, text in rows)


def _covered(result: Result) -> str:
    return table(_unrolled(result) if _is_symbolic(result) else _explored(result))


def _is_symbolic(result: Result) -> bool:
    """Whether a solver looked for runs, which counts neither states nor actions."""
    return result.engine == "symbolic"


def _unrolled(result: Result) -> Iterator[tuple[str, str]]:
    """What a search for runs by their length rests on."""
    yield "covered", f"not every state: {result.reason}"
    searched = f"every run of at most {many(result.depth - 1, 'step')}" if result.depth else "no run of any length"
    yield "searched", f"{searched} within the bounds"
    yield "time", f"{result.elapsed_seconds:.2f} s, symbolic engine"


def _explored(result: Result) -> Iterator[tuple[str, str]]:
    yield "covered", "every state within the bounds" if result.exhaustive else f"not every state: {result.reason}"
    yield "cut", _cut(result)
    yield "symmetry", ", ".join(result.symmetry) or "off"
    yield "states", _states(result)
    yield "time", f"{result.elapsed_seconds:.2f} s, {_rate(result):,.0f} states/s, {_engine(result)}"
    if result.usage.memory:
        yield "memory", _memory(result)


def _engine(result: Result) -> str:
    threads = result.usage.threads
    return f"{result.engine} engine" + (f" on {many(threads, 'thread')}" if result.usage.memory else "")


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
    if _is_symbolic(result):
        return ""
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
    return entitled("counterexample" + (f" to {violation.name}" if of_property else ""), violation.trace)


def entitled(title: str, trace: Trace) -> str:
    """The steps of a trace below a title."""
    steps = EXPORTERS["text"](trace).rstrip()
    return f"{click.style(title, bold=True)}\n\n{steps}"
