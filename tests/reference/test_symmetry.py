"""A symmetry that is none is noticed, whoever missed it."""

from __future__ import annotations

import pytest

from quorate.checker import check
from quorate.checker.reference import Explorer
from quorate.checker.search import Limits, SelfCheckFailed, symmetry_of
from quorate.models.language import Cluster, Process, Protocol, Ref, action, cluster, durable, rank, require
from quorate.models.semantics import Judge, System


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
    """More processes than there is time to rename."""

    nodes: Cluster[Plain] = cluster(9)


def test_too_many_renamings_are_not_tried() -> None:
    result = check(Many(), symmetry=True)
    assert (result.distinct_states, result.symmetry) == (2**9, ())
    assert result.warnings[0] == "symmetry over nodes is off: it has too many members to try every renaming"
    assert check(Many(nodes=4), symmetry=True).distinct_states == 5
