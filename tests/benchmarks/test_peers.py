"""The comparison with other model checkers runs, and says of each one that is missing that it is."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """A trial run on a machine without peers: no program is found on an empty path."""
    folder = tmp_path_factory.mktemp("peers")
    nowhere = {**os.environ, "PATH": str(folder)}
    words = ["--quick", "--engine", "reference", "--threads", "1", "--out", str(folder / "table")]
    command = [sys.executable, "-m", "benchmarks.peers", *words]
    subprocess.run(command, cwd=ROOT, env=nowhere, check=True, capture_output=True)
    table = (folder / "table.md").read_text()
    found: list[dict[str, Any]] = json.loads((folder / "table.json").read_text())["rows"]
    assert len(table.splitlines()) == len(found) + 2
    return found


def test_our_counts_are_the_known_ones(rows: list[dict[str, Any]]) -> None:
    ours = {row["case"]: row["distinct"] for row in rows if row["tool"] == "quorate"}
    assert ours == {"Paxos": 3_921, "Paxos, symmetry": 443, "two-phase commit": 288, "Raft, small": 837}
    assert all(row["differs"] is None for row in rows if row["tool"] == "quorate")


def test_what_was_measured_is_in_the_row(rows: list[dict[str, Any]]) -> None:
    for row in (row for row in rows if row["tool"] == "quorate"):
        assert 0 < row["search_seconds"] < row["wall_seconds"]
        assert row["states_per_second"] == pytest.approx(row["distinct"] / row["wall_seconds"])
        assert row["memory_bytes"] > 2**20


def test_a_missing_peer_has_a_row_that_says_why(rows: list[dict[str, Any]]) -> None:
    missing = {(row["case"], row["tool"]): row["missing"] for row in rows if "missing" in row}
    assert missing == {
        ("Paxos", "tlc"): "no --tlc JAR was given",
        ("Paxos", "stateright"): "there is no cargo",
        ("Paxos, symmetry", "tlc"): "no --tlc JAR was given",
        ("two-phase commit", "tlc"): "no --tlc JAR was given",
        ("two-phase commit", "stateright"): "there is no cargo",
        ("two-phase commit", "spin"): "there is no spin",
        ("Raft, small", "tlc"): "no --tlc JAR was given",
    }
