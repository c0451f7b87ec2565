"""Zab with one thing wrong."""

from __future__ import annotations

from ..language import Cluster, Ref, cluster, require, volatile
from ..zab import AckEpoch, AckLeader, CEpoch, Counter, Epoch, NewEpoch, NewLeader, Phase, Record, Server, Zab
from .mutant import Mutant


class ForgetsPromise(Server):
    """Keeps the last epoch that it promised in memory only."""

    accepted_epoch: Epoch = volatile(0)


class ZabForgetsPromise(Zab):
    """A server that restarts promises an epoch a second time, so that two leaders get a quorum for it."""

    servers: Cluster[ForgetsPromise] = cluster(3)


class WritesEpochEarly(Server):
    """Takes the promise of an epoch for its beginning."""

    def promise(self, epoch: Epoch) -> None:
        """Write the new epoch as that of the history, which is still the history of an older one."""
        super().promise(epoch)
        self.current_epoch = epoch


class ZabWritesEpochEarly(Zab):
    """A server that promised an epoch but never got its history passes for more recent than those that have more."""

    servers: Cluster[WritesEpochEarly] = cluster(3)


class KeepsHistory(Server):
    """Begins its epoch with the history that it has."""

    def is_more_recent(self, held: Record) -> bool:
        """Do not look at the histories of others."""
        return False


class ZabKeepsHistory(Zab):
    """A leader that lacks a committed transaction does not take it over, and makes its followers delete it."""

    servers: Cluster[KeepsHistory] = cluster(3)


class PromisesTwice(Server):
    """Promises an epoch to everyone who proposes it."""

    def is_new(self, epoch: Epoch) -> bool:
        """Take an epoch for new though it was promised before."""
        return epoch >= self.accepted_epoch


class ZabPromisesTwice(Zab):
    """Two leaders propose the same epoch, and a server promises it to both."""

    servers: Cluster[PromisesTwice] = cluster(3)


class PromisesOlder(Server):
    """Promises whatever epoch is proposed."""

    def on_new_epoch(self, m: NewEpoch, sender: Ref[Server]) -> None:
        """Join the epoch, also one that is older than another that was promised."""
        require(self.leader == sender)
        self.accepted_epoch = m.epoch
        self.phase = Phase.SYNCHRONIZATION
        self.send(sender, AckEpoch(True, Record(self.current_epoch, self.log)))


class ZabPromisesOlder(Zab):
    """A server that promised an epoch joins an older one, and then the next leader proposes the newer one again."""

    servers: Cluster[PromisesOlder] = cluster(3)


class ComparesZxids(Server):
    """Compares histories by their last transactions first."""

    def recency(self, held: Record) -> tuple[Epoch, Epoch, Counter]:
        """The last transaction, then the epoch in which the history was established."""
        epoch, last_epoch, counter = super().recency(held)
        return last_epoch, counter, epoch


class ZabComparesZxids(Zab):
    """The history with the latest transaction wins even over one that is younger but shorter."""

    servers: Cluster[ComparesZxids] = cluster(3)


class TrustsNewLeader(Server):
    """Takes any history that its leader sends."""

    def on_new_leader(self, m: NewLeader, sender: Ref[Server]) -> None:
        """Do not ask whether this is the epoch that was promised."""
        require(self.leader == sender)
        self.accept_history(m)
        self.send(sender, AckLeader(self.last_zxid(self.log)))


class ZabTrustsNewLeader(Zab):
    """A follower does not check the epoch of a history: over one connection it can only be the one it promised."""

    servers: Cluster[TrustsNewLeader] = cluster(3)


class ProposesEpochAtOnce(Server):
    """Does not wait for a quorum before it proposes an epoch."""

    def on_c_epoch(self, m: CEpoch, sender: Ref[Server]) -> None:
        """Propose an epoch to the first follower that connects."""
        if len(self.learners) == 0:
            self.highest = m.epoch
            self.learners |= {sender}
            self.propose_epoch()
        else:
            super().on_c_epoch(m, sender)


class ZabProposesEpochAtOnce(Zab):
    """A leader proposes an epoch to the first follower: with three servers that makes a quorum."""

    servers: Cluster[ProposesEpochAtOnce] = cluster(3)


PAPER = 'Junqueira, Reed and Serafini, "Zab: High-performance broadcast for primary-backup systems", DSN 2011'

MUTANTS = (
    Mutant(
        "zab-forgets-promise",
        ZabForgetsPromise,
        {"epochs": 1, "crashes": 1},
        "single_leader_per_epoch",
        11,
        f"{PAPER}, section 5: f.p is on stable storage",
    ),
    # a crash loses the invitation that is under way: the leader must hear of it and invite again, which is one step
    # more than where a leader sees at once who looks for one
    Mutant(
        "zab-forgets-promise-and-loses-data",
        ZabForgetsPromise,
        {"epochs": 2, "crashes": 1, "timeouts": 1},
        "leader_completeness",
        22,
        f"{PAPER}, section 5: f.p is on stable storage",
    ),
    Mutant(
        "zab-writes-epoch-early",
        ZabWritesEpochEarly,
        {"epochs": 2, "crashes": 1},
        "leader_completeness",
        17,
        f"{PAPER}, algorithm 2: f.a changes together with the history",
    ),
    Mutant(
        "zab-keeps-history",
        ZabKeepsHistory,
        {"epochs": 2, "crashes": 1},
        "leader_completeness",
        17,
        f"{PAPER}, algorithm 1: the leader selects the most recent history of a quorum",
    ),
    Mutant(
        "zab-promises-twice",
        ZabPromisesTwice,
        {"epochs": 1, "timeouts": 2},
        "single_leader_per_epoch",
        14,
        "Zab.tla, kept with Apache ZooKeeper, lets a server promise an epoch again",
    ),
    Mutant(
        "zab-promises-older",
        ZabPromisesOlder,
        {"epochs": 2, "timeouts": 2},
        "single_leader_per_epoch",
        14,
        f"{PAPER}, algorithm 1: a follower promises newer epochs only",
    ),
    Mutant(
        "zab-promises-older-and-loses-data",
        ZabPromisesOlder,
        {"epochs": 2, "timeouts": 2},
        "leader_completeness",
        21,
        f"{PAPER}, algorithm 1: a follower promises newer epochs only",
    ),
    Mutant(
        "zab-compares-zxids",
        ZabComparesZxids,
        {"epochs": 3, "transactions": 2, "timeouts": 2},
        "primary_integrity",
        26,
        f"{PAPER}, algorithm 1: histories are compared by f.a first",
    ),
    # negative controls
    Mutant(
        "zab-trusts-new-leader",
        ZabTrustsNewLeader,
        {"epochs": 2, "timeouts": 1},
        None,
        None,
        f"{PAPER}, algorithm 2: a follower compares the epoch of NEWLEADER with f.p",
    ),
    Mutant(
        "zab-proposes-epoch-at-once",
        ZabProposesEpochAtOnce,
        {"epochs": 2, "timeouts": 1},
        None,
        None,
        f"{PAPER}, algorithm 1: the leader waits for CEPOCH from a quorum",
    ),
)
"""What is known of each."""
