"""Runs worth a look in which reads are answered."""

from __future__ import annotations

from collections.abc import Mapping

from quorate.models.language import Invariants, Protocol, StepInvariants, invariant
from quorate.models.raft.lease import LeaseRaft
from quorate.models.raft.reads import ReadIndexRaft


class ReadIsAnswered(ReadIndexRaft):
    """Until a read is answered."""

    invariants: Invariants = ()
    step_invariants: StepInvariants = ()

    @invariant
    def not_yet(self) -> bool:
        """No read is answered."""
        return all(len(server.answered) == 0 for server in self.servers)


class BothReadsAreAnswered(ReadIndexRaft):
    """Until two reads are answered that saw different states."""

    invariants: Invariants = ()
    step_invariants: StepInvariants = ()

    @invariant
    def not_yet(self) -> bool:
        """No server has answered two reads that saw different states."""
        return all(len(frozenset(read.index for read in server.answered)) < 2 for server in self.servers)


class LeaseAnswers(LeaseRaft):
    """Until a read is answered under a lease."""

    invariants: Invariants = ()
    step_invariants: StepInvariants = ()

    @invariant
    def not_yet(self) -> bool:
        """No read is answered."""
        return all(len(server.answered) == 0 for server in self.servers)


class NextLeaseAnswers(LeaseRaft):
    """Until a read is answered under a lease of the second leader, while the first still believes to lead."""

    invariants: Invariants = ()
    step_invariants: StepInvariants = ()

    @invariant
    def not_yet(self) -> bool:
        """No leader of the second term has answered a read, or none of the first is left."""
        answers = any(server.term == 2 and len(server.answered) > 0 for server in self.servers)
        return not (answers and any(server.leads() and server.term == 1 for server in self.servers))


GOALS: Mapping[str, Protocol] = {
    "raft-read-index": ReadIsAnswered(servers=3, terms=1, messages=3),
    "raft-two-reads": BothReadsAreAnswered(servers=3, terms=1, entries=2, requests=2, messages=3, reads=2),
    "raft-lease-read": LeaseAnswers(servers=3, terms=1, messages=2),
    "raft-next-lease-read": NextLeaseAnswers(servers=3, terms=2, messages=2),
}
