"""The proofs are measured, mypyvy's beside them, and a run that finds none is noticed."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent.parent

MYPYVY = """
import sys
print("  implies invariant one... ok. (0:00:00.250000)")
print("  preserves invariant one... ok. (0:01:00.500000)")
print("program has errors." if "raft" in sys.argv[-1] else "all ok!")
"""

MODEL = '''
from __future__ import annotations
from typing import Annotated
from quorate.models.language import Protocol, Range, action, invariant, lemma, shared

class Counter(Protocol):
    count: Annotated[int, Range(0, 9)] = shared(0)

    @action
    def step(self) -> None:
        self.count = self.following(self.count)

    def following(self, count: int) -> int:
        return (count + 2) % 10

    @invariant
    def never_three(self) -> bool:
        return self.count != 3

    @lemma
    def even(self) -> bool:
        """Every step
        keeps it."""
        # and so it is

        return self.is_even(
            self.following(self.count)
        )

    def is_even(self, count: int) -> bool:
        return count % 2 == 0
'''


def run(folder: Path, *words: str) -> tuple[int, list[dict[str, Any]]]:
    command = [sys.executable, "-m", "benchmarks.proofs", *words, "--out", str(folder / "table")]
    status = subprocess.run(command, cwd=ROOT, check=False, capture_output=True).returncode
    return status, json.loads((folder / "table.json").read_text())["rows"]


def test_a_proof_is_measured_with_each_seed(tmp_path: Path) -> None:
    status, (row,) = run(tmp_path, "--only", "Paxos, 3", "--seeds", "2")
    assert (status, row["as_expected"], row["failed"]) == (0, 2, None)
    assert [one["seed"] for one in row["runs"]] == [0, 1]
    assert all(0 < one["solver_seconds"] < one["wall_seconds"] and one["cpu_seconds"] > 0 for one in row["runs"])
    assert 0 < row["lemmas"]["count"] < row["lemmas"]["lines"]
    assert "| 2 of 2 proved |" in (tmp_path / "table.md").read_text()


def test_a_proof_that_is_not_found_is_an_error(tmp_path: Path) -> None:
    script = tmp_path / "src" / "mypyvy.py"
    script.parent.mkdir()
    script.write_text(MYPYVY)
    status, rows = run(tmp_path, "--mypyvy", str(tmp_path), "--only", "mypyvy", "--seeds", "1")
    assert status == 1
    assert {row["case"]: row["as_expected"] for row in rows} == {
        "paxos_epr.pyv": 1,
        "flexible_paxos_epr.pyv": 1,
        "fast_paxos_epr.pyv": 1,
        "multi_paxos_epr.pyv": 1,
        "raft_epr.pyv": 0,
    }
    assert all(row["runs"][0]["shown"] == 2 and row["runs"][0]["solver_seconds"] == 60.75 for row in rows)


def test_lemmas_are_counted_with_what_only_they_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    cases, lemmas = (importlib.import_module(f"benchmarks.proofs.{room}") for room in ("cases", "lemmas"))
    model = tmp_path / "counter.py"
    model.write_text(MODEL)
    found = lemmas.lemmas_of(cases.Proof("", str(model), "never_three"))
    assert (found.count, found.lines) == (1, 5 + 2)  # `even` and `is_even`, but not `following`
