"""Paxos with one thing wrong with its learners."""

from __future__ import annotations

from typing import Annotated

from ..language import Cluster, Map, Range, Ref, cluster, every, require, volatile
from ..paxos import Accepted, Acceptor, Ballot, Heard, Learner, Paxos
from .mutant import Mutant


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


class NeverCloses(Learner):
    """Judges each vote anew, whether or not it has decided."""

    def on_accepted(self, m: Accepted, sender: Ref[Acceptor]) -> None:
        """Decide on what this vote completes a quorum for, if it does."""
        self.heard |= {Heard(sender, m.ballot, m.value)}
        self.decided = m.value if self.is_quorum_in(m.ballot, self.voters(m)) else None


class PaxosNeverCloses(Paxos):
    """A learner that has decided goes on, and a first vote of another ballot takes its decision back."""

    learners: Cluster[NeverCloses] = cluster(1)


SIMPLE = 'Lamport, "Paxos Made Simple", 2001'

MUTANTS = (
    # to a first vote it takes six steps in each of two ballots, and the learner receives both votes
    Mutant(
        "paxos-counts-across-ballots",
        PaxosCountsAcrossBallots,
        {"values": 1},
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
    Mutant(
        "paxos-never-closes",
        PaxosNeverCloses,
        {"values": 1},
        "decision_stable",
        16,
        f"{SIMPLE}, section 2.1: a value is chosen once",
    ),
)
"""What is known of each."""
