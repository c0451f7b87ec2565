"""A symmetry that is none is noticed, whoever missed it."""

from __future__ import annotations

import pytest

from quorate.checker.reference import Explorer
from quorate.checker.search import Limits, SelfCheckFailed, symmetry_of
from quorate.models.language import (
    Bag,
    Cluster,
    Crash,
    Process,
    Protocol,
    Ref,
    action,
    cluster,
    durable,
    invariant,
    message,
    rank,
    receive,
    require,
)
from quorate.models.semantics import Judge, System

from ..native.agreeing import check


class Ranked(Process):
    """Only the first process of the cluster acts."""

    on: bool = durable(False)
    seen: frozenset[Ref[Ranked]] = durable(frozenset())

    @action
    def switch(self) -> None:
        """The first one switches on."""
        require(rank(self.id) == 0 and not self.on)
        self.on = True

    @action
    def notice(self, other: Ref[Ranked]) -> None:
        """Anyone notices anyone."""
        self.seen |= {other}


class Ranks(Protocol):
    """Processes that are not interchangeable."""

    nodes: Cluster[Ranked] = cluster(2)


def test_a_missed_asymmetry_ends_the_run() -> None:
    system = System(Ranks())
    with pytest.raises(SelfCheckFailed, match="renaming nodes changes what a state can do"):
        Explorer(system, Judge(system), symmetry_of(system), limits=Limits()).run()


def test_a_known_asymmetry_is_left_alone() -> None:
    system = System(Ranks())
    symmetry = symmetry_of(system, ["nodes"])
    explorer = Explorer(system, Judge(system), symmetry, limits=Limits())
    assert explorer.run() == ""
    assert symmetry.names == ()
    assert explorer.statistics.distinct == 2 * 4 * 4


class Plain(Process):
    """Can switch on."""

    on: bool = durable(False)

    @action
    def switch(self) -> None:
        """Switch on."""
        require(not self.on)
        self.on = True


class Many(Protocol):
    """Processes that no value names: putting them in order is all there is to do."""

    nodes: Cluster[Plain] = cluster(9)


class Pointing(Plain):
    """Can name another process, but never does."""

    other: Ref[Pointing] | None = durable(None)


class Pointed(Protocol):
    """More processes than there is time to rename."""

    nodes: Cluster[Pointing] = cluster(9)


def test_too_many_renamings_are_not_tried() -> None:
    result = check(Pointed(), symmetry=True)
    assert (result.distinct_states, result.symmetry) == (2**9, ())
    assert "symmetry over nodes is off: it has too many members to try every renaming" in result.warnings
    assert check(Pointed(nodes=4), symmetry=True).distinct_states == 5


def test_any_number_of_processes_that_nothing_names_are_put_in_order() -> None:
    result = check(Many(), symmetry=True)
    assert (result.distinct_states, result.symmetry) == (10, ("nodes",))


class Halting(Protocol):
    """One process may be down for good; nothing else tells who it is."""

    nodes: Cluster[Plain] = cluster(3)
    faults = (Crash(stays_down=True),)


@message
class Ping:
    """Says nothing."""


class Pinger(Process):
    """Pings, and remembers nothing."""

    quiet: bool = durable(False)

    @action
    def ping(self) -> None:
        """Ping the others."""
        require(not self.quiet)
        self.broadcast(Ping())

    @receive
    def on_ping(self, m: Ping) -> None:
        """Forget it."""
        self.quiet = False


class Pinged(Protocol):
    """Only history tells who pinged."""

    nodes: Cluster[Pinger] = cluster(2)
    network = Bag(copies=1)

    @invariant
    def few(self) -> bool:
        """Nobody else is there to ping."""
        return len(self.sent(Ping)) <= 2


def test_states_that_differ_in_who_is_down_are_merged() -> None:
    # nobody down: so many are on; one down: whether it is on, and how many of the others
    assert check(Halting(), symmetry=True).distinct_states == 4 + 2 * 3


def test_states_that_differ_in_who_sent_what_are_merged() -> None:
    assert check(Pinged()).distinct_states == 9
    assert check(Pinged(), symmetry=True).distinct_states == 6
