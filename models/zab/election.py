"""Fast leader election, by which ZooKeeper finds a leader for Zab (class FastLeaderElection of ZooKeeper 3.6).

Every server votes for itself at first, tells the others, and changes its vote whenever it hears of a better one: of a
server with a later epoch, for equal epochs a later transaction, and for equal transactions a greater number. When a
quorum votes as it does, and nothing better has come for a while, a server leaves the election, to follow or to lead.
Servers that look for a leader while there is one learn of it from those that follow it.

Servers have different epochs and transactions on disk, any that `epochs` and `transactions` allow. The receiving thread
and the election of a server are one: one step is the start of a round, the end of the wait, or the whole handling of a
notification. The connections neither break nor lose anything.
"""

from __future__ import annotations

from enum import Enum
from typing import Annotated

from ...invariants.elections import single_leader_per_epoch_ever
from ..language import (
    Cluster,
    Fifo,
    Figures,
    Invariants,
    Map,
    Network,
    Process,
    Protocol,
    Range,
    Ref,
    Size,
    Sizes,
    StepInvariants,
    action,
    cluster,
    durable,
    every,
    ghost,
    history,
    invariant,
    message,
    rank,
    receive,
    record,
    require,
    step_invariant,
    vacuous_unless,
    volatile,
)

Round = Annotated[int, Range(0, "timeouts + 1")]
"""Rounds of an election (logicalclock), from 1; 0 is before a server has started."""

Epoch = Annotated[int, Range(0, "epochs")]
"""The epoch of a server (peerEpoch): the last one of whose leader it has taken the history."""

Zxid = Annotated[int, Range(0, "transactions")]
"""The last transaction on a server's disk."""


class State(Enum):
    """What a server does (ServerState)."""

    LOOKING, FOLLOWING, LEADING = range(3)


@record
class Vote:
    """A server that should lead, and what it has on disk."""

    leader: Ref[Server]
    epoch: Epoch
    zxid: Zxid


@record
class Claim:
    """What a server has last said: its vote, and whether it leads."""

    vote: Vote
    leads: bool


@message
class Notification:
    """A server tells another what it does, in which round, and its vote."""

    state: State
    round: Round
    vote: Vote


class Server(Process):
    """A server that takes part in elections."""

    # on disk
    epoch: Epoch = durable(0)
    zxid: Zxid = durable(0)
    # in memory
    state: State = volatile(State.LOOKING)
    round: Round = volatile(0)
    vote: Vote | None = volatile(None)
    """None before the server has started."""
    received: Map[Ref[Server], Claim | None] = volatile(every(None))
    """What was said in this round, its own vote included (recvset)."""
    outside: Map[Ref[Server], Claim | None] = volatile(every(None))
    """What was said by servers that do not look for a leader (outofelection)."""

    @action
    def start(self, epoch: Epoch, zxid: Zxid) -> None:
        """Start with what is on disk, which may be anything, and look for a leader."""
        require(self.vote is None)
        self.epoch = epoch
        self.zxid = zxid
        self.look()

    @action
    def time_out(self) -> None:
        """Lose contact with the leader, or with the followers, and look again."""
        require(self.state is not State.LOOKING)
        self.look()

    def look(self) -> None:
        """Begin a new round with a vote for oneself."""
        self.state = State.LOOKING
        self.round += 1
        self.forget()
        self.adopt(self.own())

    def own(self) -> Vote:
        """A vote for oneself."""
        return Vote(self.id, self.epoch, self.zxid)

    def current(self) -> Vote:
        """Its vote; who has not started yet will vote for itself."""
        return self.vote if self.vote is not None else self.own()

    def adopt(self, vote: Vote) -> None:
        """Vote, and tell everybody."""
        self.vote = vote
        self.received |= {self.id: Claim(vote, False)}
        self.broadcast(Notification(State.LOOKING, self.round, vote))

    @receive
    def on_notification(self, m: Notification, sender: Ref[Server]) -> None:
        """Take part in the election; whoever has left it answers those who look for a leader."""
        require(self.vote is not None)
        if self.state is State.LOOKING:
            if m.state is State.LOOKING:
                self.consider(m, sender)
            else:
                self.consult(m, sender)
        elif m.state is State.LOOKING:
            self.answer(sender)

    def answer(self, sender: Ref[Server]) -> None:
        """Say what this server does and whom it votes for."""
        self.send(sender, Notification(self.state, self.round, self.current()))

    # -- who looks for a leader as well --------------------------------------------------------------------------------

    def consider(self, m: Notification, sender: Ref[Server]) -> None:
        """Go on to a later round, or adopt a better vote; who is in an earlier round is told."""
        if m.round < self.round:
            self.answer(sender)
        else:
            if m.round > self.round:
                self.join_round(m)
            elif self.beats(m.vote, self.current()):
                self.adopt(m.vote)
            self.received |= {sender: Claim(m.vote, False)}

    def join_round(self, m: Notification) -> None:
        """Begin a later round with the better of the vote that came and one for oneself."""
        self.round = m.round
        self.received = Map({server: None for server in self.members(Server)})
        self.adopt(m.vote if self.beats(m.vote, self.own()) else self.own())

    def beats(self, one: Vote, other: Vote) -> bool:
        """Whether a vote is better: by epoch, then by transaction, then by number (totalOrderPredicate)."""
        return (one.epoch, one.zxid, rank(one.leader)) > (other.epoch, other.zxid, rank(other.leader))

    @action
    def decide(self) -> None:
        """Leave the election after a while without a better vote (finalizeWait), if a quorum votes alike."""
        require(self.state is State.LOOKING and self.has_quorum(self.received, self.current()))
        self.leave(self.current())

    def has_quorum(self, claims: Map[Ref[Server], Claim | None], vote: Vote) -> bool:
        """Whether a quorum has said that it votes like this."""
        return self.is_quorum(frozenset(server for server in self.members(Server) if self.votes(claims[server], vote)))

    def votes(self, claim: Claim | None, vote: Vote) -> bool:
        """Whether this is a claim with this vote."""
        return claim is not None and claim.vote == vote

    def leave(self, vote: Vote) -> None:
        """Leave the election, to lead or to follow."""
        self.vote = vote
        self.state = State.LEADING if vote.leader == self.id else State.FOLLOWING
        self.forget()

    def forget(self) -> None:
        """Forget what was said."""
        self.received = Map({server: None for server in self.members(Server)})
        self.outside = Map({server: None for server in self.members(Server)})

    # -- who has left the election -------------------------------------------------------------------------------------

    def consult(self, m: Notification, sender: Ref[Server]) -> None:
        """Follow a leader that a quorum follows, of this round or, if none of that quorum is looking, of any round."""
        claim = Claim(m.vote, m.state is State.LEADING)
        if m.round == self.round:
            self.received |= {sender: claim}
        self.outside |= {sender: claim}
        if m.round == self.round and self.is_settled(self.received, m):
            self.leave(m.vote)
        elif self.is_settled(self.outside, m):
            self.round = m.round
            self.leave(m.vote)

    def is_settled(self, claims: Map[Ref[Server], Claim | None], m: Notification) -> bool:
        """Whether a quorum votes like this, and the leader says that it leads."""
        return self.has_quorum(claims, m.vote) and self.leads(claims, m)

    def leads(self, claims: Map[Ref[Server], Claim | None], m: Notification) -> bool:
        """Whether the leader says that it leads; this server itself only knows of this round (checkLeader)."""
        claim = claims[m.vote.leader]
        return m.round == self.round if m.vote.leader == self.id else claim is not None and claim.leads


def is_looking(server: Server) -> bool:
    """Whether a server looks for a leader."""
    return server.state is State.LOOKING


def _somebody_left(p: Election) -> bool:
    return any(server.state is not State.LOOKING for server in p.servers)


def _somebody_adopted(p: Election) -> bool:
    return any(server.vote is not None and server.vote.leader != server.id for server in p.servers)


class Election(Protocol):
    """Servers that elect a leader and lose contact with each other up to `timeouts` times in all.

    They start with any epoch up to `epochs`, and any last transaction up to `transactions`.
    """

    servers: Cluster[Server] = cluster(2)
    timeouts: int = 1
    epochs: int = 1
    transactions: int = 0

    network: Network = Fifo()
    invariants: Invariants = (single_leader_per_epoch_ever,)
    step_invariants: StepInvariants = ()
    sizes: Sizes = (
        Size("small", {"servers": 3, "transactions": 1, "timeouts": 0}, Figures(444_077, 1_636_701, 19)),
        Size("medium", {"servers": 3, "epochs": 0}, Figures(3_232_081, 14_547_547, 38)),
        Size("large", {"servers": 3}, Figures(25_856_155, 116_379_751, 38)),
    )

    lost_patience: Annotated[int, Range(0, "timeouts")] = ghost(0)
    led: frozenset[tuple[Round, Ref[Server]]] = ghost(frozenset())

    @history
    def remember(self, before: Election) -> None:
        """Count time-outs; remember who led in which round with a quorum behind it."""
        pairs = zip(before.servers, self.servers, strict=True)
        self.lost_patience += sum(1 for old, new in pairs if is_looking(new) and not is_looking(old))
        self.led |= frozenset(
            (leader.round, leader.id)
            for leader in self.servers
            if leader.state is State.LEADING
            and leader.is_quorum(frozenset(server.id for server in self.servers if self.is_behind(server, leader)))
        )

    def is_behind(self, server: Server, leader: Server) -> bool:
        """Whether a server follows this leader in its round, or is that leader."""
        return (
            server.state is not State.LOOKING
            and server.round == leader.round
            and server.vote is not None
            and server.vote.leader == leader.id
        )

    def leaders_ever(self) -> frozenset[tuple[Round, Ref[Server]]]:
        """Who ever led, with a quorum behind it, in which round."""
        return self.led

    @invariant
    @vacuous_unless(_somebody_left)
    def elected_is_most_recent(self) -> bool:
        """Whoever is followed, or leads, has nothing on disk that is older than what each of some quorum has."""
        return all(
            server.is_quorum(
                frozenset(
                    other.id
                    for other in self.servers
                    if other.vote is not None and (other.epoch, other.zxid) <= (server.vote.epoch, server.vote.zxid)
                )
            )
            for server in self.servers
            if server.state is not State.LOOKING and server.vote is not None
        )

    @step_invariant
    @vacuous_unless(_somebody_adopted)
    def votes_improve(self, after: Election) -> bool:
        """Within a round, nobody ever changes to a vote for a server with something older on disk."""
        return all(
            (new.vote.epoch, new.vote.zxid) >= (old.vote.epoch, old.vote.zxid)
            for old, new in zip(self.servers, after.servers, strict=True)
            if old.state is State.LOOKING and new.state is State.LOOKING and old.round == new.round
            if old.vote is not None and new.vote is not None
        )
