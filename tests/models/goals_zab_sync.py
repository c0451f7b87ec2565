"""Synchronisations worth a look: each goal is a protocol with an invariant that it is not reached yet."""

from __future__ import annotations

from collections.abc import Mapping

from quorate.models.language import Invariants, Protocol, StepInvariants, invariant, step_invariant
from quorate.models.zab import Peer
from quorate.models.zab.sync import Mode, ZabSync


class Synchronises(ZabSync):
    """Synchronisation, without the properties that are not asked for."""

    invariants: Invariants = ()
    step_invariants: StepInvariants = ()

    def used(self, after: ZabSync, mode: Mode) -> bool:
        """Whether a follower takes in what was sent in this way."""
        return any(
            m.mode is mode and len(m.log) > 0 and len(after.sync[j]) == 0 and after.connected[j]
            for j in self.domain(Peer)
            for m in self.sync[j]
        )


class Diff(Synchronises):
    """Until a follower has only what it lacks sent to it."""

    @step_invariant
    def not_yet(self, after: ZabSync) -> bool:
        """Nobody has got a difference yet."""
        return not self.used(after, Mode.DIFF)


class Snap(Synchronises):
    """Until a follower has everything sent to it."""

    @step_invariant
    def not_yet(self, after: ZabSync) -> bool:
        """Nobody has got a snapshot yet."""
        return not self.used(after, Mode.SNAP)


class Trunc(Synchronises):
    """Until a follower cuts back its history, and gets others in place of what it had."""

    @step_invariant
    def not_yet(self, after: ZabSync) -> bool:
        """Nobody has cut back anything and got something else yet."""
        return not self.used(after, Mode.TRUNC)


class Serves(Synchronises):
    """Until a follower of the second epoch has delivered what was broadcast in the first."""

    @invariant
    def not_yet(self) -> bool:
        """Nobody has delivered anything as a follower in the second epoch yet."""
        return all(self.current_epoch[j] < 2 or not self.connected[j] or self.commit[j] == 0 for j in self.domain(Peer))


GOALS: Mapping[str, Protocol] = {
    "zab-sync-diff": Diff(epochs=2, transactions=2, timeouts=1),
    "zab-sync-snap": Snap(epochs=1),
    "zab-sync-trunc": Trunc(epochs=2, transactions=3, timeouts=1),
    "zab-sync-serves": Serves(epochs=2, timeouts=1),
}
