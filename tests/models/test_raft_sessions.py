"""Raft with client sessions."""

from __future__ import annotations

from quorate.checker import Verdict, check
from quorate.models.raft.sessions import SessionRaft

from .goals_raft_sessions import RetryAtAnotherLeader, RetryIsSkipped
from .reaching import steps_to


def test_holds_and_every_step_is_taken() -> None:
    result = check(SessionRaft())
    assert result.verdict is Verdict.HOLDS
    assert not result.warnings


def test_a_request_that_was_sent_again_is_skipped() -> None:
    assert steps_to(RetryIsSkipped(servers=3, messages=2)) == 13


def test_so_is_one_that_came_to_another_leader() -> None:
    assert steps_to(RetryAtAnotherLeader(servers=3, terms=2, messages=2)) == 18


def test_nothing_is_skipped_if_nothing_is_sent_again() -> None:
    assert steps_to(RetryIsSkipped(servers=3, messages=2, requests=1)) is None


def test_a_state_machine_begins_again_after_a_crash() -> None:
    result = check(SessionRaft(crashes=1), symmetry=True)
    assert result.verdict is Verdict.HOLDS
    assert result.actions["crash"]
