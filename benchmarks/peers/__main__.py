"""quorate beside TLC, stateright and SPIN on the same state machines, in one run on one machine.

    python -m benchmarks.peers [--tlc JAR] [--runs N] [--threads 1 2] [--only NAME] [--quick] [--whole] [--out FILE]

Run it from the root of the repository. Writes FILE.json and FILE.md, and prints the table. A tool that this machine
lacks has rows that say so. Exit status 1 if a run failed, a count of distinct states is not the known one or a property
does not hold. benchmarks/README.md says what is compared, and where the tools come from.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from .cases import CASES, Case
from .measure import Row, Sizes, fill, rows
from .ours import Quorate
from .spin import Spin
from .stateright import Stateright
from .table import Record, markdown, records
from .tlc import Tlc
from .tool import Tool


def options() -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--tlc", metavar="JAR", type=Path, help="tla2tools.jar")
    parser.add_argument("--engine", default="native", help="quorate's engine; reference has one thread")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2], metavar="N")
    parser.add_argument("--runs", type=int, default=1, metavar="N", help="the table has medians")
    parser.add_argument("--only", action="append", metavar="NAME", help="a tool, or a case or the start of its name")
    parser.add_argument("--quick", action="store_true", help="sizes of a trial run, which measure nothing")
    parser.add_argument("--whole", action="store_true", help="the full sizes even for slow tools")
    parser.add_argument("--build", metavar="FOLDER", type=Path, help="keep what is built there for another run")
    parser.add_argument("--out", metavar="FILE", type=Path, help="without an ending")
    return parser.parse_args()


def tools(asked: argparse.Namespace, build: Path) -> list[Tool]:
    """The tools, each with a folder of its own."""
    folders = {name: build.resolve() / name for name in ("quorate", "tlc", "stateright", "spin")}
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    return [
        Quorate(asked.engine, folders["quorate"]),
        Tlc(asked.tlc and asked.tlc.resolve(), folders["tlc"]),
        Stateright(folders["stateright"]),
        Spin(folders["spin"]),
    ]


def chosen(only: Sequence[str] | None, all_tools: Sequence[Tool]) -> tuple[list[Case], list[Tool]]:
    """The cases and tools that `only` names; naming no tool means all tools, and likewise cases."""
    names = only or []
    some_tools = [tool for tool in all_tools if tool.name in names]
    some_cases = [case for case in CASES if any(case.name.startswith(name) for name in names)]
    return some_cases or list(CASES), some_tools or list(all_tools)


def measured(asked: argparse.Namespace, build: Path) -> list[Row]:
    """Every row of the table, with its runs."""
    cases, some = chosen(asked.only, tools(asked, build))
    table = list(rows(cases, some, asked.threads, Sizes(asked.quick, asked.whole)))
    fill(table, asked.runs, lambda line: print(line, file=sys.stderr, flush=True))
    return table


def machine() -> Record:
    """Where it was measured."""
    return {"machine": platform.machine(), "cores": os.cpu_count(), "python": platform.python_version()}


def write(out: Path, found: Sequence[Record], runs: int) -> None:
    """Keep the table in both forms."""
    kept = json.dumps(machine() | {"runs": runs, "rows": found}, indent=2)
    out.with_suffix(".json").write_text(kept + "\n", encoding="utf-8")
    out.with_suffix(".md").write_text(markdown(found), encoding="utf-8")


def main() -> int:
    """Measure, print and keep the table."""
    asked = options()
    with tempfile.TemporaryDirectory() as temporary:
        table = measured(asked, asked.build or Path(temporary))
    found = records(table)
    print(markdown(found), end="")
    if asked.out:
        write(asked.out, found, asked.runs)
    return int(any(row.differs or row.failed for row in table))


if __name__ == "__main__":
    sys.exit(main())
