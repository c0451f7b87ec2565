"""A run from the command line: load the model, run it, tell what it found."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Generic, Literal, TypeVar

import click

from ...models.language import Protocol
from .. import ModelFailed, Result
from . import keeping, text
from .console import complain, say
from .data import as_json
from .failures import Status
from .loading import load
from .output import require_writable, write
from .progress import Silent, Style, shown
from .verdicts import status

R = TypeVar("R")

Engine = Callable[[Protocol, Silent], R]
"""Runs a protocol, and shows its progress."""


@dataclass(frozen=True)
class Report:
    """What to tell of a run, and where."""

    style: Literal["text", "json"]
    output: Path | None
    trace: Path | None
    quiet: bool
    progress: Style
    allow_inconclusive: bool


@dataclass(frozen=True)
class Telling(Generic[R]):
    """How what a sort of run finds is told: as text, on one line, as JSON, as files, and as an exit status.

    `named` gives it the name that the model has on the command line; `keep` writes its traces, and returns what to
    say about them; `undecided` is the word for a run that decides nothing.
    """

    named: Callable[[R, str], R]
    report: Callable[[R], str]
    summary: Callable[[R], str]
    as_json: Callable[[R], str]
    keep: Callable[[R, Path | None], list[str]]
    status: Callable[[R], Status]
    undecided: str


def run(model: str, size: str | None, parameters: dict[str, str], engine: Engine[Result], report: Report) -> None:
    """Run MODEL and report its result. Errors: `click.exceptions.Exit` with the exit status, `ModelError`."""
    run_and_tell(model, size, parameters, engine, report, RESULT)


def run_and_tell(
    model: str, size: str | None, parameters: dict[str, str], engine: Engine[R], report: Report, telling: Telling[R]
) -> None:
    """Run MODEL and report in this way. Errors: `click.exceptions.Exit` with the exit status, `ModelError`."""
    require_writable(report.output, report.trace)
    loaded = load(model)
    protocol = loaded.instance(size, parameters)
    with shown("off" if report.quiet else report.progress, loaded.name) as progress:
        try:
            with _interruptible():
                found = telling.named(engine(protocol, progress), model)
        except ModelFailed as failed:
            progress.close()
            keeping.keep_failure(replace(failed.trace, model=model), report.trace)
            raise
    _tell(found, report, telling)
    raise click.exceptions.Exit(_status(found, report, telling))


@contextmanager
def _interruptible() -> Iterator[None]:
    """A request to end, as `timeout` and CI send it, is heeded like Ctrl-C: with the figures so far."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _tell(found: R, report: Report, telling: Telling[R]) -> None:
    # on the terminal first: a file that cannot be written any more must not cost the result of a long run
    as_text = report.style == "text" or report.output is not None
    as_told = telling.summary if report.quiet else telling.report
    say(as_told(found) if as_text else telling.as_json(found))
    if report.output:
        write(report.output, f"{_formatted(found, report.style, telling)}\n")
    for line in telling.keep(found, report.trace):
        if as_text and not report.quiet:
            say(f"\n{line}")


def _formatted(found: R, style: str, telling: Telling[R]) -> str:
    return telling.as_json(found) if style == "json" else click.unstyle(telling.report(found))


def _status(found: R, report: Report, telling: Telling[R]) -> Status:
    status = telling.status(found)
    if status is Status.INCONCLUSIVE and report.allow_inconclusive:
        complain(f"{telling.undecided}, and allowed to be: the exit status is 0")
        return Status.HOLDS
    return status


# -- the result of an exploration ----------------------------------------------------------------------------------


def _named(result: Result, model: str) -> Result:
    """The result, with the model named as it was on the command line and places seen from the current folder."""
    violations = tuple(replace(v, trace=replace(v.trace, model=model)) for v in result.violations)
    return replace(result, model=model, violations=violations, warnings=tuple(map(from_here, result.warnings)))


def from_here(text: str) -> str:
    """A text with the paths in it seen from the current folder."""
    return text.replace(f"{Path.cwd()}{os.sep}", "")


def _keep(result: Result, path: Path | None) -> list[str]:
    return keeping.keep([(v.name, v.trace) for v in result.violations], path)


RESULT = Telling(_named, text.report, text.summary, as_json, _keep, status, "inconclusive")
"""How the result of an exploration is told."""
