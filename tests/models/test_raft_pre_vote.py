"""Raft whose leaders last: pre-vote, CheckQuorum, and both."""

from __future__ import annotations

import pytest

from quorate.checker import Verdict, check
from quorate.models.language import Invariants, Protocol, StepInvariants, invariant
from quorate.models.raft.check_quorum import CheckQuorumRaft
from quorate.models.raft.pre_vote import PreVoteRaft
from quorate.models.raft.steady import SteadyRaft

from .goals_raft import LeaderStepsDown, PreVoteElects, SteadyElectsTwice
from .reaching import steps_to


@pytest.mark.parametrize("protocol", [PreVoteRaft, CheckQuorumRaft, SteadyRaft])
def test_holds_and_every_step_is_taken(protocol: type[Protocol]) -> None:
    result = check(protocol())
    assert result.verdict is Verdict.HOLDS
    assert not result.warnings


def test_an_election_takes_two_steps_more_with_pre_vote() -> None:
    assert steps_to(PreVoteElects(servers=3, terms=1, messages=3)) == 5


class Cut(PreVoteRaft):
    """Until a server has started a term."""

    invariants: Invariants = ()
    step_invariants: StepInvariants = ()

    @invariant
    def not_yet(self) -> bool:
        """Nobody is in a term."""
        return all(server.term == 0 for server in self.servers)


def test_without_answers_no_term_begins() -> None:
    # two questions fill the network, so that candidates can ask no more
    assert steps_to(Cut(servers=3, messages=2)) is None
    assert steps_to(Cut(servers=3, messages=3)) == 3


def test_a_leader_that_is_not_heard_steps_down() -> None:
    assert steps_to(LeaderStepsDown(servers=3, messages=3)) == 4


def test_another_leader_follows_one_that_is_not_heard() -> None:
    assert steps_to(SteadyElectsTwice(servers=3, terms=2, messages=4)) == 12


def test_crash_forgets_the_leader() -> None:
    result = check(SteadyRaft(crashes=1))
    assert result.verdict is Verdict.HOLDS
    assert result.actions["crash"]
