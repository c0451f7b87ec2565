"""Raft with one thing wrong about terms, votes and elections."""

from __future__ import annotations

from typing import Annotated, Any

from ..language import Cluster, Range, Ref, cluster, require, volatile
from ..raft import AppendEntries, Raft, RequestVote, Role, Server, Term, Vote
from .mutant import Mutant

PAPER = 'Ongaro and Ousterhout, "In Search of an Understandable Consensus Algorithm", 2014'


class ForgetsVote(Server):
    """Keeps its vote in memory only."""

    voted_for: Ref[Server] | None = volatile(None)


class RaftForgetsVote(Raft):
    """A server that restarts votes a second time in its term, so that two candidates get a quorum."""

    servers: Cluster[ForgetsVote] = cluster(3)


class ForgetsTerm(Server):
    """Keeps its term in memory only."""

    term: Term = volatile(0)


class RaftForgetsTerm(Raft):
    """A server that restarts is back in term 0 and votes a second time in a term that it has voted in."""

    servers: Cluster[ForgetsTerm] = cluster(3)


class ClearsVote(Server):
    """Follows a leader with a free vote."""

    def recognise_leader(self) -> None:
        """Become a follower as if in a new term."""
        super().recognise_leader()
        self.voted_for = None


class RaftClearsVote(Raft):
    """A server that finds a leader forgets its vote and votes again in that term."""

    servers: Cluster[ClearsVote] = cluster(3)


class CountsOldVotes(Server):
    """Takes any vote for one of the election it is in."""

    def on_vote(self, m: Vote, sender: Ref[Server]) -> None:
        """Count a vote whatever its term."""
        self.observe(m.term)
        if self.role is Role.CANDIDATE and m.granted:
            self.votes |= {sender}
            self.count_votes()


class RaftCountsOldVotes(Raft):
    """A vote that a candidate got in an earlier term elects it in this one, next to another leader."""

    servers: Cluster[CountsOldVotes] = cluster(3)


class CountsEachVote(Server):
    """Counts votes instead of collecting the voters."""

    tally: Annotated[int, Range(0, "servers")] = volatile(0)

    def on_vote(self, m: Vote, sender: Ref[Server]) -> None:
        """Count a vote as often as it arrives; the first one comes on top of the candidate's own."""
        self.observe(m.term)
        if self.role is Role.CANDIDATE and m.term == self.term and m.granted:
            self.tally = (self.tally if len(self.votes) > 1 else 1) + 1
            self.votes |= {sender}
            if 2 * self.tally > len(self.members(Server)):
                self.lead()


class RaftCountsEachVote(Raft):
    """A vote that the network delivers twice counts twice."""

    servers: Cluster[CountsEachVote] = cluster(3)


class TakesHalf(Server):
    """Is content with half of the servers."""

    def is_quorum(self, members: frozenset[Ref[Any]]) -> bool:
        """Whether these are at least half of the servers."""
        return 2 * len(members) >= len(self.members(Server))


class RaftTakesHalf(Raft):
    """Two halves of the servers elect a leader each, because no server is in both."""

    servers: Cluster[TakesHalf] = cluster(4)


class LeadsOn(Server):
    """Adopts a newer term, and goes on leading in it."""

    def observe(self, term: Term) -> None:
        """Adopt a newer term; step down unless leader."""
        if term > self.term:
            self.term = term
            self.voted_for = None
            if self.role is not Role.LEADER:
                self.follow()


class RaftLeadsOn(Raft):
    """A leader that hears of a newer term leads in that one too, though it was not elected."""

    servers: Cluster[LeadsOn] = cluster(3)


class VotesForAnyLog(Server):
    """Votes for candidates that lack entries."""

    def is_up_to_date(self, m: RequestVote) -> bool:
        """Do not look at the candidate's log."""
        return True


class RaftVotesForAnyLog(Raft):
    """A candidate without a committed entry is elected, and does not have it as leader."""

    servers: Cluster[VotesForAnyLog] = cluster(3)


class VotesByLength(Server):
    """Takes the longer log for the newer one."""

    def is_up_to_date(self, m: RequestVote) -> bool:
        """Compare the lengths of the logs only."""
        return m.last_index >= self.last_index()


class RaftVotesByLength(Raft):
    """A log that is long but of an old term wins over one with a committed entry of a newer term."""

    servers: Cluster[VotesByLength] = cluster(3)


class VotesByTerm(Server):
    """Takes two logs that end in the same term for equally new."""

    def is_up_to_date(self, m: RequestVote) -> bool:
        """Compare the terms of the last entries only."""
        return m.last_term >= self.last_term()


class RaftVotesByTerm(Raft):
    """A candidate that lacks the last committed entry wins, because the one before it is of the same term."""

    servers: Cluster[VotesByTerm] = cluster(3)


class NeverFreesVote(Server):
    """Votes once in its life."""

    def observe(self, term: Term) -> None:
        """Step down on a newer term, but keep the vote."""
        if term > self.term:
            self.term = term
            self.follow()


class RaftNeverFreesVote(Raft):
    """A vote given in one term keeps a server from voting for anybody else in later ones, which is safe if useless."""

    servers: Cluster[NeverFreesVote] = cluster(3)


class InsistsOnCandidacy(Server):
    """Does not give up when somebody else was elected."""

    def on_append_entries(self, m: AppendEntries, sender: Ref[Server]) -> None:
        """Ignore the leader of a term in which this server is a candidate."""
        require(self.role is not Role.CANDIDATE or m.term != self.term)
        super().on_append_entries(m, sender)


class RaftInsistsOnCandidacy(Raft):
    """A candidate ignores the leader of its term, which is safe: it cannot win that term any more."""

    servers: Cluster[InsistsOnCandidacy] = cluster(3)


MUTANTS = (
    Mutant(
        "raft-forgets-vote",
        RaftForgetsVote,
        {"terms": 1, "messages": 3, "crashes": 1},
        "single_leader_per_epoch",
        7,
        f"{PAPER}, figure 2: votedFor is on stable storage",
    ),
    Mutant(
        "raft-forgets-term",
        RaftForgetsTerm,
        {"terms": 1, "messages": 3, "crashes": 1},
        "single_leader_per_epoch",
        7,
        f"{PAPER}, figure 2: currentTerm is on stable storage",
    ),
    Mutant(
        "raft-clears-vote",
        RaftClearsVote,
        {"terms": 1, "messages": 4},
        "single_leader_per_epoch",
        8,
        "camunda/zeebe, issue 5356",
    ),
    Mutant(
        "raft-counts-old-votes",
        RaftCountsOldVotes,
        {"terms": 2, "messages": 5},
        "single_leader_per_epoch",
        7,
        "xnnyygn/xraft, issue 33",
    ),
    Mutant(
        "raft-counts-each-vote",
        RaftCountsEachVote,
        {"servers": 4, "terms": 1, "messages": 6, "duplicates": 2},
        "single_leader_per_epoch",
        8,
        f"{PAPER}, section 5.2: votes from a majority of the servers",
    ),
    Mutant(
        "raft-counts-each-vote-of-five",
        RaftCountsEachVote,
        {"servers": 5, "terms": 1, "messages": 8, "duplicates": 1},
        "single_leader_per_epoch",
        9,
        f"{PAPER}, section 5.2: votes from a majority of the servers",
    ),
    Mutant(
        "raft-takes-half",
        RaftTakesHalf,
        {"servers": 4, "terms": 1, "messages": 6},
        "single_leader_per_epoch",
        6,
        f"{PAPER}, section 5.2: votes from a majority of the servers",
    ),
    Mutant(
        "raft-takes-half-of-two",
        RaftTakesHalf,
        {"servers": 2, "terms": 1, "requests": 2, "values": 2, "messages": 2},
        "state_machine_safety",
        4,
        f"{PAPER}, section 5.3: an entry is committed once it is replicated on a majority",
    ),
    Mutant(
        "raft-leads-on",
        RaftLeadsOn,
        {"terms": 2, "messages": 3},
        "single_leader_per_epoch",
        6,
        f"{PAPER}, section 5.1: a leader whose term is out of date reverts to follower",
    ),
    Mutant(
        "raft-votes-for-any-log",
        RaftVotesForAnyLog,
        {"terms": 2, "entries": 1, "messages": 3},
        "leader_completeness",
        10,
        f"{PAPER}, section 5.4.1: the election restriction",
    ),
    Mutant(
        "raft-votes-by-length",
        RaftVotesByLength,
        {"terms": 3, "entries": 1, "requests": 2, "messages": 4},
        "leader_completeness",
        15,
        f"{PAPER}, section 5.4.1: the log with the later last term is more up to date",
    ),
    Mutant(
        "raft-votes-by-term",
        RaftVotesByTerm,
        {"terms": 2, "entries": 2, "requests": 2, "messages": 4},
        "leader_completeness",
        16,
        f"{PAPER}, section 5.4.1: of two logs that end in the same term, the longer is more up to date",
    ),
    # what else the same mistakes break
    Mutant(
        "raft-forgets-own-vote",
        RaftForgetsVote,
        {"servers": 2, "terms": 1, "crashes": 1},
        "vote_once",
        2,
        f"{PAPER}, figure 2: votedFor is on stable storage",
    ),
    Mutant(
        "raft-forgets-vote-after-leading",
        RaftForgetsVote,
        {"terms": 1, "messages": 3, "crashes": 1},
        "single_leader_per_epoch_ever",
        7,
        f"{PAPER}, figure 2: votedFor is on stable storage",
    ),
    Mutant(
        "raft-forgets-own-term",
        RaftForgetsTerm,
        {"servers": 2, "terms": 1, "crashes": 1},
        "epoch_monotonic",
        2,
        f"{PAPER}, figure 2: currentTerm is on stable storage",
    ),
    Mutant(
        "raft-forgets-term-of-log",
        RaftForgetsTerm,
        {"servers": 2, "terms": 1, "crashes": 1},
        "log_terms",
        5,
        f"{PAPER}, figure 2: currentTerm is on stable storage",
    ),
    Mutant(
        "raft-leads-on-without-vote",
        RaftLeadsOn,
        {"terms": 2, "messages": 3},
        "leader_votes_for_itself",
        5,
        f"{PAPER}, section 5.1: a leader whose term is out of date reverts to follower",
    ),
    # negative controls
    Mutant(
        "raft-counts-each-vote-of-three",
        RaftCountsEachVote,
        {"servers": 3, "terms": 1, "messages": 2, "duplicates": 1},
        None,
        None,
        "one foreign vote is a majority of three already",
    ),
    Mutant(
        "raft-never-frees-vote",
        RaftNeverFreesVote,
        {"terms": 2, "entries": 1, "messages": 3},
        None,
        None,
        f"{PAPER}, section 5.2: what a vote is for",
    ),
    Mutant(
        "raft-insists-on-candidacy",
        RaftInsistsOnCandidacy,
        {"terms": 2, "entries": 1, "messages": 3},
        None,
        None,
        f"{PAPER}, section 5.2: a candidate that finds a leader gives up",
    ),
)
"""What is known of each."""
