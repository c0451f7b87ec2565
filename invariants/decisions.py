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


class Reports(Casts, typing.Protocol):
    """A process that votes in numbered ballots, and tells whoever starts one about its last vote."""

    def epoch(self) -> int:
        """The highest ballot that it takes part in."""
        ...

    def last_vote(self) -> int:
        """The ballot of the vote that it would report, below all ballots if there is none."""
        ...


class Recovers(typing.Protocol):
    """A protocol whose later ballots must find what an earlier one may have chosen."""

    def votes(self) -> frozenset[Any]:
        """Every vote that was ever cast: its `ballot` and its `value`."""
        ...

    def candidates(self) -> tuple[Any, ...]:
        """Every value that may be voted for."""
        ...

    def may_choose(self, ballot: Any, value: Any) -> bool:
        """Whether a ballot has chosen a value, or may yet."""
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


@vacuous_unless(_somebody_cast)
def casts_once(p: Has[Casts]) -> bool:
    """No process votes for two values in one ballot.

    What is left of `one_value_per_ballot` where others may vote for another value, as in fast rounds (Lamport, "Fast
    Paxos", 2006).
    """
    return all(
        vote.value == another.value
        for process in p.members
        for vote in process.cast
        for another in process.cast
        if vote.ballot == another.ballot
    )


def _later_vote(p: Recovers) -> bool:
    return any(vote.ballot > 0 for vote in p.votes())


@vacuous_unless(_later_vote)
def votes_safe(p: Recovers) -> bool:
    """When a value is voted for, no other one was chosen in a lower ballot, and none can be any more.

    `VotesSafe` of Lamport's `Voting.tla`; what can still be chosen is judged as in Lamport, "Fast Paxos", 2006,
    section 2.2, from those that voted for it or have neither voted in that ballot nor left it.
    """
    return all(
        not p.may_choose(ballot, other)
        for vote in p.votes()
        for ballot in range(vote.ballot)
        for other in p.candidates()
        if other != vote.value
    )


@vacuous_unless(_somebody_cast)
def votes_keep_promises(p: Has[Reports]) -> bool:
    """No process voted last in a ballot above the one that it has joined: a vote is a promise, too.

    `maxVBal[a] =< maxBal[a]` in the invariants of Lamport's `Paxos.tla`.
    """
    return all(process.last_vote() <= process.epoch() for process in p.members)
