"""Raft that writes to disk in parallel with replication, with one thing wrong."""

from __future__ import annotations

from ..language import Cluster, Ref, cluster
from ..raft import AppendEntries, Index, Server
from ..raft.disk import DiskRaft, DiskServer
from .mutant import Mutant


class ConfirmsBeforeFlush(DiskServer):
    """Confirms entries that are in memory only."""

    def accept(self, m: AppendEntries) -> None:
        """Take over the leader's entries, and leave the disk for later."""
        self.merge(m)
        self.follow_commit(m)


class RaftConfirmsBeforeFlush(DiskRaft):
    """A follower that crashes has lost an entry that it confirmed, and helps to elect a leader without it."""

    servers: Cluster[ConfirmsBeforeFlush] = cluster(3)


class CountsItselfBeforeFlush(DiskServer):
    """Counts itself, as leader, for entries that are in memory only."""

    def holders(self, index: Index) -> frozenset[Ref[Server]]:
        """The servers that are known to have this entry, and the leader wherever it has it."""
        return super().holders(index) | {self.id}


class RaftCountsItselfBeforeFlush(DiskRaft):
    """A leader that crashes has lost an entry that it committed with its own help."""

    servers: Cluster[CountsItselfBeforeFlush] = cluster(3)


class TruncatesWhatIsOnDisk(DiskServer):
    """Replaces the rest of its log by what a message carries."""

    def merge(self, m: AppendEntries) -> None:
        """Cut the log after the entry that agrees, then append."""
        self.replace_after(m.previous, m.entries)


class RaftTruncatesWhatIsOnDisk(DiskRaft):
    """An AppendEntries that comes late takes away entries that are on disk and committed by now."""

    servers: Cluster[TruncatesWhatIsOnDisk] = cluster(3)


DISSERTATION = 'Ongaro, "Consensus: Bridging Theory and Practice", 2014, section 10.2.1'

MUTANTS = (
    # one step is the leader's write to disk; were that part of taking the request, the length would be 11
    Mutant(
        "raft-confirms-before-flush",
        RaftConfirmsBeforeFlush,
        {"servers": 3, "terms": 2, "entries": 1, "messages": 3, "crashes": 1},
        "leader_completeness",
        12,
        "Vanlightly/raft-tlaplus, RaftFsync.tla",
    ),
    Mutant(
        "raft-counts-itself-before-flush",
        RaftCountsItselfBeforeFlush,
        {"servers": 3, "terms": 2, "entries": 1, "messages": 3, "crashes": 1},
        "leader_completeness",
        11,
        f"{DISSERTATION}: only once the leader has the entry on disk does it count itself",
    ),
    # what else such mistakes break
    Mutant(
        "raft-commits-what-is-on-one-disk",
        RaftConfirmsBeforeFlush,
        {"servers": 3, "terms": 1, "entries": 1, "messages": 3},
        "committed_is_durable",
        8,
        f"{DISSERTATION}: an entry is committed once a majority has it on disk",
    ),
    Mutant(
        "raft-commits-what-is-on-another-disk",
        RaftCountsItselfBeforeFlush,
        {"servers": 3, "terms": 1, "entries": 1, "messages": 3},
        "committed_is_durable",
        7,
        f"{DISSERTATION}: an entry is committed once a majority has it on disk",
    ),
    Mutant(
        "raft-truncates-what-is-on-disk",
        RaftTruncatesWhatIsOnDisk,
        {"servers": 3, "terms": 1, "entries": 2, "requests": 2, "messages": 3, "crashes": 0},
        "committed_log_append_only_between_crashes",
        12,
        'RaftOS, issue 26 (Tang and others, "SandTable", EuroSys 2024)',
    ),
)
"""What is known of each."""
