"""What is proved, what is not, and what is said of it."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner

from quorate.checker import Answer, Proof, Verdict, check, prove
from quorate.checker.cli import main
from quorate.checker.symbolic import tasks
from quorate.checker.symbolic.proof import Obligation
from quorate.checker.symbolic.solving import Reply, Sat
from quorate.models.language import ModelError, Protocol
from quorate.models.mutants import MUTANTS
from quorate.models.mutants.mutant import Mutant
from quorate.models.paxos.paxos_sets import PaxosSets
from quorate.models.raft import Raft
from quorate.models.semantics import Judge, Outcome, System
from quorate.models.two_phase_commit import TwoPhaseCommit
from quorate.traces import Replay, Trace, replay, verify, write

from ..traces import anywhere
from .bmc_toys import Steps
from .meaningless import Meaningless
from .proof_toys import (
    Crowd,
    Detour,
    FirstIsEnough,
    FirstJump,
    Halves,
    Nothing,
    Ordered,
    Resets,
    Speakers,
    Stuck,
    TwoRules,
)

PROVED, NOT_INDUCTIVE, UNKNOWN = Answer.PROVED, Answer.NOT_INDUCTIVE, Answer.UNKNOWN


def proof(protocol: Protocol, *invariants: str, lemmas: Sequence[str] | None = (), **options: Any) -> Proof:
    return prove(protocol, invariants, lemmas, **{"jobs": 1, **options})


def failures(found: Proof) -> list[str]:
    return [outcome.obligation.denied() for outcome in found.failures]


def shown(found: Proof) -> Trace:
    """The counterexample of a proof, which is checked to be one by two code paths that did not find it."""
    assert found.failure is not None
    trace = found.failure.trace
    assert trace is not None
    assert trace.violated == found.failure.obligation.property
    verify(trace)
    assert replay(write(trace), System(trace.system.protocol)).outcome is Replay.REPRODUCED
    return trace


# -- the protocols that come with the tool -------------------------------------------------------------------------

PAXOS = {"unbounded": ("ballots", "values")}
RAFT = {"unbounded": ("terms",)}
SHIPPED: list[tuple[Protocol, str, dict[str, Any]]] = [
    (PaxosSets(), "agreement", PAXOS),
    (PaxosSets(acceptors=5), "agreement", PAXOS),
    (PaxosSets(), "agreement", {**PAXOS, "any": ("acceptors",)}),
    (TwoPhaseCommit(), "consistent", {}),
]
SLOW: list[tuple[Protocol, str, dict[str, Any]]] = [
    (Raft(), "single_leader_per_epoch", RAFT),
    (Raft(servers=5), "single_leader_per_epoch", RAFT),
]


@pytest.mark.parametrize(
    ("protocol", "invariant", "options"), [*SHIPPED, *(pytest.param(*each, marks=pytest.mark.slow) for each in SLOW)]
)
def test_shipped_proofs(protocol: Protocol, invariant: str, options: dict[str, Any]) -> None:
    found = proof(protocol, invariant, lemmas=None, **options)
    assert (found.answer, failures(found)) == (PROVED, [])
    assert found.lemmas


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_other_seeds(seed: int) -> None:
    assert proof(PaxosSets(), "agreement", lemmas=None, seed=seed, **PAXOS).answer is PROVED


def test_no_proof_without_lemmas() -> None:
    found = proof(PaxosSets(), "agreement", **PAXOS)
    assert failures(found) == ["phase2b does not keep agreement"]
    assert [moment.step.name for moment in shown(found).moments] == ["assumed", "phase2b"]


def mutants(original: type[Protocol], *breaking: str) -> list[Mutant]:
    """Those of a protocol, each once, that break one of these properties."""
    return list({m.protocol: m for m in MUTANTS.values() if m.original is original and m.breaks in breaking}.values())


OF_PAXOS = mutants(PaxosSets, *(f.__name__ for f in vars(PaxosSets).values() if callable(f)), "agreement")
OF_COMMIT = mutants(TwoPhaseCommit, "consistent", "commits_are_unanimous")
OF_RAFT = mutants(Raft, "single_leader_per_epoch", "vote_once")


@pytest.mark.parametrize(
    ("mutant", "invariant", "options"),
    [
        *(pytest.param(m, "agreement", PAXOS, id=m.name) for m in OF_PAXOS),
        *(pytest.param(m, "consistent", {}, id=m.name) for m in OF_COMMIT),
        # a cluster that needs more servers is shown within the bounds, where a question takes seconds
        *(
            pytest.param(
                m,
                "single_leader_per_epoch",
                {} if "servers" in m.parameters else RAFT,
                id=m.name,
                marks=pytest.mark.slow,
            )
            for m in OF_RAFT
        ),
    ],
)
def test_no_mutant_is_proved(mutant: Mutant, invariant: str, options: dict[str, Any]) -> None:
    wanted = dict.fromkeys((invariant, *(["vote_once"] if mutant.breaks == "vote_once" else [])))
    found = proof(mutant.instance(), *wanted, lemmas=None, **options)
    assert found.answer is NOT_INDUCTIVE
    trace = shown(found)
    assert trace.from_anywhere
    assert trace.violated in (*found.lemmas, *wanted)
    assert set(trace.assumes) >= set(found.lemmas)


# -- the parts of a proof ------------------------------------------------------------------------------------------


def test_a_lemma_that_is_false_initially_comes_first() -> None:
    found = proof(Stuck(), "not_three", lemmas=["small", "positive"])
    assert failures(found) == ["positive is not true of the initial states", "up does not keep not_three"]
    trace = shown(found)
    assert (trace.length, trace.from_anywhere) == (0, False)


def test_what_follows_from_the_lemmas() -> None:
    found = proof(Stuck(), "below_five", lemmas=["small"])
    assert [str(outcome.obligation) for outcome in found.outcomes] == [
        "below_five follows from the lemmas",
        "small is true initially",
        "up keeps small",
    ]
    assert found.answer is PROVED


def test_what_does_not_follow_is_induced() -> None:
    found = proof(Stuck(), "not_nine", lemmas=["positive"])
    assert Obligation("consecution", "not_nine", "up") in {outcome.obligation for outcome in found.outcomes}
    assert failures(found) == ["positive is not true of the initial states", "up does not keep not_nine"]


@pytest.mark.parametrize("k", [1, 2, 3, 4])
@pytest.mark.parametrize("name", ["not_three", "not_one"])
def test_what_is_false_is_never_proved(name: str, k: int) -> None:
    found = proof(Stuck(), name, lemmas=["small"], k=k)
    assert found.answer is NOT_INDUCTIVE
    shown(found)


def test_more_steps_prove_more() -> None:
    assert [proof(Detour(), "not_four", k=k).answer for k in (1, 2, 3)] == [NOT_INDUCTIVE, PROVED, PROVED]


def test_the_first_steps_are_looked_at_too() -> None:
    found = proof(Stuck(), "not_one", lemmas=["small"], k=2)
    assert failures(found)[0] == "not_one is not true of the initial states"
    assert shown(found).length == 1


@pytest.mark.parametrize("k", [1, 2, 3])
def test_a_step_invariant_holds_of_the_first_steps_too(k: int) -> None:
    found = proof(FirstJump(), "slow", lemmas=["two_places"], k=k)
    assert found.answer is NOT_INDUCTIVE
    assert shown(found).kind == "step invariant"
    assert proof(Stuck(), "slow", k=k).answer is PROVED


@pytest.mark.parametrize("k", [1, 2, 3])
def test_a_crash_may_take_back_what_holds_between_crashes(k: int) -> None:
    assert proof(Resets(), "only_counts", k=k).answer is PROVED
    found = proof(Resets(), "never_less", k=k)
    assert found.answer is NOT_INDUCTIVE
    assert shown(found).moments[-1].step.name == "crash"


@pytest.mark.parametrize("colors", [0, 1])
@pytest.mark.parametrize("slots", [0, 1])
def test_a_type_without_values_proves_nothing(colors: int, slots: int) -> None:
    assert failures(proof(Nothing(colors=colors, slots=slots), "small")) == ["go does not keep small"]


def test_what_comes_after_an_answer_is_not_asked() -> None:
    assert failures(proof(FirstIsEnough(), "not_done", lemmas=["one_item"])) == ["look does not keep not_done"]


def test_what_a_history_variable_sees_changes_with_each_step() -> None:
    for unbounded in ((), ("top",)):
        found = proof(Steps(), "not_seen_three", unbounded=unbounded)
        assert "up does not keep not_seen_three" in failures(found)
        shown(found)


def test_a_message_of_another_process_is_received_too() -> None:
    assert failures(proof(Speakers(), "silent")) == ["speakers.on_word does not keep silent"]


# -- what has no bound ---------------------------------------------------------------------------------------------


def test_a_guard_without_a_meaning_is_left_out_and_told() -> None:
    assert proof(Speakers(), "silent", lemmas=None).answer is PROVED
    found = proof(Speakers(), "silent", lemmas=None, unbounded=["top"])
    assert failures(found) == ["speakers.speak does not keep no_words"]
    assert [line.rpartition(": ")[2] for line in found.weakened] == [
        "require(self.ready or self.many > 5)",
        "require(self.many > 5)",
    ]


def test_each_rule_has_its_own_quorums() -> None:
    assert proof(TwoRules(), "kind_meets", lemmas=None, any=["members"]).answer is PROVED
    assert proof(TwoRules(), "kinds_meet", lemmas=None).answer is PROVED
    assert proof(TwoRules(), "kinds_meet", lemmas=None, any=["members"]).answer is not PROVED


def test_only_the_order_of_numbers_matters() -> None:
    options: dict[str, Any] = {"unbounded": ["top"], "any": ["members"]}
    assert proof(Ordered(), "in_order", **options).answer is PROVED
    assert failures(proof(Ordered(), "are_equal", **options)) == ["choose does not keep are_equal"]


@pytest.mark.parametrize(
    ("protocol", "what"),
    [
        (Halves(), "{Member[0]} and {Member[1]} are both quorums and have no member in common"),
        (Crowd(), "no set of members of {Member[0]} is a quorum"),
    ],
)
def test_what_is_no_rule_of_quorums(protocol: Protocol, what: str) -> None:
    with pytest.raises(ModelError) as raised:
        proof(protocol, "kind_meets", any=["members"])
    assert (raised.value.code, raised.value.what) == ("no-quorum-system", what)
    assert raised.value.place is not None
    assert raised.value.place.source().strip().startswith("def is_majority")


@pytest.mark.parametrize(
    ("name", "options", "code", "said"),
    [
        ("counts", {"unbounded": ["top"]}, "self.numbers", "this counts a set without a bound"),
        ("sorts", {"unbounded": ["top"]}, "sorted(self.numbers)", "this sorts a collection without a bound"),
        ("calculates", {"unbounded": ["top"], "any": ["members"]}, "self.n + self.k", "only the order matters here"),
        ("asks_how_many", {"any": ["members"]}, "self.members", "members has no value here"),
        ("picks", {"any": ["members"]}, "Member.nth(0)", "the members of Member have no numbers here"),
        ("sums", {"any": ["members"]}, "sum(self.votes.values())", "one by one"),
        ("counts_values", {"any": ["members"]}, "len(self.votes.values())", "this counts something without a bound"),
        ("remembers", {}, "self.sent(Word)", "what was ever sent has no symbolic meaning"),
    ],
)
def test_what_has_no_meaning(name: str, options: dict[str, Any], code: str, said: str) -> None:
    with pytest.raises(ModelError) as raised:
        proof(Meaningless(), name, **options)
    error = raised.value
    assert (error.code, said in error.what) == ("no-symbolic-meaning", True)
    assert error.place is not None
    assert code in error.place.source()
    assert "^" in str(error)


def test_what_has_a_meaning_all_the_same() -> None:
    found = proof(Meaningless(), "befriends", unbounded=["top"], any=["members"])
    assert found.answer is PROVED
    assert [line.rpartition(": ")[2] for line in found.weakened] == ["require(len(self.friends) < self.members)"]


# -- candidates ----------------------------------------------------------------------------------------------------


def test_the_largest_inductive_subset_is_kept() -> None:
    candidates = ["not_nine", "small", "positive", "not_one"]
    found = proof(Stuck(), "below_five", houdini=candidates)
    assert (found.answer, found.lemmas) == (PROVED, ("not_nine", "small"))
    assert found.dropped == dict.fromkeys(["positive", "not_one"], "is false of a state that can be reached")


def test_a_candidate_that_is_true_and_not_inductive_is_dropped() -> None:
    found = proof(Stuck(), "slow", houdini=["not_nine"])
    assert (found.answer, found.lemmas, found.dropped) == (PROVED, (), {"not_nine": "is not kept"})


# -- how the solver is asked ---------------------------------------------------------------------------------------


def test_what_the_solver_does_not_know_is_not_proved() -> None:
    command = "prove paxos_sets --invariant agreement --unbounded ballots,values --time-limit 0.01s --jobs 1 -q"
    answer = CliRunner().invoke(main, command.split())
    assert (answer.exit_code, answer.stdout[:7]) == (3, "UNKNOWN")


@pytest.mark.parametrize("unbounded", [(), ("top",)])
def test_a_solver_that_gives_up_proves_nothing(unbounded: Sequence[str], monkeypatch: pytest.MonkeyPatch) -> None:
    gave_up = Reply(Sat.UNKNOWN, 1, "gave up")
    for name in ("ask", "ask_bounded"):
        monkeypatch.setattr(tasks, name, lambda formulas, effort: gave_up)
    found = proof(Stuck(), "slow", lemmas=["small"], unbounded=unbounded)
    assert (found.answer, {outcome.answer for outcome in found.outcomes}) == (UNKNOWN, {UNKNOWN})
    assert {outcome.reason for outcome in found.outcomes} == {"gave up"}


def test_the_number_of_jobs_changes_no_answer() -> None:
    one, two = (proof(Stuck(), "not_three", "slow", lemmas=["small", "positive"], jobs=jobs) for jobs in (1, 2))
    assert [(o.obligation, o.answer) for o in one.outcomes] == [(o.obligation, o.answer) for o in two.outcomes]
    assert [o.trace and write(o.trace) for o in one.outcomes] == [o.trace and write(o.trace) for o in two.outcomes]


def test_a_proof_that_is_interrupted_is_none() -> None:
    def interrupt(done: int, total: int, obligation: Obligation) -> None:
        if done == 2:
            raise KeyboardInterrupt

    found = proof(Stuck(), "slow", lemmas=["small"], progress=interrupt)
    assert (found.interrupted, found.answer, [o.answer for o in found.outcomes]) == (True, UNKNOWN, [PROVED] * 2)


# -- against the states that can be reached ------------------------------------------------------------------------


@pytest.mark.parametrize("protocol", [PaxosSets(ballots=2, values=1)])
def test_lemmas_are_true_of_every_state(protocol: Protocol) -> None:
    lemmas = proof(protocol, "agreement", lemmas=None).lemmas
    assert lemmas
    result = check(protocol, properties=[*lemmas, "agreement"], go_on=True)
    assert (result.verdict, result.violations) == (Verdict.HOLDS, ())


def test_no_state_refutes_a_step_that_is_proved() -> None:
    protocol = PaxosSets(ballots=2, values=1)
    names = ("votes_were_proposed", "promises_are_kept", "one_proposal_in_a_ballot")
    proved = {o.obligation for o in proof(protocol, *names).outcomes if o.answer is PROVED}
    system, judge, tried = System(protocol), Judge(System(protocol), names), 0
    for seed in range(400):
        before = anywhere.state(system, Random(seed))
        if not list(judge.broken(before)):
            for step, outcome in system.successors(before):
                broken = judge.broken(outcome.state) if isinstance(outcome, Outcome) else ()
                assert not {Obligation("consecution", p.name, step.title) for p in broken} & proved
                tried += 1
    assert tried > 50
