"""Restarts in the native engine: the reference engine says the same."""

from __future__ import annotations

from typing import Annotated

import pytest

from quorate.checker import ModelFailed, Verdict
from quorate.models.language import (
    AtMost,
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
    between_crashes,
    cluster,
    durable,
    ghost,
    history,
    invariant,
    message,
    receive,
    require,
    restart,
    step_invariant,
    volatile,
)

from .agreeing import check

Entry = Annotated[int, Range(0, 1)]
Log = Annotated[tuple[Entry, ...], AtMost("entries")]


@message
class Who:
    """What is in your log?"""


@message
class Here:
    """My log."""

    log: Log


class Server(Process):
    """Writes its log to disk now and then; after a crash it reads the disk, and asks the others."""

    disk: Log = durable(())
    log: Log = volatile(())
    starts: Annotated[int, Range(0, "starts")] = durable(0)
    asking: bool = volatile(False)
    answers: frozenset[Ref[Server]] = volatile(frozenset())

    @action
    def append(self, entry: Entry) -> None:
        """Something new."""
        require(not self.asking)
        self.log += (entry,)

    @action
    def flush(self) -> None:
        """Write the log to disk."""
        require(self.disk != self.log)
        self.disk = self.log

    @restart
    def recover(self) -> None:
        """Read the disk, unless it is damaged, and ask the others."""
        require(self.is_readable())
        self.starts += 1
        self.log = self.disk
        self.asking = True
        for peer in self.peers:
            self.send(peer, Who())

    def is_readable(self) -> bool:
        """Whether the disk can be read."""
        return self.disk[:1] != (1,)

    @receive
    def on_who(self, m: Who, sender: Ref[Server]) -> None:
        """Answer."""
        self.send(sender, Here(self.log))

    @receive
    def on_here(self, m: Here, sender: Ref[Server]) -> None:
        """The longest log is taken over."""
        require(self.asking)
        self.answers |= {sender}
        self.log = m.log if len(m.log) > len(self.log) else self.log
        self.asking = self.answers != self.peers


class Logs(Protocol):
    """Two servers."""

    servers: Cluster[Server] = cluster(2)
    entries: int = 1
    starts: int = 1
    most: Annotated[int, Range(0, "entries")] = ghost(0)
    network: Network = Bag(copies=1)
    faults: Faults = (Crash(times=2),)

    @history
    def remember(self, before: Logs) -> None:
        """The longest log of a server that has just started."""
        started = tuple(len(s.log) for s in self.servers if s.starts > before.servers[s.id].starts)
        self.most = max(self.most, max(started, default=0))

    @between_crashes
    @step_invariant
    def asks(self, after: Logs) -> bool:
        """Only a crash makes a server ask."""
        return all(s.asking or not after.servers[s.id].asking for s in self.servers)

    @invariant
    def starts_often(self) -> bool:
        """Not all of them start with something on disk."""
        return self.most == 0 or any(not s.asking for s in self.servers)


class Unkept(Logs):
    """A step invariant that a crash violates."""

    @step_invariant
    def keeps(self, after: Logs) -> bool:
        """A log only grows."""
        return all(s.log == after.servers[s.id].log[: len(s.log)] for s in self.servers)


class Several(Logs):
    """A server that is down for good may crash once more, and does not restart then."""

    faults: Faults = (Crash(stays_down=True), Crash(times=2))


class Parted(Logs):
    """Questions wait."""

    faults: Faults = (Partition(), Crash(times=2))


class Backup(Server):
    """Reads whatever is on its disk."""

    def is_readable(self) -> bool:
        """Always."""
        return True

    def recover(self) -> None:
        """As a server, which is asked nothing."""
        super().recover()
        self.broadcast(Here(self.disk), to=Backup)


class Mixed(Logs):
    """Servers and a backup."""

    backups: Cluster[Backup] = cluster(1)
    servers: Cluster[Server] = cluster(1)
    faults: Faults = (Crash(times=2), Crash(of=Backup))


class Asserting(Server):
    """Nothing may be on disk."""

    def recover(self) -> None:
        """Look."""
        assert self.disk == (), "something is on disk"
        super().recover()


class Asserted(Logs):
    """A restart that fails."""

    servers: Cluster[Asserting] = cluster(2)


class Straying(Server):
    """Looks where nothing may be."""

    def recover(self) -> None:
        """Fails on an empty disk."""
        super().recover()
        self.asking = self.disk[0] == 0


class Strayed(Logs):
    """A restart with a mistake."""

    servers: Cluster[Straying] = cluster(2)


NETWORKS: dict[str, Network] = {"set": MessageSet(), "bag": Bag(copies=1), "fifo": Fifo(capacity=2)}


def on(network: str, base: type[Protocol]) -> Protocol:
    made = type(base.__name__, (base,), {"network": NETWORKS[network], "__module__": __name__, "__doc__": "On it."})()
    assert isinstance(made, Protocol)
    return made


@pytest.mark.parametrize("symmetry", [False, True], ids=["plain", "symmetric"])
@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("model", [Logs, Several, Parted, Mixed, Unkept])
def test_restarts(model: type[Protocol], network: str, symmetry: bool) -> None:
    result = check(on(network, model), symmetry=symmetry, go_on=True)
    assert result.actions["crash"] > 0
    assert result.cut["starts"] > 0


@pytest.mark.parametrize("symmetry", [False, True], ids=["plain", "symmetric"])
def test_an_assertion_in_a_restart(symmetry: bool) -> None:
    result = check(Asserted(), symmetry=symmetry)
    assert result.verdict is Verdict.VIOLATED
    assert result.violations[0].trace.kind == "assertion"


def test_a_mistake_in_a_restart() -> None:
    with pytest.raises(ModelFailed):
        check(Strayed())


def test_a_longer_log_and_more_crashes() -> None:
    check(Logs(entries=2, starts=2), symmetry=True, threads=[1, 3])


def test_a_cluster_of_three() -> None:
    check(Logs(servers=3), symmetry=True)
