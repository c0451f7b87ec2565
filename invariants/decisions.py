"""What must hold of any protocol that decides on a value: agreement, validity and their kin."""

from __future__ import annotations

import typing
from typing import Any

from ..models.language import Has, Member, between_crashes, vacuous_unless


class Chooses(typing.Protocol):
    """A protocol in which values get chosen, whether or not any process knows."""

    def chosen(self) -> frozenset[Any]:
        """The values that are chosen: judged from what every process has done, not from one's opinion."""
        ...


class ChoosesProposed(Chooses, typing.Protocol):
    """A protocol that also keeps which values were proposed."""

    def proposed(self) -> frozenset[Any]:
        """The values that some client or proposer asked for."""
        ...


class Decides(Member, typing.Protocol):
    """A process that learns the decision."""

    def decision(self) -> object:
        """The value that the process takes for decided, None if it knows of none yet."""
        ...


class Learns(Chooses, typing.Protocol):
    """A protocol that also tells what its processes have learned."""

    def learned(self) -> frozenset[Any]:
        """The values that some process takes for decided."""
        ...


class Ballot(typing.Protocol):
    """A vote: for which value, in which ballot."""

    @property
    def ballot(self) -> int:
        """The number of the ballot."""
        ...

    @property
    def value(self) -> object:
        """The value voted for."""
        ...


class Casts(Member, typing.Protocol):
    """A process that votes for values in numbered ballots."""

    @property
    def cast(self) -> frozenset[Any]:
        """Every vote that it ever cast, as history."""
        ...


def _something_chosen(p: Chooses) -> bool:
    return len(p.chosen()) > 0


@vacuous_unless(_something_chosen)
def agreement(p: Chooses) -> bool:
    """No two values are chosen.

    Lamport, "Paxos Made Simple", 2001, section 2.1: "only a single value is chosen".
    """
    return len(p.chosen()) <= 1


@vacuous_unless(_something_chosen)
def validity(p: ChoosesProposed) -> bool:
    """Whatever is chosen was proposed.

    Lamport, "Paxos Made Simple", 2001, section 2.1: "only a value that has been proposed may be chosen".
    """
    return p.chosen() <= p.proposed()


def _something_learned(p: Learns) -> bool:
    return len(p.learned()) > 0


@vacuous_unless(_something_learned)
def learned_is_chosen(p: Learns) -> bool:
    """Whatever a process takes for decided is chosen.

    Lamport, "Paxos Made Simple", 2001, section 2.1: "a process never learns that a value has been chosen unless it
    actually has been".
    """
    return p.learned() <= p.chosen()


def _somebody_decided(p: Has[Decides]) -> bool:
    return any(process.decision() is not None for process in p.members)


@vacuous_unless(_somebody_decided)
def decisions_agree(p: Has[Decides]) -> bool:
    """No two processes decide differently.

    Agreement of consensus as processes see it (Lynch, "Distributed Algorithms", 1996, section 6.1).
    """
    return all(
        one.decision() == other.decision()
        for one in p.members
        if one.decision() is not None
        for other in p.members
        if other.decision() is not None
    )


@between_crashes
@vacuous_unless(_somebody_decided)
def decision_stable(before: Has[Decides], after: Has[Decides]) -> bool:
    """Between crashes, a process never changes or forgets its decision.

    A decision is final (Lynch, "Distributed Algorithms", 1996, section 6.1); a learner may keep it in memory only.
    """
    pairs = zip(before.members, after.members, strict=True)
    return all(new.decision() == old.decision() for old, new in pairs if old.decision() is not None)


def _somebody_cast(p: Has[Casts]) -> bool:
    return any(len(process.cast) > 0 for process in p.members)


@vacuous_unless(_somebody_cast)
def one_value_per_ballot(p: Has[Casts]) -> bool:
    """All votes of a ballot are for the same value.

    `OneValuePerBallot` of Lamport's `Voting.tla`, which with safe votes implies agreement.
    """
    return all(
        vote.value == another.value
        for one in p.members
        for other in p.members
        for vote in one.cast
        for another in other.cast
        if vote.ballot == another.ballot
    )
