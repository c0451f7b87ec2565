"""Zab with election and discovery in one step, written globally.

A quorum that looks for a leader gets the one of its members whose history is the most recent, all of it has promised a
new epoch, and the new leader's history is on its way to the others. Nothing is left out but the ways in which
an election can fail, so that synchronisation and broadcast can be explored much further than message by message.

The state is that of all servers, and an action may look at all of it. Two things are simpler for that: both ends know
at once that a connection is gone, and a server whose leader, or whose quorum, is gone can leave at any time. A time-out
is one server's: its leader goes on until it leaves, too.
"""

from __future__ import annotations

from ..language import Figures, Size, Sizes, action, require
from ._coarse_state import CoarseState
from ._complaints import Complaint
from ._messages import Counter, Epoch, Index, Txn, Value, Zxid
from ._orders import Answer, Kind, Order, Peer


class ZabCoarse(CoarseState):
    """Zab with election and discovery in one step; the parameters are those of `Zab`."""

    sizes: Sizes = (
        Size(
            "small",
            {"epochs": 2, "transactions": 2, "crashes": 1, "timeouts": 1},
            Figures(329_699, 953_437, 29),
            symmetric=Figures(55_367, 160_417, 29),
        ),
        Size(
            "medium",
            {"epochs": 3, "transactions": 2, "crashes": 1, "timeouts": 2},
            Figures(3_727_493, 10_490_464, 33),
            symmetric=Figures(622_950, 1_755_189, 33),
        ),
        Size(
            "large",
            {"epochs": 3, "transactions": 2, "crashes": 2, "timeouts": 2},
            Figures(9_687_318, 35_896_963, 33),
            symmetric=Figures(1_618_419, 6_000_434, 33),
        ),
    )

    # -- election and discovery ----------------------------------------------------------------------------------------

    @action
    def elect(self, i: Peer, quorum: frozenset[Peer]) -> None:
        """A quorum without a leader gets one, and promises a new epoch."""
        require(i in quorum and self.is_quorum(quorum))
        require(all(self.leader[j] is None for j in quorum))
        require(self.may_lead(i, quorum))
        epoch = max(self.accepted_epoch[j] for j in quorum) + 1
        self.leader |= {i: i}
        self.accepted_epoch |= {i: epoch}
        self.current_epoch |= {i: epoch}
        self.follow(quorum - {i}, i)

    def may_lead(self, i: Peer, quorum: frozenset[Peer]) -> bool:
        """Whether nobody in the quorum has a more recent history."""
        return all(self.recency(i) >= self.recency(j) for j in quorum)

    def recency(self, i: Peer) -> tuple[Epoch, Epoch, Counter]:
        """What histories are compared by: the epoch of the leader that established them, then the last transaction."""
        last = self.last_zxid(self.log[i])
        return self.current_epoch[i], last.epoch, last.counter

    @action
    def join(self, j: Peer, i: Peer) -> None:
        """Somebody comes later to a leader, and promises its epoch, or did so before."""
        require(self.leader[j] is None and self.leader[i] == i)
        require(self.accepted_epoch[j] <= self.accepted_epoch[i])
        self.follow(frozenset({j}), i)

    def follow(self, followers: frozenset[Peer], i: Peer) -> None:
        """Servers promise the epoch of a leader, which sends them its history."""
        self.leader |= {j: i for j in followers}
        self.connected |= {j: True for j in followers}
        self.accepted_epoch |= {j: self.accepted_epoch[i] for j in followers}
        self.order(followers, Order(Kind.NEW_LEADER, Zxid(self.current_epoch[i], 0), self.log[i]))

    # -- failures ------------------------------------------------------------------------------------------------------

    @action
    def crash(self, i: Peer) -> None:
        """A server loses what is in memory, and starts again."""
        self.crashed += 1
        self.leave(i)
        self.commit |= {i: 0}

    @action
    def time_out(self, i: Peer) -> None:
        """A server loses patience with its leader, or a leader with its followers."""
        require(self.leader[i] is not None and self.is_served(i))
        self.timed_out += 1
        self.leave(i)

    @action
    def lose_leader(self, i: Peer) -> None:
        """A server finds that its leader is gone, or a leader that it has no quorum."""
        require(self.leader[i] is not None and not self.is_served(i))
        self.leave(i)

    def is_served(self, i: Peer) -> bool:
        """Whether a server is connected with its leader, or a leader with a quorum."""
        return self.connected[i] or (self.leader[i] == i and self.is_quorum(self.followers(i) | {i}))

    def leave(self, i: Peer) -> None:
        """A server gives up its connections, and looks for a leader."""
        gone = self.followers(i) | {i}
        self.leader |= {i: None}
        self.established |= {i: False}
        self.connected |= {j: False for j in gone}
        self.synced |= {j: False for j in gone}
        self.acked |= {j: 0 for j in gone}
        self.orders |= {j: () for j in gone}
        self.answers |= {j: () for j in gone}

    # -- synchronisation -----------------------------------------------------------------------------------------------

    @action
    def on_new_leader(self, j: Peer) -> None:
        """A follower takes over the leader's history, and with it, in one write to disk, the epoch."""
        require(self.is_ordered(j, Kind.NEW_LEADER))
        m = self.orders[j][0]
        self.orders |= {j: self.orders[j][1:]}
        self.accept_history(j, m)
        self.answer(j, Answer(Kind.ACK_LEADER, self.last_zxid(self.log[j])))

    def accept_history(self, j: Peer, m: Order) -> None:
        """The epoch and its history go to disk together."""
        self.current_epoch |= {j: m.zxid.epoch}
        self.log |= {j: m.log}

    @action
    def on_ack_leader(self, i: Peer, j: Peer) -> None:
        """The epoch is established once a quorum has its history; who comes later learns what is committed."""
        require(self.leader[j] == i and self.is_answered(j, Kind.ACK_LEADER))
        zxid = self.answers[j][0].zxid
        self.answers |= {j: self.answers[j][1:]}
        self.acked |= {j: self.index_of(i, zxid)}
        late = self.established[i]
        if late:
            self.advance_commit(i)
        self.synced |= {j: True}
        if not late and self.is_quorum(self.synced_with(i) | {i}):
            self.establish(i)
        if self.established[i]:
            told = frozenset({j}) if late else self.synced_with(i)
            self.order(told, Order(Kind.COMMIT_LEADER, self.committed_by(i, zxid), ()))

    def establish(self, i: Peer) -> None:
        """A leader commits its initial history."""
        self.established |= {i: True}
        self.commit |= {i: len(self.log[i])}

    def committed_by(self, i: Peer, zxid: Zxid) -> Zxid:
        """Up to where a leader has committed its history, of which a late follower has acknowledged so much."""
        return self.last_zxid(self.log[i][: self.commit[i]])

    @action
    def on_commit_leader(self, j: Peer) -> None:
        """A follower delivers what the leader has committed."""
        require(self.is_ordered(j, Kind.COMMIT_LEADER))
        zxid = self.orders[j][0].zxid
        self.orders |= {j: self.orders[j][1:]}
        self.established |= {j: True}
        if zxid == Zxid(0, 0) or self.index_of(j, zxid) > 0:
            self.commit |= {j: self.index_of(j, zxid)}
        else:
            self.complaint = Complaint.COMMIT_OUT_OF_ORDER

    # -- broadcast -----------------------------------------------------------------------------------------------------

    @action
    def request(self, i: Peer, value: Value) -> None:
        """A leader broadcasts a client's request as the next transaction."""
        require(self.leader[i] == i and self.may_broadcast(i))
        txn = Txn(Zxid(self.current_epoch[i], self.next_counter(i)), value)
        self.requested += 1
        self.log |= {i: (*self.log[i], txn)}
        self.order(self.hearers(i), Order(Kind.PROPOSE, txn.zxid, (txn,)))

    def may_broadcast(self, i: Peer) -> bool:
        """Whether the leader's epoch is established."""
        return self.established[i]

    def hearers(self, i: Peer) -> frozenset[Peer]:
        """Who gets proposals: also who has been sent a history, but has not acknowledged it yet."""
        return self.followers(i)

    def next_counter(self, i: Peer) -> Counter:
        """The number of the next transaction of a server's epoch."""
        last = self.last_zxid(self.log[i])
        return last.counter + 1 if last.epoch == self.current_epoch[i] else 1

    @action
    def on_propose(self, j: Peer) -> None:
        """A follower appends a transaction, and acknowledges it."""
        require(self.is_ordered(j, Kind.PROPOSE))
        m = self.orders[j][0]
        self.orders |= {j: self.orders[j][1:]}
        if self.is_next(j, m.zxid):
            self.log |= {j: self.log[j] + m.log}
            self.answer(j, Answer(Kind.ACK, m.zxid))
        else:
            self.complaint = Complaint.PROPOSAL_OUT_OF_ORDER

    def is_next(self, j: Peer, zxid: Zxid) -> bool:
        """Whether a transaction follows the last one of the history: none may be missing between them."""
        last = self.last_zxid(self.log[j])
        return zxid == Zxid(last.epoch, last.counter + 1) or (zxid.epoch > last.epoch and zxid.counter == 1)

    @action
    def on_ack(self, i: Peer, j: Peer) -> None:
        """A leader commits what a quorum has."""
        require(self.leader[j] == i and self.is_answered(j, Kind.ACK))
        index = self.index_of(i, self.answers[j][0].zxid)
        self.answers |= {j: self.answers[j][1:]}
        if self.synced[j] and index == self.acked[j] + 1:
            self.acked |= {j: index}
            self.advance_commit(i)
        else:
            self.complaint = Complaint.ACK_OUT_OF_ORDER

    def advance_commit(self, i: Peer) -> None:
        """A leader commits, in order, every transaction that a quorum has."""
        before = self.commit[i]
        ahead = range(before + 1, len(self.log[i]) + 1)
        self.commit |= {i: max((index for index in ahead if self.is_held(i, index)), default=before)}
        news = tuple(Order(Kind.COMMIT, txn.zxid, ()) for txn in self.log[i][before : self.commit[i]])
        self.orders |= {j: self.orders[j] + news for j in self.synced_with(i)}

    def is_held(self, i: Peer, index: Index) -> bool:
        """Whether a quorum has acknowledged the leader's history up to here."""
        holders = frozenset(j for j in self.domain(Peer) if self.leader[j] == i and self.acked[j] >= index)
        return self.is_quorum(holders | {i})

    @action
    def on_commit(self, j: Peer) -> None:
        """A follower delivers the next transaction."""
        require(self.is_ordered(j, Kind.COMMIT))
        index = self.index_of(j, self.orders[j][0].zxid)
        self.orders |= {j: self.orders[j][1:]}
        if index == self.commit[j] + 1:
            self.commit |= {j: index}
        else:
            self.complaint = Complaint.COMMIT_OUT_OF_ORDER

    # -- connections ---------------------------------------------------------------------------------------------------

    def followers(self, i: Peer) -> frozenset[Peer]:
        """Who is connected with a leader."""
        return frozenset(j for j in self.domain(Peer) if self.leader[j] == i and self.connected[j])

    def synced_with(self, i: Peer) -> frozenset[Peer]:
        """Who has acknowledged the initial history of a leader."""
        return frozenset(j for j in self.domain(Peer) if self.leader[j] == i and self.synced[j])

    def order(self, followers: frozenset[Peer], m: Order) -> None:
        """A leader's message gets on its way."""
        self.orders |= {j: (*self.orders[j], m) for j in followers}

    def answer(self, j: Peer, m: Answer) -> None:
        """A follower's message gets on its way."""
        self.answers |= {j: (*self.answers[j], m)}

    def is_ordered(self, j: Peer, kind: Kind) -> bool:
        """Whether the next message to a follower is of this kind."""
        return any(m.kind == kind for m in self.orders[j][:1])

    def is_answered(self, j: Peer, kind: Kind) -> bool:
        """Whether the next message from a follower is of this kind."""
        return any(m.kind == kind for m in self.answers[j][:1])
