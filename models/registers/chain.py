"""Chain replication (van Renesse and Schneider, "Chain Replication for Supporting High Throughput [...]", OSDI 2004).

Servers form a chain. The head takes updates and each server hands them to the next; the tail answers queries, and a
writer once its update has got there. Servers are fail-stop: one that fails halts, and a master that never fails learns
of it (section 3) and takes it out of the chain: at the head, at the tail, or in the middle, where the two neighbours
meet and the earlier one forwards again what the later one lacks (section 3.1 and figure 3).

The object is a register. Clients may ask any server: one that is not the head or the tail leaves the request alone.
One step is the beginning of an operation, a failure, or the whole handling of one message.
"""

from __future__ import annotations

from typing import Annotated

from ...invariants.linearizability import linearizable_register
from ..language import (
    AtMost,
    Cluster,
    Fifo,
    Figures,
    Invariants,
    Network,
    Process,
    Range,
    Ref,
    Size,
    Sizes,
    action,
    cluster,
    durable,
    ghost,
    history,
    invariant,
    message,
    rank,
    receive,
    require,
    vacuous_unless,
)
from ._clients import Client, Register, Serial, Value

Updates = Annotated[tuple[Value, ...], AtMost("operations")]
"""Values that were written, in the order in which the head took them."""

Count = Annotated[int, Range(0, "operations")]
"""How many updates a history has."""


@message
class Update:
    """A client asks the head to write a value."""

    value: Value


@message
class Query:
    """A client asks the tail for the last value."""

    serial: Serial


@message
class Reply:
    """The tail answers the operation `serial` of a client: the value that it has written, or that there is."""

    serial: Serial
    value: Value | None


@message
class Forward:
    """A server hands an update to the next one."""

    value: Value


@message
class Ack:
    """The tail has processed so many updates; from each server to the one before it."""

    count: Count


@message
class Failed:
    """The master notices that the sender has halted."""


@message
class BecomeHead:
    """The master tells a server that there is none before it any more."""


@message
class BecomeTail:
    """The master tells a server that there is none after it any more."""


@message
class Follow:
    """The master tells a server its new predecessor (message 1 of figure 3)."""

    predecessor: Ref[Server]


@message
class Received:
    """The answer: so many updates were received from earlier predecessors (message 2 of figure 3)."""

    predecessor: Ref[Server]
    count: Count


@message
class Precede:
    """The master tells a server its new successor, and how many updates that one has (message 3 of figure 3)."""

    successor: Ref[Server]
    count: Count


class Server(Process):
    """A server of the chain, its replica of the object, and what it knows of its neighbours."""

    history: Updates = durable(())
    """The updates that it has processed (Hist in the paper)."""
    sent: Updates = durable(())
    """Those that it has forwarded, and that may not have got to the tail (Sent in the paper)."""
    removed: frozenset[Ref[Server]] = durable(frozenset())
    """Who stood next to it and has left the chain."""
    halted: bool = durable(False)

    # -- updates and queries (section 3) -------------------------------------------------------------------------------

    @receive
    def on_update(self, m: Update) -> None:
        """The head takes an update."""
        require(not self.halted and self.is_head())
        self.process(m.value)

    @receive
    def on_forward(self, m: Forward, sender: Ref[Server]) -> None:
        """Take an update from the predecessor."""
        require(not self.halted and self.is_next(sender, self.id))
        self.process(m.value)

    def process(self, value: Value) -> None:
        """Apply an update, and hand it on; at the tail it is done."""
        self.history += (value,)
        if self.is_tail():
            self.reply(value)
            self.acknowledge(len(self.history))
        else:
            self.sent += (value,)
            self.forward(value)

    def forward(self, value: Value) -> None:
        """Hand an update to the successor."""
        for peer in self.peers:
            if self.is_next(self.id, peer):
                self.send(peer, Forward(value))

    def reply(self, value: Value) -> None:
        """Tell the writer that its update is done."""
        self.send(value.writer, Reply(value.serial, value))

    @receive
    def on_query(self, m: Query, sender: Ref[User]) -> None:
        """The tail answers a query."""
        require(not self.halted and self.is_tail())
        self.send(sender, Reply(m.serial, self.history[len(self.history) - 1] if self.history else None))

    # -- what may not have got to the tail (section 3.1) ---------------------------------------------------------------

    @receive
    def on_ack(self, m: Ack, sender: Ref[Server]) -> None:
        """Forget what has got to the tail, and tell the predecessor."""
        require(not self.halted and self.is_next(self.id, sender))
        self.sent = self.sent_after(m.count)
        self.acknowledge(m.count)

    def acknowledge(self, count: Count) -> None:
        """Tell the predecessor how many updates have got to the tail."""
        for peer in self.peers:
            if self.is_next(peer, self.id):
                self.send(peer, Ack(count))

    def sent_after(self, count: Count) -> Updates:
        """What of `sent` comes after so many updates: its last is the last of the history."""
        return self.sent[max(0, count - (len(self.history) - len(self.sent))) :]

    # -- failures (section 3.1) ----------------------------------------------------------------------------------------

    @action
    def fail(self) -> None:
        """Halt; the master will notice."""
        require(not self.halted)
        self.broadcast(Failed(), to=Master)
        self.halt()

    def halt(self) -> None:
        """Do nothing any more; what this server had is gone."""
        self.halted = True
        self.history = ()
        self.sent = ()
        self.removed = frozenset()

    @receive
    def on_become_head(self, m: BecomeHead) -> None:
        """Take updates from clients."""
        require(not self.halted)
        self.remove(frozenset(peer for peer in self.peers if rank(peer) < rank(self.id)))

    @receive
    def on_become_tail(self, m: BecomeTail) -> None:
        """Answer clients: what has got here has got to the tail."""
        require(not self.halted)
        self.remove(frozenset(peer for peer in self.peers if rank(peer) > rank(self.id)))
        for value in self.sent:
            self.reply(value)
        self.sent = ()
        self.acknowledge(len(self.history))

    @receive
    def on_follow(self, m: Follow, sender: Ref[Master]) -> None:
        """Take updates from a new predecessor, and say how many there are already."""
        require(not self.halted)
        self.remove(frozenset(peer for peer in self.peers if rank(m.predecessor) < rank(peer) < rank(self.id)))
        self.send(sender, Received(m.predecessor, len(self.history)))

    @receive
    def on_precede(self, m: Precede) -> None:
        """Forward to a new successor what it lacks (message 4 of figure 3), and all that comes later."""
        require(not self.halted)
        self.remove(frozenset(peer for peer in self.peers if rank(self.id) < rank(peer) < rank(m.successor)))
        for value in self.sent_after(m.count):
            self.forward(value)

    def remove(self, servers: frozenset[Ref[Server]]) -> None:
        """These are no neighbours any more, and the links to them are closed."""
        self.removed |= servers
        for server in servers:
            self.disconnect(server)

    # -- the place in the chain ----------------------------------------------------------------------------------------

    def is_head(self) -> bool:
        """Whether nobody comes before this server."""
        return not any(self.is_next(peer, self.id) for peer in self.peers)

    def is_tail(self) -> bool:
        """Whether nobody comes after this server."""
        return not any(self.is_next(self.id, peer) for peer in self.peers)

    def is_next(self, one: Ref[Server], other: Ref[Server]) -> bool:
        """Whether one server comes right before another, as far as this one knows."""
        return is_next(one, other, self.members(Server) - self.removed)


def is_next(one: Ref[Server], other: Ref[Server], chain: frozenset[Ref[Server]]) -> bool:
    """Whether one server comes right before another in a chain of these: it has the order of their ranks."""
    return (
        one in chain
        and other in chain
        and rank(one) < rank(other)
        and not any(rank(one) < rank(between) < rank(other) for between in chain)
    )


class Master(Process):
    """The service that knows who is in the chain; it never fails (section 3)."""

    removed: frozenset[Ref[Server]] = durable(frozenset())
    """Who has left the chain."""

    @receive
    def on_failed(self, m: Failed, sender: Ref[Server]) -> None:
        """Take a server out of the chain, and tell a neighbour; of two, the later one first."""
        before = frozenset(server for server in self.members(Server) if self.is_next(server, sender))
        after = frozenset(server for server in self.members(Server) if self.is_next(sender, server))
        self.removed |= {sender}
        for server in before if not after else frozenset():
            self.send(server, BecomeTail())
        for server in after:
            if not before:
                self.send(server, BecomeHead())
            for predecessor in before:
                self.send(server, Follow(predecessor))

    @receive
    def on_received(self, m: Received, sender: Ref[Server]) -> None:
        """Tell the earlier neighbour what the later one has, unless either has failed since."""
        if self.is_next(m.predecessor, sender):
            self.send(m.predecessor, Precede(sender, m.count))

    def is_next(self, one: Ref[Server], other: Ref[Server]) -> bool:
        """Whether one server comes right before another in the chain."""
        return is_next(one, other, self.members(Server) - self.removed)


class User(Client):
    """A client of the register."""

    @action
    def write(self, to: Ref[Server]) -> None:
        """Begin to write a new value."""
        require(not self.busy)
        self.begin(True)
        self.send(to, Update(Value(self.id, self.serial)))

    @action
    def read(self, to: Ref[Server]) -> None:
        """Begin to read."""
        require(not self.busy)
        self.begin(False)
        self.send(to, Query(self.serial))

    @receive
    def on_reply(self, m: Reply) -> None:
        """Tell the client; a writer may hear of its update from two tails."""
        if self.busy and m.serial == self.serial:
            self.value = m.value
            self.end()


def _somebody_waits(p: Chain) -> bool:
    return any(len(server.sent) > 0 for server in p.servers)


def _somebody_has_something(p: Chain) -> bool:
    return any(len(server.history) > 0 for server in p.servers)


def _a_write_ended(p: Chain) -> bool:
    return any(operation.writes and operation.ended is not None for operation in p.past)


class Chain(Register):
    """A chain of `servers`, at most `failures` of which fail; clients begin at most `operations` operations."""

    clients: Cluster[User] = cluster(2)
    servers: Cluster[Server] = cluster(3)
    masters: Cluster[Master] = cluster(1)
    operations: int = 1
    failures: int = 1

    network: Network = Fifo()
    invariants: Invariants = (linearizable_register,)
    sizes: Sizes = (
        Size("small", {"operations": 3}, Figures(213_043, 530_951, 26)),
        Size("medium", {"operations": 3, "failures": 2}, Figures(1_034_985, 2_902_919, 28)),
        Size("large", {"servers": 4, "operations": 3, "failures": 2}, Figures(5_291_096, 16_127_123, 37)),
    )

    failed: Annotated[int, Range(0, "failures")] = ghost(0)

    @history
    def count_failures(self, before: Chain) -> None:
        """Count the servers that have failed."""
        self.failed = sum(1 for server in self.servers if server.halted)

    @invariant
    @vacuous_unless(_somebody_has_something)
    def update_propagation(self) -> bool:
        """Update Propagation Invariant (section 3.1): the history of a server begins with that of any later one."""
        return all(
            later.history == earlier.history[: len(later.history)]
            for earlier in self.servers
            if not earlier.halted
            for later in self.servers
            if not later.halted and rank(earlier.id) < rank(later.id)
        )

    @invariant
    @vacuous_unless(_somebody_waits)
    def inprocess_requests(self) -> bool:
        """Inprocess Requests Invariant (section 3.1): what a later server lacks, each one before it has in `sent`."""
        return all(
            earlier.history == later.history + tuple(value for value in earlier.sent if value not in later.history)
            for earlier in self.servers
            if not earlier.halted
            for later in self.servers
            if not later.halted and rank(earlier.id) < rank(later.id)
        )

    @invariant
    @vacuous_unless(_a_write_ended)
    def replies_are_kept(self) -> bool:
        """An update whose writer has an answer is at every server that has not failed."""
        return all(
            write.value in server.history
            for write in self.past
            if write.writes and write.ended is not None
            for server in self.servers
            if not server.halted
        )
