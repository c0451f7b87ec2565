"""Fast Paxos (Lamport, "Fast Paxos", Distributed Computing, 2006).

In a fast ballot, the coordinator that finds nothing chosen does not propose a value: it allows acceptors to take one
from any client, which saves a message delay. Acceptors may then vote for different values in one ballot, so its quorums
are larger, and a coordinator that finds several values reported must tell which of them may be chosen (section 3).

What the paper calls a round is a ballot here, its coordinator a proposer, and its proposers are clients; the lowest
ballots are the fast ones.
"""

from __future__ import annotations

from typing import Any

from ...invariants import agreement, decision_stable, decisions_agree, epoch_monotonic, learned_is_chosen, validity
from ...invariants.decisions import casts_once, votes_keep_promises, votes_safe
from ...invariants.quorums import fast_quorums_intersect, quorums_intersect
from ..language import (
    Cluster,
    Figures,
    Invariants,
    Process,
    Ref,
    Size,
    Sizes,
    StepInvariants,
    action,
    cluster,
    durable,
    message,
    parameter,
    receive,
    require,
    volatile,
)
from .paxos import (
    Acceptor,
    Agent,
    Ballot,
    Heard,
    LastBallot,
    Learner,
    Paxos,
    Phase,
    Promise,
    Proposer,
    Value,
)


@message
class Ask:
    """A client asks the acceptors for its value."""

    value: Value


@message
class AcceptAny:
    """Phase 2a of a fast ballot: vote for the first value that any client asks for."""

    ballot: Ballot


class Client(Process):
    """Wants a value, and tells the acceptors without going through a coordinator."""

    wants: Value | None = durable(None)

    @action
    def ask(self, value: Value) -> None:
        """Ask for a value, once."""
        require(self.wants is None)
        self.wants = value
        self.broadcast(Ask(value), to=Acceptor)


class FastAgent(Agent):
    """Knows that fast ballots have quorums of their own."""

    fast: int = parameter("fast")
    fast_quorum: int = parameter("fast_quorum")

    def is_quorum_in(self, ballot: Ballot, members: frozenset[Ref[Any]]) -> bool:
        """Whether these acceptors are a quorum of a ballot: in a fast one, so many of them."""
        return len(members) >= self.fast_quorum if ballot < self.fast else self.is_quorum(members)


class Coordinator(FastAgent, Proposer):
    """Coordinates the ballots that it owns."""

    # lost in a crash
    reports: frozenset[Heard] = volatile(frozenset())

    def prepare(self, ballot: Ballot, value: Value) -> None:
        """Phase 1a; a fast ballot leaves the value to the clients."""
        super().prepare(ballot, value)
        if ballot < self.fast:
            self.value = None

    def on_promise(self, m: Promise, sender: Ref[Acceptor]) -> None:
        """Collect the promises of a quorum, and the votes that they report."""
        require(self.phase is Phase.PREPARE and m.ballot == self.ballot and not self.has_quorum())
        self.promises |= {sender}
        if m.vote is not None:
            self.reports |= {Heard(sender, m.vote.ballot, m.vote.value)}

    def has_quorum(self) -> bool:
        """Whether a quorum of this ballot has promised."""
        return self.is_quorum_in(self.ballot, self.promises)

    @action
    def let_clients_choose(self) -> None:
        """Phase 2a of a fast ballot in which any value will do."""
        require(self.phase is Phase.PREPARE and self.has_quorum() and self.ballot < self.fast)
        require(len(self.perhaps_chosen()) == 0)
        self.broadcast(AcceptAny(self.ballot), to=Acceptor)
        self.phase = Phase.ACCEPT
        self.forget_promises()

    @action
    def choose(self, value: Value) -> None:
        """Phase 2a: propose the value that may have been chosen; if there is none, the own client's."""
        require(self.phase is Phase.PREPARE and self.has_quorum())
        perhaps = self.perhaps_chosen()
        require(value in perhaps if len(perhaps) > 0 else value == self.value)
        self.value = value
        self.propose()

    def perhaps_chosen(self) -> frozenset[Value]:
        """Of the values last voted for, the only one or else the one for which O4 holds."""
        told = self.last_told()
        return told if len(told) <= 1 else frozenset(value for value in told if self.may_have_quorum(value))

    def last_told(self) -> frozenset[Value]:
        """The values reported for the highest ballot that any promise reports."""
        return frozenset(report.value for report in self.reports if report.ballot == self.last_reported())

    def last_reported(self) -> LastBallot:
        """The highest ballot that any promise reports a vote in."""
        return max((report.ballot for report in self.reports), default=-1)

    def may_have_quorum(self, value: Value) -> bool:
        """O4: all acceptors of some quorum of that ballot voted for the value, as far as the promises tell."""
        silent = self.members(Acceptor) - self.promises
        last = self.last_reported()
        voters = frozenset(r.acceptor for r in self.reports if r.ballot == last and r.value == value)
        return self.is_quorum_in(last, silent | voters)

    def forget_promises(self) -> None:
        """Drop what only the choice of a value needs."""
        super().forget_promises()
        self.reports = frozenset()


class FastAcceptor(Acceptor):
    """An acceptor that may be allowed to take a value from any client."""

    # the ballot in which it may, unless that is -1; lost in a crash
    allowed: LastBallot = volatile(-1)

    @receive
    def on_accept_any(self, m: AcceptAny) -> None:
        """Join a fast ballot, and wait for a client."""
        require(self.may_vote(m.ballot) and m.ballot > self.last_vote())
        self.join(m.ballot)
        self.allowed = m.ballot

    @receive
    def on_ask(self, m: Ask) -> None:
        """Phase 2b of a fast ballot: vote for a client's value."""
        require(self.allowed >= 0)
        self.cast_vote(self.allowed, m.value)
        self.allowed = -1

    def join(self, ballot: Ballot) -> None:
        """Take part in a ballot; what was allowed in an earlier one is not any more."""
        super().join(ballot)
        self.allowed = -1


class FastLearner(FastAgent, Learner):
    """A learner that knows of fast quorums."""


class FastPaxos(Paxos):
    """Fast Paxos: the first `fast` of the ballots are fast, with quorums of `fast_quorum` acceptors.

    Each of the clients asks for one value. The other ballots have majorities for quorums.
    """

    clients: Cluster[Client] = cluster(2)
    proposers: Cluster[Coordinator] = cluster(1)
    acceptors: Cluster[FastAcceptor] = cluster(2)
    learners: Cluster[FastLearner] = cluster(1)
    fast: int = 1
    fast_quorum: int = 2
    invariants: Invariants = (
        agreement,
        validity,
        learned_is_chosen,
        decisions_agree,
        casts_once,
        votes_safe,
        votes_keep_promises,
        quorums_intersect,
        fast_quorums_intersect,
    )
    step_invariants: StepInvariants = (epoch_monotonic, decision_stable)
    sizes: Sizes = (
        Size(
            "small",
            {"acceptors": 3, "fast_quorum": 3},
            Figures(127_224, 908_036, 31),
            Figures(7_429, 51_326, 31),
        ),
        Size(
            "medium",
            {"acceptors": 4, "fast_quorum": 3},
            Figures(8_734_059, 85_472_893, 39),
            Figures(120_228, 1_153_277, 39),
        ),
        Size(
            "large",
            {"acceptors": 4, "fast_quorum": 3, "proposer_crashes": 1, "acceptor_crashes": 1, "learner_crashes": 1},
            None,
            Figures(1_375_542, 17_187_410, 42),
        ),
    )

    def proposed(self) -> frozenset[Value]:
        """The values that clients asked the acceptors or a coordinator for."""
        return self.asked | frozenset(client.wants for client in self.clients if client.wants is not None)

    def fast_recoveries(self) -> frozenset[tuple[Ballot, Ballot]]:
        """Each pair of a fast ballot and a later one."""
        return frozenset((fast, later) for fast, later in self.recoveries() if fast < self.fast)
