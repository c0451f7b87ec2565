"""How many states a second the reference engine explores.

    python benchmarks/reference.py [--runs N] [--json FILE] [--only NAME]

Each model is checked with all its properties in a process of its own, `--runs` times, the models taking turns so that a
busy minute of the machine falls on all of them; the table has the median and the range. Figures of different runs or
of different machines do not compare; the ratios of one run do.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import platform
import statistics
from collections.abc import Callable
from typing import Any

from quorate.checker import check
from quorate.models.language import Protocol


def paxos_sets() -> Protocol:
    """Lamport's Paxos with a message set: 3 acceptors, 3 ballots, 2 values."""
    from quorate.models.paxos.paxos_sets import PaxosSets

    return PaxosSets(acceptors=3, ballots=3, values=2)


def raft() -> Protocol:
    """Raft: 3 servers, 2 terms, 1 entry."""
    from quorate.models.raft import Raft

    return Raft(servers=3, terms=2, entries=1)


CASES: dict[str, tuple[Callable[[], Protocol], bool]] = {
    "paxos_sets": (paxos_sets, False),
    "paxos_sets, symmetry": (paxos_sets, True),
    "raft": (raft, False),
    "raft, symmetry": (raft, True),
}


def measure(name: str) -> dict[str, Any]:
    """One run of one case."""
    make, symmetry = CASES[name]
    result = check(make(), symmetry=symmetry)
    return {
        "verdict": result.verdict.value,
        "distinct": result.distinct_states,
        "generated": result.generated_states,
        "depth": result.depth,
        "seconds": result.elapsed_seconds,
    }


def measured(names: list[str], runs: int) -> dict[str, list[dict[str, Any]]]:
    """All runs of all cases, in turn, each in a fresh process."""
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    context = multiprocessing.get_context("spawn")
    for _ in range(runs):
        for name in names:
            with context.Pool(1) as pool:
                found[name].append(pool.apply(measure, (name,)))
    return found


def row(name: str, runs: list[dict[str, Any]]) -> str:
    """A line of the table."""
    rates = sorted(run["distinct"] / run["seconds"] for run in runs)
    middle = statistics.median(rates)
    steps = statistics.median(run["generated"] / run["seconds"] for run in runs)
    one = runs[0]
    return (
        f"| {name} | {one['distinct']:,} | {one['generated']:,} | {one['depth']} | {one['verdict']} "
        f"| {middle:,.0f} [{rates[0]:,.0f}-{rates[-1]:,.0f}] | {steps:,.0f} |"
    )


def main() -> None:
    """Measure, and print a Markdown table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("--only", choices=list(CASES), action="append")
    options = parser.parse_args()
    found = measured(options.only or list(CASES), options.runs)
    print(f"CPython {platform.python_version()}, {platform.machine()}; median [range] of {options.runs} runs\n")
    print("| model | distinct | generated | depth | verdict | distinct states/s | successors/s |")
    print("|---|---|---|---|---|---|---|")
    for name, runs in found.items():
        print(row(name, runs))
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump(found, file, indent=2)


if __name__ == "__main__":
    main()
