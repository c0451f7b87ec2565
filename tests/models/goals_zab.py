"""Runs of Zab that are worth a look: each is a protocol whose only invariant says that the goal is not reached yet."""

from __future__ import annotations

from collections.abc import Mapping

from quorate.models.language import Invariants, Protocol, StepInvariants, invariant
from quorate.models.zab import AckEpoch, Phase, Zab, ZabCoarse


class OneDelivers(Zab):
    """Until a follower has delivered a transaction."""

    invariants: Invariants = ()
    step_invariants: StepInvariants = ()

    @invariant
    def not_yet(self) -> bool:
        """No follower has delivered anything."""
        return not any(server.commit > 0 and not server.leads() for server in self.servers)


class AllDeliver(Zab):
    """Until every server has delivered a transaction."""

    invariants: Invariants = ()
    step_invariants: StepInvariants = ()

    @invariant
    def not_yet(self) -> bool:
        """Some server has not delivered anything."""
        return any(server.commit == 0 for server in self.servers)


class TwoPrimaries(Zab):
    """Until every server has delivered the transactions of two primaries."""

    invariants: Invariants = ()
    step_invariants: StepInvariants = ()

    @invariant
    def not_yet(self) -> bool:
        """Some server has not delivered both, or one server has broadcast both."""
        primaries = frozenset(sent.primary for sent in self.broadcast)
        return len(primaries) < 2 or any(server.commit < 2 for server in self.servers)


class FollowerReturns(Zab):
    """Until a server serves again in an epoch that it had promised before."""

    invariants: Invariants = ()
    step_invariants: StepInvariants = ()

    @invariant
    def not_yet(self) -> bool:
        """Nobody has come back, or is not up to date again."""
        back = frozenset(sent.sender for sent in self.sent(AckEpoch) if not sent.message.promises)
        return not any(
            server.id in back and server.phase is Phase.BROADCAST and server.commit > 0 for server in self.servers
        )


class TwoEpochs(ZabCoarse):
    """Until every server has delivered the transactions of two epochs."""

    invariants: Invariants = ()
    step_invariants: StepInvariants = ()

    @invariant
    def not_yet(self) -> bool:
        """Some server has not delivered both, or they are of one epoch."""
        epochs = frozenset(sent.txn.zxid.epoch for sent in self.broadcast)
        return len(epochs) < 2 or any(len(log) < 2 for log in self.committed_logs())


GOALS: Mapping[str, Protocol] = {
    "zab-delivery": OneDelivers(),
    "zab-delivery-to-all": AllDeliver(),
    "zab-two-primaries": TwoPrimaries(epochs=2, transactions=2, crashes=1),
    "zab-follower-returns": FollowerReturns(crashes=1),
    "zab-coarse-two-epochs": TwoEpochs(epochs=2, transactions=2, crashes=1),
}
