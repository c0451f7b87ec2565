"""Each shared property is seen to fail, and says so when it has nothing to say."""

from __future__ import annotations

import pytest

import quorate.invariants
from quorate.checker import Verdict, check
from quorate.models.language import Protocol
from quorate.models.mutants import MUTANTS
from quorate.models.mutants.paxos_acceptors import PaxosForgetsPromise
from quorate.models.mutants.paxos_learners import PaxosCountsEachAccepted
from quorate.models.mutants.paxos_proposers import PaxosForgetsBallot
from quorate.models.mutants.raft_elections import RaftForgetsTerm, RaftForgetsVote, RaftTakesHalf, RaftVotesForAnyLog
from quorate.models.mutants.raft_replication import (
    RaftAlwaysTruncates,
    RaftAssumesWholeLog,
    RaftLeaderObeys,
    RaftLowersCommit,
    RaftLowersMatch,
)

from .toys import Disagreement, Disorder, Haste, Invention, Silence, Wavering

HALF = RaftTakesHalf(servers=2, terms=1, requests=2, values=2)

BROKEN: list[tuple[str, Protocol, int]] = [
    ("single_leader_per_epoch", HALF, 2),
    ("single_leader_per_epoch_ever", HALF, 2),
    ("epoch_monotonic", RaftForgetsTerm(crashes=1), 2),
    ("epoch_monotonic", PaxosForgetsPromise(acceptor_crashes=1), 3),
    ("vote_once", RaftForgetsVote(crashes=1), 2),
    ("log_matching", HALF, 4),
    ("log_terms", Disorder(), 3),
    ("log_terms", Haste(), 1),
    ("leader_completeness", RaftVotesForAnyLog(messages=3), 10),
    ("state_machine_safety", HALF, 4),
    ("committed_prefix_agreement", HALF, 4),
    ("committed_log_append_only", RaftAlwaysTruncates(terms=1, entries=2, requests=2, messages=3), 11),
    ("commit_monotonic", RaftLowersCommit(terms=1, messages=3), 11),
    ("leader_append_only", RaftLeaderObeys(requests=2, messages=3), 10),
    ("match_monotonic", RaftLowersMatch(terms=1, messages=3), 10),
    ("match_sound", RaftAssumesWholeLog(messages=3), 7),
    ("agreement", PaxosForgetsBallot(ballots=1, proposer_crashes=1), 13),
    ("one_value_per_ballot", PaxosForgetsBallot(ballots=1, proposer_crashes=1), 11),
    ("learned_is_chosen", PaxosCountsEachAccepted(ballots=1), 8),
    ("decisions_agree", Disagreement(), 2),
    ("decision_stable", Wavering(), 2),
    ("validity", Invention(), 2),
]


@pytest.mark.parametrize(
    ("name", "protocol", "steps"), BROKEN, ids=[f"{name}-{type(protocol).__name__}" for name, protocol, _ in BROKEN]
)
def test_fails(name: str, protocol: Protocol, steps: int) -> None:
    result = check(protocol, properties=[name], symmetry=True)
    assert result.verdict is Verdict.VIOLATED
    assert result.violation
    assert (result.violation.name, result.violation.length) == (name, steps)


def properties() -> set[str]:
    return {name for name in quorate.invariants.__all__ if name.islower()}


def test_no_property_is_left_out() -> None:
    assert properties() <= {name for name, _, _ in BROKEN} | {mutant.breaks for mutant in MUTANTS.values()}


def test_every_property_has_a_witness_a_summary_and_a_source() -> None:
    for name in properties():
        function = getattr(quorate.invariants, name)
        summary, _, source = function.__doc__.partition("\n\n")
        assert hasattr(function, "__quorate_witness__")
        assert summary.endswith(".")
        assert "\n" not in summary
        assert source.strip()


def test_silence_is_vacuous() -> None:
    result = check(Silence())
    assert result.verdict is Verdict.HOLDS
    assert [w.split()[0] for w in result.warnings] == ["decisions_agree", "decision_stable"]


def test_a_property_that_fails_is_not_vacuous() -> None:
    assert not check(Wavering()).warnings
