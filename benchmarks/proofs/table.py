"""The table of what was measured, as JSON and as Markdown."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

from .measure import Row, Run

Record = dict[str, Any]

HEAD = ("case", "tool", "lemmas (lines)", "shown", "answers", "solver s", "CPU s", "wall s")

TIMES: dict[str, Callable[[Run], float]] = {
    "solver_seconds": lambda run: run.answer.seconds,
    "cpu_seconds": lambda run: run.ended.cpu,
    "wall_seconds": lambda run: run.ended.seconds,
}


def machine() -> Record:
    """Where it was measured."""
    versions = {"python": platform.python_version(), "z3": version("z3-solver")}
    return {"machine": platform.machine(), "cores": os.cpu_count(), **versions}


def record(row: Row) -> Record:
    """A row with all its runs."""
    return {
        "case": row.tool.case,
        "tool": row.tool.tool,
        "lemmas": row.lemmas and asdict(row.lemmas),
        "expected": row.tool.expected,
        "as_expected": row.as_expected,
        "failed": row.failed,
        "runs": [_run(run) for run in row.runs],
    }


def _run(run: Run) -> Record:
    times = {name: of(run) for name, of in TIMES.items()}
    return {"seed": run.seed, "verdict": run.answer.verdict, "shown": run.answer.shown, **times, "load": run.load}


def markdown(found: Sequence[Record]) -> str:
    """The records as a table."""
    rows = ["| " + " | ".join(_cells(each)) + " |" for each in found]
    return "\n".join([f"| {' | '.join(HEAD)} |", f"|{'---|' * len(HEAD)}", *rows]) + "\n"


def _cells(found: Record) -> Iterator[str]:
    lemmas, runs = found["lemmas"], found["runs"]
    yield from (found["case"], found["tool"])
    yield f"{lemmas['count']} ({lemmas['lines']})" if lemmas else ""
    yield ", ".join(str(n) for n in sorted({run["shown"] for run in runs if run["shown"] is not None}))
    yield _answers(found)
    yield from (spread([run[name] for run in runs]) for name in TIMES)


def _answers(found: Record) -> str:
    if found["failed"] is not None:
        return f"failed: {found['failed'].replace('|', '/')}"
    return f"{found['as_expected']} of {len(found['runs'])} {found['expected']}"


def spread(figures: Sequence[float]) -> str:
    """The median, and the least and the greatest."""
    if not figures:
        return ""
    return f"{statistics.median(figures):.2f} [{min(figures):.2f}-{max(figures):.2f}]"
