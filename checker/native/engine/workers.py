"""What each thread has: a desk, and a block that takes the states it finds."""

from __future__ import annotations

from .blocks import Block, Item, Shelf
from .control import DISTINCT, FILLED
from .desk import Desk


class Worker:
    """A thread's desk and block. Blocks that keep all states go on from level to level."""

    def __init__(self, desk: Desk, shelf: Shelf) -> None:
        self.desk = desk
        self._shelf = shelf
        self._block: Block | None = None
        self._since = 0
        self._full: list[Item] = []

    @property
    def block(self) -> Block:
        """The block that new states go to. Errors: `MemoryReached`."""
        return self._block or self.renew()

    def renew(self) -> Block:
        """A new block, in place of one that is full. Errors: `MemoryReached`."""
        first = 0
        if self._block is not None:
            self._full += self._span(self._block)
            first = self._block.first + self._block.filled
        self._block = block = self._shelf.take(first)
        self._since = 0
        self.desk.use(self._shelf.room, self._shelf.trail)
        return block

    def keep(self, words: list[int]) -> None:
        """Put an initial state in the block."""
        cells = self.desk.cells
        if self._block is None or cells[FILLED] == self._shelf.room:
            self.renew()
        n = cells[FILLED]
        self.block.region.write(n * len(words), words)
        if self._shelf.trail:
            self.block.region.cells[self._shelf.trail + n] = -1
        cells[FILLED] = n + 1
        cells[DISTINCT] += 1

    def found(self) -> list[Item]:
        """The states found since this was asked last: the next level, or this thread's share of it."""
        if self._block is not None:
            self._full += self._span(self._block)
            if self._since and not self._shelf.trail:
                self._block = None
        found, self._full = self._full, []
        return found

    def _span(self, block: Block) -> list[Item]:
        start, self._since = self._since, self.desk.cells[FILLED]
        block.filled = self._since
        block.left += self._since - start
        return [Item(block, start, self._since)] if self._since > start else []
