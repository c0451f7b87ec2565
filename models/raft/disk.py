"""Writing to disk while replicating (Ongaro, "Consensus: Bridging Theory and Practice", 2014, section 10.2.1).

A leader sends its new entries to the others before they are on its own disk, and counts itself among the servers that
have an entry only once they are. It may commit an entry without itself, if enough others have it. A follower has the
entries on disk before it confirms them. Terms and votes are on disk at once, as in the core.

The log on disk is a prefix of the log in memory, up to `flushed`; a crash loses the rest.
"""

from __future__ import annotations

from ...invariants.elections import epoch_monotonic, vote_once
from ...invariants.logs import (
    commit_monotonic,
    committed_log_append_only_between_crashes,
    leader_append_only,
    match_monotonic,
)
from ..language import Cluster, Figures, Ref, Size, Sizes, StepInvariants, action, cluster, durable, require, restart
from .raft import AppendEntries, Index, Log, Raft, Server


class DiskServer(Server):
    """A server whose log gets to its disk some time after it is written."""

    flushed: Index = durable(0)

    @action
    def flush(self) -> None:
        """Get everything written so far to disk; a leader may then commit."""
        require(self.flushed < self.last_index())
        self.flushed = self.last_index()
        if self.leads():
            self.advance_commit()

    def holders(self, index: Index) -> frozenset[Ref[Server]]:
        """The servers that are known to have this entry on disk, the leader only if it is on its own."""
        servers = super().holders(index)
        return servers if index <= self.flushed else servers - {self.id}

    def accept(self, m: AppendEntries) -> None:
        """Take over the leader's entries; they are on disk before they are confirmed."""
        super().accept(m)
        self.flushed = self.last_index()

    def replace_after(self, index: Index, entries: Log) -> None:
        """Write to the log; what is replaced is on disk no more."""
        super().replace_after(index, entries)
        self.flushed = min(self.flushed, index)

    @restart
    def recover(self) -> None:
        """Read the log from disk."""
        self.log = self.stored()

    def stored(self) -> Log:
        """The part of the log that is on disk."""
        return self.log[: self.flushed]


class DiskRaft(Raft):
    """Raft whose leaders write to disk while they replicate."""

    servers: Cluster[DiskServer] = cluster(2)
    crashes: int = 1
    step_invariants: StepInvariants = (
        leader_append_only,
        committed_log_append_only_between_crashes,
        commit_monotonic,
        match_monotonic,
        epoch_monotonic,
        vote_once,
    )

    sizes: Sizes = (
        Size("small", {"servers": 3}, Figures(186_893, 654_748, 35), symmetric=Figures(31_240, 109_447, 35)),
        Size(
            "medium",
            {"servers": 3, "requests": 2, "messages": 3},
            symmetric=Figures(1_325_415, 5_967_449, 43),
        ),
        Size(
            "large",
            {"servers": 3, "entries": 2, "requests": 2, "messages": 3},
            symmetric=Figures(18_944_894, 87_352_430, 57),
        ),
    )
