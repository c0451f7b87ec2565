"""Questions about the members of a set that masks answer without a loop.

Where a condition on a member depends on the member alone, it is known for each of them before the run: the members that
meet it are a mask, and "is there one" is a test of the set's bits against it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from ..layout.reps import CELL_BITS, BitSet, with_ones
from .cells import Cell, both, both_bits, choose, compare, either, either_bits, has_bit, times
from .frame import Frame
from .values import Flat

MOST_SWEPT = 512
"""The most bits of a set that are looked at one by one."""

MOST_OPEN = 8
"""The most different conditions that are not known before the run."""


@dataclass(frozen=True)
class Swept:
    """A set, and for each of its possible members the condition."""

    cells: tuple[Cell, ...]
    tests: tuple[Cell, ...]

    def _some(self, among: Collection[int]) -> Cell:
        """Whether one of some possible members is there and meets its condition."""
        found: list[Cell] = []
        for test in dict.fromkeys(self.tests):
            masks = with_ones([index for index in among if self.tests[index] == test], len(self.cells))
            there = [compare(both_bits(c, mask), "!=", 0) for c, mask in zip(self.cells, masks, strict=True) if mask]
            found.append(both(either(*there), test))
        return either(*found)

    def greatest(self, values: Sequence[int], least: bool, otherwise: Cell) -> Cell:
        """The greatest (or least) of what the members that meet their condition are mapped to."""
        places = iter(values)
        to = [next(places) if test != 0 else None for test in self.tests]
        found = otherwise
        for value in sorted({v for v in to if v is not None}, reverse=least):
            found = choose(self._some(_places(to, value)), value, found)
        return found

    def any(self) -> Cell:
        """Whether there is a member that meets its condition."""
        return self._some(range(len(self.tests)))

    def mapped(self, rep: BitSet, target: Sequence[int]) -> Flat:
        """The set of what the members that meet their condition are mapped to; `target` are indices, in order."""
        places = iter(target)
        to = [next(places) if test != 0 else -1 for test in self.tests]
        if all(place in (index, -1) for index, place in enumerate(to)) and rep.cells == len(self.cells):
            return Flat(rep, self._kept())
        cells: list[Cell] = [0] * rep.cells
        for place in sorted(set(to) - {-1}):
            found = self._some(_places(to, place))
            number, bit = divmod(place, CELL_BITS)
            cells[number] = either_bits(cells[number], times(found, 1 << bit))
        return Flat(rep, tuple(cells))

    def _kept(self) -> tuple[Cell, ...]:
        """The cells of the set without the members that do not meet their condition."""
        masks = with_ones(_places(self.tests, 1), len(self.cells))
        cells = [both_bits(cell, mask) for cell, mask in zip(self.cells, masks, strict=True)]
        for index, test in enumerate(self.tests):
            if not isinstance(test, int):
                number, bit = divmod(index, CELL_BITS)
                there = both(has_bit(self.cells[number], bit), test)
                cells[number] = either_bits(cells[number], times(there, 1 << bit))
        return tuple(cells)


def _places(items: Sequence[object], wanted: object) -> list[int]:
    """Where an item is in a sequence."""
    return [place for place, item in enumerate(items) if item == wanted]


def swept(f: Frame, whole: Flat, condition: Callable[[Flat], Cell]) -> Swept | None:
    """The conditions of all possible members of a set, None if a loop is the better way."""
    rep = whole.rep
    assert isinstance(rep, BitSet)
    size = rep.item.size or 0
    if size > MOST_SWEPT:
        return None
    cells = [f.writer.named(cell) for cell in whole.cells]
    possible = [f.writer.possible(cell) for cell in cells]
    tests: list[Cell] = []
    unknown: set[Cell] = set()
    for index in range(size):
        if not possible[index // CELL_BITS] >> index % CELL_BITS & 1:
            tests.append(0)
            continue
        with f.aside() as block:
            tests.append(condition(Flat(rep.item, tuple(rep.item.from_index(index)))))
        if not isinstance(tests[-1], int):
            unknown.add(tests[-1])
        if block.items or len(unknown) > MOST_OPEN:
            return None
    return Swept(tuple(cells), tuple(tests))
