"""Runs of chain replication worth a look: each goal is a protocol with an invariant that it is not reached yet."""

from __future__ import annotations

from collections.abc import Mapping

from quorate.models.language import Invariants, Protocol, invariant, rank
from quorate.models.registers.chain import Chain


class Reads(Chain):
    """Until a read returns a value."""

    invariants: Invariants = ()

    @invariant
    def not_yet(self) -> bool:
        """No read has returned a value yet."""
        return not any(not read.writes and read.ended is not None and read.value is not None for read in self.past)


class WritesWithoutMiddle(Chain):
    """Until a write ends though the middle of the chain has failed."""

    invariants: Invariants = ()

    @invariant
    def not_yet(self) -> bool:
        """No write has ended yet that the head has handed to the tail."""
        return not any(
            middle.id in head.removed and rank(middle.id) == 1
            for write in self.past
            if write.writes and write.ended is not None
            for head in self.servers
            if rank(head.id) == 0 and not head.halted
            for middle in self.servers
        )


GOALS: Mapping[str, Protocol] = {
    "chain-read": Reads(operations=2, failures=0),
    "chain-repair": WritesWithoutMiddle(),
}
