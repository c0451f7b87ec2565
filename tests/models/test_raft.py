"""Raft: its figures, its actions, and what its parameters do."""

from __future__ import annotations

import pytest

from quorate.checker import Result, Verdict, check
from quorate.models.raft import Raft

from .goals_raft import BatchCommits, LastTermCommits
from .reaching import steps_to

STEPS = {
    "servers.timeout",
    "servers.client_request",
    "servers.replicate",
    "servers.heartbeat",
    "servers.on_request_vote",
    "servers.on_vote",
    "servers.on_append_entries",
    "servers.on_append_reply",
}


@pytest.fixture(scope="module")
def result() -> Result:
    return check(Raft(), symmetry=True)


def test_holds(result: Result) -> None:
    assert result.verdict is Verdict.HOLDS
    assert not result.warnings


def test_figures_of_an_independent_explorer(result: Result) -> None:
    # a program of its own in C++, with 64-bit states and symmetry over the three servers
    assert (result.distinct_states, result.generated_states, result.depth) == (4166, 11636, 31)


def test_every_step_is_taken(result: Result) -> None:
    assert {name for name, times in result.actions.items() if times} == STEPS


def test_every_bound_is_hit(result: Result) -> None:
    assert set(result.cut) == {"terms", "entries", "requests", "messages"}


def test_alone_it_leads_and_commits_at_once() -> None:
    result = check(Raft(servers=1, terms=1))
    assert result.verdict is Verdict.HOLDS
    assert result.distinct_states == 3
    silent = [warning.split()[0] for warning in result.warnings if "never taken" not in warning]
    assert set(silent) == {
        "log_matching",
        "committed_prefix_agreement",
        "match_sound",
        "next_after_match",
        "match_monotonic",
    }


def test_crash_and_duplicate() -> None:
    result = check(Raft(servers=2, crashes=1, duplicates=1), symmetry=True)
    assert result.verdict is Verdict.HOLDS
    assert result.actions["crash"]
    assert result.actions["servers.on_append_entries (duplicate)"]


def test_two_values() -> None:
    result = check(Raft(servers=2, entries=2, requests=2, values=2), symmetry=True)
    assert result.verdict is Verdict.HOLDS


def test_a_batch_saves_messages() -> None:
    one, two = (BatchCommits(servers=2, terms=1, entries=2, requests=2, batch=size) for size in (1, 2))
    assert (steps_to(one), steps_to(two)) == (13, 10)


def test_a_batch_is_an_upper_bound() -> None:
    one, two = (check(Raft(servers=2, terms=1, entries=2, requests=2, batch=size)) for size in (1, 2))
    assert one.verdict is two.verdict is Verdict.HOLDS
    assert two.actions["servers.replicate"] > one.actions["servers.replicate"]


def test_what_an_earlier_leader_began_is_committed_in_the_last_term() -> None:
    assert steps_to(LastTermCommits(entries=2, requests=2, messages=3)) == 14
