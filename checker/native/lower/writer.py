"""Writes the text of one kernel, block by block."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from .cells import Cell

_LOADED = re.compile(r"m\[\d+\]")
_MASKED = re.compile(r"\((\w+|\w+\[\d+\]) & (\d+)\)")


class Block:
    """Lines, and the blocks under some of them."""

    def __init__(self) -> None:
        self.items: list[str | Block] = []

    def lines(self, indent: int) -> Iterator[str]:
        """The text, indented; a block without lines passes."""
        for item in self.items:
            if isinstance(item, Block):
                yield from item.lines(indent + 1)
            else:
                yield "    " * indent + item
        if not self.items:
            yield "    " * indent + "pass"


class Writer:
    """The body of a kernel under construction: `here` is the block that lines go to, all new names begin with `names`.

    `still` says that memory does not change, so that what is read from it needs no name.
    """

    def __init__(self, names: str = "", still: bool = False) -> None:
        self._names = names
        self._still = still
        self.body = self.here = Block()
        self._count = 0
        self._possible: dict[str, int] = {}

    def emit(self, line: str) -> None:
        """Add a line."""
        self.here.items.append(line)

    def fresh(self, prefix: str = "t") -> str:
        """A name that no line has yet."""
        self._count += 1
        return f"{self._names}{prefix}{self._count}"

    @contextmanager
    def into(self, block: Block) -> Iterator[Block]:
        """Write to this block for a while."""
        before, self.here = self.here, block
        try:
            yield block
        finally:
            self.here = before

    @contextmanager
    def under(self, header: str) -> Iterator[Block]:
        """Write a header, and what follows under it."""
        self.emit(header)
        block = Block()
        self.here.items.append(block)
        with self.into(block):
            yield block

    def open(self, header: str) -> Block:
        """A header with a block under it that is filled later."""
        with self.under(header) as block:
            return block

    def put(self, block: Block) -> None:
        """Add the lines of a block that was written elsewhere."""
        self.here.items.extend(block.items)

    def named(self, cell: Cell) -> Cell:
        """A cell that may be written more than once without being computed more than once."""
        if isinstance(cell, int) or cell.isidentifier() or (self._still and _LOADED.fullmatch(cell)):
            return cell
        name = self.copied(cell)
        self._possible[name] = self.possible(cell)
        return name

    def possible(self, cell: Cell) -> int:
        """The bits of a set's cell that may be set, as far as the way it is computed says."""
        if isinstance(cell, int):
            return cell
        masked = _MASKED.fullmatch(cell)
        if masked:
            return int(masked[2]) & self.possible(masked[1])
        return self._possible.get(cell, -1)

    def copied(self, cell: Cell) -> str:
        """A new name for what a cell is now."""
        name = self.fresh()
        self.emit(f"{name} = {cell}")
        return name

    def variable(self, cell: Cell) -> str:
        """A new variable with this value."""
        name = self.fresh("v")
        self.emit(f"{name} = {cell}")
        return name

    def stop_unless(self, test: Cell, status: int) -> None:
        """Leave the kernel with this status unless something is true."""
        if isinstance(test, int):
            if not test:
                self.emit(f"return {status}")
            return
        with self.under(f"if not {test}:"):
            self.emit(f"return {status}")

    def text(self, header: str) -> Iterable[str]:
        """The whole kernel."""
        yield header
        yield from self.body.lines(1)
