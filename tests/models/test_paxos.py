"""Paxos: its figures, its actions, and what its parameters do."""

from __future__ import annotations

import pytest

from quorate.checker import Result, Verdict, check
from quorate.models.language import Cluster, cluster, rank, require
from quorate.models.paxos import Accept, Acceptor, Ballot, Paxos, Proposer, Value, Vote

STEPS = {
    "proposers.prepare",
    "proposers.on_promise",
    "acceptors.on_prepare",
    "acceptors.on_accept",
    "learners.on_accepted",
}


class Silent(Acceptor):
    """Tells no learner."""

    def on_accept(self, m: Accept) -> None:
        require(self.may_vote(m.ballot))
        self.promised = m.ballot
        self.vote = Vote(m.ballot, m.value)
        self.cast |= {Vote(m.ballot, m.value)}


class Hoarder(Proposer):
    """Has a value of its own, and keeps what only the choice of a value needed."""

    def prepare(self, ballot: Ballot, value: Value) -> None:
        require(value == Value.nth(rank(self.id)) and ballot > self.ballot)
        self.promises = frozenset()
        self.newest = -1
        super().prepare(ballot, value)

    def forget_promises(self) -> None:
        pass


class Plain(Paxos):
    """Paxos as others explored it: each proposer with a value of its own, and nobody learns."""

    proposers: Cluster[Hoarder] = cluster(2)
    acceptors: Cluster[Silent] = cluster(3)


def test_figures_of_an_independent_explorer() -> None:
    # a program of its own in C++, without symmetry
    result = check(Plain())
    assert (result.verdict, result.distinct_states, result.depth) == (Verdict.HOLDS, 4761, 19)


@pytest.fixture(scope="module")
def result() -> Result:
    return check(Paxos(), symmetry=True)


def test_holds(result: Result) -> None:
    assert result.verdict is Verdict.HOLDS
    assert (result.distinct_states, result.generated_states, result.depth) == (4405, 28575, 21)
    assert not result.cut


def test_every_step_is_taken(result: Result) -> None:
    assert {name for name, times in result.actions.items() if times} == STEPS


def test_only_proposers_are_told_apart(result: Result) -> None:
    assert result.symmetry == ("acceptors", "Value")
    assert len(result.warnings) == 1


def test_one_ballot_without_symmetry() -> None:
    plain, merged = (check(Paxos(ballots=1), symmetry=on) for on in (False, True))
    assert plain.verdict is merged.verdict is Verdict.HOLDS
    assert merged.distinct_states < plain.distinct_states


def test_crashes() -> None:
    result = check(Paxos(ballots=1, values=1, proposer_crashes=1, acceptor_crashes=1, learner_crashes=1), symmetry=True)
    assert result.verdict is Verdict.HOLDS
    assert result.actions["crash"]


def test_two_learners() -> None:
    result = check(Paxos(ballots=1, learners=2), symmetry=True)
    assert result.verdict is Verdict.HOLDS
