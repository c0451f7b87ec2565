"""Raft that writes to disk in parallel with replication."""

from __future__ import annotations

from quorate.checker import Verdict, check
from quorate.invariants.logs import committed_log_append_only
from quorate.models.language import StepInvariants
from quorate.models.raft.disk import DiskRaft

from .goals_raft import CommitsWithoutLeader
from .reaching import steps_to


def test_holds_and_every_step_is_taken() -> None:
    result = check(DiskRaft())
    assert result.verdict is Verdict.HOLDS
    assert not result.warnings
    assert result.actions["servers.flush"]


def test_three_servers() -> None:
    assert check(DiskRaft(servers=3), symmetry=True).verdict is Verdict.HOLDS


def test_a_leader_may_commit_what_it_has_not_on_disk() -> None:
    assert steps_to(CommitsWithoutLeader(servers=3, terms=1, messages=3)) == 10


class KeepsWhatItCommitted(DiskRaft):
    """Asks that a server keeps what it has committed even if it crashes."""

    step_invariants: StepInvariants = (committed_log_append_only,)


def test_and_may_lose_it_in_a_crash() -> None:
    result = check(KeepsWhatItCommitted(servers=3, terms=1, messages=3), symmetry=True)
    assert result.violation
    assert result.violation.name == "committed_log_append_only"
    assert "crash" in str(result.violation.trace.moments[-1].step)


def test_with_two_servers_the_leader_is_needed() -> None:
    assert check(KeepsWhatItCommitted(servers=2)).verdict is Verdict.HOLDS
