"""`replay` and `export`: what becomes of a counterexample that was kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import networkx
import pytest
from click.testing import Result

Quorate = Callable[..., Result]


@pytest.fixture
def trace(quorate: Quorate) -> str:
    assert quorate("check", "die-hard", "--trace", "it.json").exit_code == 1
    return "it.json"


@pytest.fixture
def counted(quorate: Quorate) -> str:
    assert quorate("check", "counter.py", "-p", "limit=6", "--trace", "counted.json").exit_code == 1
    return "counted.json"


def changed(folder: Path, old: str, new: str) -> str:
    """A candidate change of the counter."""
    text = (folder / "counter.py").read_text()
    assert old in text
    (folder / "candidate.py").write_text(text.replace(old, new))
    return "candidate.py"


def test_a_bundled_model_needs_no_naming(quorate: Quorate, trace: str) -> None:
    answer = quorate("replay", trace)
    assert (answer.exit_code, answer.stderr) == (1, "")
    assert answer.stdout.startswith("it.json: reproduced: not_solved is violated after 6 steps\n")


def test_reproduced_on_a_candidate(quorate: Quorate, counted: str) -> None:
    answer = quorate("replay", counted, "--model", "counter.py")
    assert answer.exit_code == 1
    assert answer.stdout.startswith("counted.json: reproduced: small is violated after 6 steps\n")


def test_no_longer_possible(quorate: Quorate, counted: str, folder: Path) -> None:
    candidate = changed(folder, "        self.count += 1", "        require(self.count < 4)\n        self.count += 1")
    answer = quorate("replay", counted, "--model", candidate)
    assert answer.exit_code == 0
    assert answer.stdout.startswith("counted.json: no longer possible: step 5, go_up(): the guard is not met: ")


def test_a_trace_of_another_protocol(quorate: Quorate, trace: str, counted: str) -> None:
    answer = quorate("replay", counted, "--model", "die-hard")
    assert answer.exit_code == 2
    assert answer.stdout == "counted.json: not replayed: the trace of counter.py does not fit die-hard\n"
    assert "   because it was recorded with limit, which DieHard does not have as a parameter\n" in answer.stderr


def test_no_longer_possible_with_another_parameter(quorate: Quorate, counted: str) -> None:
    answer = quorate("replay", counted, "--model", "counter.py", "-p", "limit=5")
    assert answer.exit_code == 0
    assert "no longer possible: step 6, go_up(): it is cut by the bound limit" in answer.stdout


def test_no_longer_a_violation(quorate: Quorate, counted: str, folder: Path) -> None:
    answer = quorate("replay", counted, "--model", changed(folder, "self.count < 6", "self.count < 8"))
    assert answer.exit_code == 0
    assert "counted.json: no longer a violation: all 6 steps are possible" in answer.stdout


def test_a_candidate_without_the_property(quorate: Quorate, counted: str, folder: Path) -> None:
    answer = quorate("replay", counted, "--model", changed(folder, "def small", "def tiny"))
    assert answer.exit_code == 2
    assert "has no property small" in answer.stderr


def test_a_candidate_that_is_no_model(quorate: Quorate, counted: str, folder: Path) -> None:
    answer = quorate("replay", counted, "--model", changed(folder, "self.count += 1", "self.cuont += 1"))
    assert answer.exit_code == 2
    assert answer.stderr.startswith("candidate.py:19:9: error[")


def test_several_traces_and_a_bad_one(quorate: Quorate, trace: str, folder: Path) -> None:
    (folder / "corpus").mkdir()
    for name in ("a.json", "b.json"):
        (folder / "corpus" / name).write_text((folder / trace).read_text())
    (folder / "corpus" / "c.json").write_text("{}")
    answer = quorate("replay", "corpus")
    assert answer.exit_code == 1
    assert [line.split(":")[0] for line in answer.stdout.splitlines() if line.startswith("corpus")] == [
        "corpus/a.json",
        "corpus/b.json",
        "corpus/c.json",
    ]
    assert answer.stdout.endswith("\n2 reproduced, 1 not replayed\n")
    assert answer.stderr.startswith("error[bad-trace]: corpus/c.json: ")


def test_a_bad_trace_is_an_error_even_if_no_other_is_reproduced(quorate: Quorate, counted: str, folder: Path) -> None:
    (folder / "bad.json").write_text("{}")
    assert quorate("replay", counted, "bad.json", "--model", "counter.py", "-p", "limit=5").exit_code == 2


def test_a_run_that_violates_nothing_may_be_possible(quorate: Quorate, trace: str, folder: Path) -> None:
    data = json.loads((folder / trace).read_text()) | {"kind": "run", "violated": "", "why": []}
    (folder / "run.json").write_text(json.dumps(data))
    assert quorate("replay", "run.json").exit_code == 0
    assert quorate("replay", "run.json", trace).exit_code == 1


def test_as_json(quorate: Quorate, counted: str, folder: Path) -> None:
    (folder / "bad.json").write_text("{}")
    answer = quorate("replay", counted, "bad.json", "--model", "counter.py", "--format", "json")
    data = json.loads(answer.stdout)
    assert data["schema"] == "quorate.replay/1"
    good, bad = data["traces"]
    assert good == {
        "file": "counted.json",
        "outcome": "reproduced",
        "model": "counter.py",
        "kind": "invariant",
        "property": "small",
        "length": 6,
        "step": 6,
        "action": "go_up()",
        "reason": "",
        "differs_from": None,
    }
    assert (bad["file"], bad["outcome"]) == ("bad.json", "not replayed")
    assert bad["error"].startswith("error[bad-trace]: ")


# -- export --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("form", "start"),
    [
        ("json", '{\n  "schema": "quorate.trace/1"'),
        ("itf", "{"),
        ("text", "   0  initial"),
        ("mermaid", "sequenceDiagram"),
        ("dot", "digraph"),
        ("graphml", "<?xml"),
        ("graphml-events", "<?xml"),
    ],
)
def test_export(quorate: Quorate, trace: str, folder: Path, form: str, start: str) -> None:
    answer = quorate("export", trace, "--format", form)
    assert (answer.exit_code, answer.stderr) == (0, "")
    assert answer.stdout.startswith(start)
    assert quorate("export", trace, "--format", form, "--output", "out").stdout == ""
    assert (folder / "out").read_text() == answer.stdout


def test_export_as_json_is_the_trace_itself(quorate: Quorate, trace: str, folder: Path) -> None:
    assert quorate("export", trace, "--format", "json").stdout == (folder / trace).read_text()


def test_export_as_graphml_can_be_read(quorate: Quorate, trace: str) -> None:
    quorate("export", trace, "--format", "graphml", "--output", "it.graphml")
    assert networkx.read_graphml("it.graphml").number_of_nodes() == 7


def test_export_of_an_own_model_needs_it(quorate: Quorate, counted: str) -> None:
    assert quorate("export", counted, "--format", "text").exit_code == 2
    assert quorate("export", counted, "--format", "text", "--model", "counter.py").exit_code == 0


def test_the_trace_of_a_mutant_against_the_protocol_itself(quorate: Quorate) -> None:
    assert quorate("check", "mutant:raft-forgets-vote", "--trace", "it.json").exit_code == 1
    assert quorate("replay", "it.json").exit_code == 1
    answer = quorate("replay", "it.json", "--model", "raft")
    assert answer.exit_code == 0
    assert "no longer" in answer.stdout
