"""Single-decree Paxos as a state machine over the set of messages ever sent.

After Lamport's `Paxos.tla` (tlaplus/Examples, PaxosHowToWinATuringAward): no proposers, and whoever acts reads
whatever was ever sent. A message may be read at any time, again, or never: that covers reordering, duplication
and loss. Where the specification says "there is a quorum" or "there is a message" in an action, the quorum or the
message is a parameter here, so that a step is counted as often as TLC counts it.
"""

from __future__ import annotations

from typing import Annotated

from ...invariants import agreement
from ..language import (
    Figures,
    Map,
    Protocol,
    Range,
    Size,
    Sizes,
    Symbol,
    action,
    every,
    invariant,
    lemma,
    quorum,
    record,
    require,
    shared,
)

Ballot = Annotated[int, Range(0, "ballots - 1")]
BallotOrNone = Annotated[int, Range(-1, "ballots - 1")]
"""A ballot, or -1 before the first one."""


class Acceptor(Symbol, size="acceptors"):
    """Who promises and votes (`Acceptor`)."""


class Value(Symbol, size="values"):
    """What can be chosen (`Value`)."""


@record
class Prepare:
    """1a: ballot `bal` has begun."""

    bal: Ballot


@record
class Promise:
    """1b: `acc` takes part in no ballot below `bal`; its last vote was for `mval` in `mbal`, if that is not -1."""

    acc: Acceptor
    bal: Ballot
    mbal: BallotOrNone
    mval: Value | None


@record
class Accept:
    """2a: in ballot `bal`, vote for `val` and nothing else."""

    bal: Ballot
    val: Value


@record
class Vote:
    """2b: `acc` has voted for `val` in ballot `bal`."""

    acc: Acceptor
    bal: Ballot
    val: Value


class PaxosSets(Protocol):
    """Module Paxos; its `msgs` is kept as one set for each type of message."""

    acceptors: int = 3
    values: int = 2
    ballots: int = 2

    max_bal: Map[Acceptor, BallotOrNone] = shared(every(-1))
    max_vbal: Map[Acceptor, BallotOrNone] = shared(every(-1))
    max_val: Map[Acceptor, Value | None] = shared(every(None))
    prepares: frozenset[Prepare] = shared(frozenset())
    promises: frozenset[Promise] = shared(frozenset())
    accepts: frozenset[Accept] = shared(frozenset())
    votes: frozenset[Vote] = shared(frozenset())

    invariants = (agreement,)
    sizes: Sizes = (
        Size("small", {"ballots": 3}, Figures(185_369, 1_361_380, 25), Figures(17_153, 127_002, 25)),
        Size("medium", {"ballots": 4}, Figures(8_220_065, 70_696_917, 33), Figures(710_709, 6_134_208, 33)),
        Size("large", {"ballots": 5}, None, Figures(29_730_227, 292_766_427, 41)),
    )

    @action
    def phase1a(self, b: Ballot) -> None:
        """Phase1a(b): begin a ballot."""
        self.prepares |= {Prepare(b)}

    @action
    def phase1b(self, a: Acceptor, m: Prepare) -> None:
        """Phase1b(a): promise to stay out of earlier ballots, and tell the last vote."""
        require(m in self.prepares)
        require(m.bal > self.max_bal[a])
        self.max_bal |= {a: m.bal}
        self.promises |= {Promise(a, m.bal, self.max_vbal[a], self.max_val[a])}

    @action
    def phase2a(self, b: Ballot, v: Value, quorum: frozenset[Acceptor], latest: Acceptor | None) -> None:
        """Phase2a(b, v): propose what the latest vote of a quorum was for; with no vote (`latest` is None), anything.

        An acceptor promises a ballot only once, so its name stands for the message that told the latest vote.
        """
        require(self.is_quorum(quorum) and (latest is None or latest in quorum))
        require(self.is_smallest(quorum))
        require(all(m.bal != b for m in self.accepts))
        told = frozenset(m for m in self.promises if m.bal == b and m.acc in quorum)
        require(frozenset(m.acc for m in told) == quorum)
        votes = frozenset(m for m in told if m.mbal >= 0)
        if latest is None:
            require(len(votes) == 0)
        else:
            highest = max((m.mbal for m in votes), default=-1)
            require(any(m.acc == latest and m.mval == v and m.mbal == highest for m in votes))
        self.accepts |= {Accept(b, v)}

    @action
    def phase2b(self, a: Acceptor, m: Accept) -> None:
        """Phase2b(a): vote, unless a later ballot was promised."""
        require(m in self.accepts)
        require(m.bal >= self.max_bal[a])
        self.max_bal |= {a: m.bal}
        self.max_vbal |= {a: m.bal}
        self.max_val |= {a: m.val}
        self.votes |= {Vote(a, m.bal, m.val)}

    @quorum
    def is_quorum(self, some: frozenset[Acceptor]) -> bool:
        """Whether these are a majority."""
        return 2 * len(some) > self.acceptors

    def is_smallest(self, quorum: frozenset[Acceptor]) -> bool:
        """`Quorum`: TLC tries the smallest majorities only, since a larger one allows nothing more."""
        return len(quorum) == self.acceptors // 2 + 1

    def voters(self, b: Ballot, v: Value) -> frozenset[Acceptor]:
        """Who voted for `v` in ballot `b` (`VotedFor` of module Voting)."""
        return frozenset(m.acc for m in self.votes if m.bal == b and m.val == v)

    def chosen(self) -> frozenset[Value]:
        """The values that a quorum voted for in one ballot (`chosen` of module Voting)."""
        return frozenset(m.val for m in self.votes if self.is_quorum(self.voters(m.bal, m.val)))

    # -- the inductive invariant -----------------------------------------------------------------------------------
    #
    # Inv of module Paxos is not inductive: a promise must also rule out a vote between the one it tells and its ballot.
    # What a proposal rules out is said as in Padon, Losa, Sagiv and Shoham, "Paxos made EPR", OOPSLA 2017, section 5.

    @lemma
    @invariant
    def last_votes_are_votes(self) -> bool:
        """What an acceptor remembers as its last vote is a vote it cast, in no ballot above its promise."""
        return all(
            self.max_vbal[a] <= self.max_bal[a]
            and (
                self.max_val[a] is None
                if self.max_vbal[a] == -1
                else any(m.acc == a and m.bal == self.max_vbal[a] and m.val == self.max_val[a] for m in self.votes)
            )
            for a in self.domain(Acceptor)
        )

    @lemma
    @invariant
    def promises_are_kept(self) -> bool:
        """What a promise tells is true: a vote in an earlier ballot, or that there is none; and it binds for ever."""
        return all(
            m.mbal < m.bal <= self.max_bal[m.acc]
            and (
                m.mval is None
                if m.mbal == -1
                else any(n.acc == m.acc and n.bal == m.mbal and n.val == m.mval for n in self.votes)
            )
            for m in self.promises
        )

    @lemma
    def promises_tell_the_last_vote(self) -> bool:
        """Between the vote that a promise tells and the ballot that it is for, its acceptor never votes."""
        return all(not (m.acc == n.acc and m.mbal < n.bal < m.bal) for m in self.promises for n in self.votes)

    @lemma
    @invariant
    def one_proposal_in_a_ballot(self) -> bool:
        """No ballot has two values."""
        return all(m.val == n.val for m in self.accepts for n in self.accepts if m.bal == n.bal)

    @lemma
    @invariant
    def proposals_are_safe(self) -> bool:
        """Once a value is proposed, no other one is chosen in an earlier ballot, or ever will be."""
        return all(
            not self.may_choose(b, v)
            for m in self.accepts
            for b in range(m.bal)
            for v in self.domain(Value)
            if v != m.val
        )

    def may_choose(self, b: Ballot, v: Value) -> bool:
        """Whether a quorum has voted for `v` in ballot `b` or may still do so (`choosable` in Padon et al.)."""
        return self.is_quorum(frozenset(a for a in self.domain(Acceptor) if self.may_vote(a, b, v)))

    def may_vote(self, a: Acceptor, b: Ballot, v: Value) -> bool:
        """Whether an acceptor has voted for `v` in ballot `b`, or has not promised to stay out of it."""
        return self.max_bal[a] <= b or any(m.acc == a and m.bal == b and m.val == v for m in self.votes)

    @lemma
    @invariant
    def votes_were_proposed(self) -> bool:
        """An acceptor votes only for what was proposed in that ballot, and remembers no earlier vote as its last."""
        return all(Accept(m.bal, m.val) in self.accepts and m.bal <= self.max_vbal[m.acc] for m in self.votes)
