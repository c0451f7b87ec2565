"""Zab, with election and discovery in one step, with one thing wrong."""

from __future__ import annotations

from ..language import Map, action, every, require, shared
from ..zab import Counter, Epoch, Kind, Log, Order, Peer, Txn, Value, ZabCoarse, Zxid
from .mutant import Mutant


class CommitsAlone(ZabCoarse):
    """A leader takes its own copy of a transaction for enough, and a quorum without it elects the next leader."""

    def request(self, i: Peer, value: Value) -> None:
        """Broadcast, and commit at once."""
        super().request(i, value)
        self.commit |= {i: len(self.log[i])}


class AnyoneWins(ZabCoarse):
    """Any member of a quorum may win, and its history replaces the more recent ones of the others."""

    def may_lead(self, i: Peer, quorum: frozenset[Peer]) -> bool:
        """Do not look at anybody's history."""
        return True


class AcksUnwritten(ZabCoarse):
    """A follower acknowledges a history that it writes to disk only when it is told to serve, and crashes before."""

    unsaved: Map[Peer, bool] = shared(every(False))
    disk: Map[Peer, Log] = shared(every(()))
    """What is on the disk of those who have not written their history."""

    def accept_history(self, j: Peer, m: Order) -> None:
        """Write the epoch, and keep the history in memory."""
        self.disk |= {j: self.disk[j] if self.unsaved[j] else self.log[j]}
        self.unsaved |= {j: True}
        super().accept_history(j, m)

    def on_commit_leader(self, j: Peer) -> None:
        """Write the history."""
        super().on_commit_leader(j)
        self.disk |= {j: ()}
        self.unsaved |= {j: False}

    def crash(self, i: Peer) -> None:
        """Lose what is not on disk."""
        super().crash(i)
        self.log |= {i: self.disk[i] if self.unsaved[i] else self.log[i]}
        self.disk |= {i: ()}
        self.unsaved |= {i: False}


class ProposesToSynced(ZabCoarse):
    """Who has been sent a history, but has not acknowledged it yet, misses the transactions that are broadcast then."""

    def hearers(self, i: Peer) -> frozenset[Peer]:
        """Propose to those only whose acknowledgement has arrived."""
        return self.synced_with(i)


class SkipsProposals(ProposesToSynced):
    """A follower that missed a transaction appends and delivers the next one all the same."""

    def is_next(self, j: Peer, zxid: Zxid) -> bool:
        """Do not look at what comes before."""
        return True


class FillsHoles(ProposesToSynced):
    """A follower that missed a transaction makes one up in its place, and delivers it."""

    def on_propose(self, j: Peer) -> None:
        """If the second transaction comes without the first, take its value for both."""
        if self.is_ordered(j, Kind.PROPOSE) and len(self.log[j]) == 0 and self.orders[j][0].zxid.counter == 2:
            self.log |= {j: (Txn(Zxid(self.current_epoch[j], 1), self.orders[j][0].log[0].value),)}
        super().on_propose(j)


class AcksOvertake(ZabCoarse):
    """Two threads of a follower send what it acknowledges: a transaction may come before the initial history."""

    @action
    def overtake(self, j: Peer) -> None:
        """What was acknowledged last is sent first."""
        require(len(self.answers[j]) == 2)
        self.answers |= {j: (self.answers[j][1], self.answers[j][0])}


class AddsHistory(ZabCoarse):
    """A follower keeps what the leader does not have, behind what it has, and delivers all of it."""

    def accept_history(self, j: Peer, m: Order) -> None:
        """Append the transactions that the leader lacks to the leader's history."""
        mine = tuple(txn for txn in self.log[j] if txn not in m.log)
        super().accept_history(j, m)
        self.log |= {j: m.log + mine}

    def on_commit_leader(self, j: Peer) -> None:
        """Deliver the whole history."""
        super().on_commit_leader(j)
        self.commit |= {j: len(self.log[j])}


class EchoesAcknowledged(ZabCoarse):
    """A late follower is told that all is committed that it has acknowledged."""

    def committed_by(self, i: Peer, zxid: Zxid) -> Zxid:
        """Do not look at what is committed."""
        return zxid


class KeepsOldEpoch(ZabCoarse):
    """A follower takes over a history, but passes for one that has taken part in an earlier epoch only."""

    def accept_history(self, j: Peer, m: Order) -> None:
        """Write the history alone."""
        self.log |= {j: m.log}


class ServesAtOnce(ZabCoarse):
    """A leader takes its initial history for committed, though a quorum without it may elect the next leader."""

    def elect(self, i: Peer, quorum: frozenset[Peer]) -> None:
        """Begin to broadcast as soon as the history is on its way."""
        super().elect(i, quorum)
        self.established |= {i: True}
        self.commit |= {i: len(self.log[i])}


class ElectsByZxid(ZabCoarse):
    """The history with the latest transaction wins even over one that is younger but shorter."""

    def recency(self, i: Peer) -> tuple[Epoch, Epoch, Counter]:
        """The last transaction alone."""
        _, epoch, counter = super().recency(i)
        return epoch, counter, 0


PAPER = 'Junqueira, Reed and Serafini, "Zab: High-performance broadcast for primary-backup systems", DSN 2011'

MUTANTS = (
    Mutant(
        "zab-coarse-commits-alone",
        CommitsAlone,
        {"epochs": 2, "timeouts": 1},
        "leader_completeness",
        6,
        f"{PAPER}, algorithm 3: a transaction is committed once a quorum has acknowledged it",
    ),
    Mutant(
        "zab-coarse-anyone-wins",
        AnyoneWins,
        {"epochs": 2, "timeouts": 1},
        "leader_completeness",
        9,
        f"{PAPER}, algorithm 1: the most recent history of a quorum begins the epoch",
    ),
    Mutant(
        "zab-coarse-anyone-wins-and-diverges",
        AnyoneWins,
        {"epochs": 3, "transactions": 2, "timeouts": 1},
        "broadcast_agreement",
        15,
        f"{PAPER}, algorithm 1: the most recent history of a quorum begins the epoch",
    ),
    Mutant(
        "zab-coarse-elects-by-zxid",
        ElectsByZxid,
        {"epochs": 3, "transactions": 2, "timeouts": 2},
        "primary_integrity",
        14,
        f"{PAPER}, algorithm 1: histories are compared by f.a first",
    ),
    Mutant(
        "zab-coarse-acks-unwritten",
        AcksUnwritten,
        {"epochs": 2, "crashes": 2},
        "leader_completeness",
        10,
        "Apache ZooKeeper, issues ZOOKEEPER-3911 and ZOOKEEPER-4646",
    ),
    Mutant(
        "zab-coarse-proposes-to-synced",
        ProposesToSynced,
        {"transactions": 2},
        "proposals_in_order",
        9,
        "Apache ZooKeeper, zookeeper-specifications, issues.md, issue 1",
    ),
    Mutant(
        "zab-coarse-skips-proposals",
        SkipsProposals,
        {"transactions": 2},
        "local_primary_order",
        16,
        f"{PAPER}, section 3: local primary order",
    ),
    Mutant(
        "zab-coarse-skips-proposals-and-reorders",
        SkipsProposals,
        {"transactions": 2},
        "total_order",
        16,
        f"{PAPER}, section 3: total order",
    ),
    Mutant(
        "zab-coarse-fills-holes",
        FillsHoles,
        {"transactions": 2, "values": 2},
        "integrity",
        13,
        f"{PAPER}, section 3: integrity",
    ),
    Mutant(
        "zab-coarse-acks-overtake",
        AcksOvertake,
        {},
        "acks_in_order",
        8,
        "Apache ZooKeeper, issue ZOOKEEPER-4685",
    ),
    Mutant(
        "zab-coarse-adds-history",
        AddsHistory,
        {"epochs": 2, "transactions": 2, "timeouts": 1},
        "global_primary_order",
        14,
        f"{PAPER}, algorithm 2: the leader's history replaces the follower's",
    ),
    Mutant(
        "zab-coarse-echoes-acknowledged",
        EchoesAcknowledged,
        {"transactions": 2},
        "commits_in_order",
        16,
        "Apache ZooKeeper, zookeeper-specifications, issues.md, issue 3",
    ),
    Mutant(
        "zab-coarse-keeps-old-epoch",
        KeepsOldEpoch,
        {"epochs": 3, "timeouts": 2},
        "leader_completeness",
        12,
        f"{PAPER}, algorithm 2: f.a changes together with the history",
    ),
    Mutant(
        "zab-coarse-serves-at-once",
        ServesAtOnce,
        {"epochs": 3, "timeouts": 2},
        "leader_completeness",
        7,
        f"{PAPER}, algorithm 2: the leader waits for ACK-LD from a quorum",
    ),
    Mutant(
        "zab-coarse-serves-undurable",
        ServesAtOnce,
        {"epochs": 3, "timeouts": 1},
        "committed_is_durable",
        4,
        f"{PAPER}, algorithm 2: the leader waits for ACK-LD from a quorum",
    ),
)
"""What is known of each."""
