"""Runs of Viewstamped Replication worth a look: each goal's only invariant says that it is not reached yet."""

from __future__ import annotations

from collections.abc import Mapping

from quorate.models.language import Invariants, Protocol, StepInvariants, invariant
from quorate.models.viewstamped._messages import PrepareOk
from quorate.models.viewstamped.viewstamped import ViewstampedReplication
from quorate.models.viewstamped.viewstamped_stable_view import ViewstampedStableView
from quorate.models.viewstamped.viewstamped_transfer import ViewstampedTransfer


class CommitsEverywhere(ViewstampedReplication):
    """Until every replica has committed an operation."""

    invariants: Invariants = ()
    step_invariants: StepInvariants = ()

    @invariant
    def not_yet(self) -> bool:
        """Some replica has committed nothing."""
        return any(replica.commit == 0 for replica in self.replicas)


class NextView(ViewstampedReplication):
    """Until the primary of the second view has committed an operation that it took over, and one of its own."""

    invariants: Invariants = ()
    step_invariants: StepInvariants = ()

    @invariant
    def not_yet(self) -> bool:
        """Not both views have had an operation committed."""
        return len(frozenset(committed.term for committed in self.committed)) < 2


class Recovered(ViewstampedReplication):
    """Until a replica has an operation back that it knew to be committed before it crashed."""

    invariants: Invariants = ()
    step_invariants: StepInvariants = ()

    @invariant
    def not_yet(self) -> bool:
        """Nobody has recovered with an operation."""
        return all(not (replica.nonce > 0 and replica.is_normal() and replica.commit > 0) for replica in self.replicas)


class RecoveredTwice(ViewstampedStableView):
    """Until two replicas have recovered, one of them in a view that began after a crash."""

    invariants: Invariants = ()
    step_invariants: StepInvariants = ()

    @invariant
    def not_yet(self) -> bool:
        """Fewer than two replicas have recovered, or none of them in the second view."""
        back = frozenset(r.view for r in self.replicas if r.nonce > 0 and r.is_normal())
        crashed = frozenset(r.id for r in self.replicas if r.nonce > 0 and r.is_normal())
        return len(crashed) < 2 or 1 not in back


class CatchesUp(ViewstampedTransfer):
    """Until a replica has caught up with a view whose beginning it has missed."""

    invariants: Invariants = ()
    step_invariants: StepInvariants = ()

    @invariant
    def not_yet(self) -> bool:
        """Nobody has in the second view what no Prepare and no StartView brought: these are acknowledged."""
        return all(
            any(sent.sender == replica.id and sent.message.view == replica.view for sent in self.sent(PrepareOk))
            for replica in self.replicas
            if replica.is_normal() and not replica.leads() and replica.view == 1 and len(replica.log) > replica.commit
        )


GOALS: Mapping[str, Protocol] = {
    "viewstamped-commits": CommitsEverywhere(messages=8, crashes=0),
    "viewstamped-next-view": NextView(operations=2, messages=12, crashes=0),
    "viewstamped-recovered": Recovered(messages=8),
    "viewstamped-recovered-twice": RecoveredTwice(messages=10, crashes=2),
    "viewstamped-catches-up": CatchesUp(operations=2, messages=12, crashes=0),
}
