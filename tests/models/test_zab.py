"""Zab: its figures, its steps, what it can do, and what its parameters do."""

from __future__ import annotations

import pytest

from quorate.checker import Result, Verdict, check
from quorate.models.language import Protocol
from quorate.models.mutants import MUTANTS
from quorate.models.zab import Zab, ZabCoarse

from .goals_zab import GOALS

PROTOCOLS = [Zab, ZabCoarse]

STEPS = {
    "servers.lead",
    "servers.time_out",
    "servers.request",
    "servers.on_elected",
    "servers.on_closed",
    "servers.on_c_epoch",
    "servers.on_new_epoch",
    "servers.on_ack_epoch",
    "servers.on_new_leader",
    "servers.on_ack_leader",
    "servers.on_commit_leader",
    "servers.on_propose",
    "servers.on_ack",
    "servers.on_commit",
    "crash",
}


def figures(result: Result) -> tuple[int, int, int]:
    return result.distinct_states, result.generated_states, result.depth


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_small_with_symmetry(protocol: type[Protocol]) -> None:
    result = check(protocol.sized("small"), symmetry=True)
    assert result.verdict is Verdict.HOLDS
    assert figures(result) == protocol.size_named("small").symmetric


@pytest.mark.slow
@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_small(protocol: type[Protocol]) -> None:
    result = check(protocol.sized("small"))
    assert result.verdict is Verdict.HOLDS
    assert figures(result) == protocol.size_named("small").figures


@pytest.mark.slow
@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_nothing_is_dead_at_medium(protocol: type[Protocol]) -> None:
    result = check(protocol.sized("medium"), symmetry=True)
    assert result.verdict is Verdict.HOLDS
    assert figures(result) == protocol.size_named("medium").symmetric
    assert not result.warnings


def test_every_step_is_taken() -> None:
    result = check(Zab.sized("small"), symmetry=True)
    assert {name for name, times in result.actions.items() if times} == STEPS


def test_every_bound_is_hit_and_no_other() -> None:
    result = check(Zab.sized("small"), symmetry=True)
    assert set(result.cut) == {"epochs", "transactions", "timeouts"}


def test_with_neither_crash_nor_time_out_nobody_leaves() -> None:
    result = check(Zab(epochs=3, transactions=2), symmetry=True)
    assert result.verdict is Verdict.HOLDS
    assert set(result.cut) == {"transactions", "timeouts"}
    assert not result.actions["servers.on_closed"]


def test_a_cluster_of_two() -> None:
    result = check(Zab(servers=2, epochs=3, transactions=2, crashes=1, timeouts=1), symmetry=True)
    assert result.verdict is Verdict.HOLDS
    assert {name for name, times in result.actions.items() if times} == STEPS


@pytest.mark.slow
def test_a_cluster_of_four() -> None:
    result = check(Zab(servers=4, timeouts=1), symmetry=True)
    assert result.verdict is Verdict.HOLDS


LENGTHS = {
    "zab-delivery": 12,
    "zab-delivery-to-all": 18,
    "zab-two-primaries": 28,
    "zab-follower-returns": 19,
    "zab-coarse-two-epochs": 17,
}


@pytest.mark.parametrize("name", LENGTHS)
def test_reaches(name: str) -> None:
    violation = check(GOALS[name], symmetry=True).violation
    assert violation
    assert violation.length == LENGTHS[name]


def test_zxids_alone_decide_as_well_if_nothing_is_broadcast_in_between() -> None:
    mutant = MUTANTS["zab-coarse-elects-by-zxid"]
    result = check(mutant.protocol(**{**mutant.parameters, "transactions": 1}), symmetry=True)
    assert result.verdict is Verdict.HOLDS


def test_two_promises_of_an_epoch_lose_no_data() -> None:
    mutant = MUTANTS["zab-promises-twice"]
    data = ["leader_completeness", "prefix_consistency", "committed_is_durable"]
    result = check(mutant.protocol(epochs=2, timeouts=2), properties=data, symmetry=True)
    assert result.verdict is Verdict.HOLDS
