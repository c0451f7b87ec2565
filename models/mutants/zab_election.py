"""Fast leader election with one thing wrong."""

from __future__ import annotations

from ..language import Cluster, Map, Ref, cluster, rank
from ..zab.election import Claim, Election, Notification, Server, State, Vote
from .mutant import Mutant


class ComparesLoosely(Server):
    """Lacks a pair of brackets in its order on votes."""

    def beats(self, one: Vote, other: Vote) -> bool:
        """Let the greater number decide between equal transactions, whatever the epochs."""
        later = one.epoch > other.epoch or (one.epoch == other.epoch and one.zxid > other.zxid)
        return later or (one.zxid == other.zxid and rank(one.leader) > rank(other.leader))


class ElectionComparesLoosely(Election):
    """Of two votes each is better than the other, so that servers swap them and the older one may win."""

    servers: Cluster[ComparesLoosely] = cluster(3)


class ComparesTransactions(Server):
    """Knows nothing of epochs."""

    def beats(self, one: Vote, other: Vote) -> bool:
        """Compare transactions, then numbers."""
        return (one.zxid, rank(one.leader)) > (other.zxid, rank(other.leader))


class ElectionComparesTransactions(Election):
    """A server that has not taken the history of the last leader wins over one that has."""

    servers: Cluster[ComparesTransactions] = cluster(3)


class VotesForLast(Server):
    """Votes as it was told last."""

    def beats(self, one: Vote, other: Vote) -> bool:
        """Take every other vote for better."""
        return one != other


class ElectionVotesForLast(Election):
    """A server changes from a better vote to a worse one."""

    servers: Cluster[VotesForLast] = cluster(3)


class StaysInRound(Server):
    """Does not begin a new round when it looks again."""

    def look(self) -> None:
        """Vote for itself once more, in the round of the last election."""
        self.state = State.LOOKING
        self.round = max(1, self.round)
        self.forget()
        self.adopt(self.own())


class ElectionStaysInRound(Election):
    """A server votes twice in a round, and two leaders get a quorum of followers in it."""

    servers: Cluster[StaysInRound] = cluster(3)


class TrustsFollowers(Server):
    """Does not ask the leader."""

    def leads(self, claims: Map[Ref[Server], Claim | None], m: Notification) -> bool:
        """Believe those who follow."""
        return True


class ElectionTrustsFollowers(Election):
    """A server follows whom a quorum follows, even if that one does not lead any more, which costs time only."""

    servers: Cluster[TrustsFollowers] = cluster(3)


ISSUE = "ZOOKEEPER-1419 (votes are not totally ordered, an election of five servers never settles)"
CODE = "FastLeaderElection of ZooKeeper 3.6"

MUTANTS = (
    # a checker of the whole of ZooKeeper meets it after 41 events (Tang et al., "SandTable", EuroSys 2024): there the
    # servers have to come by different epochs first, here they start with them
    Mutant(
        "election-compares-loosely",
        ElectionComparesLoosely,
        {"servers": 3, "timeouts": 0},
        "elected_is_most_recent",
        4,
        ISSUE,
    ),
    Mutant(
        "election-compares-transactions",
        ElectionComparesTransactions,
        {"timeouts": 0},
        "elected_is_most_recent",
        4,
        f"{CODE}: totalOrderPredicate compares epochs first",
    ),
    Mutant(
        "election-votes-for-last",
        ElectionVotesForLast,
        {"timeouts": 0},
        "votes_improve",
        3,
        f"{CODE}: a vote changes to a better one only",
    ),
    Mutant(
        "election-stays-in-round",
        ElectionStaysInRound,
        {"servers": 3, "epochs": 0},
        "single_leader_per_epoch_ever",
        14,
        f"{CODE}: lookForLeader begins with the next logicalclock",
    ),
    Mutant(
        "election-trusts-followers",
        ElectionTrustsFollowers,
        {"servers": 3, "epochs": 0},
        None,
        None,
        f"{CODE}: checkLeader, which is there so that elections end",
    ),
)
"""What is known of each."""
