"""A run of Raft's clients worth a look."""

from __future__ import annotations

from collections.abc import Mapping

from quorate.models.language import Invariants, Protocol, StepInvariants, invariant
from quorate.models.raft.clients import ClientsRaft


class ReadsAnEntry(ClientsRaft):
    """Until a client has read a list with something in it."""

    invariants: Invariants = ()
    step_invariants: StepInvariants = ()

    @invariant
    def not_yet(self) -> bool:
        """No read has returned anything yet."""
        return all(len(operation.seen) == 0 for operation in self.past)


GOALS: Mapping[str, Protocol] = {"raft-clients-read": ReadsAnEntry(terms=1)}
