"""What `prove` and `bmc` say of what their engine finds, and with which exit status."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from jsonschema import Draft202012Validator

from quorate import checker
from quorate.checker import Verdict, check
from quorate.checker.cli.bmc import line
from quorate.checker.cli.progress import Silent
from quorate.checker.cli.prove import told
from quorate.checker.search import Statistics
from quorate.checker.symbolic.proof import Answer, Obligation, Outcome, Proof
from quorate.models.language import Protocol
from quorate.models.semantics import Outcome as Taken
from quorate.models.semantics import System
from quorate.traces import ASSUMED, Moment, Trace, explained

Quorate = Callable[..., Result]
Engine = Callable[..., Any]

# -- an engine that answers as it is told -------------------------------------------------------------------------

INITIATION = Obligation("initiation", "small")
KEPT = Obligation("consecution", "small", "go_home")
BROKEN = Obligation("consecution", "small", "go_up")
IMPLIED = Obligation("implication", "not_seven")


def proof(*outcomes: Outcome, **more: Any) -> Proof:
    known: dict[str, Any] = {"invariants": ("not_seven",), "lemmas": ("small",), "parameters": {"limit": 9}}
    return Proof(model="Counter", outcomes=outcomes, elapsed_seconds=1.5, **{**known, **more})


def proved(*obligations: Obligation) -> tuple[Outcome, ...]:
    return tuple(Outcome(obligation, Answer.PROVED, 0.25) for obligation in obligations)


def from_five(protocol: Protocol) -> Trace:
    """A counterexample to induction: the counter goes up from five."""
    system = System(protocol)
    (_, first), *_ = system.initial()
    assert isinstance(first, Taken)
    five = first.state._replace(shared=(5,))
    step, up = next((step, tried) for step, tried in system.successors(five) if step.name == "go_up")
    assert isinstance(up, Taken)
    moments = (Moment(ASSUMED, (), five), Moment(step, up.sent, up.state))
    return explained(Trace(system, moments, "invariant", "small", assumes=("small", "not_seven")))


def failed(protocol: Protocol) -> Proof:
    broken = Outcome(BROKEN, Answer.NOT_INDUCTIVE, 0.5, trace=from_five(protocol))
    return proof(*proved(INITIATION, KEPT), broken, *proved(IMPLIED))


UNDECIDED = Outcome(BROKEN, Answer.UNKNOWN, 60.0, "timeout")
WHOLE = proof(*proved(INITIATION, KEPT, BROKEN, IMPLIED))


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Engine], list[dict[str, Any]]]:
    """Puts an engine in the place of another; returns what it is asked."""

    def put(name: str, found: Engine) -> list[dict[str, Any]]:
        asked: list[dict[str, Any]] = []

        def run(protocol: Protocol, *arguments: Any, **options: Any) -> Any:
            asked.append({"arguments": arguments, **options})
            return found(protocol)

        monkeypatch.setattr(checker, name, run, raising=False)
        return asked

    return put


Put = Callable[[str, Engine], list[dict[str, Any]]]
PROVE = ("prove", "counter.py", "-p", "limit=9", "--invariant", "not_seven")

# -- text ----------------------------------------------------------------------------------------------------------


PROVED = """\
PROVED         counter.py  limit=unbounded

covered   every state that can be reached, by runs of any length
no bound  limit
method    induction with 1 lemma
answers   4 proved
time      1.50 s, 1.00 s in the solver, seed 0
weakened  the guard of go_up at counter.py:18
assumes   numbers are whole

obligations
  initially     1 obligation      0.25 s  proved
  go_home       1 obligation      0.25 s  proved
  go_up         1 obligation      0.25 s  proved
  implied       1 obligation      0.25 s  proved

invariants
  not_seven  Breaks at seven.

lemmas
  small  Breaks at six.
"""

FAILED = """\
NOT INDUCTIVE  counter.py  limit=9

covered   nothing is proved: go_up does not keep small
method    induction with 1 lemma
answers   3 proved, 1 not inductive
time      1.50 s, 1.25 s in the solver, seed 0

obligations
  initially     1 obligation      0.25 s  proved
  go_home       1 obligation      0.25 s  proved
  go_up         1 obligation      0.50 s  not inductive
    not inductive  go_up does not keep small  (0.50 s)
  implied       1 obligation      0.25 s  proved

invariants
  not_seven  Breaks at seven.

lemmas
  small  Breaks at six.  not kept by go_up

counterexample: go_up does not keep small

"""


def test_what_is_proved_and_for_what(quorate: Quorate, folder: Path, engine: Put) -> None:
    weakened = f"the guard of go_up at {folder}/counter.py:18"
    found = replace(WHOLE, unbounded=("limit",), weakened=(weakened,), assumes=("numbers are whole",))
    engine("prove", lambda protocol: found)
    answer = quorate(*PROVE, "--unbounded", "limit")
    assert (answer.exit_code, answer.stderr, answer.stdout) == (0, "", PROVED)


def test_an_obligation_that_fails_with_its_counterexample(quorate: Quorate, engine: Put) -> None:
    engine("prove", failed)
    answer = quorate(*PROVE)
    assert (answer.exit_code, answer.stderr) == (1, "")
    assert answer.stdout.startswith(FAILED)
    assert "count  5 -> 6\nviolated after 1 step: small\n" in answer.stdout
    assert answer.stdout.endswith("then to replay it: quorate replay FILE.json --model counter.py\n")


def test_a_lemma_that_is_not_true_at_first_comes_first(quorate: Quorate, engine: Put) -> None:
    def find(protocol: Protocol) -> Proof:
        early = Outcome(INITIATION, Answer.NOT_INDUCTIVE, 0.1, trace=check(protocol).violations[0].trace)
        return proof(*failed(protocol).outcomes, early)

    engine("prove", find)
    assert "nothing is proved: small is not true of the initial states, and 1 more\n" in quorate(*PROVE).stdout
    assert "\ncounterexample: small is not true of the initial states\n" in quorate(*PROVE).stdout


def test_a_counterexample_that_cannot_be_shown(quorate: Quorate, engine: Put) -> None:
    engine("prove", lambda protocol: proof(Outcome(BROKEN, Answer.NOT_INDUCTIVE, 0.5)))
    answer = quorate(*PROVE)
    assert answer.exit_code == 1
    assert answer.stdout.endswith("  the solver found none in a cluster that is small enough to show\n")


def test_what_the_solver_does_not_know_is_not_proved(quorate: Quorate, engine: Put) -> None:
    engine("prove", lambda protocol: proof(*proved(INITIATION, KEPT), UNDECIDED))
    answer = quorate(*PROVE)
    assert answer.exit_code == 3
    assert answer.stdout.startswith("UNKNOWN  ")
    assert "\n    unknown        go_up keeps small: timeout  (60.00 s)\n" in answer.stdout
    assert quorate(*PROVE, "-q").stdout == "UNKNOWN  counter.py: whether go_up keeps small: timeout\n"


def test_what_is_unknown_can_be_allowed(quorate: Quorate, engine: Put) -> None:
    engine("prove", lambda protocol: proof(UNDECIDED))
    answer = quorate(*PROVE, "--allow-inconclusive")
    assert (answer.exit_code, answer.stderr) == (0, "unknown, and allowed to be: the exit status is 0\n")


def test_a_proof_that_was_interrupted_is_unknown(quorate: Quorate, engine: Put) -> None:
    engine("prove", lambda protocol: proof(*proved(INITIATION, KEPT), interrupted=True))
    answer = quorate(*PROVE, "--allow-inconclusive")
    assert (answer.exit_code, answer.stdout[:7]) == (130, "UNKNOWN")
    assert "nothing is proved: interrupted after 2 obligations\n" in answer.stdout


def test_nothing_to_prove_is_not_a_proof(quorate: Quorate, engine: Put) -> None:
    engine("prove", lambda protocol: proof())
    assert quorate(*PROVE, "-q").stdout == "UNKNOWN  counter.py: there was nothing to prove\n"


def test_candidates_that_were_dropped(quorate: Quorate, engine: Put) -> None:
    engine("prove", lambda protocol: replace(WHOLE, dropped={"even": "is not kept"}))
    assert "\ndropped   even, a candidate that is not kept\n" in quorate(*PROVE).stdout


# -- json ----------------------------------------------------------------------------------------------------------

NAMES = {"type": "array", "items": {"type": "string"}}
ANSWER = {"enum": [answer.value for answer in Answer]}
OBLIGATION_FIELDS: dict[str, Any] = {
    "part": {"enum": ["initiation", "consecution", "implication"]},
    "property": {"type": "string"},
    "action": {"type": ["string", "null"]},
    "answer": ANSWER,
    "reason": {"type": "string"},
    "seconds": {"type": "number", "minimum": 0},
    "trace": {"type": ["object", "null"], "required": ["schema", "steps"]},
}


def closed(fields: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}


OBLIGATION = closed(OBLIGATION_FIELDS)
FIELDS: dict[str, Any] = {
    "schema": {"const": "quorate.proof/1"},
    "model": {"type": "string"},
    "parameters": {"type": "object", "additionalProperties": {"type": ["integer", "boolean", "string"]}},
    "unbounded": NAMES,
    "any": NAMES,
    "invariants": NAMES,
    "lemmas": NAMES,
    "dropped": NAMES,
    "meanings": {"type": "object", "additionalProperties": {"type": "string"}},
    "verdict": ANSWER,
    "reason": {"type": "string", "minLength": 1},
    "interrupted": {"type": "boolean"},
    "failure": {"anyOf": [{"type": "null"}, OBLIGATION]},
    "obligations": {"type": "array", "items": OBLIGATION},
    "k": {"type": "integer", "minimum": 1},
    "seed": {"type": "integer"},
    "weakened": NAMES,
    "assumes": NAMES,
    "elapsed_seconds": {"type": "number", "minimum": 0},
}


def read(text: str) -> dict[str, Any]:
    """A proof in JSON, checked against the schema."""
    data: dict[str, Any] = json.loads(text)
    Draft202012Validator(closed(FIELDS)).validate(data)
    return data


def test_json_of_a_proof(quorate: Quorate, engine: Put) -> None:
    engine("prove", lambda protocol: replace(WHOLE, unbounded=("limit",)))
    answer = quorate(*PROVE, "--format", "json")
    found = read(answer.stdout)
    assert (answer.exit_code, found["verdict"], found["failure"]) == (0, "proved", None)
    assert (found["model"], found["parameters"], found["unbounded"]) == ("counter.py", {"limit": 9}, ["limit"])
    assert found["meanings"] == {"not_seven": "Breaks at seven.", "small": "Breaks at six."}
    assert [(o["part"], o["action"], o["seconds"]) for o in found["obligations"]] == [
        ("initiation", None, 0.25),
        ("consecution", "go_home", 0.25),
        ("consecution", "go_up", 0.25),
        ("implication", None, 0.25),
    ]


def test_json_of_a_failure(quorate: Quorate, engine: Put) -> None:
    engine("prove", failed)
    found = read(quorate(*PROVE, "--format", "json").stdout)
    assert (found["verdict"], found["reason"]) == ("not inductive", "go_up does not keep small")
    assert found["failure"] == found["obligations"][2]
    assert (found["failure"]["property"], found["failure"]["action"]) == ("small", "go_up")
    assert [step["kind"] for step in found["failure"]["trace"]["steps"]] == ["assumed", "action"]
    assert found["failure"]["trace"]["model"]["name"] == "counter.py"


# -- traces --------------------------------------------------------------------------------------------------------


def test_each_failure_has_a_file_of_its_own(quorate: Quorate, folder: Path, engine: Put) -> None:
    def find(protocol: Protocol) -> Proof:
        trace = from_five(protocol)
        other = Outcome(IMPLIED, Answer.NOT_INDUCTIVE, 0.5, trace=replace(trace, moments=trace.moments[:1]))
        return proof(*failed(protocol).outcomes[:3], other)

    engine("prove", find)
    answer = quorate(*PROVE, "--trace", "it.json")
    assert "the trace is in it.json; to replay it: quorate replay it.json --model counter.py\n" in answer.stdout
    assert len(json.loads((folder / "it.json").read_text())["steps"]) == 2
    assert len(json.loads((folder / "it-implication-not_seven.json").read_text())["steps"]) == 1


def test_a_kept_counterexample_can_be_replayed(quorate: Quorate, folder: Path, engine: Put) -> None:
    engine("prove", failed)
    quorate(*PROVE, "--trace", "it.json")
    answer = quorate("replay", "it.json", "--model", "counter.py")
    assert (answer.exit_code, "reproduced: small is violated after 1 step" in answer.stdout) == (1, True)


# -- what the engine is asked --------------------------------------------------------------------------------------


def test_the_options_reach_the_engine(quorate: Quorate, engine: Put) -> None:
    asked = engine("prove", lambda protocol: WHOLE)
    options = ("--lemma", "small", "--houdini", "a,b", "--houdini", "c", "--unbounded", "limit", "--any", "servers")
    quorate(*PROVE, *options, "--k", "2", "--time-limit", "1m", "--seed", "7", "--jobs", "3")
    del asked[0]["progress"]
    assert asked[0] == {
        "arguments": (("not_seven",), ("small",)),
        "houdini": ("a", "b", "c"),
        "unbounded": ("limit",),
        "any": ("servers",),
        "k": 2,
        "time_limit": 60.0,
        "seed": 7,
        "jobs": 3,
    }


@pytest.mark.parametrize(("options", "lemmas"), [((), None), (("--no-lemmas",), ()), (("--lemma", "a"), ("a",))])
def test_all_lemmas_of_the_model_unless_others_are_named(
    quorate: Quorate, engine: Put, options: tuple[str, ...], lemmas: tuple[str, ...] | None
) -> None:
    asked = engine("prove", lambda protocol: WHOLE)
    quorate(*PROVE, *options)
    assert asked[0]["arguments"] == (("not_seven",), lemmas)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (("prove", "counter.py"), "Missing option '--invariant'"),
        ((*PROVE, "--no-lemmas", "--lemma", "small"), "--no-lemmas and --lemma exclude each other"),
        ((*PROVE, "--unbounded", "a,,b"), "a name is missing beside a comma"),
        ((*PROVE, "--houdini", "a,b", "--houdini", "a"), "a is given twice"),
        ((*PROVE, "--k", "0"), "0 is not in the range x>=1"),
        (("bmc", "counter.py"), "Missing option '--depth'"),
    ],
)
def test_a_command_line_that_is_wrong(quorate: Quorate, engine: Put, wrong: tuple[str, ...], said: str) -> None:
    answer = quorate(*wrong)
    assert (answer.exit_code, said in answer.stderr) == (2, True)


# -- progress ------------------------------------------------------------------------------------------------------


class Heard(Silent):
    def tell(self, text: Callable[[], str]) -> None:
        self.text = text()


def test_progress_says_which_obligation_is_tried() -> None:
    heard = Heard("it")
    told("raft", heard)(3, 120, BROKEN)
    assert heard.text == "raft  3 of 120 obligations  00:00  go_up keeps small"


def test_progress_of_a_search_is_in_steps() -> None:
    assert line("raft", Statistics(depth=4), 12).startswith("raft  3 of 12 steps  00:00")
    assert line("raft", Statistics(), 12).startswith("raft  0 of 12 steps")


# -- bmc -----------------------------------------------------------------------------------------------------------


def searched(protocol: Protocol, depth: int, **more: Any) -> checker.Result:
    """What a search finds that knows the length of runs, and counts no states."""
    found = check(protocol)
    none = {"distinct_states": 0, "generated_states": 0, "cut": {}, "warnings": (), "exhaustive": False}
    return replace(found, engine="symbolic", depth=depth, elapsed_seconds=0.5, **{**none, **more})


NOTHING = """\
INCONCLUSIVE  counter.py  limit=3
  INCONCLUSIVE  small
  INCONCLUSIVE  not_seven

covered   not every state: no violation in 2 steps
searched  every run of at most 2 steps within the bounds
time      0.50 s, symbolic engine
"""


def test_no_violation_to_a_depth_is_inconclusive(quorate: Quorate, engine: Put) -> None:
    undecided = dict.fromkeys(("small", "not_seven"), Verdict.INCONCLUSIVE)
    about = {"verdict": Verdict.INCONCLUSIVE, "reason": "no violation in 2 steps", "properties": undecided}
    asked = engine("bmc", lambda protocol: searched(protocol, 3, **about))
    answer = quorate("bmc", "counter.py", "--depth", "2", "--property", "small")
    assert (answer.exit_code, answer.stdout) == (3, NOTHING)
    assert (asked[0]["arguments"], asked[0]["properties"]) == ((2,), ("small",))
    assert quorate("bmc", "counter.py", "--depth", "2", "--allow-inconclusive").exit_code == 0


def test_a_violation_within_a_depth_has_its_counterexample(quorate: Quorate, folder: Path, engine: Put) -> None:
    engine("bmc", lambda protocol: searched(protocol, 6))
    answer = quorate("bmc", "counter.py", "-p", "limit=6", "--depth", "9", "--trace", "it.json")
    assert answer.exit_code == 1
    assert "\nsearched  every run of at most 5 steps within the bounds\n" in answer.stdout
    assert "\nviolated after 6 steps: small\n" in answer.stdout
    assert json.loads((folder / "it.json").read_text())["length"] == 6


def test_a_search_that_came_nowhere(quorate: Quorate, engine: Put) -> None:
    engine("bmc", lambda protocol: searched(protocol, 0))
    assert "\nsearched  no run of any length within the bounds\n" in quorate("bmc", "counter.py", "--depth", "2").stdout
