"""A run from the command line: load the model, run it, tell what it found."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

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

Engine = Callable[[Protocol, Silent], Result]
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


def run(model: str, size: str | None, parameters: dict[str, str], engine: Engine, report: Report) -> None:
    """Run MODEL and report. Errors: `click.exceptions.Exit` with the exit status, `ModelError`."""
    require_writable(report.output, report.trace)
    loaded = load(model)
    protocol = loaded.instance(size, parameters)
    with shown("off" if report.quiet else report.progress, loaded.name) as progress:
        try:
            with _interruptible():
                result = _named(engine(protocol, progress), model)
        except ModelFailed as failed:
            progress.close()
            keeping.keep_failure(replace(failed.trace, model=model), report.trace)
            raise
    _tell(result, report)
    raise click.exceptions.Exit(_status(result, report))


@contextmanager
def _interruptible() -> Iterator[None]:
    """A request to end, as `timeout` and CI send it, is heeded like Ctrl-C: with the figures so far."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _named(result: Result, model: str) -> Result:
    """The result, with the model named as it was on the command line and places seen from the current folder."""
    violations = tuple(replace(v, trace=replace(v.trace, model=model)) for v in result.violations)
    warnings = tuple(text.replace(f"{Path.cwd()}{os.sep}", "") for text in result.warnings)
    return replace(result, model=model, violations=violations, warnings=warnings)


def _tell(result: Result, report: Report) -> None:
    # on the terminal first: a file that cannot be written any more must not cost the result of a long run
    as_text = report.style == "text" or report.output is not None
    say((text.summary(result) if report.quiet else text.report(result)) if as_text else as_json(result))
    if report.output:
        write(report.output, f"{_formatted(result, report.style)}\n")
    for line in keeping.keep(result, report.trace):
        if as_text and not report.quiet:
            say(f"\n{line}")


def _formatted(result: Result, style: str) -> str:
    return as_json(result) if style == "json" else click.unstyle(text.report(result))


def _status(result: Result, report: Report) -> Status:
    found = status(result)
    if found is Status.INCONCLUSIVE and report.allow_inconclusive:
        complain("inconclusive, and allowed to be: the exit status is 0")
        return Status.HOLDS
    return found
