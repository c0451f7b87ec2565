"""Raft with pre-vote and leaders that last, with one thing wrong."""

from __future__ import annotations

from ..language import Cluster, Ref, cluster
from ..raft import RequestVote, Role, Server, Vote
from ..raft.check_quorum import CheckQuorumRaft, CheckQuorumServer
from ..raft.pre_vote import PreVote, PreVoteRaft, PreVoteReply, PreVoteServer
from .mutant import Mutant


class CountsPreVotes(PreVoteServer):
    """Takes a yes to its question for a vote."""

    def on_pre_vote_reply(self, m: PreVoteReply, sender: Ref[Server]) -> None:
        """Count a yes as a vote once the election has begun."""
        if self.role is Role.CANDIDATE and m.granted and m.term == self.term:
            self.votes |= {sender}
            self.count_votes()
        else:
            super().on_pre_vote_reply(m, sender)


class RaftCountsPreVotes(PreVoteRaft):
    """A yes to a pre-vote elects, though the server that gave it may vote for somebody else."""

    servers: Cluster[CountsPreVotes] = cluster(3)


class LeaderVotes(PreVoteServer):
    """Votes, while it leads, for a candidate of its own term."""

    def consider(self, m: RequestVote, sender: Ref[Server]) -> None:
        """Answer a candidate; as leader, with a vote that is not free any more."""
        if self.role is Role.LEADER and m.term == self.term:
            self.voted_for = sender
            self.send(sender, Vote(self.term, True))
        else:
            super().consider(m, sender)


class RaftLeaderVotes(PreVoteRaft):
    """A leader gives its vote away to another candidate of its term."""

    servers: Cluster[LeaderVotes] = cluster(3)


class CountsOldPreVotes(PreVoteServer):
    """Takes a yes to an earlier question for one to the present one."""

    def on_pre_vote_reply(self, m: PreVoteReply, sender: Ref[Server]) -> None:
        """Count a yes whatever term it was for."""
        if not m.granted:
            self.observe(m.term)
        elif self.pre_votes:
            self.pre_votes |= {sender}
            self.count_pre_votes()


class RaftCountsOldPreVotes(PreVoteRaft):
    """A candidate stands with the consent that it had for an earlier term, which is safe: it still needs votes."""

    servers: Cluster[CountsOldPreVotes] = cluster(3)


class SkipsLogInPreVote(PreVoteServer):
    """Says yes to a pre-vote without a look at the log."""

    def would_vote(self, m: PreVote) -> bool:
        """Compare the terms only."""
        return m.term > self.term


class RaftSkipsLogInPreVote(PreVoteRaft):
    """A candidate that cannot win disturbs the others with a new term, which is safe: it gets no votes."""

    servers: Cluster[SkipsLogInPreVote] = cluster(3)


class VotesWhileLed(CheckQuorumServer):
    """Answers candidates even while it hears its leader."""

    def on_request_vote(self, m: RequestVote, sender: Ref[Server]) -> None:
        """Answer a candidate."""
        self.consider(m, sender)


class RaftVotesWhileLed(CheckQuorumRaft):
    """A server deposes the leader that it hears."""

    servers: Cluster[VotesWhileLed] = cluster(3)


class StepsDownWithFreeVote(CheckQuorumServer):
    """Gives up leading as if in a new term."""

    def check_quorum(self) -> None:
        """Step down and forget the vote if no quorum is heard."""
        super().check_quorum()
        if self.role is not Role.LEADER:
            self.voted_for = None


class RaftStepsDownWithFreeVote(CheckQuorumRaft):
    """A leader that no quorum hears elects another one in the term that it has led itself."""

    servers: Cluster[StepsDownWithFreeVote] = cluster(3)


DISSERTATION = 'Ongaro, "Consensus: Bridging Theory and Practice", 2014'

MUTANTS = (
    Mutant(
        "raft-counts-pre-votes",
        RaftCountsPreVotes,
        {"servers": 3, "terms": 1, "messages": 5},
        "single_leader_per_epoch",
        10,
        "canonical/raft, issue 196",
    ),
    Mutant(
        "raft-leader-votes",
        RaftLeaderVotes,
        {"servers": 3, "terms": 1, "messages": 5},
        "leader_votes_for_itself",
        9,
        'DaosRaft (Tang and others, "SandTable", EuroSys 2024)',
    ),
    Mutant(
        "raft-votes-while-led",
        RaftVotesWhileLed,
        {"servers": 3, "terms": 1, "messages": 3},
        "no_vote_while_led",
        6,
        f"{DISSERTATION}, section 4.2.3",
    ),
    Mutant(
        "raft-steps-down-with-free-vote",
        RaftStepsDownWithFreeVote,
        {"servers": 3, "terms": 1, "messages": 4},
        "single_leader_per_epoch_ever",
        7,
        "camunda/zeebe, issue 5356: any transition to follower freed the vote",
    ),
    # negative controls
    Mutant(
        "raft-counts-old-pre-votes",
        RaftCountsOldPreVotes,
        {"servers": 2, "terms": 2, "messages": 3},
        None,
        None,
        f"{DISSERTATION}, section 9.6: a pre-vote binds nobody",
    ),
    Mutant(
        "raft-skips-log-in-pre-vote",
        RaftSkipsLogInPreVote,
        {"servers": 3, "terms": 2, "messages": 3},
        None,
        None,
        f"{DISSERTATION}, section 9.6: what a pre-vote is for",
    ),
)
"""What is known of each."""
