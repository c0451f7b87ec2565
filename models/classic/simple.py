"""A small puzzle about concurrency: each process writes its own variable, then reads its neighbour's.

After Lamport, "Teaching Concurrency" (2009), and `Simple.tla` (tlaplus/Examples, TeachingConcurrency).
"""

from __future__ import annotations

from enum import Enum
from typing import Annotated

from ..language import Map, Protocol, Range, action, every, invariant, require, shared

Bit = Annotated[int, Range(0, 1)]
Number = Annotated[int, Range(0, "processes - 1")]


class At(Enum):
    """The next statement of a process (`pc`)."""

    WRITE, READ, DONE = range(3)


class Simple(Protocol):
    """Module Simple."""

    processes: int = 5

    x: Map[Number, Bit] = shared(every(0))
    y: Map[Number, Bit] = shared(every(0))
    at: Map[Number, At] = shared(every(At.WRITE))

    @action
    def write(self, i: Number) -> None:
        """Label a: set one's own x."""
        require(self.at[i] is At.WRITE)
        self.x |= {i: 1}
        self.at |= {i: At.READ}

    @action
    def read(self, i: Number) -> None:
        """Label b: copy the x of the process to the left."""
        require(self.at[i] is At.READ)
        self.y |= {i: self.x[(i - 1) % self.processes]}
        self.at |= {i: At.DONE}

    @action
    def terminating(self) -> None:
        """Terminating: the end is no deadlock."""
        require(all(at is At.DONE for at in self.at.values()))

    @invariant
    def correct(self) -> bool:
        """PCorrect: when all are done, at least one has read a 1."""
        return any(at is not At.DONE for at in self.at.values()) or any(y == 1 for y in self.y.values())

    @invariant
    def written_before_read(self) -> bool:
        """The inductive part of Inv: whoever has passed its write has written."""
        return all(self.x[i] == 1 for i in range(self.processes) if self.at[i] is not At.WRITE)
