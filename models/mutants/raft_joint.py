"""Raft with joint consensus, with one thing wrong."""

from __future__ import annotations

from ..language import Cluster, Ref, cluster, require, volatile
from ..raft import Server, Value
from ..raft._configurations import Configurations, Majorities, Members
from ..raft.joint import JointRaft, JointServer
from .mutant import Mutant


class AsksNewOnly(JointServer):
    """Leaves the old configuration out."""

    def majorities(self) -> Majorities:
        """The new configuration only."""
        return (self.latest_members(),)


class RaftJointAsksNewOnly(JointRaft):
    """A majority of the new configuration decides alone, while one of the old does not know that there is a new one."""

    servers: Cluster[AsksNewOnly] = cluster(3)


class AsksUnion(JointServer):
    """Takes two configurations for one."""

    def majorities(self) -> Majorities:
        """All servers of both configurations, as one set."""
        return (self.earlier_members() | self.latest_members(),)


class RaftJointAsksUnion(JointRaft):
    """A majority of all servers of both configurations may hold a majority of only one of them."""

    servers: Cluster[AsksUnion] = cluster(3)


class CompletesEarly(JointServer):
    """Does not wait for the joint configuration."""

    def complete(self, value: Value) -> None:
        """Append C-new while C-old,new is not committed."""
        require(self.leads() and self.is_joint())
        self.appoint(self.latest_members(), value)


class RaftJointCompletesEarly(JointRaft):
    """A majority of the new configuration decides alone, while nobody else knows that there is a new one."""

    servers: Cluster[CompletesEarly] = cluster(3)


class ForgetsConfigurations(JointServer):
    """Takes the configuration from a file that changes do not reach."""

    configurations: Configurations = volatile(())


class RaftJointForgetsConfigurations(JointRaft):
    """A server that restarts is back in the initial configuration, whatever its log says."""

    servers: Cluster[ForgetsConfigurations] = cluster(3)


class AppliesOnCommit(JointServer):
    """Uses a configuration when it is committed, not when it is in the log."""

    def known(self) -> Configurations:
        """The configurations that are known to be committed."""
        return tuple(c for c in self.configurations if c.index <= self.commit)

    def latest_members(self) -> Members:
        """The latest configuration that is known to be committed, which a restart forgets."""
        return self.known()[-1].members if self.known() else self.initial_members()

    def earlier_members(self) -> Members:
        """The one before it."""
        return self.known()[-2].members if len(self.known()) > 1 else self.initial_members()


class RaftJointAppliesOnCommit(JointRaft):
    """A server that restarts no longer knows what is committed, and goes back to a configuration of long ago."""

    servers: Cluster[AppliesOnCommit] = cluster(3)


class CountsItself(JointServer):
    """Counts itself wherever it is no member."""

    def is_quorum(self, members: frozenset[Ref[Server]]) -> bool:
        """Whether these are a majority of each configuration, this server always being one of those that count."""
        return all(2 * len((each | {self.id}) & members) > len(each) for each in self.majorities())


class RaftJointCountsItself(JointRaft):
    """A leader that is to go counts itself for a majority of those that stay."""

    servers: Cluster[CountsItself] = cluster(3)


class OverlapsChanges(JointServer):
    """Does not wait for the end of the previous change."""

    def reconfigure(self, members: Members, value: Value) -> None:
        """Append C-old,new as soon as the last C-new is in the log."""
        require(self.leads() and not self.is_joint())
        require(len(members) > 0 and members != self.latest_members())
        self.appoint(members, value)


class RaftJointOverlapsChanges(JointRaft):
    """A leader begins a change before the previous C-new is committed."""

    servers: Cluster[OverlapsChanges] = cluster(3)


PAPER = 'Ongaro and Ousterhout, "In Search of an Understandable Consensus Algorithm", 2014'
THESIS = 'Ongaro, "Consensus: Bridging Theory and Practice", 2014'

MUTANTS = (
    Mutant(
        "raft-joint-asks-new-only",
        RaftJointAsksNewOnly,
        {"servers": 3, "terms": 2, "entries": 1, "requests": 1, "changes": 1, "messages": 3},
        "leader_completeness",
        7,
        f"{PAPER}, section 6: agreement requires separate majorities from both",
    ),
    # a new configuration that is smaller than the old one shows it with three servers; of two with three
    # members each, one of which is in both, it would take five
    Mutant(
        "raft-joint-asks-union",
        RaftJointAsksUnion,
        {"servers": 3, "terms": 2, "entries": 2, "requests": 2, "changes": 2, "messages": 3},
        "leader_completeness",
        11,
        f"{PAPER}, section 6: agreement requires separate majorities from both",
    ),
    Mutant(
        "raft-joint-completes-early",
        RaftJointCompletesEarly,
        {"servers": 3, "terms": 2, "entries": 2, "requests": 2, "changes": 2, "messages": 3},
        "leader_completeness",
        8,
        f"{PAPER}, section 6: once C-old,new is committed, a leader may append C-new",
    ),
    Mutant(
        "raft-joint-counts-itself",
        RaftJointCountsItself,
        {"servers": 3, "terms": 2, "entries": 2, "requests": 2, "changes": 2, "messages": 3},
        "leader_completeness",
        11,
        f"{PAPER}, section 6: a leader that is not in C-new does not count itself",
    ),
    Mutant(
        "raft-joint-forgets-configurations",
        RaftJointForgetsConfigurations,
        {"servers": 3, "terms": 2, "entries": 2, "requests": 2, "changes": 2, "messages": 3, "crashes": 1},
        "leader_completeness",
        12,
        "canonical/raft, issue 386",
    ),
    Mutant(
        "raft-joint-applies-on-commit",
        RaftJointAppliesOnCommit,
        {"servers": 3, "terms": 2, "entries": 3, "requests": 3, "changes": 2, "messages": 3, "crashes": 1},
        "leader_completeness",
        16,
        f"{THESIS}, section 4.1: a configuration is used as soon as it is in the log",
    ),
    # nothing else breaks: the old configuration of the second change is the new one of the first
    Mutant(
        "raft-joint-overlaps-changes",
        RaftJointOverlapsChanges,
        {"servers": 3, "terms": 1, "entries": 3, "requests": 3, "changes": 3, "messages": 2},
        "one_configuration_in_flight",
        9,
        f"{PAPER}, section 6: a change is over when C-new is committed",
    ),
)
"""What is known of each."""
