"""The set of fingerprints, which grows while a run goes on."""

from __future__ import annotations

from .control import LOAD, MASK, OCCUPIED
from .crew import Crew
from .memory import Memory, Region
from .program import Program

FIRST_SLOTS = 2**16
_QUICK_SLOTS = 2**24
_SEGMENT = 2**16
_LOAD = 3, 4
_FULLEST = 7, 8


class Table:
    """A hash table with open addressing, whose shared cells say how large and how full it is.

    `slack` is how many slots the threads may set aside together: so many are free after each growth.
    """

    def __init__(self, program: Program, memory: Memory, shared: Region, slack: int, slots: int = FIRST_SLOTS) -> None:
        self._program = program
        self._memory = memory
        self._shared = shared
        self._slack = slack
        while not _fits(slots, slack):
            slots *= 2
        self.region = memory.take(slots, "table")
        self._allow(_LOAD)

    def _allow(self, load: tuple[int, int]) -> None:
        slots = self.region.size
        self._shared.cells[MASK] = slots - 1
        self._shared.cells[LOAD] = slots * load[0] // load[1]

    def is_full(self) -> bool:
        """Whether the threads could not set all their slots aside."""
        cells = self._shared.cells
        return cells[OCCUPIED] + self._slack > cells[LOAD]

    def grow(self, crew: Crew) -> None:
        """Make room, while no thread uses the table. Errors: `MemoryReached` if there is no memory for that."""
        slots = self.region.size * (4 if self.region.size < _QUICK_SLOTS else 2)
        while not _fits(slots, self._shared.cells[OCCUPIED] + self._slack):
            slots *= 2
        old, self.region = self.region, self._memory.take(slots, "table")
        self._allow(_LOAD)
        crew.share(range(0, old.size, _SEGMENT), lambda first: self._move(old, first))
        self._memory.give_back(old, "table")

    def _move(self, old: Region, first: int) -> None:
        last = min(first + _SEGMENT, old.size)
        self._program.rehash(old, first, last, self.region, self.region.size - 1)

    def fill_up(self) -> bool:
        """Where there is no memory to grow into: let the table be fuller than is quick. Gives whether that helps."""
        self._allow(_FULLEST)
        return not self.is_full()


def _fits(slots: int, taken: int) -> bool:
    return slots * _LOAD[0] // _LOAD[1] > taken
