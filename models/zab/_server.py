"""A server of Zab: algorithms 1 to 3 of the paper, one handler for each message.

A connection is a pair of queues. Who gives it up, or crashes, empties both and sends `Closed` over the next one, as TCP
resets; the other end knows nothing before that has arrived. A message of an old connection never arrives on a new one:
a server follows a leader only after the leader, knowing that the old connection is gone, has invited it.
"""

from __future__ import annotations

from enum import Enum

from ..language import Map, Process, Ref, action, durable, every, ghost, receive, require, restart, volatile
from ._complaints import Complaint
from ._messages import (
    Ack,
    AckEpoch,
    AckLeader,
    CEpoch,
    Closed,
    Commit,
    CommitLeader,
    Counter,
    Elected,
    Epoch,
    Index,
    Log,
    NewEpoch,
    NewLeader,
    Propose,
    Record,
    Txn,
    Value,
    Zxid,
)


class Phase(Enum):
    """The phases of a server (section 4); in ELECTION it looks for a leader."""

    ELECTION, DISCOVERY, SYNCHRONIZATION, BROADCAST = range(4)


class Server(Process):
    """A server: it looks for a leader, follows one, or leads."""

    # on disk before any message that depends on it leaves
    accepted_epoch: Epoch = durable(0)
    """The last epoch promised, f.p in the paper."""
    current_epoch: Epoch = durable(0)
    """The last epoch whose initial history was accepted, f.a in the paper."""
    log: Log = durable(())
    # lost in a crash
    commit: Index = volatile(0)
    phase: Phase = volatile(Phase.ELECTION)
    leader: Ref[Server] | None = volatile(None)
    """Whom this server follows; itself if it leads."""
    # of a leader
    learners: frozenset[Ref[Server]] = volatile(frozenset())
    """Who is connected and has told its epoch."""
    highest: Epoch = volatile(0)
    """The highest epoch that any of them has promised, until a quorum has told."""
    latest: Record = volatile(Record(0, ()))
    """The most recent history told so far, until a quorum has told."""
    joined: frozenset[Ref[Server]] = volatile(frozenset())
    """Who has acknowledged the new epoch: they get every proposal."""
    synced: frozenset[Ref[Server]] = volatile(frozenset())
    """Who has acknowledged the initial history: they get every commit."""
    acked: Map[Ref[Server], Index] = volatile(every(0))
    """How far each has acknowledged the history."""

    timed_out: bool = ghost(False)
    """Whether it looks for a leader because it ran out of patience."""
    complaint: Complaint | None = ghost(None)
    """What was wrong with some message."""

    # -- election and failures -----------------------------------------------------------------------------------------

    @action
    def lead(self) -> None:
        """An oracle names this server leader (any will do: section 4, phase 0)."""
        require(self.phase is Phase.ELECTION)
        self.timed_out = False
        self.leader = self.id
        self.phase = Phase.DISCOVERY
        self.latest = Record(self.current_epoch, self.log)
        for peer in self.peers:
            self.invite(peer)

    def invite(self, peer: Ref[Server]) -> None:
        """Offer a new connection."""
        self.disconnect(peer)
        self.send(peer, Elected())

    @receive
    def on_elected(self, m: Elected, sender: Ref[Server]) -> None:
        """Follow a leader: connect, and tell the last epoch promised (f.1.1); any older connection is gone."""
        if self.leader == sender:
            self.leave()
        elif sender in self.learners:
            self.lose(sender)
        else:
            require(self.phase is Phase.ELECTION)
            self.timed_out = False
            self.leader = sender
            self.phase = Phase.DISCOVERY
            self.disconnect(sender)
            self.send(sender, CEpoch(self.accepted_epoch))

    @action
    def time_out(self) -> None:
        """Lose patience with the leader, or with the followers."""
        require(self.phase is not Phase.ELECTION)
        self.timed_out = True
        self.leave()

    @receive
    def on_closed(self, m: Closed, sender: Ref[Server]) -> None:
        """Notice that a connection is gone; a leader invites the other end anew."""
        require(self.leader in (sender, self.id))
        if self.leader == sender:
            self.look()
        else:
            self.lose(sender)
            if self.leader == self.id:
                self.invite(sender)

    def lose(self, follower: Ref[Server]) -> None:
        """Drop a follower; without a quorum of them, give up."""
        was_enough = self.is_enough(self.learners)
        self.drop(follower)
        if was_enough and not self.is_enough(self.learners):
            self.leave()

    @restart
    def recover(self) -> None:
        """Start again with what is on disk; the connections are gone."""
        self.close(self.peers)

    def leave(self) -> None:
        """Give up the leader or the followers."""
        leads = self.leader == self.id
        self.close(frozenset(peer for peer in self.peers if leads or peer == self.leader))
        self.look()

    def close(self, peers: frozenset[Ref[Server]]) -> None:
        """Close connections."""
        for peer in peers:
            self.disconnect(peer)
            self.send(peer, Closed())

    def look(self) -> None:
        """Look for a leader; forget what only leaders keep."""
        self.phase = Phase.ELECTION
        self.leader = None
        self.learners = frozenset()
        self.highest = 0
        self.latest = Record(0, ())
        self.joined = frozenset()
        self.synced = frozenset()
        self.acked = Map({server: 0 for server in self.members(Server)})

    def drop(self, follower: Ref[Server]) -> None:
        """Forget a follower."""
        self.learners -= {follower}
        self.joined -= {follower}
        self.synced -= {follower}
        self.acked |= {follower: 0}

    def is_enough(self, followers: frozenset[Ref[Server]]) -> bool:
        """Whether these and the leader itself are a quorum."""
        return self.is_quorum(followers | {self.id})

    # -- phase 1: discovery (algorithm 1) ------------------------------------------------------------------------------

    @receive
    def on_c_epoch(self, m: CEpoch, sender: Ref[Server]) -> None:
        """Propose a new epoch once a quorum has told what it promised (l.1.1); who comes later learns it at once."""
        if self.is_enough(self.learners):
            self.learners |= {sender}
            self.send(sender, NewEpoch(self.accepted_epoch))
        else:
            self.learners |= {sender}
            self.highest = max(self.highest, m.epoch)
            if self.is_enough(self.learners):
                self.propose_epoch()

    def propose_epoch(self) -> None:
        """Choose an epoch that is newer than all that were promised, and promise it."""
        self.accepted_epoch = max(self.highest, self.accepted_epoch) + 1
        self.highest = 0
        for follower in self.learners:
            self.send(follower, NewEpoch(self.accepted_epoch))

    @receive
    def on_new_epoch(self, m: NewEpoch, sender: Ref[Server]) -> None:
        """Join an epoch and hand over the history (f.1.2); whoever has promised a newer one goes away."""
        require(self.leader == sender)
        if m.epoch < self.accepted_epoch:
            self.leave()
        else:
            promises = self.is_new(m.epoch)
            self.promise(m.epoch)
            self.phase = Phase.SYNCHRONIZATION
            self.send(sender, AckEpoch(promises, Record(self.current_epoch, self.log)))

    def promise(self, epoch: Epoch) -> None:
        """Never to follow a leader of an earlier epoch."""
        self.accepted_epoch = epoch

    def is_new(self, epoch: Epoch) -> bool:
        """Whether an epoch is newer than all that this server has promised."""
        return epoch > self.accepted_epoch

    @receive
    def on_ack_epoch(self, m: AckEpoch, sender: Ref[Server]) -> None:
        """Begin the epoch with the most recent history of a quorum (l.1.2); who comes later gets what there is by then.

        Who had promised the epoch before does not count, and waits until the others are enough.
        """
        require(m.promises or self.phase is not Phase.DISCOVERY)
        self.joined |= {sender}
        if self.phase is Phase.DISCOVERY:
            if self.is_more_recent(m.held):
                self.latest = m.held
            if self.is_enough(self.joined):
                self.begin_epoch()
        else:
            self.send(sender, NewLeader(self.current_epoch, self.log))

    def is_more_recent(self, held: Record) -> bool:
        """Whether a history is more recent than the latest so far: by its epoch, then by its last transaction."""
        return self.recency(held) > self.recency(self.latest)

    def recency(self, held: Record) -> tuple[Epoch, Epoch, Counter]:
        """What histories are compared by."""
        last = self.last_zxid(held.log)
        return held.epoch, last.epoch, last.counter

    # -- phase 2: synchronisation (algorithm 2) ------------------------------------------------------------------------

    def begin_epoch(self) -> None:
        """Make the most recent history that of the epoch (l.2.1)."""
        self.current_epoch = self.accepted_epoch
        self.log = self.latest.log
        self.latest = Record(0, ())
        self.phase = Phase.SYNCHRONIZATION
        for follower in self.joined:
            self.send(follower, NewLeader(self.current_epoch, self.log))

    @receive
    def on_new_leader(self, m: NewLeader, sender: Ref[Server]) -> None:
        """Take over the leader's history (f.2.1), and with it, in one write to disk, the epoch."""
        require(self.leader == sender)
        if m.epoch != self.accepted_epoch:
            self.leave()
        else:
            self.accept_history(m)
            self.send(sender, AckLeader(self.last_zxid(self.log)))

    def accept_history(self, m: NewLeader) -> None:
        """The epoch and its history go to disk together."""
        self.current_epoch = m.epoch
        self.log = m.log

    @receive
    def on_ack_leader(self, m: AckLeader, sender: Ref[Server]) -> None:
        """The epoch is established once a quorum has its history (l.2.2); who comes later learns what is committed."""
        self.acked |= {sender: self.index_of(m.zxid)}
        if self.phase is Phase.BROADCAST:
            self.advance_commit()
            self.send(sender, CommitLeader(self.committed_by(m)))
        self.synced |= {sender}
        if self.phase is Phase.SYNCHRONIZATION and self.is_enough(self.synced):
            self.establish()

    def establish(self) -> None:
        """Commit the initial history."""
        self.phase = Phase.BROADCAST
        self.commit = len(self.log)
        for follower in self.synced:
            self.send(follower, CommitLeader(self.last_zxid(self.log)))

    def committed_by(self, m: AckLeader) -> Zxid:
        """Up to where the history is committed that a late follower has acknowledged."""
        return self.last_zxid(self.log[: self.commit])

    @receive
    def on_commit_leader(self, m: CommitLeader, sender: Ref[Server]) -> None:
        """Deliver what the leader has committed (f.2.2)."""
        require(self.leader == sender)
        self.phase = Phase.BROADCAST
        if self.knows(m.zxid):
            self.commit = self.index_of(m.zxid)
        else:
            self.complaint = Complaint.COMMIT_OUT_OF_ORDER

    # -- phase 3: broadcast (algorithm 3) ------------------------------------------------------------------------------

    @action
    def request(self, value: Value) -> None:
        """Broadcast a client's request as the next transaction (l.3.1)."""
        require(self.leader == self.id and self.phase is Phase.BROADCAST)
        txn = Txn(Zxid(self.current_epoch, self.next_counter()), value)
        self.log += (txn,)
        for follower in self.hearers():
            self.send(follower, Propose(txn))

    def next_counter(self) -> Counter:
        """The number of the next transaction of this epoch."""
        last = self.last_zxid(self.log)
        return last.counter + 1 if last.epoch == self.current_epoch else 1

    def hearers(self) -> frozenset[Ref[Server]]:
        """Who gets proposals: also who has been sent a history, but has not acknowledged it yet."""
        return self.joined

    @receive
    def on_propose(self, m: Propose, sender: Ref[Server]) -> None:
        """Append a transaction, and acknowledge it (f.3.1)."""
        require(self.leader == sender)
        if self.is_next(m.txn):
            self.log += (m.txn,)
            self.send(sender, Ack(m.txn.zxid))
        else:
            self.complaint = Complaint.PROPOSAL_OUT_OF_ORDER

    def is_next(self, txn: Txn) -> bool:
        """Whether a transaction follows the last one of the history: none may be missing between them."""
        last = self.last_zxid(self.log)
        zxid = txn.zxid
        return zxid == Zxid(last.epoch, last.counter + 1) or (zxid.epoch > last.epoch and zxid.counter == 1)

    @receive
    def on_ack(self, m: Ack, sender: Ref[Server]) -> None:
        """Commit what a quorum has (l.3.2)."""
        index = self.index_of(m.zxid)
        if sender in self.synced and index == self.acked[sender] + 1:
            self.acked |= {sender: index}
            self.advance_commit()
        else:
            self.complaint = Complaint.ACK_OUT_OF_ORDER

    def advance_commit(self) -> None:
        """Commit, in order, every transaction that a quorum has."""
        before = self.commit
        ahead = range(self.commit + 1, len(self.log) + 1)
        self.commit = max((index for index in ahead if self.is_held(index)), default=self.commit)
        for txn in self.log[before : self.commit]:
            for follower in self.synced:
                self.send(follower, Commit(txn.zxid))

    def is_held(self, index: Index) -> bool:
        """Whether a quorum has acknowledged the history up to here."""
        return self.is_enough(frozenset(follower for follower in self.peers if self.acked[follower] >= index))

    @receive
    def on_commit(self, m: Commit, sender: Ref[Server]) -> None:
        """Deliver the next transaction (f.3.2)."""
        require(self.leader == sender)
        if self.index_of(m.zxid) == self.commit + 1:
            self.commit += 1
        else:
            self.complaint = Complaint.COMMIT_OUT_OF_ORDER

    # -- looking at histories ------------------------------------------------------------------------------------------

    def last_zxid(self, log: Log) -> Zxid:
        """The identity of the last transaction; (0, 0) if there is none."""
        return log[len(log) - 1].zxid if log else Zxid(0, 0)

    def index_of(self, zxid: Zxid) -> Index:
        """Where a transaction is in the history, 0 if it is not there."""
        return max((index for index, txn in enumerate(self.log, 1) if txn.zxid == zxid), default=0)

    def knows(self, zxid: Zxid) -> bool:
        """Whether the history reaches up to this transaction."""
        return zxid == Zxid(0, 0) or self.index_of(zxid) > 0

    # -- what the shared properties ask for ----------------------------------------------------------------------------

    def leads(self) -> bool:
        """Whether this server leads its current epoch: it has got past discovery."""
        return self.leader == self.id and self.phase not in (Phase.ELECTION, Phase.DISCOVERY)

    def epoch(self) -> Epoch:
        """The last epoch that it took part in."""
        return self.current_epoch
