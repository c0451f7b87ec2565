"""The words and colours of a verdict, and the exit status it becomes."""

from __future__ import annotations

import click

from .. import Result, Verdict
from .failures import Status

_COLOURS = {Verdict.HOLDS: "green", Verdict.VIOLATED: "red", Verdict.INCONCLUSIVE: "yellow"}
_STATUSES = {
    Verdict.HOLDS: Status.HOLDS,
    Verdict.VIOLATED: Status.VIOLATED,
    Verdict.INCONCLUSIVE: Status.INCONCLUSIVE,
}


def word(verdict: Verdict, width: int = 0) -> str:
    """The verdict in capitals and its colour."""
    return click.style(f"{verdict.value.upper():{width}}", fg=_COLOURS[verdict], bold=True)


WIDEST = max(len(verdict.value) for verdict in Verdict)
"""The width of the longest verdict."""


def status(result: Result) -> Status:
    """The exit status of a run: a violation counts even if the run was interrupted after it."""
    if result.interrupted and result.verdict is not Verdict.VIOLATED:
        return Status.INTERRUPTED
    return _STATUSES[result.verdict]
