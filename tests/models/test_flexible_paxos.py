"""Flexible Paxos: quorums of two sizes, and what happens if they do not meet."""

from __future__ import annotations

import pytest

from quorate.checker import Verdict, check
from quorate.models.paxos import Paxos
from quorate.models.paxos.flexible_paxos import FlexiblePaxos


def test_majorities_are_paxos() -> None:
    flexible = check(FlexiblePaxos(acceptors=3, quorum_one=2, quorum_two=2), symmetry=True)
    paxos = check(Paxos(), symmetry=True)
    assert flexible.verdict is Verdict.HOLDS
    assert (flexible.distinct_states, flexible.generated_states) == (paxos.distinct_states, paxos.generated_states)


@pytest.mark.parametrize(("one", "two"), [(3, 1), (3, 2), (1, 3), (2, 3), (3, 3)])
def test_quorums_that_meet(one: int, two: int) -> None:
    assert check(FlexiblePaxos(acceptors=3, quorum_one=one, quorum_two=two), symmetry=True).verdict is Verdict.HOLDS


@pytest.mark.parametrize(
    ("acceptors", "one", "two"), [(2, 1, 1), (3, 1, 2), (3, 2, 1), (4, 2, 2), (5, 4, 1), (6, 3, 3)]
)
def test_two_quorums_that_do_not_meet_are_named(acceptors: int, one: int, two: int) -> None:
    result = check(FlexiblePaxos(acceptors=acceptors, quorum_one=one, quorum_two=two), symmetry=True)
    assert result.violation is not None
    assert (result.violation.name, result.violation.length) == ("quorums_intersect", 0)
    shown = dict(result.violation.trace.why[0].bindings)
    quorums = [set(shown[name].strip("{}").split(", ")) for name in ("one", "two")]
    assert [len(quorum) for quorum in quorums] == [one, two]
    assert not quorums[0] & quorums[1]


@pytest.mark.parametrize(("acceptors", "one", "two", "steps"), [(3, 1, 2, 10), (3, 2, 1, 12), (4, 2, 2, 14)])
def test_what_follows_from_quorums_that_do_not_meet(acceptors: int, one: int, two: int, steps: int) -> None:
    protocol = FlexiblePaxos(acceptors=acceptors, quorum_one=one, quorum_two=two)
    result = check(protocol, properties=["agreement"], symmetry=True)
    assert result.violation is not None
    assert result.violation.length == steps
