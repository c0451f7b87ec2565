"""The memory that one thread works at, as its driver sees it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from .blocks import Item
from .code import Code
from .control import (
    BASE,
    DEADLOCKS,
    DISTINCT,
    END,
    ENTRIES,
    FILLED,
    LAST,
    LENGTH,
    MOST,
    PARENTS,
    PENDING,
    POSITION,
    ROOM,
    TRAIL,
    UNSEEN,
    WALK,
)
from .memory import Memory
from .program import Program, desk_size

NO_LIMIT = 2**62

Entry = tuple[int, list[int]]
"""A tag, and the words of a state where the tag says that there is one."""


class Desk:
    """One thread's counters, and the entries of the batch that it is at."""

    def __init__(self, program: Program, code: Code, memory: Memory, most: int | None, deadlocks: bool) -> None:
        self.code = code
        self._at = program.places
        self.region = memory.take(desk_size(program, code), "desks")
        self.cells = self.region.cells
        self.cells[MOST] = NO_LIMIT if most is None else most
        self.cells[DEADLOCKS] = deadlocks
        self.cells[UNSEEN] = (1 << len(code.witnesses)) - 1

    def begin(self, item: Item) -> None:
        """Lay out a work item."""
        self.cells[BASE] = item.block.first
        self.cells[POSITION], self.cells[END] = item.start, item.end

    def use(self, room: int, trail: int) -> None:
        """Lay out an empty block that new states go to."""
        self.cells[FILLED], self.cells[ROOM], self.cells[TRAIL] = 0, room, trail

    def begin_walks(self, first: int, last: int) -> None:
        """Lay out some walks to take."""
        self.cells[WALK], self.cells[LAST] = first, last
        self.cells[LENGTH] = self.cells[PENDING] = 0

    def rest(self, item: Item) -> Item:
        """What is left of a work item. A batch that was begun is no part of it."""
        return item._replace(start=self.cells[POSITION])

    def tag(self, entry: int) -> int:
        """The tag of an entry."""
        return self.cells[self._at["TAGS"] + entry]

    def end_of(self, parent: int) -> int:
        """The first entry behind those of a parent (-1: the first of all)."""
        return self.cells[self._at["ENDS"] + parent + 1]

    def state(self, entry: int) -> list[int]:
        """The words of an entry's state."""
        return self.region.read(self._at["STATES"] + entry * self.code.words, self.code.words)

    def put(self, entries: Sequence[Entry]) -> None:
        """Lay out the entries of one parent, in place of those that the model's code would have written."""
        for j, (tag, words) in enumerate(entries):
            self.cells[self._at["TAGS"] + j] = tag
            self.region.write(self._at["STATES"] + j * self.code.words, words)
        self.cells[self._at["ENDS"] + 1] = self.cells[ENTRIES] = len(entries)
        self.cells[PARENTS] = 1

    # -- what was counted ----------------------------------------------------------------------------------------

    @property
    def distinct(self) -> int:
        """How many states were given to the next level."""
        return self.cells[DISTINCT]

    def generated(self) -> int:
        """How many successors were counted."""
        return sum(self._counts())

    def actions(self) -> Counter[str]:
        """How often each action was taken."""
        return _counter(self.code.titles, self._counts())

    def cut(self) -> Counter[str]:
        """How often each bound was hit."""
        return _counter(self.code.bounds, self.region.read(self._at["CUTS"], len(self.code.bounds)))

    def _counts(self) -> list[int]:
        return self.region.read(self._at["COUNTS"], len(self.code.titles))

    def witnessed(self) -> dict[int, list[int]]:
        """For each witness that was satisfied, by its number, the words of the first such state."""
        k, unseen = self.code.words, self.cells[UNSEEN]
        seen = [i for i in range(len(self.code.witnesses)) if not unseen >> i & 1]
        return {i: self.region.read(self._at["SEEN"] + i * k, k) for i in seen}


def _counter(names: Sequence[str], counts: Sequence[int]) -> Counter[str]:
    found: Counter[str] = Counter()
    for name, count in zip(names, counts, strict=True):
        if count:
            found[name] += count
    return found
