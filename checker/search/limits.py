"""When a run must end before every state was seen; such a run is inconclusive."""

from __future__ import annotations

import resource
import sys
import time
from dataclasses import dataclass

from .statistics import Statistics


class Reached(Exception):
    """A limit was reached; the message says which and where."""


@dataclass(frozen=True)
class Limits:
    """How far a run may go; None is no limit.

    `depth` in states on a path, the initial one included; `states` in distinct states; `seconds` of wall-clock
    time; `memory` in bytes of the whole process.
    """

    depth: int | None = None
    states: int | None = None
    seconds: float | None = None
    memory: int | None = None

    def check(self, statistics: Statistics) -> None:
        """Raise `Reached` if the run has come as far as it may."""
        if self.states is not None and statistics.distinct >= self.states:
            raise Reached(f"the limit of {self.states} states was reached")
        if self.seconds is not None and time.monotonic() - statistics.started >= self.seconds:
            raise Reached(f"the time limit of {self.seconds:g} s was reached")
        if self.memory is not None and memory_used() >= self.memory:
            raise Reached(f"the memory limit of {self.memory // 2**20} MiB was reached")


def memory_used() -> int:
    """The most memory that this process has held so far, in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
