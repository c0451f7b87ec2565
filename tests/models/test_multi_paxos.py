"""Multi-Paxos: its figures, its steps, and what a leader finds in the log that it takes over."""

from __future__ import annotations

import pytest

from quorate.checker import Result, Verdict, check
from quorate.models.language import Protocol
from quorate.models.paxos.multi_paxos import MultiPaxos
from quorate.models.paxos.multi_paxos_trimming import MultiPaxosTrimming

from .goals_multi_paxos import GOALS

STEPS = {
    "replicas.prepare",
    "replicas.propose",
    "replicas.on_prepare",
    "replicas.on_promise",
    "replicas.on_accept",
    "replicas.on_accepted",
    "replicas.on_commit",
}
TRIMMING = {"replicas.trim", "replicas.on_trimmed", "replicas.on_fetch", "replicas.on_snapshot"}


def figures(result: Result) -> tuple[int, int, int]:
    return result.distinct_states, result.generated_states, result.depth


def taken(result: Result) -> set[str]:
    return {name for name, times in result.actions.items() if times}


@pytest.mark.parametrize("protocol", [MultiPaxos, MultiPaxosTrimming])
def test_small_with_symmetry(protocol: type[Protocol]) -> None:
    result = check(protocol.sized("small"), symmetry=True)
    assert result.verdict is Verdict.HOLDS
    assert figures(result) == protocol.size_named("small").symmetric


@pytest.mark.parametrize("protocol", [MultiPaxos, MultiPaxosTrimming])
def test_small(protocol: type[Protocol]) -> None:
    result = check(protocol.sized("small"))
    assert result.verdict is Verdict.HOLDS
    assert figures(result) == protocol.size_named("small").figures
    assert not result.warnings


@pytest.mark.slow
@pytest.mark.parametrize("protocol", [MultiPaxos, MultiPaxosTrimming])
def test_nothing_is_dead_at_medium(protocol: type[Protocol]) -> None:
    result = check(protocol.sized("medium"))
    assert result.verdict is Verdict.HOLDS
    assert figures(result) == protocol.size_named("medium").figures
    assert not result.warnings


def test_without_a_bound_on_messages_nothing_is_cut() -> None:
    result = check(MultiPaxos(ballots=3, messages=16))
    assert result.verdict is Verdict.HOLDS
    assert taken(result) == STEPS
    assert not result.cut


def test_a_crash_and_a_duplicate() -> None:
    result = check(MultiPaxos(crashes=1, duplicates=1, messages=8))
    assert result.verdict is Verdict.HOLDS
    assert result.actions["crash"]
    assert result.actions["replicas.on_accept (duplicate)"]


def test_trimming_takes_steps_of_its_own() -> None:
    assert taken(check(MultiPaxosTrimming(messages=8))) == STEPS | TRIMMING


def test_alone_it_decides_at_once() -> None:
    result = check(MultiPaxos(replicas=1, leaders=1, ballots=1, slots=2))
    assert result.verdict is Verdict.HOLDS
    assert taken(result) == {"replicas.prepare", "replicas.propose"}
    assert result.distinct_states == 4


def test_one_leader_owns_every_ballot() -> None:
    one, two = (check(MultiPaxos(leaders=leaders, messages=8)) for leaders in (1, 2))
    assert one.verdict is two.verdict is Verdict.HOLDS
    assert one.distinct_states < two.distinct_states


LENGTHS = {
    "multi-paxos-everybody": 8,
    "multi-paxos-hole": 13,
    "multi-paxos-handover": 11,
    "multi-paxos-catches-up": 12,
}


@pytest.mark.parametrize("name", LENGTHS)
def test_reaches(name: str) -> None:
    violation = check(GOALS[name]).violation
    assert violation
    assert violation.length == LENGTHS[name]
