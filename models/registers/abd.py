"""The ABD register (Attiya, Bar-Noy and Dolev, "Sharing Memory Robustly in Message-Passing Systems", 1995).

A register that any client may write and read, kept by servers of which a minority may fail. Every operation asks a
majority for its newest version and then stores a version at a majority: a write a newer one with its value, a read the
one that it found, so that nobody who reads later finds an older one. That several clients write is the extension of
Lynch and Shvartsman ("Robust Emulation of Shared Memory Using Dynamic Quorum-Acknowledged Broadcasts", 1997).

One step is the beginning of an operation or the whole handling of one message. A server that fails is one whose
messages are never delivered.
"""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Any

from ...invariants.linearizability import linearizable_register
from ..language import (
    Bag,
    Cluster,
    Figures,
    Invariants,
    Network,
    Process,
    Range,
    Ref,
    Size,
    Sizes,
    StepInvariants,
    action,
    cluster,
    durable,
    message,
    rank,
    receive,
    record,
    require,
    step_invariant,
)
from ._clients import Client, Register, Serial, Value

Number = Annotated[int, Range(0, "operations")]
"""Versions count the writes that their writers knew of, from 1; 0 is before the first."""


@record
class Version:
    """A value, and its place among the others: by number, and for equal numbers by the rank of the writer."""

    number: Number
    value: Value | None


@message
class Query:
    """Which version do you have? `serial` tells the operation by which it is asked."""

    serial: Serial


@message
class Newest:
    """The answer: the version of this server."""

    serial: Serial
    version: Version


@message
class Store:
    """Keep this version, unless you have a newer one."""

    serial: Serial
    version: Version


@message
class Stored:
    """The answer: it, or a newer one, is kept."""

    serial: Serial


class Server(Process):
    """Keeps the newest version that it was told of."""

    version: Version = durable(Version(0, None))

    @receive
    def on_query(self, m: Query, sender: Ref[User]) -> None:
        """Say which version is kept."""
        self.send(sender, Newest(m.serial, self.version))

    @receive
    def on_store(self, m: Store, sender: Ref[User]) -> None:
        """Keep a version that is newer."""
        if self.is_newer(m.version):
            self.version = m.version
        self.send(sender, Stored(m.serial))

    def is_newer(self, version: Version) -> bool:
        """Whether a version comes after the one that is kept."""
        return is_after(version, self.version)


def is_after(one: Version, other: Version) -> bool:
    """Whether one version is newer than another."""
    if one.number != other.number or one.value is None or other.value is None:
        return one.number > other.number
    return rank(one.value.writer) > rank(other.value.writer)


class Phase(Enum):
    """What a client waits for."""

    NOTHING, NEWEST, STORED = range(3)


class User(Client):
    """A client of the register."""

    phase: Phase = durable(Phase.NOTHING)
    newest: Version = durable(Version(0, None))
    answered: frozenset[Ref[Server]] = durable(frozenset())

    def is_quorum(self, members: frozenset[Ref[Any]]) -> bool:
        """Whether these servers are a majority of all."""
        return 2 * len(members) > len(self.members(Server))

    @action
    def write(self) -> None:
        """Begin to write a new value."""
        require(not self.busy)
        self.begin(True)
        self.query()

    @action
    def read(self) -> None:
        """Begin to read."""
        require(not self.busy)
        self.begin(False)
        self.query()

    def query(self) -> None:
        """Ask all servers for their versions."""
        self.phase = Phase.NEWEST
        self.newest = Version(0, None)
        self.broadcast(Query(self.serial), to=Server)

    @receive
    def on_newest(self, m: Newest, sender: Ref[Server]) -> None:
        """Remember the newest version; when a majority has answered, go on to store one."""
        if self.phase is Phase.NEWEST and m.serial == self.serial:
            self.answered |= {sender}
            if is_after(m.version, self.newest):
                self.newest = m.version
            if self.is_quorum(self.answered):
                self.found()

    def found(self) -> None:
        """Store the value that is written as the newest version, or the one that was found once more."""
        if self.writes:
            self.store(Version(self.newest.number + 1, self.value))
        else:
            self.value = self.newest.value
            self.store(self.newest)

    def store(self, version: Version) -> None:
        """Ask all servers to keep a version."""
        self.phase = Phase.STORED
        self.forget()
        self.broadcast(Store(self.serial, version), to=Server)

    @receive
    def on_stored(self, m: Stored, sender: Ref[Server]) -> None:
        """When a majority keeps the version, the operation is done."""
        if self.phase is Phase.STORED and m.serial == self.serial:
            self.answered |= {sender}
            if self.is_quorum(self.answered):
                self.finish()

    def finish(self) -> None:
        """Tell the client."""
        self.phase = Phase.NOTHING
        self.forget()
        self.end()

    def forget(self) -> None:
        """Drop what only the phase that is over needs."""
        self.answered = frozenset()
        self.newest = Version(0, None)


class ABD(Register):
    """The ABD register: `clients` that use it, `servers` that keep it.

    Clients begin at most `operations` operations. At most `messages` are under way at a time, equal ones counted once.
    """

    clients: Cluster[User] = cluster(2)
    servers: Cluster[Server] = cluster(3)
    operations: int = 2
    messages: int = 4

    network: Network = Bag(copies=1, capacity="messages")
    invariants: Invariants = (linearizable_register,)
    step_invariants: StepInvariants = ()
    sizes: Sizes = (
        Size(
            "small",
            {"operations": 3, "messages": 5},
            figures=Figures(1_780_732, 6_683_215, 40),
            symmetric=Figures(339_579, 1_274_282, 40),
        ),
        Size("medium", {"operations": 3, "messages": 6}, symmetric=Figures(7_481_611, 34_893_061, 40)),
    )

    @step_invariant
    def versions_grow(self, after: ABD) -> bool:
        """No server ever goes back to an older version."""
        return not any(is_after(server.version, after.servers[server.id].version) for server in self.servers)
