"""Paxos with one thing wrong."""

from __future__ import annotations

from typing import Annotated, Any

from ..language import Cluster, Map, Range, Ref, cluster, every, require, volatile
from ..paxos import (
    Accepted,
    Acceptor,
    Agent,
    Ballot,
    LastBallot,
    Learner,
    Paxos,
    Phase,
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


class ProposesOwn(Proposer):
    """Insists on its client's value."""

    def adopt(self, vote: Vote | None) -> None:
        """Do not look at what promises report."""


class PaxosProposesOwn(Paxos):
    """A proposer proposes its own value although a promise reports a vote for another one, which may be chosen."""

    proposers: Cluster[ProposesOwn] = cluster(2)


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


class IgnoresPromise(Acceptor):
    """Compares a ballot with its last vote, not with its promise."""

    def may_vote(self, ballot: Ballot) -> bool:
        """Whether it did not vote in a higher ballot."""
        return self.vote is None or ballot >= self.vote.ballot


class PaxosIgnoresPromise(Paxos):
    """An acceptor votes in a ballot lower than it has promised, unseen by the higher one."""

    acceptors: Cluster[IgnoresPromise] = cluster(3)


class CountsEachPromise(Proposer):
    """Counts promises instead of collecting the acceptors that made them."""

    tally: Annotated[int, Range(0, "acceptors")] = volatile(0)

    def on_promise(self, m: Promise, sender: Ref[Acceptor]) -> None:
        """Count a promise as often as it arrives."""
        require(self.phase is Phase.PREPARE and m.ballot == self.ballot)
        self.tally = (self.tally if len(self.promises) > 0 else 0) + 1
        self.promises |= {sender}
        self.adopt(m.vote)
        if 2 * self.tally > len(self.members(Acceptor)):
            self.propose()


class PaxosCountsEachPromise(Paxos):
    """A promise that the network delivers twice counts twice, and the proposer asks too few acceptors."""

    proposers: Cluster[CountsEachPromise] = cluster(2)


class CountsOldPromises(Proposer):
    """Takes any promise for one of the ballot it is in."""

    def on_promise(self, m: Promise, sender: Ref[Acceptor]) -> None:
        """Collect a promise whatever its ballot."""
        require(self.phase is Phase.PREPARE)
        self.promises |= {sender}
        self.adopt(m.vote)
        if self.is_quorum(self.promises):
            self.propose()


class PaxosCountsOldPromises(Paxos):
    """A promise from the proposer's earlier ballot counts, though the acceptor may have voted since."""

    proposers: Cluster[CountsOldPromises] = cluster(2)


class ForgetsBallot(Proposer):
    """Keeps the ballots that it has used in memory only."""

    ballot: LastBallot = volatile(-1)


class PaxosForgetsBallot(Paxos):
    """A proposer that restarts uses a ballot again for another value."""

    proposers: Cluster[ForgetsBallot] = cluster(2)


class CountsAcrossBallots(Learner):
    """Counts the votes for a value, whatever their ballots."""

    def voters(self, m: Accepted) -> frozenset[Ref[Acceptor]]:
        """The acceptors known to have voted for this value in any ballot."""
        return frozenset(h.acceptor for h in self.heard if h.value == m.value)


class PaxosCountsAcrossBallots(Paxos):
    """A learner adds up votes of two ballots, neither of which has a quorum."""

    learners: Cluster[CountsAcrossBallots] = cluster(1)


class CountsEachAccepted(Learner):
    """Counts votes instead of collecting the acceptors that cast them."""

    tally: Map[Ballot, Annotated[int, Range(0, "acceptors")]] = volatile(every(0))

    def on_accepted(self, m: Accepted, sender: Ref[Acceptor]) -> None:
        """Count a vote as often as it arrives."""
        require(self.decided is None)
        self.tally |= {m.ballot: self.tally[m.ballot] + 1}
        if 2 * self.tally[m.ballot] > len(self.members(Acceptor)):
            self.decided = m.value


class PaxosCountsEachAccepted(Paxos):
    """A vote that the network delivers twice counts twice."""

    learners: Cluster[CountsEachAccepted] = cluster(1)


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


class SharesBallots(Proposer):
    """Uses any ballot."""

    def owns(self, ballot: Ballot) -> bool:
        """Whether a ballot may be used: always."""
        return True


class PaxosSharesBallots(Paxos):
    """Two proposers use one ballot, which is safe as long as each acceptor promises it only once."""

    proposers: Cluster[SharesBallots] = cluster(2)


SIMPLE = 'Lamport, "Paxos Made Simple", 2001'

PAXOS = (
    Mutant(
        "paxos-forgets-promise",
        PaxosForgetsPromise,
        {"ballots": 2, "acceptor_crashes": 1},
        "agreement",
        15,
        f"{SIMPLE}, section 2.5: an acceptor records its response on stable storage before it sends it",
    ),
    Mutant(
        "paxos-forgets-vote",
        PaxosForgetsVote,
        {"ballots": 2, "acceptor_crashes": 1},
        "agreement",
        15,
        f"{SIMPLE}, section 2.5: an acceptor records its response on stable storage before it sends it",
    ),
    Mutant(
        "paxos-proposes-own",
        PaxosProposesOwn,
        {"ballots": 2},
        "agreement",
        14,
        f"{SIMPLE}, section 2.2, phase 2: the value of the highest-numbered proposal among the responses",
    ),
    Mutant(
        "paxos-rounds-down",
        PaxosRoundsDown,
        {"ballots": 2},
        "agreement",
        8,
        f"{SIMPLE}, section 2.2: any two majorities have an acceptor in common",
    ),
    Mutant(
        "paxos-ignores-promise",
        PaxosIgnoresPromise,
        {"ballots": 2},
        "agreement",
        14,
        f"{SIMPLE}, section 2.2, P1a: accept unless a higher-numbered prepare request was answered",
    ),
    # every message may be received twice here; with one duplicate in the whole run it takes 13 steps
    Mutant(
        "paxos-counts-each-promise",
        PaxosCountsEachPromise,
        {"ballots": 2},
        "agreement",
        12,
        f"{SIMPLE}, section 2.2, phase 2: responses from a majority of acceptors",
    ),
    # a proposer may propose another value in its next ballot; with one value for good it takes 15 steps
    Mutant(
        "paxos-counts-old-promises",
        PaxosCountsOldPromises,
        {"ballots": 3},
        "agreement",
        12,
        f"{SIMPLE}, section 2.2, phase 2: responses to its prepare requests numbered n",
    ),
    Mutant(
        "paxos-forgets-ballot",
        PaxosForgetsBallot,
        {"ballots": 1, "proposer_crashes": 1},
        "agreement",
        13,
        f"{SIMPLE}, section 2.5: a proposer remembers the highest number it has used on stable storage",
    ),
    Mutant(
        "paxos-counts-across-ballots",
        PaxosCountsAcrossBallots,
        {"ballots": 2, "values": 1},
        "learned_is_chosen",
        14,
        f"{SIMPLE}, section 2.3: a proposal, not a value, is accepted by a majority",
    ),
    Mutant(
        "paxos-counts-each-accepted",
        PaxosCountsEachAccepted,
        {"ballots": 1},
        "learned_is_chosen",
        8,
        f"{SIMPLE}, section 2.3: accepted by a majority of acceptors",
    ),
    # negative controls
    Mutant(
        "paxos-promises-again",
        PaxosPromisesAgain,
        {"acceptors": 2, "ballots": 2},
        None,
        None,
        f"{SIMPLE}, section 2.2, phase 1: a number greater than that of any prepare request answered before",
    ),
    Mutant(
        "paxos-shares-ballots",
        PaxosSharesBallots,
        {"ballots": 1},
        None,
        None,
        f"{SIMPLE}, section 2.5: different proposers choose their numbers from disjoint sets",
    ),
)
"""What is known of each."""
