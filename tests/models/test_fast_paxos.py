"""Fast Paxos: its actions, its quorums, and what collides."""

from __future__ import annotations

import pytest

from quorate.checker import Result, Verdict, check
from quorate.models.language import Invariants, StepInvariants, invariant
from quorate.models.paxos.fast_paxos import FastPaxos


@pytest.fixture(scope="module")
def result() -> Result:
    return check(FastPaxos(acceptors=3, fast_quorum=3), symmetry=True)


def test_holds_and_every_step_is_taken(result: Result) -> None:
    assert result.verdict is Verdict.HOLDS
    assert not [name for name, times in result.actions.items() if not times]
    assert not [warning for warning in result.warnings if "symmetry" not in warning]


def test_clients_acceptors_and_values_are_interchangeable(result: Result) -> None:
    assert result.symmetry == ("acceptors", "clients", "Value")


def test_two_fast_quorums_and_another_one_must_meet() -> None:
    result = check(FastPaxos(acceptors=3, fast_quorum=1))
    assert result.violation is not None
    assert (result.violation.name, result.violation.length) == ("quorums_intersect", 0)
    result = check(FastPaxos(acceptors=3, fast_quorum=2))
    assert result.violation is not None
    assert (result.violation.name, result.violation.length) == ("fast_quorums_intersect", 0)
    shown = dict(result.violation.trace.why[0].bindings)
    one, two, three = [set(shown[name].strip("{}").split(", ")) for name in ("one", "two", "three")]
    assert one & two
    assert one & three
    assert not one & two & three


def test_with_classic_ballots_only_clients_are_not_heard() -> None:
    result = check(FastPaxos(fast=0), symmetry=True)
    assert result.verdict is Verdict.HOLDS
    assert not result.actions["proposers.let_clients_choose"]
    assert not result.actions["acceptors.on_ask"]


def test_all_ballots_fast() -> None:
    result = check(FastPaxos(fast=2), symmetry=True)
    assert result.verdict is Verdict.HOLDS
    assert result.actions["proposers.let_clients_choose"]


def test_an_acceptor_that_restarts_waits_for_another_permission() -> None:
    result = check(FastPaxos(acceptor_crashes=1, clients=1), symmetry=True)
    assert result.verdict is Verdict.HOLDS
    assert result.actions["crash"]


class Recovery(FastPaxos):
    """Until the values of a collision are all given up for a third one."""

    invariants: Invariants = ()
    step_invariants: StepInvariants = ()

    @invariant
    def not_yet(self) -> bool:
        """Nothing is chosen in the second ballot that was not voted for in the first."""
        first = frozenset(vote.value for vote in self.votes() if vote.ballot == 0)
        return len(first) < 2 or all(v.value in first for v in self.votes() if v.ballot == 1 and self.is_chosen(v))


def test_after_a_collision_any_value_may_win() -> None:
    result = check(Recovery(acceptors=3, fast_quorum=3, values=3), symmetry=True)
    assert result.violation is not None
    # 14 steps to two different votes, and 8 to a choice in the second ballot
    assert result.violation.length == 22
