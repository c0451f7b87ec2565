"""Runs worth a look: each goal is a protocol whose only invariant says that the goal is not reached yet."""

from __future__ import annotations

from collections.abc import Mapping

from quorate.models.language import Cluster, Invariants, Protocol, StepInvariants, cluster, invariant, require
from quorate.models.raft import Raft, Role
from quorate.models.raft.check_quorum import CheckQuorumRaft
from quorate.models.raft.disk import DiskRaft
from quorate.models.raft.pre_vote import PreVoteRaft
from quorate.models.raft.steady import SteadyRaft
from quorate.models.raft.steady_transfer import SteadyTransferRaft, SteadyTransferServer
from quorate.models.raft.transfer import TransferRaft, TransferServer


class AllCommit(Raft):
    """Until every server has committed an entry."""

    invariants: Invariants = ()
    step_invariants: StepInvariants = ()

    @invariant
    def not_yet(self) -> bool:
        """Some server has not committed anything."""
        return any(server.commit == 0 for server in self.servers)


class BatchCommits(Raft):
    """Until a follower has got two entries at once and committed both."""

    invariants: Invariants = ()
    step_invariants: StepInvariants = ()

    @invariant
    def not_yet(self) -> bool:
        """No follower has committed two entries."""
        return all(server.commit < 2 or server.leads() for server in self.servers)


class LastTermCommits(Raft):
    """Until the leader of the last term commits an entry of an earlier one with one of its own."""

    invariants: Invariants = ()
    step_invariants: StepInvariants = ()

    @invariant
    def not_yet(self) -> bool:
        """No leader of the last term has committed what an earlier one began."""
        return all(
            server.commit < 2 or server.term < self.terms or server.log[0].term == server.term
            for server in self.servers
            if server.leads()
        )


class PreVoteElects(PreVoteRaft):
    """Until a server was elected after a pre-vote."""

    invariants: Invariants = ()
    step_invariants: StepInvariants = ()

    @invariant
    def not_yet(self) -> bool:
        """Nobody leads."""
        return not any(server.leads() for server in self.servers)


class LeaderStepsDown(CheckQuorumRaft):
    """Until a leader that no quorum hears has stepped down in its own term."""

    invariants: Invariants = ()
    step_invariants: StepInvariants = ()

    @invariant
    def not_yet(self) -> bool:
        """Whoever led a term that it is still in leads it now."""
        return all(
            server.leads() or (server.term, server.id) not in self.led
            for server in self.servers
            if server.role is not Role.CANDIDATE
        )


class SteadyElectsTwice(SteadyRaft):
    """Until a second leader was elected, which takes a first one that is heard no more."""

    invariants: Invariants = ()
    step_invariants: StepInvariants = ()

    @invariant
    def not_yet(self) -> bool:
        """Nobody leads in term 2."""
        return all(term < 2 for term, _ in self.led)


class Patient(TransferServer):
    """A server that stands for election without being asked in the first term only."""

    def timeout(self) -> None:
        """Start the first election."""
        require(self.term == 0)
        super().timeout()


class SuccessorLeads(TransferRaft):
    """Until a leader has handed over to its successor."""

    servers: Cluster[Patient] = cluster(3)
    invariants: Invariants = ()
    step_invariants: StepInvariants = ()

    @invariant
    def not_yet(self) -> bool:
        """No server that a leader names as its successor leads."""
        return all(
            not (other.leads() and leader.successor == other.id) for leader in self.servers for other in self.servers
        )


class SteadySuccessorLeads(SteadyTransferRaft):
    """Until a successor leads that was elected by a server that still heard the old leader."""

    servers: Cluster[SteadyTransferServer] = cluster(3)
    invariants: Invariants = ()
    step_invariants: StepInvariants = ()

    @invariant
    def not_yet(self) -> bool:
        """No server that a leader names as its successor leads."""
        return all(
            not (other.leads() and leader.successor == other.id) for leader in self.servers for other in self.servers
        )


class CommitsWithoutLeader(DiskRaft):
    """Until a leader has committed an entry that is on the disks of the others only."""

    invariants: Invariants = ()
    step_invariants: StepInvariants = ()

    @invariant
    def not_yet(self) -> bool:
        """No leader has committed what it has not on disk."""
        return all(server.commit <= server.flushed for server in self.servers if server.leads())


GOALS: Mapping[str, Protocol] = {
    "raft-commit": AllCommit(terms=1, messages=2),
    "raft-commit-batch": BatchCommits(servers=2, terms=1, entries=2, requests=2, batch=2),
    "raft-commit-in-last-term": LastTermCommits(entries=2, requests=2, messages=3),
    "raft-pre-vote-elects": PreVoteElects(servers=3, terms=1, messages=3),
    "raft-leader-steps-down": LeaderStepsDown(servers=3, messages=3),
    "raft-steady-elects-twice": SteadyElectsTwice(servers=3, terms=2, messages=4),
    "raft-transfer-succeeds": SuccessorLeads(messages=3),
    "raft-steady-transfer-succeeds": SteadySuccessorLeads(terms=2, messages=4),
    "raft-commits-without-leader": CommitsWithoutLeader(servers=3, terms=1, messages=3),
}
