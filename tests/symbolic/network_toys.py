"""A small protocol with every kind of network, for the tests of the symbolic networks."""

from __future__ import annotations

from typing import Annotated

from quorate.models.language import (
    Bag,
    Cluster,
    Crash,
    Faults,
    Fifo,
    MessageSet,
    Network,
    Partition,
    Process,
    Protocol,
    Range,
    Ref,
    action,
    cluster,
    durable,
    ghost,
    history,
    message,
    receive,
    require,
    restart,
    volatile,
)

Number = Annotated[int, Range(0, "most")]
Few = Annotated[int, Range(0, 3)]


@message
class Ping:
    """A question, to everybody or to one."""

    number: Number
    back: frozenset[bool]


@message
class Pong:
    """The answer."""

    number: Number


class Node(Process):
    """Asks, answers, and counts."""

    asked: Few = durable(0)
    heard: Few = volatile(0)

    @action
    def ask(self, peer: Ref[Node], number: Number, twice: bool) -> None:
        """Ask somebody, or everybody as well, twice if so wished."""
        require(self.asked < 3)
        self.asked += 1
        if number == self.asked:
            self.broadcast(Ping(number, frozenset({twice})))
        self.send(peer, Ping(number, frozenset()))
        if twice:
            self.send(peer, Ping(number, frozenset()))

    @receive
    def on_ping(self, m: Ping, sender: Ref[Node]) -> None:
        """Answer with one more, which may be out of bounds."""
        require(self.heard < 2)
        for again in (False, True):
            if again not in m.back:
                self.send(sender, Pong(m.number + 1))

    @receive
    def on_pong(self, m: Pong) -> None:
        """Fails when too many were heard."""
        self.heard += m.number

    @restart
    def reboot(self) -> None:
        """Tell oneself."""
        require(self.asked < 3)
        self.send(self.id, Pong(0))


class Nodes(Protocol):
    """Two nodes and a set."""

    nodes: Cluster[Node] = cluster(2)
    most: int = 1
    steps: Annotated[int, Range(0, 9)] = ghost(0)
    network: Network = MessageSet()
    faults: Faults = (Crash(), Partition())

    @history
    def counted(self, before: Nodes) -> None:
        """How many answers were heard."""
        self.steps = sum(node.heard for node in self.nodes)


class Bagged(Nodes):
    """A bag in which every copy counts."""

    network: Network = Bag()


class Repeating(Nodes):
    """A bag that delivers some twice, and in which two equal messages are as good as three."""

    network: Network = Bag(copies="most + 1", duplicates="most")


class Full(Nodes):
    """A bag with few places, which loses messages."""

    network: Network = Bag(capacity="most + 2", loses=True)


class Merging(Nodes):
    """A bag in which equal messages count once."""

    network: Network = Bag(copies=1, capacity="most + 1", duplicates=1, loses=True)


class Careful(Node):
    """Who may hang up before it speaks."""

    @action
    def tell(self, peer: Ref[Node], anew: bool) -> None:
        """Answer before anybody asks, over a new connection if so wished."""
        self.send(peer, Pong(0))
        if anew:
            self.disconnect(peer)


class Queued(Nodes):
    """Queues."""

    nodes: Cluster[Careful] = cluster(2)
    network: Network = Fifo()


class Breaking(Queued):
    """Queues of a length, whose connections break."""

    network: Network = Fifo(capacity="most + 1", loses=True)
    faults: Faults = (Crash(stays_down=True), Partition())


class Listener(Process):
    """Who may be sent something."""


class Deaf(Listener):
    """Whose class says that nobody listens."""


class Hearing(Listener):
    """Who listens."""

    heard: Few = durable(0)

    @action
    def tell(self, to: Ref[Listener]) -> None:
        """Tell somebody, who may not listen: a mistake of the model."""
        self.send(to, Pong(0))

    @receive
    def on_pong(self, m: Pong) -> None:
        """Count."""
        self.heard += 1


class Listeners(Protocol):
    """Some listen and some do not."""

    hearing: Cluster[Hearing] = cluster(1)
    deaf: Cluster[Deaf] = cluster(1)
    most: int = 1
    network: Network = Bag(copies="most")


TOYS = (Nodes, Bagged, Repeating, Full, Merging, Queued, Breaking, Listeners)
"""Every kind of network."""
