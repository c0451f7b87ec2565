"""The consensus classes of introductory texts, read as what they claim to be: code that runs on each of several nodes.

In the texts they are single objects, so nothing in them can disagree. Here each node has its own, and calls
are messages. Nothing crashes and no message is lost, and still both break, by interleaving alone.
"""

from __future__ import annotations

from typing import Annotated

from ..invariants import agreement, decisions_agree
from .language import (
    Cluster,
    Map,
    Process,
    Protocol,
    Range,
    Ref,
    action,
    cluster,
    durable,
    every,
    ghost,
    invariant,
    message,
    rank,
    receive,
    require,
)

Number = Annotated[int, Range(1, "proposers")]
"""What is proposed: a number, because the toy compares values as if they were ballots."""


@message
class Accept:
    """`accept(value)`."""

    value: Number


@message
class Ok:
    """`accept` returned True."""

    value: Number


class ToyAcceptor(Process):
    """Takes any value that is larger than the last: there is no ballot, and accepting promises nothing."""

    value: Number | None = durable(None)
    accepted: frozenset[Number] = ghost(frozenset())

    @receive
    def on_accept(self, m: Accept, sender: Ref[ToyProposer]) -> None:
        """`accept(value)`."""
        if self.value is None or m.value > self.value:
            self.value = m.value
            self.accepted |= {m.value}
            self.send(sender, Ok(m.value))


class ToyProposer(Process):
    """Asks everybody, and counts: nobody asks first what may have been chosen already."""

    proposed: bool = durable(False)
    oks: frozenset[Ref[ToyAcceptor]] = durable(frozenset())
    decided: Number | None = durable(None)

    @action
    def propose(self) -> None:
        """`propose(value)`, once."""
        require(not self.proposed)
        self.proposed = True
        self.broadcast(Accept(self.value()), to=ToyAcceptor)

    @receive
    def on_ok(self, m: Ok, sender: Ref[ToyAcceptor]) -> None:
        """A majority of acceptors said yes."""
        self.oks |= {sender}
        if 2 * len(self.oks) > len(self.members(ToyAcceptor)):
            self.decided = m.value

    def value(self) -> Number:
        """What this proposer proposes: 1, 2, and so on."""
        return rank(self.id) + 1

    def decision(self) -> Number | None:
        """What this proposer's client was told."""
        return self.decided


class ToyPaxos(Protocol):
    """`class Paxos` of the texts, with `propose` and `accept`."""

    acceptors: Cluster[ToyAcceptor] = cluster(3)
    proposers: Cluster[ToyProposer] = cluster(2)
    invariants = (agreement, decisions_agree)

    def chosen(self) -> frozenset[Number]:
        """The values that a majority of acceptors accepted at some time."""
        return frozenset(
            value
            for value in range(1, len(self.proposers) + 1)
            if 2 * sum(value in a.accepted for a in self.acceptors) > len(self.acceptors)
        )


Index = Annotated[int, Range(1, "entries")]
Value = Annotated[int, Range(1, "values")]


@message
class Commit:
    """The leader tells the others what is at an index."""

    index: Index
    value: Value


class ToyNode(Process):
    """Follows the first node that it believes alive: there is no term and no vote, and the leader commits alone."""

    leader: Ref[ToyNode] | None = durable(None)
    suspects: frozenset[Ref[ToyNode]] = durable(frozenset())
    values: Map[Index, Value | None] = durable(every(None))
    acked: frozenset[tuple[Index, Value]] = ghost(frozenset())

    @action
    def elect(self, first: Ref[ToyNode]) -> None:
        """`elect()`: the first node of the list that is not suspected."""
        require(self.leader is None)
        trusted = self.members(ToyNode) - self.suspects
        require(first in trusted and all(rank(first) <= rank(n) for n in trusted))
        self.leader = first

    @action
    def suspect(self, other: Ref[ToyNode]) -> None:
        """This node's failure detector names another one; it may be wrong, as in a partition."""
        require(other != self.id and other not in self.suspects)
        self.suspects |= {other}
        if self.leader == other:
            self.leader = None

    @action
    def commit(self, index: Index, value: Value) -> None:
        """`commit(index, value)`: write it where nothing is yet, tell the client so, and tell the others."""
        require(self.leads() and self.values[index] is None)
        self.values |= {index: value}
        self.acked |= {(index, value)}
        self.broadcast(Commit(index, value))

    @receive
    def on_commit(self, m: Commit) -> None:
        """Write what the leader says, whoever that was, and whatever was there."""
        self.values |= {m.index: m.value}

    def leads(self) -> bool:
        """Whether this node acts as leader."""
        return self.leader == self.id


class ToyRaft(Protocol):
    """`class Raft` of the texts, with `elect` and `commit`."""

    nodes: Cluster[ToyNode] = cluster(3)
    entries: int = 1
    values: int = 2

    @invariant
    def one_leader(self) -> bool:
        """At most one node acts as leader."""
        return sum(n.leads() for n in self.nodes) <= 1

    @invariant
    def one_value_acknowledged(self) -> bool:
        """No two clients are told different values for the same index."""
        acked = frozenset(entry for n in self.nodes for entry in n.acked)
        return all(v == w for i, v in acked for j, w in acked if i == j)

    @invariant
    def acknowledged_values_agree(self) -> bool:
        """Where a client was told a value, no two nodes hold different ones."""
        indexes = frozenset(i for n in self.nodes for i, _ in n.acked)
        return all(
            a.values[i] == b.values[i]
            for i in indexes
            for a in self.nodes
            for b in self.nodes
            if a.values[i] is not None and b.values[i] is not None
        )
