"""What `check` and `simulate` say of a model, and with which exit status."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from jsonschema import Draft202012Validator

from quorate.checker import Verdict

Quorate = Callable[..., Result]

VERDICT = {"enum": [v.value for v in Verdict]}
COUNTS = {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0}}
VIOLATION: dict[str, Any] = {
    "type": "object",
    "properties": {
        "property": {"type": "string"},
        "kind": {"enum": ["invariant", "step invariant", "assertion", "deadlock"]},
        "length": {"type": "integer", "minimum": 0},
        "trace": {"type": "object", "properties": {"schema": {"const": "quorate.trace/1"}}, "required": ["schema"]},
    },
    "required": ["property", "kind", "length", "trace"],
    "additionalProperties": False,
}
FIELDS: dict[str, Any] = {
    "schema": {"const": "quorate.result/1"},
    "model": {"type": "string"},
    "parameters": {"type": "object", "additionalProperties": {"type": ["integer", "boolean", "string"]}},
    "engine": {"enum": ["native", "reference"]},
    "symmetry": {"type": "array", "items": {"type": "string"}},
    "verdict": VERDICT,
    "reason": {"type": "string", "minLength": 1},
    "exhaustive": {"type": "boolean"},
    "interrupted": {"type": "boolean"},
    "properties": {"type": "object", "additionalProperties": VERDICT},
    "violation": {"anyOf": [{"type": "null"}, VIOLATION]},
    "violations": {"type": "array", "items": VIOLATION},
    "warnings": {"type": "array", "items": {"type": "string"}},
    "distinct_states": {"type": "integer", "minimum": 0},
    "generated_states": {"type": "integer", "minimum": 0},
    "depth": {"type": "integer", "minimum": 0},
    "cut": COUNTS,
    "elapsed_seconds": {"type": "number", "minimum": 0},
    "threads": {"type": "integer", "minimum": 1},
    "memory_bytes": COUNTS,
    "collision_probability": {"type": "number", "minimum": 0, "maximum": 1},
    "actions": COUNTS,
}
SCHEMA = {"type": "object", "properties": FIELDS, "required": list(FIELDS), "additionalProperties": False}


def read(text: str) -> dict[str, Any]:
    """A result in JSON, checked against the schema."""
    data: dict[str, Any] = json.loads(text)
    Draft202012Validator(SCHEMA).validate(data)
    return data


# -- text ----------------------------------------------------------------------------------------------------------

HOLDS = """\
HOLDS         counter.py  limit=3
  HOLDS         small
  HOLDS         not_seven

covered   every state within the bounds
cut       limit 1 (transitions beyond these bounds)
symmetry  off
states    4 distinct, 7 generated, depth 4
time      T

actions
  go_up               3
  go_home             3
  panic               0  never taken

warning: panic was never taken
"""

VIOLATED = """\
VIOLATED      counter.py  limit=6
  VIOLATED      small  after 6 steps
  INCONCLUSIVE  not_seven

covered   not every state: small is violated
cut       nothing
symmetry  off
states    7 distinct, 11 generated, depth 6
time      T

actions
  go_up               6
  go_home             4
  panic               0  not taken so far

counterexample to small

   0  initial state
"""


def timeless(text: str) -> str:
    time = r"\d+\.\d\d s, [\d,]+ states/s, native engine on \d threads?"
    memory = r"\d+ MiB; two states taken for one with probability \de-\d\d"
    return re.sub(rf"(?m)^time      {time}\nmemory    {memory}$", "time      T", text)


def test_a_model_that_holds(quorate: Quorate) -> None:
    answer = quorate("check", "counter.py")
    assert (answer.exit_code, answer.stderr) == (0, "")
    assert timeless(answer.stdout) == HOLDS


def test_a_violation_with_its_counterexample(quorate: Quorate) -> None:
    answer = quorate("check", "counter.py", "-p", "limit=6")
    assert (answer.exit_code, answer.stderr) == (1, "")
    assert timeless(answer.stdout).startswith(VIOLATED)
    steps = re.findall(r"(?m)^ +(\d+) +go_up", answer.stdout)
    assert steps == ["1", "2", "3", "4", "5", "6"]
    assert answer.stdout.endswith("then to replay it: quorate replay FILE.json --model counter.py\n")


def test_quiet_is_one_line(quorate: Quorate) -> None:
    assert quorate("check", "counter.py", "-q", "-p", "limit=6").stdout == "VIOLATED  counter.py: small is violated\n"


def test_symmetry_is_named(quorate: Quorate) -> None:
    answer = quorate("check", "two-phase-commit", "--symmetry")
    assert answer.exit_code == 0
    assert "symmetry  Manager\n" in answer.stdout


# -- json ----------------------------------------------------------------------------------------------------------


def test_json_of_a_model_that_holds(quorate: Quorate) -> None:
    answer = quorate("check", "counter.py", "--format", "json")
    found = read(answer.stdout)
    assert answer.exit_code == 0
    for figure in ("elapsed_seconds", "threads", "memory_bytes", "collision_probability"):
        del found[figure]
    assert found == {
        "schema": "quorate.result/1",
        "model": "counter.py",
        "parameters": {"limit": 3},
        "engine": "native",
        "symmetry": [],
        "verdict": "holds",
        "reason": "every state within the bounds was seen",
        "exhaustive": True,
        "interrupted": False,
        "properties": {"small": "holds", "not_seven": "holds"},
        "violation": None,
        "violations": [],
        "warnings": ["panic was never taken"],
        "distinct_states": 4,
        "generated_states": 7,
        "depth": 4,
        "cut": {"limit": 1},
        "actions": {"go_up": 3, "go_home": 3, "panic": 0},
    }


def test_json_of_a_violation(quorate: Quorate) -> None:
    answer = quorate("check", "counter.py", "-p", "limit=6", "--format", "json")
    found = read(answer.stdout)
    assert answer.exit_code == 1
    assert (found["verdict"], found["exhaustive"]) == ("violated", False)
    assert found["properties"] == {"small": "violated", "not_seven": "inconclusive"}
    assert (found["violation"]["property"], found["violation"]["length"]) == ("small", 6)
    assert len(found["violation"]["trace"]["steps"]) == 7
    assert found["violation"]["trace"]["model"]["name"] == "counter.py"


def test_all_goes_on_to_each_property(quorate: Quorate) -> None:
    found = read(quorate("check", "counter.py", "-p", "limit=9", "--all", "--format", "json").stdout)
    assert [(v["property"], v["length"]) for v in found["violations"]] == [("small", 6), ("not_seven", 7)]
    assert found["violation"] == found["violations"][0]
    assert found["exhaustive"]
    assert found["properties"] == {"small": "violated", "not_seven": "violated"}


def test_only_the_named_properties(quorate: Quorate) -> None:
    found = read(quorate("check", "counter.py", "-p", "limit=9", "--property", "not_seven", "--format", "json").stdout)
    assert found["properties"] == {"not_seven": "violated"}


def test_parameters_of_every_type(quorate: Quorate) -> None:
    given = ("-p", "mode=HASTY", "-p", "allowed=False", "-p", "tries=4")
    found = read(quorate("check", "options.py", *given, "--format", "json").stdout)
    assert found["parameters"] == {"mode": "HASTY", "allowed": False, "tries": 4}


def test_a_model_without_properties_says_so(quorate: Quorate) -> None:
    found = read(quorate("check", "several.py:Left", "--format", "json").stdout)
    assert (found["verdict"], found["warnings"]) == ("holds", ["there was no property to check"])


def test_deadlock_is_a_property(quorate: Quorate) -> None:
    assert quorate("check", "options.py").exit_code == 0
    answer = quorate("check", "options.py", "--deadlock", "--format", "json")
    assert answer.exit_code == 1
    assert read(answer.stdout)["violation"]["kind"] == "deadlock"


# -- inconclusive --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "reason"),
    [
        (("--max-states", "3"), "the limit of 3 states was reached"),
        (("--max-depth", "2"), "the depth limit of 2 was reached"),
        (("--time-limit", "0.000001"), "the time limit of 1e-06 s was reached"),
        (("--memory-limit", "1M"), "the memory limit of 1 MiB was reached"),
    ],
)
def test_a_limit_ends_a_run_inconclusive(quorate: Quorate, limit: tuple[str, str], reason: str) -> None:
    answer = quorate("check", "counter.py", *limit, "--format", "json")
    found = read(answer.stdout)
    assert (answer.exit_code, found["verdict"], found["reason"]) == (3, "inconclusive", reason)
    assert found["properties"] == {"small": "inconclusive", "not_seven": "inconclusive"}


def test_an_inconclusive_run_can_be_allowed(quorate: Quorate) -> None:
    answer = quorate("check", "counter.py", "--max-states", "3", "--allow-inconclusive")
    assert (answer.exit_code, answer.stderr) == (0, "inconclusive, and allowed to be: the exit status is 0\n")
    assert answer.stdout.startswith("INCONCLUSIVE")


def test_a_violation_is_never_allowed(quorate: Quorate) -> None:
    assert quorate("check", "counter.py", "-p", "limit=6", "--allow-inconclusive").exit_code == 1


# -- simulate ------------------------------------------------------------------------------------------------------


def test_walks_that_find_something(quorate: Quorate) -> None:
    answer = quorate("simulate", "die-hard", "--seed", "7", "--format", "json")
    assert answer.exit_code == 1
    assert read(answer.stdout)["violation"]["property"] == "not_solved"


def test_walks_that_find_nothing_are_inconclusive(quorate: Quorate) -> None:
    answer = quorate("simulate", "counter.py", "--walks", "3", "--steps", "5", "--format", "json")
    assert (answer.exit_code, read(answer.stdout)["verdict"]) == (3, "inconclusive")


def test_the_same_seed_gives_the_same_walks(quorate: Quorate) -> None:
    runs = [read(quorate("simulate", "die-hard", "--seed", "3", "--format", "json").stdout) for _ in range(2)]
    for run in runs:
        del run["elapsed_seconds"], run["memory_bytes"]
    assert runs[0] == runs[1]


# -- ir ------------------------------------------------------------------------------------------------------------


def test_ir_shows_the_model(quorate: Quorate, folder: Path) -> None:
    answer = quorate("ir", "counter.py", "-p", "limit=4")
    assert answer.exit_code == 0
    assert "go_home" in answer.stdout
    assert quorate("ir", "counter.py", "-p", "limit=4", "--output", "it.txt").stdout == ""
    assert (folder / "it.txt").read_text() == answer.stdout


RANKED = """\
from __future__ import annotations

from quorate.models.language import *


class Node(Process):
    up: bool = durable(False)

    @action
    def rise(self) -> None:
        require(rank(self.id) == 0 and not self.up)
        self.up = True

    spare = lambda self: True


class Ranked(Protocol):
    nodes: Cluster[Node] = cluster(2)
"""


def test_a_warning_has_its_place_seen_from_here(quorate: Quorate, folder: Path) -> None:
    (folder / "ranked.py").write_text(RANKED)
    answer = quorate("check", "ranked.py", "--symmetry")
    assert answer.exit_code == 0
    assert "warning: symmetry over nodes is off: rank(...) gives them numbers, at ranked.py:11:17\n" in answer.stdout
