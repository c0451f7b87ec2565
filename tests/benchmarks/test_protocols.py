"""The table of protocols and known bugs is measured, and notices a figure that is not the recorded one."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

from quorate.checker import check
from quorate.models.raft import Raft

ROOT = Path(__file__).parent.parent.parent
FILE = ROOT / "benchmarks" / "protocols.py"
protocols = ModuleType("protocols")  # a script, which no package has
exec(compile(FILE.read_text(), FILE, "exec"), vars(protocols))


def test_a_known_bug(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "benchmarks.protocols",
        "--only",
        "abd-takes-half",
        "--out",
        str(tmp_path / "table"),
    ]
    assert subprocess.run(command, cwd=ROOT, check=False, capture_output=True).returncode == 0
    (row,) = json.loads((tmp_path / "table.json").read_text())
    assert (row["mutant"], row["steps"], row["differs"]) == ("abd-takes-half", 14, False)
    assert 0 < row["search"] <= row["seconds"]
    assert "| abd-takes-half | linearizable_register | 14 |" in (tmp_path / "table.md").read_text()


def test_a_size() -> None:
    row = protocols.measured("size", "raft", "small", True, 60, 1)
    assert (row["verdict"], row["differs"]) == ("holds", False)
    assert "| raft | small | yes | holds |" in protocols.markdown([row])


def test_another_figure_differs() -> None:
    result = check(Raft(terms=1), symmetry=True)
    assert protocols.differs("raft", "small", True, result)
    assert protocols.differs("raft-forgets-vote", "", True, result)
