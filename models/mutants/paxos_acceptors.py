"""Paxos with one thing wrong with its acceptors, or with what everybody takes for a quorum of them."""

from __future__ import annotations

from typing import Any

from ..language import Cluster, Ref, cluster, require, volatile
from ..paxos import (
    Accept,
    Acceptor,
    Agent,
    Ballot,
    LastBallot,
    Learner,
    Paxos,
    Prepare,
    Promise,
    Proposer,
    Vote,
)
from .mutant import Mutant


class ForgetsPromise(Acceptor):
    """Keeps its promise in memory only."""

    promised: LastBallot = volatile(-1)


class PaxosForgetsPromise(Paxos):
    """An acceptor that restarts votes in a ballot lower than it has promised, unseen by the higher one."""

    acceptors: Cluster[ForgetsPromise] = cluster(3)


class ForgetsVote(Acceptor):
    """Keeps its vote in memory only."""

    vote: Vote | None = volatile(None)


class PaxosForgetsVote(Paxos):
    """An acceptor that restarts promises without reporting its vote, so the chosen value is not found again."""

    acceptors: Cluster[ForgetsVote] = cluster(3)


class ForgetsEverything(Acceptor):
    """Keeps everything in memory only, or comes back with an empty disk."""

    promised: LastBallot = volatile(-1)
    vote: Vote | None = volatile(None)


class PaxosForgetsEverything(Paxos):
    """An acceptor that lost its disk takes part again at once, as if it had never promised or voted."""

    acceptors: Cluster[ForgetsEverything] = cluster(3)


class IgnoresPromise(Acceptor):
    """Compares a ballot with its last vote, not with its promise."""

    def may_vote(self, ballot: Ballot) -> bool:
        """Whether it did not vote in a higher ballot."""
        return self.vote is None or ballot >= self.vote.ballot


class PaxosIgnoresPromise(Paxos):
    """An acceptor votes in a ballot lower than it has promised, unseen by the higher one."""

    acceptors: Cluster[IgnoresPromise] = cluster(3)


class PromisesAnything(Acceptor):
    """Promises whatever ballot it was last asked for."""

    def on_prepare(self, m: Prepare, sender: Ref[Proposer]) -> None:
        """Promise this ballot, be it lower than an earlier one."""
        self.promised = m.ballot
        self.send(sender, Promise(m.ballot, self.vote))


class PaxosPromisesAnything(Paxos):
    """An acceptor that is asked for a lower ballot takes back its promise for the higher one."""

    acceptors: Cluster[PromisesAnything] = cluster(3)


class VotesUnpromised(Acceptor):
    """Takes only the answer to a prepare request for a promise."""

    def on_accept(self, m: Accept) -> None:
        """Vote unless a higher prepare request was answered; having voted promises nothing."""
        require(self.may_vote(m.ballot))
        self.cast_vote(m.ballot, m.value)


class PaxosVotesUnpromised(Paxos):
    """An acceptor that voted without having promised joins a lower ballot, and its vote there hides the higher one."""

    acceptors: Cluster[VotesUnpromised] = cluster(3)


class RoundsDown(Agent):
    """Takes half of the acceptors, rounded down, for a quorum."""

    def is_quorum(self, members: frozenset[Ref[Any]]) -> bool:
        """Whether these are half of the acceptors."""
        return len(members) >= len(self.members(Acceptor)) // 2


class RoundsDownProposer(RoundsDown, Proposer):
    """A proposer with quorums that are too small."""


class RoundsDownLearner(RoundsDown, Learner):
    """A learner with quorums that are too small."""


class PaxosRoundsDown(Paxos):
    """Two quorums need not have an acceptor in common, so each ballot has its way."""

    proposers: Cluster[RoundsDownProposer] = cluster(2)
    learners: Cluster[RoundsDownLearner] = cluster(1)


class PromisesAgain(Acceptor):
    """Promises a ballot as often as it is asked to."""

    def on_prepare(self, m: Prepare, sender: Ref[Proposer]) -> None:
        """Promise a ballot that is as high as any seen."""
        require(m.ballot >= self.promised)
        self.promised = m.ballot
        self.send(sender, Promise(m.ballot, self.vote))


class PaxosPromisesAgain(Paxos):
    """An acceptor promises the same ballot again, which is safe as long as no two proposers use one ballot."""

    acceptors: Cluster[PromisesAgain] = cluster(3)


SIMPLE = 'Lamport, "Paxos Made Simple", 2001'
STORAGE = f"{SIMPLE}, section 2.5: an acceptor records its response on stable storage before it sends it"
LETTER = f"{SIMPLE}, section 2.2, phase 2 (b), to the letter (Stack Overflow, question 29880949)"
MAJORITIES = f"{SIMPLE}, section 2.2: any two majorities have an acceptor in common"
DISK = 'Chandra, Griesemer and Redstone, "Paxos Made Live", 2007, section 5.1: handling disk corruption'

MUTANTS = (
    Mutant("paxos-forgets-promise", PaxosForgetsPromise, {"acceptor_crashes": 1}, "agreement", 15, STORAGE),
    Mutant("paxos-forgets-vote", PaxosForgetsVote, {"acceptor_crashes": 1}, "agreement", 15, STORAGE),
    Mutant("paxos-forgets-everything", PaxosForgetsEverything, {"acceptor_crashes": 1}, "agreement", 15, DISK),
    Mutant(
        "paxos-forgets-everything-of-five",
        PaxosForgetsEverything,
        {"acceptors": 5, "acceptor_crashes": 1},
        "agreement",
        21,
        DISK,
    ),
    Mutant(
        "paxos-ignores-promise",
        PaxosIgnoresPromise,
        {},
        "agreement",
        14,
        f"{SIMPLE}, section 2.2, P1a: accept unless a higher-numbered prepare request was answered",
    ),
    Mutant(
        "paxos-promises-anything",
        PaxosPromisesAnything,
        {},
        "epoch_monotonic",
        4,
        f"{SIMPLE}, section 2.2, phase 1: a number greater than that of any prepare request answered before",
    ),
    Mutant(
        "paxos-votes-unpromised",
        PaxosVotesUnpromised,
        {},
        "votes_keep_promises",
        6,
        LETTER,
    ),
    Mutant(
        "paxos-votes-unpromised-twice",
        PaxosVotesUnpromised,
        {"ballots": 3},
        "agreement",
        20,
        LETTER,
    ),
    Mutant("paxos-rounds-down", PaxosRoundsDown, {}, "agreement", 8, MAJORITIES),
    Mutant("paxos-has-disjoint-quorums", PaxosRoundsDown, {}, "quorums_intersect", 0, MAJORITIES),
    Mutant("paxos-rounds-down-of-four", PaxosRoundsDown, {"acceptors": 4}, "agreement", 14, MAJORITIES),
    Mutant("paxos-rounds-down-for-learners", PaxosRoundsDown, {"learners": 2}, "decisions_agree", 10, MAJORITIES),
    # negative control
    Mutant(
        "paxos-promises-again",
        PaxosPromisesAgain,
        {},
        None,
        None,
        f"{SIMPLE}, section 2.2, phase 1: a number greater than that of any prepare request answered before",
    ),
)
"""What is known of each."""
