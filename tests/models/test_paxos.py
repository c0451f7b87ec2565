"""Paxos: its figures, its actions, and what its parameters do."""

from __future__ import annotations

import pytest

from quorate.checker import Result, Verdict, check
from quorate.models.language import Bag, Cluster, Network, cluster, rank, require
from quorate.models.mutants.paxos_learners import PaxosCountsAcrossBallots, PaxosCountsEachAccepted
from quorate.models.mutants.paxos_proposers import (
    CountsOldPromises,
    PaxosAdoptsGreatest,
    PaxosCountsEachPromise,
    PaxosCountsOldPromises,
)
from quorate.models.paxos import Acceptor, Ballot, Paxos, Proposer, Value, Vote
from quorate.models.paxos.paxos_sets import PaxosSets

STEPS = {
    "proposers.prepare",
    "proposers.on_promise",
    "acceptors.on_prepare",
    "acceptors.on_accept",
    "learners.on_accepted",
}


class Silent(Acceptor):
    """Tells no learner."""

    def cast_vote(self, ballot: Ballot, value: Value) -> None:
        self.vote = Vote(ballot, value)
        self.cast |= {Vote(ballot, value)}


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
    """Paxos as others explored it: each proposer with a value of its own, nobody learns, and receiving removes."""

    proposers: Cluster[Hoarder] = cluster(2)
    acceptors: Cluster[Silent] = cluster(3)
    network: Network = Bag(copies=1)


@pytest.mark.parametrize(("ballots", "states", "depth"), [(2, 4761, 19), (3, 328_509, 28)])
def test_figures_of_an_independent_explorer(ballots: int, states: int, depth: int) -> None:
    # a program of its own in C++, without symmetry
    result = check(Plain(ballots=ballots))
    assert (result.verdict, result.distinct_states, result.depth) == (Verdict.HOLDS, states, depth)


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


def test_in_one_ballot_there_is_nothing_to_recover() -> None:
    vacuous = [warning.split()[0] for warning in check(Paxos(ballots=1)).warnings]
    assert vacuous == ["votes_safe", "quorums_intersect"]


def test_crashes() -> None:
    result = check(Paxos(ballots=1, values=1, proposer_crashes=1, acceptor_crashes=1, learner_crashes=1), symmetry=True)
    assert result.verdict is Verdict.HOLDS
    assert result.actions["crash"]


def test_two_learners() -> None:
    result = check(Paxos(ballots=1, learners=2), symmetry=True)
    assert result.verdict is Verdict.HOLDS


@pytest.mark.parametrize("acceptors", [1, 2, 4])
def test_other_numbers_of_acceptors(acceptors: int) -> None:
    assert check(Paxos(acceptors=acceptors), symmetry=True).verdict is Verdict.HOLDS


class Once(PaxosCountsEachPromise):
    """The same mistake where at most `duplicates` messages arrive twice."""

    duplicates: int = 1
    network: Network = Bag(copies=1, duplicates="duplicates")


@pytest.mark.parametrize(("duplicates", "steps"), [(1, 13), (2, 12)])
def test_how_soon_a_promise_is_counted_twice_depends_on_the_network(duplicates: int, steps: int) -> None:
    result = check(Once(duplicates=duplicates), properties=["agreement"], symmetry=True)
    assert result.violation is not None
    assert result.violation.length == steps


class Removing(PaxosCountsOldPromises):
    """The same mistake where receiving removes a message."""

    network: Network = Bag(copies=1)


class Steady(CountsOldPromises):
    """Has a value of its own."""

    def prepare(self, ballot: Ballot, value: Value) -> None:
        require(value == Value.nth(rank(self.id)))
        super().prepare(ballot, value)


class SteadyProposers(PaxosCountsOldPromises):
    """The same mistake of proposers that have one value for good."""

    proposers: Cluster[Steady] = cluster(2)


@pytest.mark.parametrize(("candidate", "steps"), [(Removing, 14), (SteadyProposers, 15)])
def test_how_soon_an_old_promise_counts_depends_on_network_and_clients(candidate: type[Paxos], steps: int) -> None:
    result = check(candidate(ballots=3), properties=["agreement"], symmetry=True)
    assert result.violation is not None
    assert result.violation.length == steps


def test_values_that_are_compared_are_told_apart() -> None:
    assert check(PaxosAdoptsGreatest(ballots=1), symmetry=True).symmetry == ("acceptors",)


def test_wrong_learners_break_nothing_that_is_chosen() -> None:
    for candidate in (PaxosCountsEachAccepted(ballots=2), PaxosCountsAcrossBallots(ballots=2)):
        assert check(candidate, properties=["agreement"], symmetry=True).verdict is Verdict.HOLDS


def test_a_proposal_of_the_message_sets_waits_for_its_quorum() -> None:
    result = check(PaxosSets(acceptors=2, ballots=1))
    assert result.verdict is Verdict.HOLDS
    assert result.depth == 7  # six steps
