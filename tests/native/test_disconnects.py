"""Broken connections in the native engine: the reference engine says the same."""

from __future__ import annotations

from typing import Annotated

import pytest

from quorate.checker import ModelFailed
from quorate.models.language import (
    Cluster,
    Crash,
    Faults,
    Fifo,
    Network,
    Partition,
    Process,
    Protocol,
    Range,
    Ref,
    action,
    cluster,
    durable,
    invariant,
    message,
    receive,
    require,
    restart,
    volatile,
)

from .agreeing import check

Bit = Annotated[int, Range(0, 1)]
Few = Annotated[int, Range(0, 2)]


@message
class Call:
    """A request, with a number that tells it from the one before."""

    number: Bit


@message
class Answer:
    """The answer to a request."""

    number: Bit


class Phone(Process):
    """Calls anyone, and hangs up before it calls anew."""

    calling: Ref[Phone] | None = volatile(None)
    number: Bit = volatile(0)
    heard: Few = durable(0)

    @action
    def call(self, peer: Ref[Phone]) -> None:
        """Call, over a connection of its own."""
        require(self.calling is None and peer != self.id)
        self.number = 1 - self.number
        self.calling = peer
        self.send(peer, Call(self.number))
        self.disconnect(peer)

    @action
    def hang_up(self) -> None:
        """Give up."""
        require(self.calling is not None)
        self.drop(self.calling)
        self.calling = None

    def drop(self, peer: Ref[Phone] | None) -> None:
        """Break a connection, if there is one."""
        if peer is not None:
            self.disconnect(peer)

    @receive
    def on_call(self, m: Call, sender: Ref[Phone]) -> None:
        """Answer; a second call is a new connection."""
        if m.number == 0:
            self.disconnect(sender)
        self.send(sender, Answer(m.number))

    @receive
    def on_answer(self, m: Answer, sender: Ref[Phone]) -> None:
        """Noted, unless there was one already."""
        require(self.calling == sender)
        self.heard += 1
        self.calling = None
        require(self.heard < 2)


class Phones(Protocol):
    """Two of them."""

    phones: Cluster[Phone] = cluster(2)
    network: Network = Fifo(capacity=2)
    faults: Faults = ()

    @invariant
    def current(self) -> bool:
        """Not everybody has heard something."""
        return not all(p.heard > 0 for p in self.phones)


class Lossy(Phones):
    """Connections break by themselves as well."""

    network: Network = Fifo(capacity=2, loses=True)
    faults: Faults = (Partition(),)


class Boundless(Phones):
    """Queues without a bound, for as long as there is something to say."""

    network: Network = Fifo()


class Rebooting(Phone):
    """Breaks all its connections in a crash, and calls everybody."""

    starts: Annotated[int, Range(0, "starts")] = durable(0)

    @restart
    def reboot(self) -> None:
        """Start anew."""
        self.starts += 1
        for peer in self.peers:
            self.disconnect(peer)
            self.send(peer, Call(0))
        require(self.heard == 0)


class Reboots(Phones):
    """Crash, restart and disconnection together."""

    phones: Cluster[Rebooting] = cluster(2)
    starts: int = 1
    faults: Faults = (Crash(times=2),)


class Desk(Process):
    """Is called by nobody, and cuts everybody off."""

    tired: bool = volatile(False)
    rung: frozenset[Ref[Phone]] = volatile(frozenset())

    @action
    def ring(self) -> None:
        """Call every phone."""
        require(not self.tired)
        self.broadcast(Call(1), to=Phone)
        self.tired = True
        self.rung = self.members(Phone)

    @action
    def close(self) -> None:
        """Cut all off but those that cannot be told."""
        require(self.tired)
        for phone in self.members(Phone):
            self.disconnect(phone)
        self.disconnect(self.id)

    @action
    def tidy(self, last: Ref[Phone], but: Ref[Phone]) -> None:
        """Never done, whatever was cut off before that is found."""
        require(self.tired)
        for phone in self.rung:
            require(phone != last)
            if phone == but:
                continue
            self.disconnect(phone)

    @receive
    def on_answer(self, m: Answer, sender: Ref[Phone]) -> None:
        """Closed, on both sides of the answer."""
        self.disconnect(sender)
        self.tired = False
        require(m.number == 1)


class Office(Phones):
    """Phones of two kinds and a desk."""

    desks: Cluster[Desk] = cluster(1)
    phones: Cluster[Phone] = cluster(1)
    others: Cluster[Rebooting] = cluster(1)
    starts: int = 1
    faults: Faults = (Crash(of=Rebooting),)


class Silent(Process):
    """Has nobody to hear from, and hangs up all the same."""

    on: bool = volatile(False)

    @action
    def switch(self) -> None:
        """On and off."""
        self.on = not self.on
        for peer in self.peers:
            self.disconnect(peer)
        require(self.on)


class Silence(Protocol):
    """No message at all."""

    silent: Cluster[Silent] = cluster(2)
    network: Network = Fifo()


class Confused(Phone):
    """Asserts after it has hung up."""

    @action
    def boast(self, peer: Ref[Phone]) -> None:
        """Wrong after an answer."""
        self.disconnect(peer)
        assert self.heard == 0, "heard"


class Confusion(Phones):
    """An assertion in a step that disconnects."""

    phones: Cluster[Confused] = cluster(2)


MODELS = [Phones(), Lossy(), Boundless(), Reboots(), Reboots(phones=3, starts=0), Office(), Silence(), Confusion()]


@pytest.mark.parametrize("symmetry", [False, True], ids=["plain", "symmetric"])
@pytest.mark.parametrize("model", MODELS, ids=lambda m: type(m).__name__)
def test_disconnections(model: Protocol, symmetry: bool) -> None:
    result = check(model, symmetry=symmetry, go_on=True, threads=[1, 3])
    assert result.distinct_states > 1


def test_three_phones() -> None:
    check(Phones(phones=3), symmetry=True, go_on=True)


class Dangling(Phone):
    """Hangs up on nobody."""

    def drop(self, peer: Ref[Phone] | None) -> None:
        """Without asking whether there is a connection."""
        known = self.others()
        self.disconnect(known[0])

    def others(self) -> tuple[Ref[Phone], ...]:
        """Nobody."""
        return ()


class Dangles(Phones):
    """A step that fails while it disconnects."""

    phones: Cluster[Dangling] = cluster(2)


def test_a_mistake_while_disconnecting() -> None:
    with pytest.raises(ModelFailed):
        check(Dangles())
