"""Runs of changes of the members: each goal is a protocol whose only invariant says that it is not reached yet."""

from __future__ import annotations

from collections.abc import Mapping

from quorate.models.language import Invariants, Protocol, StepInvariants, invariant
from quorate.models.raft.joint import JointRaft
from quorate.models.raft.learners import LearnersRaft
from quorate.models.raft.membership import MembershipRaft, MembershipServer


class Returns(MembershipRaft):
    """Until a server that was removed is a member again, and knows it."""

    invariants: Invariants = ()
    step_invariants: StepInvariants = ()

    @invariant
    def not_yet(self) -> bool:
        """No server has two configurations and has committed both."""
        return all(len(server.configurations) < 2 or not server.is_settled() for server in self.servers)


def appointed(server: MembershipServer, term: int) -> bool:
    """Whether a leader of this term appended the latest configuration in a server's log."""
    return any(server.log[each.index - 1].term == term for each in server.configurations[-1:])


class RemovesItself(MembershipRaft):
    """Until a leader has removed itself, and one of a later term has committed that."""

    invariants: Invariants = ()
    step_invariants: StepInvariants = ()

    @invariant
    def not_yet(self) -> bool:
        """No leader has committed a configuration that lacks the leader of an earlier term who appended it."""
        return not any(
            server.term > term and earlier not in server.latest_members() and appointed(server, term)
            for server in self.servers
            if server.leads() and server.is_settled()
            for term, earlier in self.led
        )


class Switches(JointRaft):
    """Until C-new is committed."""

    invariants: Invariants = ()
    step_invariants: StepInvariants = ()

    @invariant
    def not_yet(self) -> bool:
        """No server has committed a configuration that is not joint."""
        return all(
            len(server.configurations) == 0 or server.is_joint() or not server.is_settled() for server in self.servers
        )


class SwitchesToOthers(JointRaft):
    """Until C-new is committed, and the leader is not in it."""

    invariants: Invariants = ()
    step_invariants: StepInvariants = ()

    @invariant
    def not_yet(self) -> bool:
        """No server has committed a configuration that neither is joint nor has it."""
        return all(
            len(server.configurations) == 0
            or server.is_joint()
            or not server.is_settled()
            or server.id in server.latest_members()
            for server in self.servers
        )


class Grows(LearnersRaft):
    """Until the cluster, founded by one server, has two members, and both know it."""

    invariants: Invariants = ()
    step_invariants: StepInvariants = ()

    @invariant
    def not_yet(self) -> bool:
        """Some server has not committed a configuration."""
        return any(len(server.configurations) == 0 or not server.is_settled() for server in self.servers)


class NewcomerLeads(LearnersRaft):
    """Until a server that did not found the cluster leads it."""

    invariants: Invariants = ()
    step_invariants: StepInvariants = ()

    @invariant
    def not_yet(self) -> bool:
        """Only founders lead."""
        return all(len(server.initial_members()) > 0 for server in self.servers if server.leads())


GOALS: Mapping[str, Protocol] = {
    "raft-returns": Returns(servers=2, messages=1),
    "raft-switches": Switches(servers=3, entries=2, requests=2),
    "raft-grows": Grows(servers=2),
}
