"""How long the proofs that come with quorate take, over several seeds.

    python -m benchmarks.proofs [--seeds N] [--mypyvy FOLDER] [--only NAME] [--time-limit SECONDS] [--out FILE]

Run it from the root of the repository. Writes FILE.json and FILE.md, and prints the table. Exit status 1 if a proof was
not found with one of the seeds. benchmarks/README.md says what is measured.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from .measure import Row, fill
from .table import machine, markdown, record
from .tools import Tool, tools


def options() -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--seeds", type=int, default=10, metavar="N", help="how many seeds, from 0")
    parser.add_argument("--mypyvy", type=Path, metavar="FOLDER", help="a checkout of mypyvy; left out without one")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="cases or tools that begin so")
    parser.add_argument("--time-limit", type=float, default=300, metavar="SECONDS", help="for each obligation")
    parser.add_argument("--out", metavar="FILE", type=Path, help="without an ending")
    return parser.parse_args()


def chosen(asked: argparse.Namespace) -> list[Tool]:
    """Everything, or what `--only` names."""
    every = tools(asked.mypyvy, asked.time_limit)
    starts = tuple(asked.only) or ("",)
    return [each for each in every if each.case.startswith(starts) or each.tool.startswith(starts)]


def write(table: Sequence[Row], out: Path | None) -> None:
    """Keep the table in both forms."""
    if out is not None:
        found = [record(row) for row in table]
        out.with_suffix(".json").write_text(json.dumps(machine() | {"rows": found}, indent=2) + "\n", encoding="utf-8")
        out.with_suffix(".md").write_text(markdown(found), encoding="utf-8")


def main() -> int:
    """Measure, print and keep the table."""
    asked = options()
    table = [Row(tool, tool.lemmas()) for tool in chosen(asked)]
    fill(table, asked.seeds, lambda line: print(line, file=sys.stderr, flush=True), lambda: write(table, asked.out))
    print(markdown([record(row) for row in table]), end="")
    return int(not table or not all(row.is_good for row in table))


if __name__ == "__main__":
    sys.exit(main())
