"""Lamport's Paxos over message sets with one thing wrong."""

from __future__ import annotations

from ..language import require
from ..paxos.paxos_sets import Accept, Acceptor, Ballot, PaxosSets, Prepare, Promise, Value, Vote
from .mutant import Mutant


class PaxosSetsProposesAnything(PaxosSets):
    """Phase 2a does not look at what the quorum has told, so a later ballot overrides what is chosen."""

    def phase2a(self, b: Ballot, v: Value, quorum: frozenset[Acceptor], latest: Acceptor | None) -> None:
        """Phase2a(b, v): propose any value once a quorum has promised."""
        require(self.is_quorum(quorum) and latest is None)
        require(self.is_smallest(quorum))
        require(all(m.bal != b for m in self.accepts))
        require(frozenset(m.acc for m in self.promises if m.bal == b and m.acc in quorum) == quorum)
        self.accepts |= {Accept(b, v)}


class PaxosSetsProposesTwice(PaxosSets):
    """Phase 2a happens twice in one ballot, with two values."""

    def phase2a(self, b: Ballot, v: Value, quorum: frozenset[Acceptor], latest: Acceptor | None) -> None:
        """Phase2a(b, v): propose a value if no vote is told, though there may be a proposal already."""
        require(self.is_quorum(quorum) and latest is None)
        require(self.is_smallest(quorum))
        told = frozenset(m for m in self.promises if m.bal == b and m.acc in quorum)
        require(frozenset(m.acc for m in told) == quorum and all(m.mbal == -1 for m in told))
        self.accepts |= {Accept(b, v)}


class PaxosSetsIgnoresPromise(PaxosSets):
    """An acceptor votes in a ballot lower than it has promised, and forgets the promise."""

    def phase2b(self, a: Acceptor, m: Accept) -> None:
        """Phase2b(a): vote, unless it has voted in a later ballot."""
        require(m in self.accepts and m.bal >= self.max_vbal[a])
        self.max_bal |= {a: m.bal}
        self.max_vbal |= {a: m.bal}
        self.max_val |= {a: m.val}
        self.votes |= {Vote(a, m.bal, m.val)}


class PaxosSetsForgetsVote(PaxosSets):
    """An acceptor votes and does not remember it, so that its next promise does not tell."""

    def phase2b(self, a: Acceptor, m: Accept) -> None:
        """Phase2b(a): vote, and remember the ballot only as a promise."""
        require(m in self.accepts and m.bal >= self.max_bal[a])
        self.max_bal |= {a: m.bal}
        self.votes |= {Vote(a, m.bal, m.val)}


class PaxosSetsTellsPromise(PaxosSets):
    """An acceptor tells the ballot that it promised before for that of its last vote."""

    def phase1b(self, a: Acceptor, m: Prepare) -> None:
        """Phase1b(a): promise, and tell the wrong ballot."""
        require(m in self.prepares and m.bal > self.max_bal[a])
        self.promises |= {Promise(a, m.bal, self.max_bal[a], self.max_val[a])}
        self.max_bal |= {a: m.bal}


class PaxosSetsMarksPromiseAsVote(PaxosSets):
    """An acceptor takes the ballot of its promise for one that it voted in."""

    def phase1b(self, a: Acceptor, m: Prepare) -> None:
        """Phase1b(a): promise, and remember it as a vote."""
        super().phase1b(a, m)
        self.max_vbal |= {a: m.bal}


MODULE = "Lamport, module Paxos of tlaplus/Examples, PaxosHowToWinATuringAward"

MUTANTS = (
    Mutant("paxos-sets-proposes-anything", PaxosSetsProposesAnything, {}, "agreement", 12, f"{MODULE}: Phase2a"),
    Mutant(
        "paxos-sets-proposes-anything-unsafe", PaxosSetsProposesAnything, {}, "proposals_are_safe", 9, f"{MODULE}: Inv"
    ),
    Mutant(
        "paxos-sets-proposes-twice", PaxosSetsProposesTwice, {}, "one_proposal_in_a_ballot", 5, f"{MODULE}: Phase2a"
    ),
    Mutant("paxos-sets-ignores-promise", PaxosSetsIgnoresPromise, {}, "promises_are_kept", 7, f"{MODULE}: Phase2b"),
    Mutant("paxos-sets-forgets-vote", PaxosSetsForgetsVote, {}, "votes_were_proposed", 5, f"{MODULE}: Phase2b"),
    Mutant("paxos-sets-tells-promise", PaxosSetsTellsPromise, {}, "promises_are_kept", 4, f"{MODULE}: Phase1b"),
    Mutant(
        "paxos-sets-marks-promise-as-vote",
        PaxosSetsMarksPromiseAsVote,
        {},
        "last_votes_are_votes",
        2,
        f"{MODULE}: Phase1b",
    ),
)
"""What is known of each."""
