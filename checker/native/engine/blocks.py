"""Where states wait to be expanded: blocks of packed states, and stretches of them."""

from __future__ import annotations

import threading
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from .control import BATCH
from .memory import Memory, Region

BLOCK_CELLS = 2**19


@dataclass(eq=False)
class Block:
    """Packed states, in the order in which one thread found them.

    `first` is the number of the first one in the order of discovery, where that is kept; `left` how many of those
    that were given out are still to be expanded.
    """

    region: Region
    first: int = 0
    filled: int = 0
    left: int = 0


class Item(NamedTuple):
    """Some states of a block, to be expanded."""

    block: Block
    start: int
    end: int

    @property
    def states(self) -> int:
        """How many there are."""
        return self.end - self.start


def pieces(spans: Iterable[Item], most: int) -> Iterator[Item]:
    """The same states in the same order, not more than so many at a time."""
    for span in spans:
        for start in range(span.start, span.end, most):
            yield Item(span.block, start, min(start + most, span.end))


class Shelf:
    """Gives blocks out, and takes back those whose states are expanded unless all states have to be kept.

    `room` is how many states a block holds. With `logged` it has a cell more for each, the first of them at `trail`:
    the number of the state's parent, -1 for an initial one.
    """

    def __init__(self, memory: Memory, words: int, out: int, *, logged: bool, cells: int = BLOCK_CELLS) -> None:
        self._memory = memory
        self._words = words
        self._free: list[Block] = []
        self._kept: list[Block] = []
        self._lock = threading.Lock()
        self._logged = logged
        # whatever a batch finds has to fit
        self.room = max(cells // (words + logged), BATCH * out)
        self.trail = self.room * words if logged else 0
        self._size = self.room * (words + logged)

    def take(self, first: int) -> Block:
        """An empty block, for states from this number on. Errors: `MemoryReached`."""
        with self._lock:
            if self._free:
                return self._free.pop()
        block = Block(self._memory.take(self._size, "log" if self._logged else "frontier"), first)
        if self._logged:
            self._kept.append(block)
        return block

    def expanded(self, block: Block, states: int) -> None:
        """So many states of a block are expanded."""
        with self._lock:
            block.left -= states
            if block.left == 0 and not self._logged:
                block.filled = 0
                self._free.append(block)

    def path(self, number: int) -> list[list[int]]:
        """The words of the states on the first path to the state of this number."""
        found = []
        while number >= 0:
            block = self._kept[bisect_right(self._kept, number, key=lambda b: b.first) - 1]
            place = number - block.first
            found.append(block.region.read(place * self._words, self._words))
            number = block.region.cells[self.trail + place]
        return found[::-1]
