"""Leadership transfer among servers that stand by their leader (Ongaro 2014, sections 3.10 and 4.2.3).

A server that hears its leader ignores candidates, so the successor has to say that the leader sent it. That request is
a message of its own here, `RequestVoteNow`, where the dissertation adds a flag to RequestVote.
"""

from __future__ import annotations

from ..language import Cluster, Figures, Ref, Size, Sizes, cluster, message, receive
from .raft import Index, Raft, RequestVote, Server, Term
from .steady import SteadyServer
from .transfer import TransferServer


@message
class RequestVoteNow:
    """A candidate that its leader has asked to stand asks for a vote, even of servers that hear that leader."""

    term: Term
    last_index: Index
    last_term: Term


class SteadyTransferServer(TransferServer, SteadyServer):
    """A server that stands by its leader until the leader itself names another."""

    def succeed(self) -> None:
        """Start the election that the leader asked for: no pre-vote, and nobody is to ignore it."""
        self.stand()
        self.broadcast(RequestVoteNow(self.term, self.last_index(), self.last_term()))
        self.count_votes()

    @receive
    def on_request_vote_now(self, m: RequestVoteNow, sender: Ref[Server]) -> None:
        """Answer a candidate that the leader sent, whether or not the leader is heard."""
        self.consider(RequestVote(m.term, m.last_index, m.last_term), sender)


class SteadyTransferRaft(Raft):
    """Raft with pre-vote and CheckQuorum whose leaders can hand over to another server."""

    servers: Cluster[SteadyTransferServer] = cluster(2)
    terms: int = 1

    sizes: Sizes = (
        Size("small", {"terms": 2}, Figures(54_239, 240_645, 31), symmetric=Figures(27_125, 120_335, 31)),
        Size(
            "medium",
            {"terms": 2, "messages": 3, "crashes": 1},
            Figures(1_299_816, 7_893_679, 36),
            symmetric=Figures(649_919, 3_946_883, 36),
        ),
        Size("large", {"servers": 3, "terms": 2, "messages": 3}),
    )
