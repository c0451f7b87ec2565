"""Viewstamped Replication: its figures, its steps, and what a second crash does to the protocol of the paper."""

from __future__ import annotations

import pytest

from quorate.checker import Result, Verdict, check
from quorate.models.language import Protocol
from quorate.models.viewstamped.viewstamped import ViewstampedReplication
from quorate.models.viewstamped.viewstamped_stable_view import ViewstampedStableView
from quorate.models.viewstamped.viewstamped_transfer import ViewstampedTransfer

from .goals_viewstamped import GOALS

PROTOCOLS = [ViewstampedReplication, ViewstampedTransfer, ViewstampedStableView]

STEPS = {
    "replicas.request",
    "replicas.announce",
    "replicas.timeout",
    "replicas.on_prepare",
    "replicas.on_prepare_ok",
    "replicas.on_commit",
    "replicas.on_start_view_change",
    "replicas.on_do_view_change",
    "replicas.on_start_view",
    "replicas.on_recovery",
    "replicas.on_recovery_response",
    "crash",
}


def figures(result: Result) -> tuple[int, int, int]:
    return result.distinct_states, result.generated_states, result.depth


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_small(protocol: type[Protocol]) -> None:
    result = check(protocol.sized("small"))
    assert result.verdict is Verdict.HOLDS
    assert figures(result) == protocol.size_named("small").figures
    assert not result.warnings


def test_small_with_symmetry() -> None:
    result = check(ViewstampedReplication.sized("small"), symmetry=True)
    assert result.verdict is Verdict.HOLDS
    assert figures(result) == ViewstampedReplication.size_named("small").symmetric


@pytest.mark.slow
@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_nothing_is_dead_at_medium(protocol: type[Protocol]) -> None:
    result = check(protocol.sized("medium"))
    assert result.verdict is Verdict.HOLDS
    assert figures(result) == protocol.size_named("medium").figures
    assert not result.warnings


def test_every_step_is_taken() -> None:
    result = check(ViewstampedReplication())
    assert result.verdict is Verdict.HOLDS
    assert {name for name, times in result.actions.items() if times} == STEPS


def test_without_a_bound_on_messages_only_views_and_operations_are_cut() -> None:
    result = check(ViewstampedReplication(messages=20))
    assert result.verdict is Verdict.HOLDS
    assert set(result.cut) == {"views", "operations"}


@pytest.mark.slow
def test_two_crashes_break_the_protocol_of_the_paper() -> None:
    violation = check(ViewstampedReplication(messages=8, crashes=2), properties=["leader_completeness"]).violation
    assert violation
    assert violation.length == 17


@pytest.mark.slow
def test_two_crashes_are_safe_with_the_view_on_disk() -> None:
    result = check(ViewstampedStableView(messages=8, crashes=2))
    assert result.verdict is Verdict.HOLDS
    assert not result.warnings


def test_a_duplicate() -> None:
    result = check(ViewstampedReplication(messages=6, crashes=0, duplicates=1))
    assert result.verdict is Verdict.HOLDS
    assert result.actions["replicas.on_start_view (duplicate)"]


def test_alone_it_commits_at_once() -> None:
    result = check(ViewstampedReplication(replicas=1, crashes=0))
    assert result.verdict is Verdict.HOLDS
    assert result.distinct_states == 2


LENGTHS = {
    "viewstamped-commits": 7,
    "viewstamped-next-view": 10,
    "viewstamped-recovered": 8,
    "viewstamped-recovered-twice": 14,
    "viewstamped-catches-up": 8,
}


@pytest.mark.parametrize("name", LENGTHS)
def test_reaches(name: str) -> None:
    violation = check(GOALS[name]).violation
    assert violation
    assert violation.length == LENGTHS[name]
