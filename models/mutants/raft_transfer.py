"""Raft with leadership transfer, with one thing wrong."""

from __future__ import annotations

from ..language import Cluster, Ref, cluster
from ..raft import Server, Vote
from ..raft.steady_transfer import RequestVoteNow, SteadyTransferRaft, SteadyTransferServer
from ..raft.transfer import TransferRaft, TransferServer
from .mutant import Mutant


class InheritsLeadership(TransferServer):
    """Leads at once when its leader hands over."""

    def succeed(self) -> None:
        """Begin the next term as its leader."""
        self.stand()
        self.lead()


class RaftInheritsLeadership(TransferRaft):
    """The successor leads the next term without votes, in which the others may elect somebody else."""

    servers: Cluster[InheritsLeadership] = cluster(3)


class ObeysSuccessor(SteadyTransferServer):
    """Takes a candidate that the leader sent for one that has the whole log."""

    def on_request_vote_now(self, m: RequestVoteNow, sender: Ref[Server]) -> None:
        """Vote for the first candidate of a term, whatever its log."""
        self.observe(m.term)
        if m.term == self.term and self.voted_for in (None, sender):
            self.voted_for = sender
            self.send(sender, Vote(self.term, True))


class RaftObeysSuccessor(SteadyTransferRaft):
    """A successor lacks an entry that the leader committed after it had handed over."""

    servers: Cluster[ObeysSuccessor] = cluster(3)


class HandsOverEarly(TransferServer):
    """Does not wait for the successor to catch up."""

    def is_ready(self, server: Ref[Server]) -> bool:
        """Do not look at what the server has."""
        return True


class RaftHandsOverEarly(TransferRaft):
    """A successor that lacks entries stands for election, which is safe: it gets no votes."""

    servers: Cluster[HandsOverEarly] = cluster(3)


DISSERTATION = 'Ongaro, "Consensus: Bridging Theory and Practice", 2014, section 3.10'

MUTANTS = (
    Mutant(
        "raft-inherits-leadership",
        RaftInheritsLeadership,
        {"servers": 3, "terms": 2, "messages": 4},
        "single_leader_per_epoch",
        9,
        f"{DISSERTATION}: the successor starts an election",
    ),
    Mutant(
        "raft-obeys-successor",
        RaftObeysSuccessor,
        {"servers": 3, "terms": 2, "entries": 1, "messages": 4},
        "leader_completeness",
        15,
        f"{DISSERTATION}: a candidate of a transfer is elected like any other",
    ),
    # negative control
    Mutant(
        "raft-hands-over-early",
        RaftHandsOverEarly,
        {"servers": 3, "terms": 2, "messages": 2},
        None,
        None,
        f"{DISSERTATION}: the leader brings the successor up to date first",
    ),
)
"""What is known of each."""
