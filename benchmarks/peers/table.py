"""The table of what was measured, as JSON and as Markdown."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from typing import Any

from .measure import Row, Run

Record = dict[str, Any]

HEAD = (
    "case",
    "tool",
    "parameters",
    "threads",
    "distinct",
    "generated",
    "states/s",
    "wall s",
    "search s",
    "memory MiB",
    "bytes/state",
    "quorate is",
)


def records(table: Sequence[Row]) -> list[Record]:
    """A record for each row, each with quorate's rate as a multiple of its own, on the same case and threads."""
    ours = {
        (row.case.name, row.threads): row
        for row in table
        if row.tool.name == "quorate" and row.runs and row.failed is None
    }
    return [_record(row, ours.get((row.case.name, row.threads))) for row in table]


def _record(row: Row, ours: Row | None) -> Record:
    record = {
        "case": row.case.name,
        "model": row.case.model,
        "symmetry": row.case.symmetry,
        "parameters": dict(row.size.parameters),
        "tool": row.tool.name,
        "threads": row.threads,
    }
    if row.missing is not None:
        return record | {"missing": row.missing}
    if row.failed is not None:
        return record | {"failed": row.failed}
    return record | _figures(row) | {"quorate_ratio": _ratio(row, ours), "differs": row.differs}


def _figures(row: Row) -> Record:
    """The medians of the runs, and each run's wall time."""
    answer = row.runs[0].answer
    return {
        "distinct": answer.distinct,
        "generated": answer.generated,
        "states_per_second": _rate(row),
        "wall_seconds": _median(row, lambda run: run.ended.seconds),
        "wall_seconds_of_runs": [run.ended.seconds for run in row.runs],
        "search_seconds": _median(row, lambda run: run.answer.seconds),
        "memory_bytes": _median(row, lambda run: run.ended.memory),
        "memory_parts": dict(answer.memory),
        "bytes_per_state": _median(row, lambda run: run.answer.bytes_a_state),
    }


def _median(row: Row, of: Callable[[Run], float | None]) -> float | None:
    found = [value for value in map(of, row.runs) if value is not None]
    return statistics.median(found) if found else None


def _rate(row: Row) -> float:
    return statistics.median(run.answer.distinct / run.ended.seconds for run in row.runs)


def _ratio(row: Row, ours: Row | None) -> float | None:
    return None if ours is None or row.tool.name == "quorate" else _rate(ours) / _rate(row)


def markdown(found: Sequence[Record]) -> str:
    """The records as a table; what is missing says why."""
    lines = [f"| {' | '.join(HEAD)} |", f"|{'---|' * len(HEAD)}"]
    return "\n".join([*lines, *(f"| {' | '.join(_cells(record))} |" for record in found)]) + "\n"


def _cells(record: Record) -> list[str]:
    parameters = ", ".join(f"{name} {value}" for name, value in record["parameters"].items() if value)
    start = [record["case"], record["tool"], parameters, str(record["threads"])]
    for absence in ("missing", "failed"):
        if absence in record:
            return [*start, f"{absence}: {_plain(record[absence])}", *[""] * (len(HEAD) - len(start) - 1)]
    distinct = f"{record['distinct']:,}" + (f" WRONG: {record['differs']}" if record["differs"] else "")
    return [
        *start,
        distinct,
        _number(record["generated"]),
        _number(record["states_per_second"]),
        _number(record["wall_seconds"], 2),
        _number(record["search_seconds"], 2),
        _number(record["memory_bytes"] / 2**20),
        _number(record["bytes_per_state"], 1),
        "" if record["quorate_ratio"] is None else f"{_multiple(record['quorate_ratio'])} times as fast",
    ]


def _multiple(ratio: float) -> str:
    return f"{ratio:,.0f}" if ratio >= 100 else f"{ratio:.2g}"


def _plain(why: str) -> str:
    """A reason that does not end the cell it stands in."""
    return why.replace("|", "/").replace("\n", " ")


def _number(value: float | None, digits: int = 0) -> str:
    return "" if value is None else f"{value:,.{digits}f}"
