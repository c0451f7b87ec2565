"""What a protocol assumes of its quorums: that those which must meet do.

An assumption does not depend on the state, so one that fails does so in the initial state: the counterexample has no
step, and names the quorums. What follows from it, the properties that rest on it show.
"""

from __future__ import annotations

import typing
from typing import Any

from ..models.language import Ref, vacuous_unless


class Gathers(typing.Protocol):
    """A protocol whose ballots ask a quorum of processes for promises, and another one for votes."""

    def recoveries(self) -> frozenset[tuple[int, int]]:
        """Each pair of a ballot and a later one, which must find what the earlier one may have chosen."""
        ...

    def coalitions(self) -> frozenset[frozenset[Ref[Any]]]:
        """The sets of processes to try."""
        ...

    def would_start(self, ballot: Any, promising: Any) -> bool:
        """Whether a value may be proposed in a ballot with the promises of these processes."""
        ...

    def would_choose(self, ballot: Any, voters: Any) -> bool:
        """Whether a value is chosen if these processes all vote for it in a ballot."""
        ...


class Hurries(Gathers, typing.Protocol):
    """A protocol with fast ballots, in which processes may vote for different values."""

    def fast_recoveries(self) -> frozenset[tuple[int, int]]:
        """Each pair of a fast ballot and a later one."""
        ...


def _something_to_recover(p: Gathers) -> bool:
    return len(p.recoveries()) > 0


@vacuous_unless(_something_to_recover)
def quorums_intersect(p: Gathers) -> bool:
    """Every quorum of phase 1 has a member in common with every quorum of phase 2 of an earlier ballot.

    Howard, Malkhi and Spiegelman, "Flexible Paxos: Quorum Intersection Revisited", 2016: nothing else is
    asked of quorums.
    """
    return all(
        not (p.would_start(later, one) and p.would_choose(earlier, two))
        for earlier, later in p.recoveries()
        for one in p.coalitions()
        for two in p.coalitions()
        if len(one & two) == 0
    )


def _something_fast_to_recover(p: Hurries) -> bool:
    return len(p.fast_recoveries()) > 0


@vacuous_unless(_something_fast_to_recover)
def fast_quorums_intersect(p: Hurries) -> bool:
    """Every quorum of phase 1 meets what any two quorums of an earlier fast ballot have in common.

    Lamport, "Fast Paxos", 2006, section 3, the Fast Quorum Requirement.
    """
    return all(
        not (p.would_start(later, one) and p.would_choose(fast, two) and p.would_choose(fast, three))
        for fast, later in p.fast_recoveries()
        for one in p.coalitions()
        for two in p.coalitions()
        for three in p.coalitions()
        if len(one & two & three) == 0
    )
