"""How long the bundled protocols take at their named sizes, and each known bug to its counterexample.

    python -m benchmarks.protocols --out table --sizes small medium

writes `table.json` and `table.md`; exit status 1 if a figure differs from the one beside its model. Each row is one run
in a process of its own, so that none finds code that another one compiled; nothing is kept on disk either. Wall time is
that of `check`: compilation is in it, the start of Python is not.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from quorate.checker import Limits, Result, check
from quorate.checker.cli.bundled import everything
from quorate.checker.cli.loading import load
from quorate.models.mutants import MUTANTS

Row = dict[str, Any]

SIZED = ("protocol", "size", "symmetry", "verdict", "distinct", "generated", "depth", "seconds", "search", "states/s")
BROKEN = ("mutant", "breaks", "steps", "distinct", "seconds", "search")


def rows(sizes: list[str], only: str, *how: str) -> Iterator[Row]:
    """A row for each protocol and size, without and with symmetry, and one for each mutant."""
    for model in everything():
        for size in model.model.sizes:
            for symmetry in (False, True):
                if size.name in sizes and model.name.startswith(only):
                    yield _apart("size", model.name, size.name, symmetry, *how)
    for name in sorted(MUTANTS):
        if name.startswith(only) and MUTANTS[name].breaks:
            yield _apart("mutant", name, "", True, *how)


def _apart(kind: str, name: str, size: str, symmetry: bool, *how: str) -> Row:
    """One row, measured in a process of its own."""
    words = [kind, name, size, str(int(symmetry)), *how]
    done = subprocess.run([sys.executable, "-m", __spec__.name, "--row", *words], stdout=subprocess.PIPE, check=True)
    found: Row = json.loads(done.stdout)
    return found


def measured(kind: str, name: str, size: str, symmetry: bool, seconds: float, threads: int) -> Row:
    """The row of a protocol at a size, or of a mutant."""
    limits = Limits(seconds=seconds)
    if kind == "size":
        protocol, properties = load(name).instance(size, {}), None
        about: Row = {"protocol": name, "size": size, "symmetry": symmetry}
    else:
        protocol, properties = MUTANTS[name].instance(), [MUTANTS[name].breaks or ""]
        about = {"mutant": name, "breaks": MUTANTS[name].breaks}
    begun = time.perf_counter()
    result = check(protocol, properties=properties, symmetry=symmetry, limits=limits, threads=threads, cached=False)
    wall = time.perf_counter() - begun
    return {
        **about,
        "verdict": result.verdict.value,
        "steps": result.violation.length if result.violation else None,
        "distinct": result.distinct_states,
        "generated": result.generated_states,
        "depth": result.depth,
        "seconds": round(wall, 2),
        "search": round(result.elapsed_seconds, 2),
        "states/s": round(result.distinct_states / max(result.elapsed_seconds, 1e-9)),
        "differs": differs(name, size, symmetry, result),
    }


def differs(name: str, size: str, symmetry: bool, result: Result) -> bool:
    """Whether the figures, or the length of the counterexample, are not those that are recorded beside the model."""
    if not size:
        return result.violation is None or result.violation.length != MUTANTS[name].length
    recorded = load(name).model.size_named(size)
    figures = recorded.symmetric if symmetry else recorded.figures
    return figures not in (None, (result.distinct_states, result.generated_states, result.depth))


def markdown(table: list[Row]) -> str:
    """The two tables."""
    sized = [row for row in table if "protocol" in row]
    broken = [row for row in table if "mutant" in row]
    return "\n".join([*_table(SIZED, sized), "", *_table(BROKEN, broken)]) + "\n"


def _table(heads: tuple[str, ...], found: list[Row]) -> Iterator[str]:
    yield "| " + " | ".join(heads) + " |"
    yield "|---" * len(heads) + "|"
    for row in found:
        yield "| " + " | ".join(_cell(row[head]) for head in heads) + " |"


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    return f"{value:,}" if isinstance(value, int | float) else str(value)


def main() -> None:
    """Measure what was asked for, and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("table"), help="the files without their endings")
    parser.add_argument("--sizes", nargs="+", default=["small", "medium"], help="the sizes to run")
    parser.add_argument("--only", default="", metavar="NAME", help="models and mutants whose names start so")
    parser.add_argument("--seconds", type=float, default=600, help="the longest run; a longer one is inconclusive")
    parser.add_argument("--threads", type=int, default=2, help="threads of each run")
    parser.add_argument("--row", nargs=6, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.row:
        kind, name, size, symmetry, seconds, threads = given.row
        print(json.dumps(measured(kind, name, size, symmetry == "1", float(seconds), int(threads))))
        return
    table = []
    for row in rows(given.sizes, given.only, str(given.seconds), str(given.threads)):
        table.append(row)
        print(json.dumps(row), file=sys.stderr)
    given.out.with_suffix(".json").write_text(json.dumps(table, indent=1) + "\n")
    given.out.with_suffix(".md").write_text(markdown(table))
    sys.exit(any(row["differs"] for row in table))


if __name__ == "__main__":
    main()
