"""Pre-vote (Ongaro, "Consensus: Bridging Theory and Practice", 2014, section 9.6).

A server that hears no leader first asks whether it would be elected, without a new term. So a server that was cut off
comes back with the term it left with, and does not depose the leader of the others.

The answer of a server depends on what it knows at that time, binds it to nothing, and changes nothing in it. With
`check_quorum` a server that hears from a leader says no as well.
"""

from __future__ import annotations

from ..language import Cluster, Figures, Ref, Size, Sizes, cluster, message, receive, require, volatile
from .raft import Index, Raft, RequestVote, Role, Server, Term


@message
class PreVote:
    """Would you vote for me in this term, which I have not entered yet?"""

    term: Term
    last_index: Index
    last_term: Term


@message
class PreVoteReply:
    """The answer: a yes names the term that was asked for, a no the term of the server that says it."""

    term: Term
    granted: bool


class PreVoteServer(Server):
    """A server that asks before it stands for election; it is a pre-candidate while `pre_votes` has members."""

    pre_votes: frozenset[Ref[Server]] = volatile(frozenset())

    def timeout(self) -> None:
        """Ask who would vote for it in the next term; its own term and vote stay."""
        require(self.role is not Role.LEADER)
        self.follow()
        self.pre_votes = frozenset({self.id})
        self.broadcast(PreVote(self.term + 1, self.last_index(), self.last_term()))
        self.count_pre_votes()

    @receive
    def on_pre_vote(self, m: PreVote, sender: Ref[Server]) -> None:
        """Say whether this server would vote for the sender; the term that is asked about is not observed."""
        if self.would_vote(m):
            self.send(sender, PreVoteReply(m.term, True))
        else:
            self.send(sender, PreVoteReply(self.term, False))

    def would_vote(self, m: PreVote) -> bool:
        """Whether it could vote in that term, and the log is up to date."""
        return m.term > self.term and self.is_up_to_date(RequestVote(m.term, m.last_index, m.last_term))

    @receive
    def on_pre_vote_reply(self, m: PreVoteReply, sender: Ref[Server]) -> None:
        """Count a yes for the next term; learn from a no if this server has fallen behind."""
        if not m.granted:
            self.observe(m.term)
        elif self.pre_votes and m.term == self.term + 1:
            self.pre_votes |= {sender}
            self.count_pre_votes()

    def count_pre_votes(self) -> None:
        """Stand for election with the consent of a quorum."""
        if self.is_quorum(self.pre_votes):
            self.campaign()

    def stand(self) -> None:
        """Become a candidate, no longer a pre-candidate."""
        self.pre_votes = frozenset()
        super().stand()

    def follow(self) -> None:
        """Become a follower, and no longer wish to stand."""
        self.pre_votes = frozenset()
        super().follow()

    def recognise_leader(self) -> None:
        """Give up the wish to stand as well: somebody leads."""
        super().recognise_leader()
        self.pre_votes = frozenset()


class PreVoteRaft(Raft):
    """Raft whose servers ask whether they would be elected before they start a new term."""

    servers: Cluster[PreVoteServer] = cluster(2)

    sizes: Sizes = (
        Size(
            "small",
            {"servers": 3, "messages": 3},
            Figures(556_300, 2_113_378, 43),
            symmetric=Figures(92_734, 352_304, 43),
        ),
        Size("medium", {"servers": 3, "messages": 4}, symmetric=Figures(4_195_799, 20_261_354, 52)),
        Size("large", {"servers": 3, "messages": 4, "crashes": 1}, symmetric=Figures(17_867_046, 94_763_207, 55)),
    )
