"""Who asks what was ever sent, and that then the states keep it; nobody else's states do."""

from __future__ import annotations

import pytest

from quorate.checker import Verdict, check
from quorate.models.language import (
    Bag,
    Cluster,
    Invariants,
    MessageSet,
    Network,
    Process,
    Protocol,
    StepInvariants,
    action,
    cluster,
    durable,
    invariant,
    message,
    receive,
    require,
    shared,
    vacuous_unless,
)


@message
class Ping:
    """The only message."""


class Node(Process):
    """Sends again and again; `sent` is a field like any other."""

    sent: bool = durable(False)

    @action
    def ping(self) -> None:
        """Ping the others."""
        self.broadcast(Ping())

    @receive
    def on_ping(self, m: Ping) -> None:
        """Nothing."""


class Pinging(Protocol):
    """Two nodes that ping each other for ever."""

    nodes: Cluster[Node] = cluster(2)
    network: Network = Bag(copies=1)
    invariants: Invariants = ()
    step_invariants: StepInvariants = ()

    @invariant
    def unset(self) -> bool:
        """Reads a field of the name `sent`."""
        return not any(n.sent for n in self.nodes)


def _silent(p: Protocol) -> bool:
    return not p.sent(Ping)


def silent(p: Protocol) -> bool:
    """An invariant that leaves the question to a helper."""
    return _silent(p)


def stays_silent(before: Protocol, after: Protocol) -> bool:
    """A step invariant that is a function."""
    return not after.sent(Ping)


@vacuous_unless(_silent)
def anything(p: Protocol) -> bool:
    """Only the witness asks."""
    return True


class ByHelper(Pinging):
    """The invariant calls a function that asks."""

    invariants: Invariants = (silent,)


class ByHelperOverASet(ByHelper):
    """The same where messages stay."""

    network: Network = MessageSet()


class ByStep(Pinging):
    """The step invariant asks."""

    step_invariants: StepInvariants = (stays_silent,)


class ByProperty(Pinging):
    """A property of the class asks."""

    @property
    def quiet(self) -> bool:
        """Nobody ever sent."""
        return not self.sent(Ping)

    @invariant
    def silent(self) -> bool:
        """Nobody ever sent."""
        return self.quiet


class ByWitness(Pinging):
    """Only the witness of a property asks."""

    invariants: Invariants = (anything,)


@pytest.mark.parametrize("protocol", [ByHelper, ByHelperOverASet, ByStep, ByProperty])
def test_whoever_asks_is_told_what_was_sent(protocol: type[Protocol]) -> None:
    result = check(protocol())
    assert result.violation is not None
    assert result.violation.length == 1


def test_a_witness_that_asks_is_told() -> None:
    # each of two nodes has sent or not, and what it sent is under way or not
    assert check(ByWitness()).distinct_states == 9


def test_states_keep_what_was_sent_only_if_somebody_asks() -> None:
    result = check(Pinging())
    assert result.verdict is Verdict.HOLDS
    assert result.distinct_states == 4


class Guarded(Pinging):
    """Where messages stay, a step of the protocol may look at them."""

    network: Network = MessageSet()
    told: bool = shared(False)

    @action
    def tell(self, silent: bool) -> None:
        """Once somebody has sent."""
        require(silent == (not self.sent(Ping)))
        require(not silent)
        self.told = True

    @invariant
    def untold(self) -> bool:
        """Nobody was told."""
        return not self.told


def test_a_guard_sees_what_was_sent() -> None:
    result = check(Guarded())
    assert result.violation is not None
    assert result.violation.length == 2
