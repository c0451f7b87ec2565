"""Raft's log compaction with one thing wrong."""

from __future__ import annotations

from ..language import Cluster, Ref, cluster, require
from ..raft import AppendEntries, Index, Log, Server
from ..raft.compaction import CompactingServer, InstallSnapshot, RaftCompaction
from .mutant import Mutant


class CompactsWholeLog(CompactingServer):
    """Takes entries for applied that are not committed."""

    def applied(self) -> Index:
        """Apply the whole log."""
        return self.last_index()


class RaftCompactsWholeLog(RaftCompaction):
    """A server makes entries part of its snapshot that are not committed and may yet be replaced."""

    servers: Cluster[CompactsWholeLog] = cluster(3)


class AppendsCovered(CompactingServer):
    """Takes entries that its snapshot covers for new ones."""

    def merge(self, m: AppendEntries) -> None:
        """Append what cannot be found in the log."""
        self.log += m.entries[: max(0, self.snapshot - m.previous)]
        super().merge(m)


class RaftAppendsCovered(RaftCompaction):
    """An AppendEntries that comes late brings an entry which is compacted by now, and it is appended a second time."""

    servers: Cluster[AppendsCovered] = cluster(3)


class DiscardsFollowing(CompactingServer):
    """Starts over from any snapshot."""

    def following(self, m: InstallSnapshot) -> Log:
        """Keep nothing, though the log may have the snapshot's last entry."""
        return ()


class RaftDiscardsFollowing(RaftCompaction):
    """A snapshot that comes late takes away entries that followed it and that are committed by now."""

    servers: Cluster[DiscardsFollowing] = cluster(3)


class KeepsConflicting(CompactingServer):
    """Starts over from no snapshot."""

    def following(self, m: InstallSnapshot) -> Log:
        """Keep what comes after the snapshot in the log, whatever the log has at the snapshot's last index."""
        return self.log[len(m.state) :]


class RaftKeepsConflicting(RaftCompaction):
    """Entries that conflict with the leader's log survive a snapshot, behind entries of a later term."""

    servers: Cluster[KeepsConflicting] = cluster(3)


class SendsNothing(CompactingServer):
    """Tests by one too few whether a follower needs the snapshot."""

    def needs_snapshot(self, to: Ref[Server]) -> bool:
        """Overlook a follower that lacks just the snapshot's last entry."""
        return self.next_index[to] < self.snapshot

    def send_entries(self, to: Ref[Server], count: int) -> None:
        """Find neither the entry nor the one before it, and send none after the beginning of the log."""
        require(not self.needs_snapshot(to))
        if self.next_index[to] == self.snapshot:
            self.send(to, AppendEntries(self.term, 0, 0, (), self.commit))
        else:
            super().send_entries(to, count)


class RaftSendsNothing(RaftCompaction):
    """A follower that needs the snapshot gets an empty AppendEntries instead, which is safe if useless."""

    servers: Cluster[SendsNothing] = cluster(3)


DISSERTATION = 'Ongaro, "Consensus: Bridging Theory and Practice", 2014'

MUTANTS = (
    Mutant(
        "raft-compacts-whole-log",
        RaftCompactsWholeLog,
        {"servers": 3, "terms": 1, "entries": 1, "messages": 2, "crashes": 0},
        "snapshot_sound",
        5,
        f"{DISSERTATION}, section 5.1: a snapshot covers committed entries only",
    ),
    Mutant(
        "raft-appends-covered",
        RaftAppendsCovered,
        {"servers": 3, "terms": 1, "entries": 2, "requests": 2, "values": 2, "messages": 3, "crashes": 0},
        "log_matching",
        13,
        "willemt/raft, pull request 118",
    ),
    Mutant(
        "raft-discards-following",
        RaftDiscardsFollowing,
        {"servers": 3, "terms": 1, "entries": 2, "requests": 2, "messages": 3, "crashes": 0},
        "committed_log_append_only",
        19,
        f"{DISSERTATION}, figure 5.3; camunda/zeebe, issue 6092",
    ),
    Mutant(
        "raft-keeps-conflicting",
        RaftKeepsConflicting,
        {"servers": 3, "terms": 2, "entries": 2, "requests": 3, "messages": 3, "crashes": 0},
        "log_terms",
        15,
        "hashicorp/raft, issues 697 and 704",
    ),
    # negative controls
    Mutant(
        "raft-sends-nothing",
        RaftSendsNothing,
        {"servers": 3, "terms": 1, "entries": 2, "requests": 2, "messages": 2, "crashes": 0},
        None,
        None,
        "willemt/raft, pull request 118: there it did harm, for followers committed what no message had confirmed",
    ),
)
"""What is known of each."""
