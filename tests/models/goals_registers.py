"""Runs of registers worth a look: each goal is a protocol whose only invariant says that it is not reached yet."""

from __future__ import annotations

from collections.abc import Mapping

from quorate.models.language import Invariants, Protocol, invariant
from quorate.models.registers.abd import ABD


class ReadsWhatWasWritten(ABD):
    """Until a write has ended and then a read has returned its value."""

    invariants: Invariants = ()

    @invariant
    def not_yet(self) -> bool:
        """No read that began after a write has ended yet."""
        return not any(
            read.begun > write.ended
            for write in self.past
            if write.writes and write.ended is not None
            for read in self.past
            if not read.writes and read.ended is not None
        )


GOALS: Mapping[str, Protocol] = {"abd-read": ReadsWhatWasWritten()}
