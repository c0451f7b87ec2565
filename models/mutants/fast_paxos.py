"""Fast Paxos with one thing wrong."""

from __future__ import annotations

from typing import Any

from ..language import Cluster, Ref, cluster, require
from ..paxos import Ballot, Value
from ..paxos.fast_paxos import AcceptAny, Coordinator, FastAcceptor, FastAgent, FastLearner, FastPaxos
from .mutant import Mutant


class PicksAnyVote(Coordinator):
    """Finds several values reported, and takes any of them."""

    def perhaps_chosen(self) -> frozenset[Value]:
        """The values last voted for."""
        return self.last_told()


class FastPaxosPicksAnyVote(FastPaxos):
    """After a collision, a coordinator proposes a value of which some votes are known, though another may be chosen."""

    proposers: Cluster[PicksAnyVote] = cluster(1)


class FastPaxosPicksAnyVoteOfAll(FastPaxosPicksAnyVote):
    """After a collision, any value is safe if a fast quorum is all acceptors: two different votes leave none for it."""


class IgnoresCollision(Coordinator):
    """Takes a collision for proof that nothing was chosen."""

    def perhaps_chosen(self) -> frozenset[Value]:
        """The value last voted for, if there is just one."""
        told = self.last_told()
        return told if len(told) <= 1 else frozenset()


class FastPaxosIgnoresCollision(FastPaxos):
    """After a collision, a coordinator proposes its own value, though one of those reported may be chosen."""

    proposers: Cluster[IgnoresCollision] = cluster(1)


class DoubtsOneValue(Coordinator):
    """Asks of a single value, too, whether it may have been chosen."""

    def perhaps_chosen(self) -> frozenset[Value]:
        """The values last voted for that may have a quorum."""
        return frozenset(value for value in self.last_told() if self.may_have_quorum(value))


class FastPaxosDoubtsOneValue(FastPaxos):
    """A coordinator gives up a value that the last ballot did not choose, though an earlier one did."""

    proposers: Cluster[DoubtsOneValue] = cluster(1)


class Hasty(FastAgent):
    """Is content with one acceptor less in fast ballots."""

    def is_quorum_in(self, ballot: Ballot, members: frozenset[Ref[Any]]) -> bool:
        """Whether these acceptors are a quorum of a ballot, or nearly one of a fast ballot."""
        return len(members) >= self.fast_quorum - 1 if ballot < self.fast else self.is_quorum(members)


class HastyCoordinator(Hasty, Coordinator):
    """A coordinator with fast quorums that are too small."""


class HastyLearner(Hasty, FastLearner):
    """A learner with fast quorums that are too small."""


class FastPaxosHasty(FastPaxos):
    """Two fast quorums and another one have no acceptor in common, so a coordinator cannot tell what was chosen."""

    proposers: Cluster[HastyCoordinator] = cluster(1)
    learners: Cluster[HastyLearner] = cluster(1)


class AllowedAgain(FastAcceptor):
    """Does not remember that it used a permission."""

    def on_accept_any(self, m: AcceptAny) -> None:
        """Join a fast ballot, or wait for a client once more."""
        require(self.may_vote(m.ballot))
        self.join(m.ballot)
        self.allowed = m.ballot


class FastPaxosAllowedAgain(FastPaxos):
    """A permission that is delivered twice lets an acceptor vote for two clients in one ballot."""

    acceptors: Cluster[AllowedAgain] = cluster(2)


PAPER = 'Lamport, "Fast Paxos", 2006'
RULE = f"{PAPER}, section 3: the rule for picking a value in phase 2a, and condition O4"

MUTANTS = (
    Mutant(
        "fast-paxos-picks-any-vote", FastPaxosPicksAnyVote, {"acceptors": 4, "fast_quorum": 3}, "agreement", 29, RULE
    ),
    Mutant(
        "fast-paxos-ignores-collision",
        FastPaxosIgnoresCollision,
        {"acceptors": 4, "fast_quorum": 3},
        "agreement",
        29,
        RULE,
    ),
    Mutant(
        "fast-paxos-doubts-one-value",
        FastPaxosDoubtsOneValue,
        {"acceptors": 3, "fast_quorum": 3, "ballots": 3, "fast": 2},
        "agreement",
        32,
        RULE,
    ),
    Mutant(
        "fast-paxos-hasty",
        FastPaxosHasty,
        {"acceptors": 3, "fast_quorum": 3},
        "agreement",
        22,
        f"{PAPER}, section 3: the Fast Quorum Requirement",
    ),
    Mutant(
        "fast-paxos-allowed-again",
        FastPaxosAllowedAgain,
        {"ballots": 1},
        "casts_once",
        12,
        f"{PAPER}, section 2.2: an acceptor casts at most one vote in a round",
    ),
    # the assumption itself, which every run checks before anything happens
    Mutant(
        "fast-paxos-has-disjoint-quorums",
        FastPaxosHasty,
        {"acceptors": 3, "fast_quorum": 3},
        "fast_quorums_intersect",
        0,
        f"{PAPER}, section 3: the Fast Quorum Requirement",
    ),
    # negative control
    Mutant(
        "fast-paxos-picks-any-vote-of-three",
        FastPaxosPicksAnyVoteOfAll,
        {"acceptors": 3, "fast_quorum": 3},
        None,
        None,
        RULE,
    ),
)
"""What is known of each."""
