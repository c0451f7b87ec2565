"""Runs with one seed after another, the tools in turn, so that a busy minute of the machine falls on all of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ..peers.process import Ended, last_line, run
from .lemmas import Lemmas
from .tools import Answer, Tool


@dataclass(frozen=True)
class Run:
    """One run to its end; `load` is how many processes wanted a core, on average, in the minute before."""

    seed: int
    ended: Ended
    answer: Answer
    load: float


@dataclass
class Row:
    """What a tool did with each seed; `failed` says how a run ended without an answer."""

    tool: Tool
    lemmas: Lemmas | None
    runs: list[Run] = field(default_factory=list)
    failed: str | None = None

    @property
    def as_expected(self) -> int:
        """How many runs gave the answer that is expected."""
        return sum(run.answer.verdict == self.tool.expected for run in self.runs)

    @property
    def is_good(self) -> bool:
        """Whether every run did."""
        return self.failed is None and self.as_expected == len(self.runs)


def fill(table: Sequence[Row], seeds: int, say: Callable[[str], None], keep: Callable[[], None]) -> None:
    """Run every row with so many seeds, and keep the table after each."""
    for seed in range(seeds):
        for row in table:
            if row.failed is None:
                _run(row, seed)
                say(f"seed {seed}: {row.tool.case}, {row.tool.tool}: {row.failed or row.runs[-1].answer}")
        keep()


def _run(row: Row, seed: int) -> None:
    """Run a row once more, or note why that cannot be."""
    load = os.getloadavg()[0]
    try:
        ended = run(row.tool.command(seed), Path.cwd())
        row.runs.append(Run(seed, ended, _answer(row.tool, ended), load))
    except (OSError, ValueError) as why:
        row.failed = str(why)


def _answer(tool: Tool, ended: Ended) -> Answer:
    """What a run said. Errors: `ValueError` with the last words of one that said nothing."""
    try:
        return tool.read(ended.output)
    except (ValueError, KeyError) as error:
        words = last_line(ended.errors or ended.output)
        raise ValueError(f"ended with status {ended.status}: {words}") from error
