"""A run of two-phase commit worth a look."""

from __future__ import annotations

from collections.abc import Mapping

from quorate.models.language import Protocol, invariant
from quorate.models.two_phase_commit import Local, TwoPhaseCommit


class EverybodyCommits(TwoPhaseCommit):
    """Until all resource managers have committed."""

    @invariant
    def consistent(self) -> bool:
        """Not everybody has committed yet."""
        return not all(local is Local.COMMITTED for local in self.local.values())


GOALS: Mapping[str, Protocol] = {"two-phase-commit": EverybodyCommits(managers=2)}
