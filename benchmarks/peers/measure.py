"""Runs of tools on cases, in turn, so that a busy minute of the machine falls on all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from .cases import Case, Size
from .process import Ended, last_line, run
from .tool import Answer, Tool


@dataclass(frozen=True)
class Run:
    """One run to its verdict."""

    ended: Ended
    answer: Answer


@dataclass
class Row:
    """A tool on a case with so many threads: its runs, or why it cannot be run, or how a run failed."""

    case: Case
    size: Size
    tool: Tool
    threads: int
    runs: list[Run] = field(default_factory=list)
    missing: str | None = None
    failed: str | None = None

    @property
    def differs(self) -> str | None:
        """What is wrong with what was found, None if nothing is."""
        if any(not found.answer.holds for found in self.runs):
            return "a property is violated"
        counts = {found.answer.distinct for found in self.runs}
        expected = {self.size.distinct} if self.size.distinct is not None else set()
        return f"distinct states {sorted(counts | expected)}" if self.runs and len(counts | expected) > 1 else None


@dataclass(frozen=True)
class Sizes:
    """Which size of a case a tool runs: `quick` the trial's, `whole` the full one even for slow tools."""

    quick: bool = False
    whole: bool = False

    def of(self, case: Case, tool: Tool) -> Size | None:
        """The size, None if the case is left out."""
        if self.quick:
            return case.quick
        return case.smaller if tool.slow and not self.whole and case.smaller else case.full


def rows(cases: Sequence[Case], tools: Sequence[Tool], threads: Sequence[int], sizes: Sizes) -> Iterator[Row]:
    """Everything that is to be run: with a small state machine first and each tool beside the others."""
    for case in cases:
        for count in threads:
            for tool in tools:
                size = sizes.of(case, tool)
                if size is not None and tool.name in case.tools:
                    yield Row(case, size, tool, count)


def fill(table: Sequence[Row], runs: int, say: Callable[[str], None]) -> None:
    """Run every row so many times, the rows taking turns."""
    for _ in range(runs):
        for row in table:
            if row.missing is None and row.failed is None:
                say(f"{row.case.name}: {row.tool.name}, threads {row.threads}")
                _run(row)


def _run(row: Row) -> None:
    """Run a row once more, or note why not."""
    row.missing = row.tool.prepare(row.case, row.size, row.threads)
    if row.missing is None:
        try:
            ended = run(row.tool.command(row.case, row.size, row.threads), row.tool.folder)
            row.runs.append(Run(ended, _answer(row.tool, ended)))
        except (OSError, ValueError) as why:
            row.failed = str(why)


def _answer(tool: Tool, ended: Ended) -> Answer:
    """What a run found. Errors: `ValueError` with the last words of one that found nothing."""
    try:
        return tool.read(ended.output)
    except (ValueError, KeyError) as error:
        words = last_line(ended.errors or ended.output)
        raise ValueError(f"ended with status {ended.status}: {words}") from error
