"""Raft with log compaction: what snapshots bring about, and what keeps the model honest."""

from __future__ import annotations

from quorate.checker import Verdict, check
from quorate.models.language import Cluster, Invariants, Ref, StepInvariants, cluster, invariant
from quorate.models.raft import Server
from quorate.models.raft.compaction import CompactingServer, RaftCompaction

from .goals_raft_compaction import EntryFollows, FollowerInstalls, LeaderRestarts
from .reaching import steps_to


def test_holds_and_every_step_is_taken() -> None:
    result = check(RaftCompaction())
    assert result.verdict is Verdict.HOLDS
    assert not result.warnings


def test_a_follower_that_lacks_a_discarded_entry_gets_the_snapshot() -> None:
    assert steps_to(FollowerInstalls(servers=3, terms=1, crashes=0)) == 10


def test_entries_follow_a_snapshot() -> None:
    assert steps_to(EntryFollows(servers=3, terms=1, entries=2, requests=2, crashes=0)) == 21


class ForgetsSnapshot(RaftCompaction):
    """Until a server has a snapshot and takes less than that for committed."""

    invariants: Invariants = ()
    step_invariants: StepInvariants = ()

    @invariant
    def not_yet(self) -> bool:
        """What every snapshot covers is committed."""
        return all(server.snapshot <= server.commit for server in self.servers)


def test_a_restart_begins_with_the_snapshot() -> None:
    assert steps_to(LeaderRestarts(servers=3, terms=1)) == 9
    assert steps_to(ForgetsSnapshot(servers=3, terms=1)) is None


class LooksBehind(CompactingServer):
    """Sends entries as if none were ever discarded."""

    def needs_snapshot(self, to: Ref[Server]) -> bool:
        """Find the whole log still there."""
        return False


class LooksBehindCluster(RaftCompaction):
    """A leader looks at entries that it has discarded."""

    servers: Cluster[LooksBehind] = cluster(3)


def test_nobody_can_look_behind_a_snapshot() -> None:
    result = check(LooksBehindCluster(terms=1, crashes=0), symmetry=True)
    assert result.violation
    assert (result.violation.name, result.violation.length) == ("assertion", 9)
