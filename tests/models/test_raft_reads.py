"""Raft with reads outside the log: ReadIndex and leases."""

from __future__ import annotations

import pytest

from quorate.checker import Verdict, check
from quorate.models.language import Invariants, Protocol, StepInvariants, invariant
from quorate.models.raft.lease import LeaseRaft
from quorate.models.raft.reads import ReadIndexRaft

from .goals_raft_reads import BothReadsAreAnswered, LeaseAnswers, NextLeaseAnswers, ReadIsAnswered
from .reaching import steps_to


@pytest.mark.parametrize("protocol", [ReadIndexRaft, LeaseRaft])
def test_holds_and_every_step_is_taken(protocol: type[Protocol]) -> None:
    result = check(protocol())
    assert result.verdict is Verdict.HOLDS
    assert not result.warnings
    assert "reads" in result.cut


def test_a_read_takes_a_round_of_heartbeats() -> None:
    assert steps_to(ReadIsAnswered(servers=3, terms=1, messages=3)) == 10
    assert steps_to(ReadIsAnswered(servers=1, terms=1)) == 3


def test_no_read_before_an_entry_of_the_term_is_committed() -> None:
    assert steps_to(ReadIsAnswered(servers=3, terms=2, messages=3, requests=0)) is None


def test_a_later_read_sees_more() -> None:
    assert steps_to(BothReadsAreAnswered(servers=3, terms=1, entries=2, requests=2, messages=3, reads=2)) == 19


def test_a_lease_is_had_for_a_heartbeat() -> None:
    assert steps_to(LeaseAnswers(servers=3, terms=1, messages=2)) == 11


def test_the_next_leader_gets_a_lease_before_the_last_one_steps_down() -> None:
    assert steps_to(NextLeaseAnswers(servers=3, terms=2, messages=2)) == 16


class TwoLeases(LeaseRaft):
    """Until two servers lead under a lease at a time."""

    invariants: Invariants = ()
    step_invariants: StepInvariants = ()

    @invariant
    def not_yet(self) -> bool:
        """At most one leader has a lease."""
        return sum(server.leads() and server.is_quorum(server.lease | {server.id}) for server in self.servers) < 2


class TwoLeasesByDrift(TwoLeases):
    """The same without the assumption about clocks."""

    def leases_end_first(self) -> bool:
        """Assume nothing of clocks."""
        return True


def test_the_assumption_about_clocks_keeps_leases_apart() -> None:
    assert steps_to(TwoLeases(servers=3, messages=2)) is None
    assert steps_to(TwoLeasesByDrift(servers=3, messages=2)) is not None
