"""Zab with the synchronisation of ZooKeeper (`LearnerHandler` at the leader, `Learner` at the follower).

In the paper a leader sends its whole history. ZooKeeper's leader compares the last transaction of a follower with its
own history and sends what is missing (DIFF), after telling the follower to cut back what it has too much (TRUNC), or
its whole state (SNAP) if the follower is behind what the leader keeps in memory. Nor is a history ever sent to the
leader: an election is won by a server whose history is the most recent. A leader that hears from a more recent one
before it has a quorum gives up, so that such an election comes to nothing.

A server has a history on disk and one in memory. What it receives while it is synchronised is queued; NEWLEADER sends
it to disk, then the epoch, and only then is it acknowledged. What arrives until UPTODATE, which is COMMIT-LD in the
paper, is queued again.
"""

from __future__ import annotations

from enum import Enum
from typing import Annotated

from ..language import (
    AtMost,
    Figures,
    Map,
    Size,
    Sizes,
    action,
    every,
    invariant,
    record,
    require,
    shared,
    vacuous_unless,
)
from ._messages import Index, Log, Value, Zxid
from ._orders import Answer, Kind, Order, Peer
from .coarse import ZabCoarse


class Mode(Enum):
    """How a follower is synchronised."""

    DIFF, TRUNC, SNAP = range(3)


@record
class Sync:
    """What a leader sends before NEWLEADER.

    DIFF: the transactions that are missing. TRUNC: up to which transaction to keep the history, and what is missing
    then. SNAP: everything.
    """

    mode: Mode
    last: Zxid
    log: Log


Syncs = Annotated[tuple[Sync, ...], AtMost(1)]
"""What is under way to a follower before NEWLEADER; nothing if it has all."""


def _something_delivered(p: ZabSync) -> bool:
    return any(commit > 0 for commit in p.commit.values())


def _somebody_synchronised(p: ZabSync) -> bool:
    return any(p.is_synchronised(j) and len(p.log[j]) > 0 for j in p.domain(Peer))


def _something_committed(p: ZabSync) -> bool:
    return len(p.committed) > 0


class ZabSync(ZabCoarse):
    """Zab with the synchronisation of ZooKeeper; a leader keeps the last `remembered` transactions in memory."""

    remembered: int = 2

    disk: Map[Peer, Log] = shared(every(()))
    """The history on disk; `log` is what the server has in memory."""
    sync: Map[Peer, Syncs] = shared(every(()))
    queued: Map[Peer, Log] = shared(every(()))
    """What a follower has received, and not yet written to disk."""
    snapshot: Map[Peer, bool] = shared(every(False))
    """Whether that replaces what is on disk."""

    sizes: Sizes = (
        Size(
            "small",
            {"epochs": 2, "transactions": 2, "crashes": 1, "timeouts": 1},
            Figures(454_601, 1_212_898, 31),
            symmetric=Figures(76_185, 203_628, 31),
        ),
        Size(
            "medium",
            {"epochs": 3, "transactions": 2, "crashes": 1, "timeouts": 1},
            symmetric=Figures(170_823, 422_707, 32),
        ),
        Size(
            "large",
            {"epochs": 3, "transactions": 2, "crashes": 2, "timeouts": 2},
            symmetric=Figures(2_473_258, 8_898_861, 37),
        ),
    )

    # -- the leader ----------------------------------------------------------------------------------------------------

    def follow(self, followers: frozenset[Peer], i: Peer) -> None:
        """Servers promise the epoch of a leader, which sends what each is missing, and then NEWLEADER."""
        self.leader |= {j: i for j in followers}
        self.connected |= {j: True for j in followers}
        self.accepted_epoch |= {j: self.accepted_epoch[i] for j in followers}
        self.sync |= {j: self.difference(i, self.last_zxid(self.log[j])) for j in followers}
        self.order(followers, Order(Kind.NEW_LEADER, Zxid(self.current_epoch[i], 0), ()))

    def difference(self, i: Peer, last: Zxid) -> Syncs:
        """How a leader synchronises a follower whose history ends with this transaction; nothing if it has the same."""
        log = self.log[i]
        known = sum(1 for txn in log if not self.is_older(last, txn.zxid))
        if last == self.last_zxid(log):
            return ()
        if log and known <= self.forgotten(i):
            return (Sync(Mode.SNAP, Zxid(0, 0), log),)
        common = self.last_zxid(log[:known])
        return (Sync(Mode.DIFF if common == last else Mode.TRUNC, common, log[known:]),)

    def forgotten(self, i: Peer) -> Index:
        """How many transactions are older than those that a leader keeps in memory."""
        return max(len(self.log[i]) - self.remembered, 0)

    def is_older(self, one: Zxid, other: Zxid) -> bool:
        """Whether a transaction comes before another."""
        return one.epoch < other.epoch or (one.epoch == other.epoch and one.counter < other.counter)

    def request(self, i: Peer, value: Value) -> None:
        """Broadcast a transaction; it is on the leader's disk when the others get it."""
        super().request(i, value)
        self.disk |= {i: self.disk[i] + self.log[i][len(self.log[i]) - 1 :]}

    # -- the follower --------------------------------------------------------------------------------------------------

    @action
    def on_sync(self, j: Peer) -> None:
        """A follower cuts back its history on disk, and queues what it lacks; a snapshot replaces its memory."""
        require(len(self.sync[j]) > 0)
        m = self.sync[j][0]
        self.sync |= {j: ()}
        if m.mode is Mode.TRUNC:
            self.cut_back(j, m.last)
        self.log |= {j: m.log if m.mode is Mode.SNAP else self.log[j] + m.log}
        self.queued |= {j: m.log}
        self.snapshot |= {j: m.mode is Mode.SNAP}

    def cut_back(self, j: Peer, last: Zxid) -> None:
        """Delete what comes after a transaction."""
        self.log |= {j: self.log[j][: self.index_of(j, last)]}
        self.disk |= {j: self.log[j]}

    @action
    def write(self, j: Peer) -> None:
        """NEWLEADER has come: what is queued goes to disk."""
        require(len(self.sync[j]) == 0 and self.is_ordered(j, Kind.NEW_LEADER) and not self.is_written(j))
        self.flush(j)

    def flush(self, j: Peer) -> None:
        """Write what is queued to disk."""
        self.disk |= {j: self.queued[j] if self.snapshot[j] else self.disk[j] + self.queued[j]}
        self.queued |= {j: ()}
        self.snapshot |= {j: False}

    def is_written(self, j: Peer) -> bool:
        """Whether nothing waits to be written."""
        return len(self.queued[j]) == 0

    def on_new_leader(self, j: Peer) -> None:
        """Once the history is on disk, a follower writes the epoch, and acknowledges."""
        require(len(self.sync[j]) == 0 and self.may_acknowledge(j))
        super().on_new_leader(j)

    def may_acknowledge(self, j: Peer) -> bool:
        """Whether a follower has on disk what it was sent before NEWLEADER."""
        return self.is_written(j)

    def accept_history(self, j: Peer, m: Order) -> None:
        """Write the epoch; the history is there."""
        self.current_epoch |= {j: m.zxid.epoch}

    def on_propose(self, j: Peer) -> None:
        """A follower writes a transaction and acknowledges it; before UPTODATE it queues it."""
        before = len(self.log[j])
        super().on_propose(j)
        self.queued |= {j: self.queued[j] + self.log[j][before:]}
        if self.established[j]:
            self.flush(j)

    def answer(self, j: Peer, m: Answer) -> None:
        """Answer NEWLEADER; a transaction that is queued is not acknowledged."""
        if m.kind is Kind.ACK_LEADER or self.established[j]:
            super().answer(j, m)

    def on_commit_leader(self, j: Peer) -> None:
        """UPTODATE: a follower writes what is queued, acknowledges it, and delivers what is committed."""
        super().on_commit_leader(j)
        for txn in self.queued[j]:
            self.answer(j, Answer(Kind.ACK, txn.zxid))
        self.flush(j)

    # -- failures ------------------------------------------------------------------------------------------------------

    def leave(self, i: Peer) -> None:
        """Give up all connections; what counts from now on is what is on disk."""
        self.sync |= {j: () for j in self.followers(i) | {i}}
        super().leave(i)
        self.queued |= {i: ()}
        self.snapshot |= {i: False}
        self.log |= {i: self.disk[i]}

    # -- properties ----------------------------------------------------------------------------------------------------

    @invariant
    @vacuous_unless(_something_delivered)
    def memory_matches_disk(self) -> bool:
        """What a server has delivered from memory is on its disk."""
        return all(self.log[i][: self.commit[i]] == self.disk[i][: self.commit[i]] for i in self.domain(Peer))

    @invariant
    @vacuous_unless(_somebody_synchronised)
    def synchronised_with_leader(self) -> bool:
        """Who has acknowledged NEWLEADER has a prefix of its leader's history."""
        return all(
            self.log[j] == self.log[i][: len(self.log[j])]
            for j in self.domain(Peer)
            if self.is_synchronised(j)
            for i in self.domain(Peer)
            if self.leader[j] == i
        )

    def is_synchronised(self, j: Peer) -> bool:
        """Whether a server is connected with a leader, and past NEWLEADER."""
        return (
            self.connected[j] and len(self.sync[j]) == 0 and all(m.kind is not Kind.NEW_LEADER for m in self.orders[j])
        )

    @invariant
    @vacuous_unless(_something_committed)
    def committed_is_durable(self) -> bool:
        """What was ever committed is on the disks of a quorum."""
        return all(
            self.is_quorum(frozenset(i for i in self.domain(Peer) if self.disk[i][c.index - 1 : c.index] == (c.entry,)))
            for c in self.committed
        )
