"""Voting: Paxos before its messages were invented. Acceptors vote in numbered ballots and see each other's votes.

After Lamport's `Voting.tla` (tlaplus/Examples, PaxosHowToWinATuringAward).
"""

from __future__ import annotations

from typing import Annotated

from ...invariants import agreement
from ..language import Map, Protocol, Range, Symbol, action, every, invariant, record, require, shared

Ballot = Annotated[int, Range(0, "ballots - 1")]
BallotOrNone = Annotated[int, Range(-1, "ballots - 1")]
"""A ballot, or -1 before the first one."""


class Acceptor(Symbol, size="acceptors"):
    """Who votes (`Acceptor`)."""


class Value(Symbol, size="values"):
    """What can be chosen (`Value`)."""


@record
class Vote:
    """A vote for `val` in ballot `bal`."""

    bal: Ballot
    val: Value


class Voting(Protocol):
    """Module Voting, with the smallest majorities as `Quorum`."""

    acceptors: int = 3
    values: int = 2
    ballots: int = 2

    votes: Map[Acceptor, frozenset[Vote]] = shared(every(frozenset()))
    max_bal: Map[Acceptor, BallotOrNone] = shared(every(-1))

    invariants = (agreement,)

    @action
    def increase_max_bal(self, a: Acceptor, b: Ballot) -> None:
        """IncreaseMaxBal(a, b): stay out of ballots below `b`."""
        require(b > self.max_bal[a])
        self.max_bal |= {a: b}

    @action
    def vote_for(self, a: Acceptor, b: Ballot, v: Value, quorum: frozenset[Acceptor], witness: Acceptor | None) -> None:
        """VoteFor(a, b, v): vote for a value that a quorum shows to be safe."""
        require(self.is_quorum(quorum) and (witness is None or witness in quorum))
        require(self.max_bal[a] <= b)
        require(self.did_not_vote_at(a, b))
        require(all(m.val == v for votes in self.votes.values() for m in votes if m.bal == b))
        require(self.shows_safe_at(quorum, b, v, witness))
        self.votes |= {a: self.votes[a] | {Vote(b, v)}}
        self.max_bal |= {a: b}

    def shows_safe_at(self, quorum: frozenset[Acceptor], b: Ballot, v: Value, witness: Acceptor | None) -> bool:
        """ShowsSafeAt(quorum, b, v): the latest vote of the quorum before `b`, if there is one, was for `v`.

        `witness` is who cast it, None if nobody in the quorum voted before `b`.
        """
        if any(self.max_bal[a] < b for a in quorum):
            return False
        latest = max((m.bal for a in quorum for m in self.votes[a] if m.bal < b), default=-1)
        return latest == -1 if witness is None else self.voted_for(witness, latest, v)

    def is_quorum(self, some: frozenset[Acceptor]) -> bool:
        """`Quorum`: the smallest majorities."""
        return len(some) == self.acceptors // 2 + 1

    def voted_for(self, a: Acceptor, b: BallotOrNone, v: Value) -> bool:
        """VotedFor(a, b, v)."""
        return any(m.bal == b and m.val == v for m in self.votes[a])

    def did_not_vote_at(self, a: Acceptor, b: Ballot) -> bool:
        """DidNotVoteAt(a, b)."""
        return all(m.bal != b for m in self.votes[a])

    def chosen(self) -> frozenset[Value]:
        """`chosen`: the values that a quorum voted for in one ballot."""
        return frozenset(
            v
            for v in self.domain(Value)
            if any(
                2 * sum(self.voted_for(a, b, v) for a in self.domain(Acceptor)) > self.acceptors
                for b in range(self.ballots)
            )
        )

    @invariant
    def one_value_per_ballot(self) -> bool:
        """OneValuePerBallot: votes in the same ballot are for the same value."""
        votes = frozenset(m for a in self.domain(Acceptor) for m in self.votes[a])
        return all(m.val == n.val for m in votes for n in votes if m.bal == n.bal)

    @invariant
    def votes_are_safe(self) -> bool:
        """VotesSafe: nothing but the value voted for is chosen, or ever will be, in an earlier ballot."""
        return all(self.safe_at(m) for a in self.domain(Acceptor) for m in self.votes[a])

    def safe_at(self, m: Vote) -> bool:
        """SafeAt(b, v)."""
        return all(self.none_other_choosable_at(b, m.val) for b in range(m.bal))

    def none_other_choosable_at(self, b: Ballot, v: Value) -> bool:
        """NoneOtherChoosableAt(b, v): a quorum voted for `v` in ballot `b`, or cannot vote in it any more."""
        settled = frozenset(
            a
            for a in self.domain(Acceptor)
            if self.voted_for(a, b, v) or (self.max_bal[a] > b and self.did_not_vote_at(a, b))
        )
        return 2 * len(settled) > self.acceptors
