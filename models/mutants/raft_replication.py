"""Raft with one thing wrong about replication and the commit rule."""

from __future__ import annotations

from ...invariants.elections import epoch_monotonic, vote_once
from ...invariants.logs import commit_monotonic, committed_log_append_only, leader_append_only
from ..language import Cluster, Ref, cluster, require, volatile
from ..raft import AppendEntries, AppendReply, Log, Raft, Role, Server
from .mutant import Mutant

PAPER = 'Ongaro and Ousterhout, "In Search of an Understandable Consensus Algorithm", 2014'
CCF = 'Howard and others, "Smart Casual Verification of the Confidential Consortium Framework", NSDI 2025'


class AlwaysTruncates(Server):
    """Replaces the rest of its log by what a message carries."""

    def merge(self, m: AppendEntries) -> None:
        """Cut the log after the entry that agrees, then append."""
        self.log = self.log[: m.previous] + m.entries


class RaftAlwaysTruncates(Raft):
    """An AppendEntries that comes late takes away entries that a later one brought and that are committed by now."""

    servers: Cluster[AlwaysTruncates] = cluster(3)


class CommitsWholeLog(Server):
    """Commits entries that the leader has not confirmed."""

    def follow_commit(self, m: AppendEntries) -> None:
        """Commit what the leader has committed, up to the end of the own log."""
        self.commit = max(self.commit, min(m.commit, len(self.log)))


class RaftCommitsWholeLog(Raft):
    """A follower commits an entry that conflicts with the leader's, on a heartbeat that says nothing about it."""

    servers: Cluster[CommitsWholeLog] = cluster(3)


class LowersCommit(Server):
    """Believes the latest message it handles about what is committed."""

    def follow_commit(self, m: AppendEntries) -> None:
        """Set the commit index to what the message says, even if that is less than it was."""
        self.commit = min(m.commit, m.previous + len(m.entries))


class RaftLowersCommit(Raft):
    """A heartbeat that comes late takes the commit index back."""

    servers: Cluster[LowersCommit] = cluster(3)


class AssumesWholeLog(Server):
    """Takes any success for the whole log."""

    def acknowledge(self, m: AppendReply, sender: Ref[Server]) -> None:
        """Note that the follower has everything that the leader has now."""
        self.match_index |= {sender: len(self.log)}
        self.next_index |= {sender: len(self.log) + 1}


class RaftAssumesWholeLog(Raft):
    """The reply to a heartbeat counts for an entry that came later, and the leader commits it alone."""

    servers: Cluster[AssumesWholeLog] = cluster(3)


class LowersMatch(Server):
    """Believes the latest reply it handles about a follower's log."""

    def acknowledge(self, m: AppendReply, sender: Ref[Server]) -> None:
        """Set the match index to what the reply says, even if that is less than it was."""
        self.match_index |= {sender: m.match}
        self.next_index |= {sender: max(self.next_index[sender], m.match + 1)}


class RaftLowersMatch(Raft):
    """A reply that comes late takes the match index back."""

    servers: Cluster[LowersMatch] = cluster(3)


class LeaderObeys(Server):
    """Appends whatever it is sent, even while it leads."""

    def on_append_entries(self, m: AppendEntries, sender: Ref[Server]) -> None:
        """Do what any leader says."""
        self.observe(m.term)
        if self.agrees(m):
            self.accept(m)
            self.confirm(m, sender)


class RaftLeaderObeys(Raft):
    """A deposed leader overwrites entries in the log of its successor."""

    servers: Cluster[LeaderObeys] = cluster(3)


class ForgetsLog(Server):
    """Keeps its log in memory only."""

    log: Log = volatile(())


class RaftForgetsLog(Raft):
    """A server that restarts has lost an entry that it helped to commit, and helps to elect a leader without it."""

    servers: Cluster[ForgetsLog] = cluster(3)


class ChecksNothing(Server):
    """Appends entries without looking at what is before them."""

    def agrees(self, m: AppendEntries) -> bool:
        """Let everything pass."""
        return True


class RaftChecksNothing(Raft):
    """A follower appends after an entry that conflicts with the leader's, and commits that one."""

    servers: Cluster[ChecksNothing] = cluster(3)


class TrustsHeartbeats(Server):
    """Checks the logs only when there is something to append."""

    def agrees(self, m: AppendEntries) -> bool:
        """Let heartbeats pass."""
        return m.entries == () or super().agrees(m)


class RaftTrustsHeartbeats(Raft):
    """A heartbeat confirms and commits an entry that conflicts with the leader's."""

    servers: Cluster[TrustsHeartbeats] = cluster(3)


class ConfirmsWholeLog(Server):
    """Tells the leader how long its log is; the leader believes as much of that as it has itself."""

    def acknowledge(self, m: AppendReply, sender: Ref[Server]) -> None:
        """Note that the follower has that much, or everything."""
        super().acknowledge(AppendReply(m.term, m.success, min(m.match, self.last_index())), sender)

    def confirm(self, m: AppendEntries, leader: Ref[Server]) -> None:
        """Confirm the whole log."""
        self.send(leader, AppendReply(self.term, True, self.last_index()))


class RaftConfirmsWholeLog(Raft):
    """A follower confirms an entry that conflicts with the leader's, and the leader commits its own."""

    servers: Cluster[ConfirmsWholeLog] = cluster(3)


class TakesHintForMatch(Server):
    """Hints at how long its log is when it refuses, and takes such a hint of another for a confirmation."""

    def refuse(self, m: AppendEntries, leader: Ref[Server]) -> None:
        """Say how long the log is, so that the leader need not try every index."""
        self.send(leader, AppendReply(self.term, False, self.last_index()))

    def on_append_reply(self, m: AppendReply, sender: Ref[Server]) -> None:
        """Note what the reply says, whatever its sign."""
        self.observe(m.term)
        if self.role is Role.LEADER and m.term == self.term:
            self.acknowledge(AppendReply(m.term, m.success, min(m.match, self.last_index())), sender)
            self.advance_commit()


class RaftTakesHintForMatch(Raft):
    """The length of a log that conflicts with the leader's counts as a confirmation, and the leader commits its own."""

    servers: Cluster[TakesHintForMatch] = cluster(3)


class ObeysOldLeaders(Server):
    """Appends what a leader sends, be it of an earlier term."""

    def on_append_entries(self, m: AppendEntries, sender: Ref[Server]) -> None:
        """Follow whoever sends entries, unless leader."""
        self.observe(m.term)
        require(self.role is not Role.LEADER)
        self.recognise_leader()
        if self.agrees(m):
            self.accept(m)
            self.confirm(m, sender)
        else:
            self.refuse(m, sender)


class RaftObeysOldLeaders(Raft):
    """Entries of a deposed leader that come late replace a committed one."""

    servers: Cluster[ObeysOldLeaders] = cluster(3)


class LowersNext(Server):
    """Sends again from where the latest reply ends."""

    def acknowledge(self, m: AppendReply, sender: Ref[Server]) -> None:
        """Raise what is known of a follower, but send what follows the reply."""
        self.match_index |= {sender: max(self.match_index[sender], m.match)}
        self.next_index |= {sender: m.match + 1}


class RaftLowersNext(Raft):
    """A reply that comes late makes the leader send again what it knows that the follower has."""

    servers: Cluster[LowersNext] = cluster(3)


class RaftLowersMatchUnasked(RaftLowersMatch):
    """A leader that forgets confirmations commits later, which is safe."""

    step_invariants = (leader_append_only, committed_log_append_only, commit_monotonic, epoch_monotonic, vote_once)


MUTANTS = (
    Mutant(
        "raft-always-truncates",
        RaftAlwaysTruncates,
        {"terms": 1, "entries": 2, "requests": 2, "messages": 3},
        "committed_log_append_only",
        11,
        'RaftOS, issue 26 (Tang and others, "SandTable", EuroSys 2024)',
    ),
    Mutant(
        "raft-commits-whole-log",
        RaftCommitsWholeLog,
        {"terms": 2, "entries": 1, "requests": 2, "messages": 4},
        "state_machine_safety",
        13,
        "rabbitmq/ra, pull request 508",
    ),
    Mutant(
        "raft-lowers-commit",
        RaftLowersCommit,
        {"terms": 1, "entries": 1, "messages": 3},
        "commit_monotonic",
        11,
        "bakwc/PySyncObj, issue 166",
    ),
    Mutant(
        "raft-assumes-whole-log",
        RaftAssumesWholeLog,
        {"terms": 2, "entries": 1, "messages": 3},
        "leader_completeness",
        10,
        f"{PAPER}, section 5.3: an entry is committed once it is replicated on a majority",
    ),
    Mutant(
        "raft-lowers-match",
        RaftLowersMatch,
        {"terms": 1, "entries": 1, "messages": 3},
        "match_monotonic",
        10,
        "bakwc/PySyncObj, issue 167",
    ),
    Mutant(
        "raft-leader-obeys",
        RaftLeaderObeys,
        {"terms": 2, "entries": 1, "requests": 2, "messages": 3},
        "leader_append_only",
        10,
        f"{PAPER}, figure 3: a leader only appends",
    ),
    Mutant(
        "raft-forgets-log",
        RaftForgetsLog,
        {"terms": 2, "entries": 1, "messages": 3, "crashes": 1},
        "leader_completeness",
        11,
        f"{PAPER}, figure 2: the log is on stable storage",
    ),
    Mutant(
        "raft-checks-nothing",
        RaftChecksNothing,
        {"terms": 3, "entries": 1, "requests": 2, "messages": 5},
        "state_machine_safety",
        18,
        f"{PAPER}, section 5.3: the consistency check",
    ),
    Mutant(
        "raft-trusts-heartbeats",
        RaftTrustsHeartbeats,
        {"terms": 3, "entries": 1, "requests": 2, "messages": 5},
        "state_machine_safety",
        18,
        f"{PAPER}, section 5.3: the consistency check, which a heartbeat needs as well",
    ),
    Mutant(
        "raft-confirms-whole-log",
        RaftConfirmsWholeLog,
        {"terms": 3, "entries": 1, "requests": 2, "messages": 4},
        "leader_completeness",
        14,
        CCF,
    ),
    Mutant(
        "raft-takes-hint-for-match",
        RaftTakesHintForMatch,
        {"terms": 4, "entries": 2, "requests": 4, "messages": 4},
        "leader_completeness",
        20,
        CCF,
    ),
    # a follower has to learn of the commit before it loses the entry, which takes a heartbeat and its delivery; a
    # leader that obeys as well loses what it has just committed itself (raft-leader-obeys-after-commit)
    Mutant(
        "raft-obeys-old-leaders",
        RaftObeysOldLeaders,
        {"terms": 2, "entries": 1, "requests": 2, "messages": 4},
        "state_machine_safety",
        15,
        f"{PAPER}, section 5.1: a request with an old term is rejected",
    ),
    # what else such mistakes break
    # with five messages under way 14 steps are enough
    Mutant(
        "raft-checks-nothing-before",
        RaftChecksNothing,
        {"terms": 2, "entries": 2, "requests": 2, "messages": 3},
        "log_matching",
        16,
        f"{PAPER}, section 5.3: the consistency check",
    ),
    Mutant(
        "raft-commits-what-others-do-not",
        RaftCommitsWholeLog,
        {"terms": 2, "entries": 1, "requests": 2, "messages": 4},
        "committed_prefix_agreement",
        13,
        "rabbitmq/ra, pull request 508",
    ),
    Mutant(
        "raft-confirms-what-differs",
        RaftConfirmsWholeLog,
        {"terms": 3, "entries": 1, "requests": 2, "messages": 4},
        "match_sound",
        11,
        CCF,
    ),
    Mutant(
        "raft-assumes-whole-log-alone",
        RaftAssumesWholeLog,
        {"terms": 1, "entries": 1, "messages": 3},
        "quorum_log",
        7,
        f"{PAPER}, section 5.3: an entry is committed once it is replicated on a majority",
    ),
    Mutant(
        "raft-forgets-what-it-confirmed",
        RaftForgetsLog,
        {"terms": 1, "entries": 1, "messages": 3, "crashes": 1},
        "committed_is_durable",
        8,
        f"{PAPER}, figure 2: the log is on stable storage",
    ),
    Mutant(
        "raft-lowers-next",
        RaftLowersNext,
        {"terms": 1, "entries": 1, "messages": 3},
        "next_after_match",
        10,
        'PySyncObj (Tang and others, "SandTable", EuroSys 2024): a next index not above the match index',
    ),
    Mutant(
        "raft-leader-obeys-after-commit",
        RaftLeaderObeys,
        {"terms": 2, "entries": 1, "requests": 2, "messages": 3},
        "state_machine_safety",
        13,
        f"{PAPER}, section 5.1: a request with an old term is rejected",
    ),
    # negative control
    Mutant(
        "raft-lowers-match-unasked",
        RaftLowersMatchUnasked,
        {"terms": 2, "entries": 1, "messages": 3},
        None,
        None,
        f"{PAPER}, figure 2: the match index increases monotonically",
    ),
)
"""What is known of each."""
