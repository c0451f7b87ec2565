"""What must hold of any protocol that elects leaders for numbered epochs: terms, ballots, views."""

from __future__ import annotations

import typing
from typing import Any

from ..models.language import Has, Member, Ref, vacuous_unless


class Numbered(Member, typing.Protocol):
    """A process that is always in some epoch."""

    def epoch(self) -> int:
        """The number of the epoch that the process is in: its term, ballot or view."""
        ...


class Elects(Numbered, typing.Protocol):
    """A process that may lead the epoch it is in."""

    def leads(self) -> bool:
        """Whether it believes to be the leader of its epoch."""
        ...


class Votes(Numbered, typing.Protocol):
    """A process that votes for at most one candidate in each epoch."""

    def vote(self) -> Ref[Any] | None:
        """Whom it voted for in its epoch, None if for nobody yet."""
        ...


class StandsForElection(Elects, Votes, typing.Protocol):
    """A process that votes and may be voted for."""


class RemembersLeaders(typing.Protocol):
    """A protocol that keeps as history who ever led which epoch."""

    def leaders_ever(self) -> frozenset[tuple[int, Ref[Any]]]:
        """Every pair of an epoch and a process that led it at some time."""
        ...


def _somebody_leads(p: Has[Elects]) -> bool:
    return any(process.leads() for process in p.members)


@vacuous_unless(_somebody_leads)
def single_leader_per_epoch(p: Has[Elects]) -> bool:
    """At any time, no two processes lead the same epoch.

    Election Safety (Ongaro and Ousterhout 2014, figure 3), as a predicate on one state. A leader that has gone before
    the next one of its epoch appears is not seen: `single_leader_per_epoch_ever` sees it.
    """
    return all(
        one.id == other.id
        for one in p.members
        if one.leads()
        for other in p.members
        if other.leads() and other.epoch() == one.epoch()
    )


def _somebody_led(p: RemembersLeaders) -> bool:
    return len(p.leaders_ever()) > 0


@vacuous_unless(_somebody_led)
def single_leader_per_epoch_ever(p: RemembersLeaders) -> bool:
    """In the whole history, no two processes led the same epoch.

    Election Safety (Ongaro and Ousterhout 2014, figure 3): "at most one leader can be elected in a given term".
    """
    return all(
        one == other
        for epoch, one in p.leaders_ever()
        for another_epoch, other in p.leaders_ever()
        if epoch == another_epoch
    )


def _some_epoch_began(p: Has[Numbered]) -> bool:
    return any(one.epoch() > 0 or one.epoch() != other.epoch() for one in p.members for other in p.members)


@vacuous_unless(_some_epoch_began)
def epoch_monotonic(before: Has[Numbered], after: Has[Numbered]) -> bool:
    """No process ever returns to an earlier epoch, not even by a crash.

    Ongaro and Ousterhout 2014, section 5.1 (terms increase monotonically over time); Lamport, "Paxos Made Simple",
    2001, section 2.5 (an acceptor remembers what it promised even if it fails and restarts).
    """
    pairs = zip(before.members, after.members, strict=True)
    return all(new.epoch() >= old.epoch() for old, new in pairs)


def _somebody_voted(p: Has[Votes]) -> bool:
    return any(process.vote() is not None for process in p.members)


@vacuous_unless(_somebody_voted)
def vote_once(before: Has[Votes], after: Has[Votes]) -> bool:
    """Within an epoch a vote is never withdrawn or changed, not even by a crash.

    Ongaro and Ousterhout 2014, section 5.2: "each server will vote for at most one candidate in a given term".
    """
    pairs = zip(before.members, after.members, strict=True)
    return all(new.vote() == old.vote() for old, new in pairs if old.vote() is not None and new.epoch() == old.epoch())


def _some_candidate_leads(p: Has[StandsForElection]) -> bool:
    return any(process.leads() for process in p.members)


@vacuous_unless(_some_candidate_leads)
def leader_votes_for_itself(p: Has[StandsForElection]) -> bool:
    """The vote of a process that leads is its own: it gives it to no other candidate of its epoch.

    Ongaro and Ousterhout 2014, section 5.2: a candidate votes for itself, and each server votes once in a term.
    """
    return all(process.vote() == process.id for process in p.members if process.leads())
