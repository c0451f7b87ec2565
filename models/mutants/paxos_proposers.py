"""Paxos with one thing wrong with its proposers."""

from __future__ import annotations

from typing import Annotated

from ..language import Bag, Cluster, Network, Range, Ref, cluster, rank, require, volatile
from ..paxos import Accept, Acceptor, Ballot, LastBallot, Paxos, Phase, Promise, Proposer, Value, Vote
from .mutant import Mutant
from .paxos_acceptors import PromisesAgain


class ProposesOwn(Proposer):
    """Insists on its client's value."""

    def adopt(self, vote: Vote | None) -> None:
        """Do not look at what promises report."""


class PaxosProposesOwn(Paxos):
    """A proposer proposes its own value although a promise reports a vote for another one, which may be chosen."""

    proposers: Cluster[ProposesOwn] = cluster(2)


class ProposesDefault(Proposer):
    """Proposes a value that nobody asked for."""

    def propose(self) -> None:
        """Ask all acceptors to accept the first value there is."""
        self.broadcast(Accept(self.ballot, Value.nth(0)), to=Acceptor)
        self.phase = Phase.ACCEPT
        self.forget_promises()


class PaxosProposesDefault(Paxos):
    """A proposer proposes a fixed value instead of its client's, on which all agree."""

    proposers: Cluster[ProposesDefault] = cluster(2)


class AdoptsGreatest(Proposer):
    """Takes the greatest value for the latest."""

    def adopt(self, vote: Vote | None) -> None:
        """Take over the greater one of two values, whatever their ballots."""
        if vote is not None and (self.newest == -1 or vote.value == Value.nth(1)):
            self.newest, self.value = vote.ballot, vote.value


class PaxosAdoptsGreatest(Paxos):
    """A proposer adopts the greatest value reported, which an earlier ballot than that of the chosen one was about."""

    proposers: Cluster[AdoptsGreatest] = cluster(2)


class AdoptsFirst(Proposer):
    """Takes the first vote reported for the latest."""

    def adopt(self, vote: Vote | None) -> None:
        """Take over the value of the first promise that reports a vote."""
        if vote is not None and self.newest == -1:
            self.newest, self.value = vote.ballot, vote.value


class PaxosAdoptsFirst(Paxos):
    """A proposer adopts what the first promise reports, and not what the vote of the highest ballot was for."""

    proposers: Cluster[AdoptsFirst] = cluster(2)


class AdoptsOldest(Proposer):
    """Compares ballots the wrong way round."""

    def adopt(self, vote: Vote | None) -> None:
        """Take over the value of the lowest ballot that any promise reports."""
        if vote is not None and (self.newest == -1 or vote.ballot < self.newest):
            self.newest, self.value = vote.ballot, vote.value


class PaxosAdoptsOldest(Paxos):
    """A proposer adopts the value of the lowest ballot reported instead of the highest."""

    proposers: Cluster[AdoptsOldest] = cluster(2)


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


class SharesBallots(Proposer):
    """Uses any ballot."""

    def owns(self, ballot: Ballot) -> bool:
        """Whether a ballot may be used: always."""
        return True


class PaxosSharesBallotsAndPromises(Paxos):
    """Two proposers use one ballot, and each has the promises of the same acceptors for it."""

    proposers: Cluster[SharesBallots] = cluster(2)
    acceptors: Cluster[PromisesAgain] = cluster(3)


class PaxosForgetsBallotAndPromisesAgain(Paxos):
    """A proposer that restarts uses a ballot again, and acceptors promise it again; no message arrives twice."""

    proposers: Cluster[ForgetsBallot] = cluster(2)
    acceptors: Cluster[PromisesAgain] = cluster(3)
    network: Network = Bag(copies=1)


class PaxosSharesBallots(Paxos):
    """Two proposers use one ballot, which is safe as long as each acceptor promises it only once."""

    proposers: Cluster[SharesBallots] = cluster(2)


class PaxosForgetsBallotOnce(Paxos):
    """A proposer that restarts uses a ballot again, but gets no promise for it again, for no message arrives twice."""

    proposers: Cluster[ForgetsBallot] = cluster(2)
    network: Network = Bag(copies=1)


class AsksInOrder(AdoptsGreatest):
    """Has one value for all its ballots: the first proposer the lesser one, the second the greater one."""

    def prepare(self, ballot: Ballot, value: Value) -> None:
        """Start a ballot with the own value."""
        require(value == Value.nth(rank(self.id)))
        super().prepare(ballot, value)


class PaxosAsksInOrder(Paxos):
    """The greatest value is safe if three ballots ask for the lesser, the greater and the lesser one again."""

    proposers: Cluster[AsksInOrder] = cluster(2)


SIMPLE = 'Lamport, "Paxos Made Simple", 2001'
HIGHEST = f"{SIMPLE}, section 2.2, phase 2: the value of the highest-numbered proposal among the responses"
DISJOINT = f"{SIMPLE}, section 2.5: different proposers choose their numbers from disjoint sets"
REMEMBERS = f"{SIMPLE}, section 2.5: a proposer remembers the highest number it has used on stable storage"

MUTANTS = (
    Mutant("paxos-proposes-own", PaxosProposesOwn, {}, "agreement", 14, HIGHEST),
    Mutant("paxos-proposes-own-unsafe", PaxosProposesOwn, {}, "votes_safe", 12, HIGHEST),
    Mutant(
        "paxos-proposes-default",
        PaxosProposesDefault,
        {"ballots": 1},
        "validity",
        7,
        f"{SIMPLE}, section 2.1: only a value that has been proposed may be chosen",
    ),
    Mutant("paxos-adopts-greatest", PaxosAdoptsGreatest, {"ballots": 3}, "agreement", 20, HIGHEST),
    Mutant("paxos-adopts-first", PaxosAdoptsFirst, {"ballots": 3}, "agreement", 20, HIGHEST),
    Mutant("paxos-adopts-oldest", PaxosAdoptsOldest, {"ballots": 3}, "agreement", 20, HIGHEST),
    # both ballots count a promise twice, as every message may be received again; if the network delivers only one
    # message twice in a run, the other ballot needs a true quorum, and it takes 13 steps
    Mutant(
        "paxos-counts-each-promise",
        PaxosCountsEachPromise,
        {},
        "agreement",
        12,
        f"{SIMPLE}, section 2.2, phase 2: responses from a majority of acceptors",
    ),
    # two of one proposer's three ballots suffice, as its clients may want different values, and a promise that it has
    # received counts again; it takes 14 steps if receiving removes messages, 15 if each proposer has one value for good
    Mutant(
        "paxos-counts-old-promises",
        PaxosCountsOldPromises,
        {"ballots": 3},
        "agreement",
        12,
        f"{SIMPLE}, section 2.2, phase 2: responses to its prepare requests numbered n",
    ),
    Mutant(
        "paxos-forgets-ballot", PaxosForgetsBallot, {"ballots": 1, "proposer_crashes": 1}, "agreement", 13, REMEMBERS
    ),
    Mutant(
        "paxos-forgets-ballot-and-promises-again",
        PaxosForgetsBallotAndPromisesAgain,
        {"ballots": 1, "proposer_crashes": 1},
        "agreement",
        15,
        REMEMBERS,
    ),
    Mutant(
        "paxos-shares-ballots-and-promises-again",
        PaxosSharesBallotsAndPromises,
        {"ballots": 1},
        "agreement",
        14,
        DISJOINT,
    ),
    Mutant(
        "paxos-shares-ballots-for-two-values",
        PaxosSharesBallotsAndPromises,
        {"ballots": 1},
        "one_value_per_ballot",
        12,
        DISJOINT,
    ),
    # negative controls
    Mutant("paxos-shares-ballots", PaxosSharesBallots, {"ballots": 1}, None, None, DISJOINT),
    Mutant(
        "paxos-forgets-ballot-once",
        PaxosForgetsBallotOnce,
        {"ballots": 1, "proposer_crashes": 1},
        None,
        None,
        REMEMBERS,
    ),
    Mutant("paxos-adopts-greatest-in-order", PaxosAsksInOrder, {"ballots": 3}, None, None, HIGHEST),
)
"""What is known of each."""
