"""Single-decree Paxos (Lamport, "Paxos Made Simple", 2001): proposers, acceptors and learners exchange messages.

One step is the start of a ballot or the whole handling of one message; a proposer goes on to phase 2 with the promise
that completes its quorum. A message that was sent may be received at any time, again or never. What is chosen is judged
from the votes that acceptors cast, which they keep as history.
"""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Any

from ...invariants import (
    agreement,
    decision_stable,
    decisions_agree,
    epoch_monotonic,
    learned_is_chosen,
    one_value_per_ballot,
    validity,
)
from ...invariants.decisions import votes_keep_promises, votes_safe
from ...invariants.quorums import quorums_intersect
from ..language import (
    Cluster,
    Crash,
    Faults,
    Figures,
    Invariants,
    MessageSet,
    Network,
    Process,
    Protocol,
    Range,
    Ref,
    Size,
    Sizes,
    StepInvariants,
    Symbol,
    action,
    cluster,
    durable,
    ghost,
    history,
    message,
    rank,
    receive,
    record,
    require,
    volatile,
)

Ballot = Annotated[int, Range(0, "ballots - 1")]
"""Ballots (the paper: proposal numbers) from 0."""

LastBallot = Annotated[int, Range(-1, "ballots - 1")]
"""A ballot, or -1 for none."""


class Value(Symbol, size="values"):
    """A value that may be chosen."""


@record
class Vote:
    """A proposal that was accepted: in which ballot, for which value."""

    ballot: Ballot
    value: Value


@message
class Prepare:
    """Phase 1a: a proposer asks for promises."""

    ballot: Ballot


@message
class Promise:
    """Phase 1b: an acceptor will accept nothing in lower ballots, and reports its last vote."""

    ballot: Ballot
    vote: Vote | None


@message
class Accept:
    """Phase 2a: a proposer asks for votes."""

    ballot: Ballot
    value: Value


@message
class Accepted:
    """Phase 2b: an acceptor has voted."""

    ballot: Ballot
    value: Value


class Agent(Process):
    """Anyone who takes part; quorums are sets of acceptors."""

    def is_quorum(self, members: frozenset[Ref[Any]]) -> bool:
        """Whether these acceptors are a majority of all."""
        return 2 * len(members) > len(self.members(Acceptor))

    def is_quorum_in(self, ballot: Ballot, members: frozenset[Ref[Any]]) -> bool:
        """Whether these acceptors are a quorum of a ballot: what one is does not depend on the ballot."""
        return self.is_quorum(members)


class Phase(Enum):
    """What a proposer is doing in its ballot."""

    IDLE, PREPARE, ACCEPT = range(3)


class Proposer(Agent):
    """Gets a value chosen (section 2.2); the proposers own the ballots in turn."""

    # on stable storage before the ballot is used
    ballot: LastBallot = durable(-1)
    # lost in a crash
    phase: Phase = volatile(Phase.IDLE)
    promises: frozenset[Ref[Acceptor]] = volatile(frozenset())
    newest: LastBallot = volatile(-1)
    value: Value | None = volatile(None)

    @action
    def prepare(self, ballot: Ballot, value: Value) -> None:
        """Phase 1a: start a ballot of its own, higher than any before, on behalf of a client that wants a value."""
        require(ballot > self.ballot and self.owns(ballot))
        self.ballot = ballot
        self.phase = Phase.PREPARE
        self.value = value
        self.forget_promises()
        self.broadcast(Prepare(ballot), to=Acceptor)

    def owns(self, ballot: Ballot) -> bool:
        """Whether a ballot is this proposer's: they take turns, so no two use the same (section 2.5)."""
        return ballot % len(self.members(Proposer)) == rank(self.id)

    @receive
    def on_promise(self, m: Promise, sender: Ref[Acceptor]) -> None:
        """Collect promises for the current ballot; with a quorum of them, go on to phase 2."""
        require(self.phase is Phase.PREPARE and m.ballot == self.ballot)
        self.promises |= {sender}
        self.adopt(m.vote)
        if self.is_quorum(self.promises):
            self.propose()

    def adopt(self, vote: Vote | None) -> None:
        """Take over the value of the highest ballot that any promise reports."""
        if vote is not None and vote.ballot > self.newest:
            self.newest, self.value = vote.ballot, vote.value

    def propose(self) -> None:
        """Phase 2a: ask all acceptors to accept the value."""
        assert self.value is not None
        self.broadcast(Accept(self.ballot, self.value), to=Acceptor)
        self.phase = Phase.ACCEPT
        self.forget_promises()

    def forget_promises(self) -> None:
        """Drop what only the choice of a value needs."""
        self.promises = frozenset()
        self.newest = -1


class Acceptor(Agent):
    """Promises and votes (section 2.2); all it knows is on stable storage before it answers (section 2.5)."""

    promised: LastBallot = durable(-1)
    vote: Vote | None = durable(None)
    # every vote that it ever cast, for what is chosen
    cast: frozenset[Vote] = ghost(frozenset())

    @receive
    def on_prepare(self, m: Prepare, sender: Ref[Proposer]) -> None:
        """Phase 1b: promise a ballot higher than any seen, and report the last vote."""
        require(m.ballot > self.promised)
        self.join(m.ballot)
        self.send(sender, Promise(m.ballot, self.vote))

    @receive
    def on_accept(self, m: Accept) -> None:
        """Phase 2b: vote, unless a higher ballot was promised."""
        require(self.may_vote(m.ballot))
        self.join(m.ballot)
        self.cast_vote(m.ballot, m.value)

    def join(self, ballot: Ballot) -> None:
        """Take part in a ballot, and in no lower one from now on."""
        self.promised = ballot

    def cast_vote(self, ballot: Ballot, value: Value) -> None:
        """Vote, and tell the learners."""
        self.vote = Vote(ballot, value)
        self.cast |= {Vote(ballot, value)}
        self.broadcast(Accepted(ballot, value), to=Learner)

    def may_vote(self, ballot: Ballot) -> bool:
        """Whether no higher ballot was promised."""
        return ballot >= self.promised

    def may_count(self, ballot: Ballot, value: Value) -> bool:
        """Whether it voted for a value in a ballot or, not having voted there, may still do so."""
        cast = frozenset(vote.value for vote in self.cast if vote.ballot == ballot)
        return value in cast or (len(cast) == 0 and self.may_vote(ballot))

    def epoch(self) -> LastBallot:
        """The highest ballot that it takes part in."""
        return self.promised

    def last_vote(self) -> LastBallot:
        """The ballot of the vote that it would report, -1 if there is none."""
        return self.vote.ballot if self.vote is not None else -1


@record
class Heard:
    """A vote that a learner was told of."""

    acceptor: Ref[Acceptor]
    ballot: Ballot
    value: Value


class Learner(Agent):
    """Finds out what is chosen (section 2.3)."""

    heard: frozenset[Heard] = volatile(frozenset())
    decided: Value | None = volatile(None)

    @receive
    def on_accepted(self, m: Accepted, sender: Ref[Acceptor]) -> None:
        """Count the votes of each ballot until a value has a quorum of them: it is chosen."""
        require(self.decided is None)
        self.heard |= {Heard(sender, m.ballot, m.value)}
        if self.is_quorum_in(m.ballot, self.voters(m)):
            self.decided = m.value
            self.heard = frozenset()

    def voters(self, m: Accepted) -> frozenset[Ref[Acceptor]]:
        """The acceptors known to have cast this vote."""
        return frozenset(h.acceptor for h in self.heard if h.ballot == m.ballot and h.value == m.value)

    def decision(self) -> Value | None:
        """The value that it has learned."""
        return self.decided


class Paxos(Protocol):
    """Single-decree Paxos.

    There are `ballots` ballots and `values` values; proposers, acceptors and learners crash and restart up to so many
    times in all.
    """

    proposers: Cluster[Proposer] = cluster(2)
    acceptors: Cluster[Acceptor] = cluster(3)
    learners: Cluster[Learner] = cluster(1)
    ballots: int = 2
    values: int = 2
    proposer_crashes: int = 0
    acceptor_crashes: int = 0
    learner_crashes: int = 0

    network: Network = MessageSet()
    faults: Faults = (
        Crash(times="proposer_crashes", of=Proposer),
        Crash(times="acceptor_crashes", of=Acceptor),
        Crash(times="learner_crashes", of=Learner),
    )
    invariants: Invariants = (
        agreement,
        validity,
        learned_is_chosen,
        decisions_agree,
        one_value_per_ballot,
        votes_safe,
        votes_keep_promises,
        quorums_intersect,
    )
    step_invariants: StepInvariants = (epoch_monotonic, decision_stable)
    sizes: Sizes = (
        Size("small", {}, Figures(47_153, 309_669, 21), Figures(4_405, 28_575, 21)),
        Size(
            "medium",
            {"ballots": 3, "proposer_crashes": 1},
            Figures(17_873_858, 154_991_665, 32),
            Figures(1_531_697, 13_222_297, 32),
        ),
        Size("large", {"ballots": 4}, None, Figures(36_115_273, 352_629_859, 41)),
    )

    asked: frozenset[Value] = ghost(frozenset())

    @history
    def remember(self, before: Paxos) -> None:
        """Note what clients asked for: the values that proposers hold and have not adopted."""
        for proposer in self.proposers:
            if proposer.value is not None and proposer.phase is Phase.PREPARE and proposer.newest == -1:
                self.asked |= {proposer.value}

    def chosen(self) -> frozenset[Value]:
        """The values for which a quorum of acceptors voted in one ballot."""
        return frozenset(vote.value for vote in self.votes() if self.is_chosen(vote))

    def votes(self) -> frozenset[Vote]:
        """Every vote that was ever cast."""
        return frozenset(vote for acceptor in self.acceptors for vote in acceptor.cast)

    def is_chosen(self, vote: Vote) -> bool:
        """Whether the acceptors that cast this vote are a quorum for some learner."""
        voters = frozenset(acceptor.id for acceptor in self.acceptors if vote in acceptor.cast)
        return self.would_choose(vote.ballot, voters)

    def would_choose(self, ballot: Ballot, voters: frozenset[Ref[Acceptor]]) -> bool:
        """Whether the votes of these acceptors choose a value in a ballot: some learner takes them for a quorum."""
        return any(learner.is_quorum_in(ballot, voters) for learner in self.learners)

    def would_start(self, ballot: Ballot, promising: frozenset[Ref[Acceptor]]) -> bool:
        """Whether the promises of these acceptors let a value be proposed: some proposer takes them for a quorum."""
        return any(proposer.is_quorum_in(ballot, promising) for proposer in self.proposers)

    def may_choose(self, ballot: Ballot, value: Value) -> bool:
        """Whether a ballot has chosen a value or may yet, as far as acceptors still vote in it."""
        return self.would_choose(ballot, frozenset(a.id for a in self.acceptors if a.may_count(ballot, value)))

    def recoveries(self) -> frozenset[tuple[Ballot, Ballot]]:
        """Each pair of a ballot and a later one, which must find what the earlier one may have chosen."""
        return frozenset((earlier, later) for later in range(self.ballots) for earlier in range(later))

    def coalitions(self) -> frozenset[frozenset[Ref[Acceptor]]]:
        """The sets of up to three acceptors and of all but up to three: up to seven acceptors, every set."""
        ids = frozenset(acceptor.id for acceptor in self.acceptors)
        few = frozenset(frozenset({one, another, third}) for one in ids for another in ids for third in ids)
        return few | frozenset(ids - some for some in few)

    def candidates(self) -> tuple[Value, ...]:
        """Every value that may be voted for."""
        return self.domain(Value)

    def proposed(self) -> frozenset[Value]:
        """The values that clients asked for."""
        return self.asked

    def learned(self) -> frozenset[Value]:
        """The values that learners take for chosen."""
        return frozenset(learner.decided for learner in self.learners if learner.decided is not None)
