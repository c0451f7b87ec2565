"""Zab, with the synchronisation of ZooKeeper, with one thing wrong."""

from __future__ import annotations

from ..language import Map, action, every, require, shared
from ..zab import Kind, Log, Order, Peer, Zxid
from ..zab.sync import Mode, Sync, Syncs, ZabSync
from .mutant import Mutant


class NeverCutsBack(ZabSync):
    """A follower keeps a transaction that its leader does not have, before those that it lacks, and delivers it."""

    def cut_back(self, j: Peer, last: Zxid) -> None:
        """Keep the whole history."""


class AcksBeforeWriting(ZabSync):
    """A follower acknowledges NEWLEADER with the history still in memory, and loses it in a crash."""

    def write(self, j: Peer) -> None:
        """Write nothing before UPTODATE."""
        require(False)

    def may_acknowledge(self, j: Peer) -> bool:
        """Do not wait for the disk."""
        return True


class WritesEpochFirst(ZabSync):
    """A follower that crashes between the epoch and the history passes for more recent than those that have more."""

    def write(self, j: Peer) -> None:
        """Write the epoch in a step of its own, before the history."""
        require(len(self.sync[j]) == 0 and self.is_ordered(j, Kind.NEW_LEADER) and not self.is_written(j))
        if self.current_epoch[j] < self.accepted_epoch[j]:
            self.current_epoch |= {j: self.accepted_epoch[j]}
        else:
            super().write(j)


class WritesLater(ZabSync):
    """A follower serves though a thread that writes in the background has not yet written what it delivers."""

    def write(self, j: Peer) -> None:
        """Leave it to the thread."""
        require(False)

    @action
    def background(self, j: Peer) -> None:
        """The thread writes."""
        require(len(self.queued[j]) > 0)
        super().flush(j)

    def may_acknowledge(self, j: Peer) -> bool:
        """Do not wait for the thread."""
        return True

    def flush(self, j: Peer) -> None:
        """Leave it to the thread."""


class TrustsMemory(ZabSync):
    """A follower that loses its leader keeps a snapshot that is not on disk, and the next leader sends no other."""

    def leave(self, i: Peer) -> None:
        """Keep what is in memory."""
        log = self.log[i]
        super().leave(i)
        self.log |= {i: log}

    def crash(self, i: Peer) -> None:
        """Read the history from disk again, for memory is lost."""
        super().crash(i)
        self.log |= {i: self.disk[i]}


class MissesQueued(ZabSync):
    """What a follower queued until UPTODATE is missing from what it sends, as a leader, from memory."""

    unlisted: Map[Peer, Log] = shared(every(()))
    """What a server has on disk and delivers, but has not put among the transactions to send from memory."""

    def on_commit_leader(self, j: Peer) -> None:
        """Write what is queued, but do not list it."""
        self.unlisted |= {j: self.unlisted[j] + self.queued[j]}
        super().on_commit_leader(j)

    def difference(self, i: Peer, last: Zxid) -> Syncs:
        """Leave out what is not listed."""
        return tuple(
            m if m.mode is Mode.SNAP else Sync(m.mode, m.last, self.listed(i, m.log))
            for m in super().difference(i, last)
        )

    def listed(self, i: Peer, log: Log) -> Log:
        """What of this a server has listed."""
        return tuple(txn for txn in log if txn not in self.unlisted[i])

    def crash(self, i: Peer) -> None:
        """Everything that is read from disk is listed."""
        super().crash(i)
        self.unlisted |= {i: ()}


class KeepsOldBounds(ZabSync):
    """A leader that does not see that it has got further tells a follower to cut back what they have both committed."""

    def difference(self, i: Peer, last: Zxid) -> Syncs:
        """Take the end of the history for that of the epoch before."""
        log = tuple(txn for txn in self.log[i] if txn.zxid.epoch < self.current_epoch[i])
        end = self.last_zxid(log)
        return (Sync(Mode.TRUNC, end, ()),) if self.is_older(end, last) else super().difference(i, last)


class IgnoresDiskErrors(ZabSync):
    """A follower acknowledges and delivers a transaction that could not be written."""

    @action
    def on_propose_unwritten(self, j: Peer) -> None:
        """The disk fails once, and the follower goes on."""
        require(self.established[j])
        disk = self.disk[j]
        self.on_propose(j)
        self.disk |= {j: disk}


class DeliversEarly(ZabSync):
    """A follower delivers before UPTODATE what it has only queued."""

    def advance_commit(self, i: Peer) -> None:
        """Send commits also to those who have not acknowledged NEWLEADER yet."""
        before = self.commit[i]
        super().advance_commit(i)
        news = tuple(Order(Kind.COMMIT, txn.zxid, ()) for txn in self.log[i][before : self.commit[i]])
        self.orders |= {j: self.orders[j] + news for j in self.followers(i) - self.synced_with(i)}


class TruncatesInMemory(ZabSync):
    """A follower cuts back its history in memory, and after a crash has what it should not have."""

    def cut_back(self, j: Peer, last: Zxid) -> None:
        """Leave the disk as it is."""
        disk = self.disk[j]
        super().cut_back(j, last)
        self.disk |= {j: disk}


class WritesAtOnce(ZabSync):
    """A follower writes what it is sent before it knows that all of it has come, which is safe."""

    def on_sync(self, j: Peer) -> None:
        """Do not wait for NEWLEADER."""
        super().on_sync(j)
        self.flush(j)


MUTANTS = (
    Mutant(
        "zab-sync-never-cuts-back",
        NeverCutsBack,
        {"epochs": 2, "timeouts": 1},
        "synchronised_with_leader",
        10,
        "Apache ZooKeeper, issue ZOOKEEPER-1154",
    ),
    # twice as long, because the follower must have come before the leader broadcasts anything: later it would be behind
    # all that the leader keeps, and get a snapshot, which replaces its history
    Mutant(
        "zab-sync-delivers-uncut",
        NeverCutsBack,
        {"epochs": 2, "transactions": 2, "timeouts": 1},
        "prefix_consistency",
        19,
        "Apache ZooKeeper, issue ZOOKEEPER-1154",
    ),
    # one step more than with the history that NEWLEADER brings with it, for here it comes before that
    Mutant(
        "zab-sync-acks-before-writing",
        AcksBeforeWriting,
        {"epochs": 2, "crashes": 2},
        "leader_completeness",
        11,
        "Apache ZooKeeper, issues ZOOKEEPER-3911, ZOOKEEPER-4646 and ZOOKEEPER-4785",
    ),
    Mutant(
        "zab-sync-writes-epoch-first",
        WritesEpochFirst,
        {"epochs": 3, "crashes": 1, "timeouts": 1},
        "leader_completeness",
        14,
        "Apache ZooKeeper, issue ZOOKEEPER-4643",
    ),
    # the transaction is a proposal that comes between NEWLEADER and UPTODATE, or after it, so that no history is needed
    Mutant(
        "zab-sync-writes-later",
        WritesLater,
        {},
        "memory_matches_disk",
        8,
        "Apache ZooKeeper, issue ZOOKEEPER-3023",
    ),
    # the follower loses its leader, and finds the same one again; that another one takes over makes it no shorter
    Mutant(
        "zab-sync-trusts-memory",
        TrustsMemory,
        {"timeouts": 1},
        "memory_matches_disk",
        11,
        "Apache ZooKeeper, issue ZOOKEEPER-3642",
    ),
    Mutant(
        "zab-sync-loses-snapshot",
        TrustsMemory,
        {"epochs": 3, "crashes": 1, "timeouts": 1},
        "leader_completeness",
        14,
        "Apache ZooKeeper, issue ZOOKEEPER-3642",
    ),
    # as the follower is behind by one transaction, which its leader takes for none, it does not find what is committed
    Mutant(
        "zab-sync-misses-queued",
        MissesQueued,
        {"epochs": 2, "transactions": 2, "timeouts": 1},
        "commits_in_order",
        20,
        "Apache ZooKeeper, issue ZOOKEEPER-4925",
    ),
    Mutant(
        "zab-sync-keeps-old-bounds",
        KeepsOldBounds,
        {"timeouts": 1},
        "committed_is_durable",
        10,
        "Apache ZooKeeper, issue ZOOKEEPER-3526",
    ),
    Mutant(
        "zab-sync-ignores-disk-errors",
        IgnoresDiskErrors,
        {},
        "memory_matches_disk",
        8,
        "Apache ZooKeeper, issue ZOOKEEPER-4882",
    ),
    # in ZooKeeper the follower stops with an exception instead
    Mutant(
        "zab-sync-delivers-early",
        DeliversEarly,
        {},
        "memory_matches_disk",
        10,
        "Apache ZooKeeper, issue ZOOKEEPER-4394",
    ),
    Mutant(
        "zab-sync-truncates-in-memory",
        TruncatesInMemory,
        {"epochs": 2, "transactions": 2, "timeouts": 1},
        "memory_matches_disk",
        16,
        "`Learner.syncWithLeader` of ZooKeeper: TRUNC cuts back the log on disk",
    ),
    Mutant(
        "zab-sync-writes-at-once",
        WritesAtOnce,
        {"epochs": 2, "transactions": 2, "crashes": 1, "timeouts": 1},
        None,
        None,
        "`Learner.syncWithLeader` of ZooKeeper: the log is written at NEWLEADER",
    ),
)
"""What is known of each."""
