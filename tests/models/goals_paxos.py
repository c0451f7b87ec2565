"""Runs of the Paxos family: each goal is a protocol whose only invariant says that the goal is not reached yet."""

from __future__ import annotations

from collections.abc import Mapping

from quorate.models.language import Invariants, Protocol, StepInvariants, invariant
from quorate.models.paxos import Paxos
from quorate.models.paxos.fast_paxos import FastPaxos
from quorate.models.paxos.flexible_paxos import FlexiblePaxos


class Decided(Paxos):
    """Until a learner has decided."""

    invariants: Invariants = ()
    step_invariants: StepInvariants = ()

    @invariant
    def not_yet(self) -> bool:
        """No learner has decided."""
        return len(self.learned()) == 0


class Recovered(Paxos):
    """Until a second ballot has votes for the value of the first, though its client wanted another one."""

    invariants: Invariants = ()
    step_invariants: StepInvariants = ()

    @invariant
    def not_yet(self) -> bool:
        """Only one value was asked for, or none was voted for in both ballots."""
        votes = self.votes()
        twice = any(one.value == two.value and one.ballot != two.ballot for one in votes for two in votes)
        return len(self.asked) < 2 or not twice


class DecidedFlexibly(FlexiblePaxos):
    """Until a learner has decided."""

    invariants: Invariants = ()
    step_invariants: StepInvariants = ()

    @invariant
    def not_yet(self) -> bool:
        """No learner has decided."""
        return len(self.learned()) == 0


class DecidedFast(FastPaxos):
    """Until a learner has decided on what clients asked the acceptors for."""

    invariants: Invariants = ()
    step_invariants: StepInvariants = ()

    @invariant
    def not_yet(self) -> bool:
        """No learner has decided on a vote of a fast ballot."""
        return len(self.learned()) == 0 or len(self.asked) > 0


GOALS: Mapping[str, Protocol] = {
    "paxos-decides": Decided(ballots=1, values=1),
    "paxos-recovers": Recovered(),
    "flexible-paxos-decides": DecidedFlexibly(acceptors=4, quorum_one=3, quorum_two=2, ballots=1, values=1),
    "fast-paxos-decides": DecidedFast(acceptors=3, fast_quorum=3, clients=1, ballots=1, values=1),
}
