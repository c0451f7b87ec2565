"""Runs of Multi-Paxos worth a look: each goal is a protocol whose only invariant says that it is not reached yet."""

from __future__ import annotations

from collections.abc import Mapping

from quorate.models.language import Invariants, Protocol, StepInvariants, invariant
from quorate.models.paxos._state_machine import Command
from quorate.models.paxos.multi_paxos import MultiPaxos
from quorate.models.paxos.multi_paxos_trimming import MultiPaxosTrimming


class Everybody(MultiPaxos):
    """Until every replica has executed a command."""

    invariants: Invariants = ()
    step_invariants: StepInvariants = ()

    @invariant
    def not_yet(self) -> bool:
        """Some replica has executed nothing."""
        return any(len(replica.applied()) == 0 for replica in self.replicas)


class Hole(MultiPaxos):
    """Until a replica has executed a no-op and, after it, a command."""

    invariants: Invariants = ()
    step_invariants: StepInvariants = ()

    @invariant
    def not_yet(self) -> bool:
        """Nobody has executed a command after a no-op."""
        return all(
            not (len(log) == 2 and log[0] == Command(None) and log[1] != Command(None)) for log in self.applied_logs()
        )


class Handover(MultiPaxos):
    """Until a second leader has decided again what the first one has decided."""

    invariants: Invariants = ()
    step_invariants: StepInvariants = ()

    @invariant
    def not_yet(self) -> bool:
        """Some replica that led has executed nothing, or nothing was chosen twice."""
        chosen = frozenset(vote.ballot for vote in self.cast if self.is_chosen(vote))
        return len(chosen) < 2 or any(len(self.replicas[leader].applied()) == 0 for _, leader in self.led)


class CatchesUp(MultiPaxosTrimming):
    """Until a replica leads that has its state from another one's snapshot."""

    invariants: Invariants = ()
    step_invariants: StepInvariants = ()

    @invariant
    def not_yet(self) -> bool:
        """No leader relies on a snapshot of what it has not learned itself."""
        return all(
            not (replica.leads() and len(replica.snapshot) > 0 and replica.decided[1] is None)
            for replica in self.replicas
        )


GOALS: Mapping[str, Protocol] = {
    "multi-paxos-everybody": Everybody(messages=8),
    "multi-paxos-hole": Hole(slots=2, messages=12),
    "multi-paxos-handover": Handover(messages=8),
    "multi-paxos-catches-up": CatchesUp(messages=8),
}
