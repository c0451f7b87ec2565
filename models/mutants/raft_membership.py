"""Raft that changes its members one by one, with one thing wrong."""

from __future__ import annotations

from ..language import Cluster, Ref, action, cluster, require
from ..raft import Index, Log, RequestVote, Server, Value
from ..raft._configurations import Members
from ..raft.learners import LearnerServer, LearnersRaft
from ..raft.membership import MembershipRaft, MembershipServer
from .mutant import Mutant


class OverlapsChanges(MembershipServer):
    """Does not wait for the previous change."""

    def change(self, members: Members, value: Value) -> None:
        """Append a configuration whether or not the latest one is committed."""
        require(self.leads() and self.is_established())
        self.appoint(members, value)


class RaftOverlapsChanges(MembershipRaft):
    """A leader makes two changes at once, and a majority that knows of neither shares no server with the new one."""

    servers: Cluster[OverlapsChanges] = cluster(3)


class ChangesAtOnce(MembershipServer):
    """Does not commit an entry of its term first."""

    def is_established(self) -> bool:
        """Take the leader for established as soon as it is elected."""
        return True


class RaftChangesAtOnce(MembershipRaft):
    """A new leader makes a change next to one of an earlier leader that may yet be committed."""

    servers: Cluster[ChangesAtOnce] = cluster(3)


class ReplacesAll(MembershipServer):
    """Changes any number of members at once."""

    @action
    def replace(self, members: Members, value: Value) -> None:
        """Append a configuration that has nothing to do with the latest one."""
        require(len(members) > 0 and members != self.latest_members())
        self.change(members, value)


class RaftReplacesAll(MembershipRaft):
    """A leader goes to a configuration whose majorities share no server with those of the old one."""

    servers: Cluster[ReplacesAll] = cluster(3)


class CountsItself(MembershipServer):
    """Counts itself wherever it is no member."""

    def is_quorum(self, members: frozenset[Ref[Server]]) -> bool:
        """Whether these are a majority of the members, this server always being one of those that count."""
        return all(2 * len((each | {self.id}) & members) > len(each) for each in self.majorities())


class RaftCountsItself(MembershipRaft):
    """A leader that has removed itself counts itself for a majority of the others."""

    servers: Cluster[CountsItself] = cluster(4)


class CountsAnybody(MembershipServer):
    """Counts whoever answers."""

    def is_quorum(self, members: frozenset[Ref[Server]]) -> bool:
        """Whether these are as many as a majority of the members."""
        return all(2 * len(members) > len(each) for each in self.majorities())


class RaftCountsAnybody(MembershipRaft):
    """Servers that are removed go on to count."""

    servers: Cluster[CountsAnybody] = cluster(3)


class KeepsLostConfiguration(MembershipServer):
    """Does not go back."""

    def replace_after(self, index: Index, entries: Log) -> None:
        """Replace entries, but keep the configurations that were in them."""
        self.log = self.log[:index] + entries


class RaftKeepsLostConfiguration(MembershipRaft):
    """A server whose entry with a configuration is overwritten by another leader's goes on with that configuration."""

    servers: Cluster[KeepsLostConfiguration] = cluster(3)


class LeadsOnAfterRemoval(MembershipServer):
    """Does not step down."""

    def advance_commit(self) -> None:
        """Commit what a quorum has, and lead on."""
        ahead = range(self.commit + 1, self.last_index() + 1)
        self.commit = max((index for index in ahead if self.is_replicated(index)), default=self.commit)


class RaftLeadsOnAfterRemoval(MembershipRaft):
    """A leader that is removed leads on, which is safe as long as it does not count itself."""

    servers: Cluster[LeadsOnAfterRemoval] = cluster(3)


class CountsLearners(LearnerServer):
    """Makes no difference between members and learners."""

    def is_quorum(self, members: frozenset[Ref[Server]]) -> bool:
        """Whether these are as many members or learners as make a majority of the members."""
        return all(2 * len((each | self.learners) & members) > len(each) for each in self.majorities())


class RaftCountsLearners(LearnersRaft):
    """A leader commits what a learner has, and a majority of the members has not."""

    servers: Cluster[CountsLearners] = cluster(4)


class IgnoresStrangers(MembershipServer):
    """Answers members only."""

    def on_request_vote(self, m: RequestVote, sender: Ref[Server]) -> None:
        """Leave alone what comes from a server that is no member, as far as this one knows."""
        require(sender in self.latest_members())
        super().on_request_vote(m, sender)


class RaftIgnoresStrangers(MembershipRaft):
    """A server ignores candidates that it does not know as members, which is safe if not always live."""

    servers: Cluster[IgnoresStrangers] = cluster(3)


THESIS = 'Ongaro, "Consensus: Bridging Theory and Practice", 2014'

MUTANTS = (
    # four steps more than if leaders could begin a change before they have committed an entry of their term
    Mutant(
        "raft-membership-overlaps-changes",
        RaftOverlapsChanges,
        {"servers": 3, "terms": 2, "entries": 3, "requests": 3, "changes": 2, "messages": 3},
        "leader_completeness",
        12,
        f"{THESIS}, section 4.1: one change at a time",
    ),
    Mutant(
        "raft-membership-overlaps-changes-in-a-log",
        RaftOverlapsChanges,
        {"servers": 3, "terms": 1, "entries": 3, "requests": 3, "changes": 2, "messages": 2},
        "one_configuration_in_flight",
        9,
        f"{THESIS}, section 4.1: one change at a time",
    ),
    Mutant(
        "raft-membership-changes-at-once",
        RaftChangesAtOnce,
        {"servers": 4, "terms": 3, "entries": 1, "requests": 3, "changes": 1, "messages": 4},
        "leader_completeness",
        19,
        'Ongaro, "Bug in single-server membership changes", raft-dev mailing list, 2015',
    ),
    # here as well four of the steps commit the leader's first entry
    Mutant(
        "raft-membership-replaces-all",
        RaftReplacesAll,
        {"servers": 3, "terms": 2, "entries": 2, "requests": 2, "changes": 1, "messages": 3},
        "leader_completeness",
        11,
        "Ongaro and Ousterhout 2014, figure 10: switching directly is unsafe",
    ),
    Mutant(
        "raft-membership-replaces-all-with-disjoint",
        RaftReplacesAll,
        {"servers": 3, "terms": 1, "entries": 2, "requests": 2, "changes": 1, "messages": 2},
        "active_configurations_overlap",
        8,
        "Ongaro and Ousterhout 2014, figure 10: switching directly is unsafe",
    ),
    # it takes four servers and more than 22 steps until an entry is lost; the first seven steps would elect and commit
    Mutant(
        "raft-membership-counts-itself",
        RaftCountsItself,
        {"servers": 2, "terms": 1, "entries": 2, "requests": 2, "changes": 1, "messages": 2},
        "committed_by_members",
        8,
        f"{THESIS}, section 4.2.2: a leader that is removed does not count itself",
    ),
    Mutant(
        "raft-membership-counts-anybody",
        RaftCountsAnybody,
        {"servers": 3, "terms": 2, "entries": 2, "requests": 2, "changes": 1, "messages": 3},
        "elected_by_members",
        14,
        f"{THESIS}, section 4.1: majorities of the configuration in force",
    ),
    Mutant(
        "raft-membership-keeps-lost-configuration",
        RaftKeepsLostConfiguration,
        {"servers": 3, "terms": 2, "entries": 2, "requests": 4, "changes": 1, "messages": 3},
        "configuration_matching",
        14,
        f"{THESIS}, section 4.1: a server must be prepared to go back to the previous configuration in its log",
    ),
    # three of the steps elect, one begins to teach, and the learner acknowledges the one entry
    Mutant(
        "raft-learners-counts-learners",
        RaftCountsLearners,
        {"servers": 4, "founders": 3, "terms": 2, "entries": 1, "requests": 1, "changes": 0, "messages": 5},
        "leader_completeness",
        11,
        "hashicorp/raft, issue 398",
    ),
    # negative controls
    Mutant(
        "raft-membership-leads-on-after-removal",
        RaftLeadsOnAfterRemoval,
        {"servers": 3, "terms": 2, "entries": 2, "requests": 2, "changes": 1, "messages": 2},
        None,
        None,
        f"{THESIS}, section 4.2.2: a leader that is removed steps down",
    ),
    Mutant(
        "raft-membership-ignores-strangers",
        RaftIgnoresStrangers,
        {"servers": 3, "terms": 2, "entries": 2, "requests": 2, "changes": 1, "messages": 2},
        None,
        None,
        f"{THESIS}, section 4.1: servers accept requests from servers that are not in their configuration",
    ),
)
"""What is known of each."""
