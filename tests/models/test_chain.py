"""Chain replication: its figures, its repair after each kind of failure, and what its clients see."""

from __future__ import annotations

import pytest

from quorate.checker import Verdict, check
from quorate.models.registers.chain import Chain

from .goals_chain import GOALS

REPAIRS = {
    "servers.on_become_head",
    "servers.on_become_tail",
    "servers.on_follow",
    "masters.on_received",
    "servers.on_precede",
}


@pytest.mark.parametrize("size", ["small", pytest.param("medium", marks=pytest.mark.slow)])
def test_figures(size: str) -> None:
    result = check(Chain.sized(size))
    assert result.verdict is Verdict.HOLDS
    assert not result.warnings
    assert set(result.cut) == {"operations", "failures"}
    assert (result.distinct_states, result.generated_states, result.depth) == Chain.size_named(size).figures


def test_every_repair_is_made() -> None:
    result = check(Chain())
    assert result.verdict is Verdict.HOLDS
    assert not result.warnings
    assert {name for name, times in result.actions.items() if times} > REPAIRS


def test_without_failures_nothing_is_repaired() -> None:
    result = check(Chain(failures=0))
    assert result.verdict is Verdict.HOLDS
    assert not REPAIRS & {name for name, times in result.actions.items() if times}


def test_of_two_servers_none_is_in_the_middle() -> None:
    result = check(Chain(servers=2, operations=2))
    assert result.verdict is Verdict.HOLDS
    assert REPAIRS & {name for name, times in result.actions.items() if times} == {
        "servers.on_become_head",
        "servers.on_become_tail",
    }


def test_two_neighbours_of_four_may_fail() -> None:
    assert check(Chain(servers=4, failures=2)).verdict is Verdict.HOLDS


def test_one_server_is_head_and_tail() -> None:
    result = check(Chain(servers=1, operations=2))
    assert result.verdict is Verdict.HOLDS
    assert not result.actions["servers.on_forward"]


@pytest.mark.parametrize(("goal", "length"), [("chain-read", 7), ("chain-repair", 9)])
def test_it_gets_there(goal: str, length: int) -> None:
    result = check(GOALS[goal])
    assert result.violation
    assert (result.violation.name, result.violation.length) == ("not_yet", length)
