"""Multi-Paxos with one thing wrong in its ballots, promises and votes."""

from __future__ import annotations

from typing import Any

from ..language import Cluster, Map, Ref, cluster, every, require, volatile
from ..paxos import Ballot, LastBallot
from ..paxos._state_machine import Slot
from ..paxos.multi_paxos import Accept, Accepted, MultiPaxos, Prepare, Replica, Vote
from .mutant import Mutant


class SkipsPhaseOne(Replica):
    """Asks for promises once only."""

    def try_to_lead(self) -> None:
        """Lead without promises in any ballot but the first."""
        if self.ballot > 0:
            self.lead()
        else:
            super().try_to_lead()


class MultiPaxosSkipsPhaseOne(MultiPaxos):
    """A leader goes on in a higher ballot as if nobody else had led in the meantime."""

    replicas: Cluster[SkipsPhaseOne] = cluster(3)


class TrustsOwnVotes(Replica):
    """Relies on its own votes."""

    def note_promise(self, sender: Ref[Replica], votes: Map[Slot, Vote | None]) -> None:
        """Count a promise, but look at no votes except the own ones."""
        super().note_promise(sender, votes if sender == self.id else self.newest)


class MultiPaxosTrustsOwnVotes(MultiPaxos):
    """A new leader proposes again only what it voted for itself."""

    replicas: Cluster[TrustsOwnVotes] = cluster(3)


class KeepsFirstReported(Replica):
    """Takes the first vote that it hears of."""

    def newer(self, known: Vote | None, reported: Vote | None) -> Vote | None:
        """Do not compare ballots."""
        return reported if known is None else known


class MultiPaxosKeepsFirstReported(MultiPaxos):
    """A new leader proposes the command of an old vote, though a later one was reported."""

    replicas: Cluster[KeepsFirstReported] = cluster(3)


class ForgetsBallot(Replica):
    """Keeps its promise in memory only."""

    ballot: LastBallot = volatile(-1)


class MultiPaxosForgetsBallot(MultiPaxos):
    """A replica that restarts votes in a ballot lower than it has promised, unseen by the higher one."""

    replicas: Cluster[ForgetsBallot] = cluster(3)


class ForgetsVotes(Replica):
    """Keeps its votes in memory only."""

    votes: Map[Slot, Vote | None] = volatile(every(None))


class MultiPaxosForgetsVotes(MultiPaxos):
    """A replica that restarts promises without reporting its votes, so that a decision is not found again."""

    replicas: Cluster[ForgetsVotes] = cluster(3)


class IgnoresPromise(Replica):
    """Votes for whoever asks."""

    def on_accept(self, m: Accept, sender: Ref[Replica]) -> None:
        """Go back to the ballot of the message, even if a higher one was promised."""
        if m.ballot != self.ballot:
            self.follow(m.ballot)
        self.votes |= {m.slot: Vote(m.ballot, m.command)}
        self.send(sender, Accepted(m.ballot, m.slot))


class MultiPaxosIgnoresPromise(MultiPaxos):
    """A replica votes in a ballot lower than it has promised, and is in that lower ballot again."""

    replicas: Cluster[IgnoresPromise] = cluster(3)


class TakesHalf(Replica):
    """Is content with half of the replicas."""

    def is_quorum(self, members: frozenset[Ref[Any]]) -> bool:
        """Whether these are at least half of the replicas."""
        return 2 * len(members) >= len(self.members(Replica))


class MultiPaxosTakesHalf(MultiPaxos):
    """Two halves of the replicas decide differently, because no replica is in both."""

    replicas: Cluster[TakesHalf] = cluster(2)


class PromisesAgain(Replica):
    """Promises a ballot as often as it is asked to."""

    def on_prepare(self, m: Prepare, sender: Ref[Replica]) -> None:
        """Promise a ballot that is as high as any seen."""
        require(m.ballot >= self.ballot)
        self.follow(m.ballot)
        self.promise(m, sender)


class MultiPaxosPromisesAgain(MultiPaxos):
    """A replica promises the same ballot again, which is safe as long as no two replicas own one ballot."""

    replicas: Cluster[PromisesAgain] = cluster(3)


class SharesBallots(Replica):
    """Starts any ballot."""

    def owns(self, ballot: Ballot) -> bool:
        """Whether a ballot may be started: always."""
        return True


class MultiPaxosSharesBallots(MultiPaxos):
    """Two replicas use one ballot, which is safe as long as each replica promises it only once."""

    replicas: Cluster[SharesBallots] = cluster(3)


class SharesPromisedBallots(PromisesAgain, SharesBallots):
    """Starts any ballot, and promises it to everybody."""


class MultiPaxosSharesPromisedBallots(MultiPaxos):
    """A ballot is a round number that does not say whose it is, and two replicas lead in the same one."""

    replicas: Cluster[SharesPromisedBallots] = cluster(3)


SIMPLE = 'Lamport, "Paxos Made Simple", 2001'
MODERATE = 'van Renesse and Altinbuken, "Paxos Made Moderately Complex", 2015'
LIVE = 'Chandra, Griesemer and Redstone, "Paxos Made Live", 2007'

MUTANTS = (
    Mutant(
        "multi-paxos-skips-phase-one",
        MultiPaxosSkipsPhaseOne,
        {"values": 2, "messages": 12},
        "slot_agreement",
        8,
        f"{SIMPLE}, section 3: a new leader executes phase 1 for all instances that it does not know",
    ),
    Mutant(
        "multi-paxos-trusts-own-votes",
        MultiPaxosTrustsOwnVotes,
        {"values": 2, "messages": 12},
        "slot_agreement",
        10,
        f"{SIMPLE}, section 2.2, phase 2: the value of the highest-numbered proposal among the responses",
    ),
    Mutant(
        "multi-paxos-keeps-first-reported",
        MultiPaxosKeepsFirstReported,
        {"ballots": 3, "values": 2, "messages": 16},
        "slot_agreement",
        13,
        f"{SIMPLE}, section 2.2, phase 2: the value of the highest-numbered proposal among the responses",
    ),
    Mutant(
        "multi-paxos-forgets-ballot",
        MultiPaxosForgetsBallot,
        {"crashes": 1, "values": 2, "messages": 12},
        "slot_agreement",
        11,
        f"{SIMPLE}, section 2.5: an acceptor records its response on stable storage before it sends it",
    ),
    Mutant(
        "multi-paxos-votes-above-promise",
        MultiPaxosForgetsBallot,
        {"crashes": 1, "messages": 12},
        "slot_votes_keep_promises",
        5,
        f"{SIMPLE}, section 2.5: an acceptor records its response on stable storage before it sends it",
    ),
    Mutant(
        "multi-paxos-forgets-votes",
        MultiPaxosForgetsVotes,
        {"crashes": 1, "values": 2, "messages": 12},
        "slot_agreement",
        11,
        f"{SIMPLE}, section 2.5: an acceptor records its response on stable storage before it sends it",
    ),
    Mutant(
        "multi-paxos-ignores-promise",
        MultiPaxosIgnoresPromise,
        {"messages": 12},
        "epoch_monotonic",
        6,
        f"{SIMPLE}, section 2.2, P1a: accept unless a higher-numbered prepare request was answered",
    ),
    Mutant(
        "multi-paxos-takes-half",
        MultiPaxosTakesHalf,
        {"replicas": 2, "values": 2, "messages": 12},
        "slot_agreement",
        4,
        f"{SIMPLE}, section 2.2: any two majorities have an acceptor in common",
    ),
    Mutant(
        "multi-paxos-shares-promised-ballots",
        MultiPaxosSharesPromisedBallots,
        {"ballots": 1, "messages": 12},
        "single_leader_per_epoch",
        6,
        f"{SIMPLE}, section 2.5: different proposers choose their numbers from disjoint sets",
    ),
    Mutant(
        "multi-paxos-shares-promised-ballots-ever",
        MultiPaxosSharesPromisedBallots,
        {"ballots": 1, "messages": 12},
        "single_leader_per_epoch_ever",
        6,
        f"{SIMPLE}, section 2.5: different proposers choose their numbers from disjoint sets",
    ),
    # negative controls
    Mutant(
        "multi-paxos-promises-again",
        MultiPaxosPromisesAgain,
        {"messages": 12, "duplicates": 1},
        None,
        None,
        f"{SIMPLE}, section 2.2, phase 1: a number greater than that of any prepare request answered before",
    ),
    Mutant(
        "multi-paxos-shares-ballots",
        MultiPaxosSharesBallots,
        {"messages": 12},
        None,
        None,
        f"{SIMPLE}, section 2.5: different proposers choose their numbers from disjoint sets",
    ),
)
"""What is known of each."""
