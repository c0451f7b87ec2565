"""Writes the renaming of values from the cells of a state to those of its image, which begin as a copy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from ...layout.reps import CELL_BITS, Array, BitSet, Maybe, Product, Rep, Scalar, Table, bit_cells, with_ones
from ..cells import Cell, add, both_bits, either_bits, times
from ..writer import Writer
from .turn import Index, Term, Turn

MOST_MOVES = 32
"""Up to so many parts of a set are moved one by one; beyond, each value in the set is."""


@dataclass(frozen=True)
class Spot:
    """A value in memory: a pointer, and the cell of the value's first one."""

    pointer: str
    base: Cell

    def moved(self, cells: Cell) -> Spot:
        """So many cells further on."""
        return Spot(self.pointer, add(self.base, cells))

    def __getitem__(self, cell: Cell) -> str:
        """The text of a cell."""
        return f"{self.pointer}[{add(self.base, cell)}]"


def rename(w: Writer, turn: Turn, rep: Rep, old: Spot, new: Spot) -> None:
    """Write a renamed value; its cells that need no change are there already."""
    if not turn.names(rep):
        return
    match rep:
        case Scalar():
            w.emit(f"{new[0]} = {turn.renamed(w.named(old[0]), rep)}")
        case Maybe(item=item):
            with w.under(f"if {old[0]} != 0:"):
                rename(w, turn, item, old.moved(1), new.moved(1))
        case Product(items=items):
            for number, item in enumerate(items):
                rename(w, turn, item, old.moved(rep.offset(number)), new.moved(rep.offset(number)))
        case Array(item=item):
            _items(w, turn, item, old[0], old.moved(1), new.moved(1))
        case Table(keys=keys, value=value) if not turn.names(rep.key):
            _items(w, turn, value, len(keys), old, new)
        case Table():
            _rows(w, turn, rep, old, new)
        case BitSet():
            rename_set(w, turn, groups_of(turn, rep), old, new)


def _items(w: Writer, turn: Turn, item: Rep, count: Cell, old: Spot, new: Spot) -> None:
    number = w.fresh("i")
    with w.under(f"for {number} in range({count}):"):
        rename(w, turn, item, old.moved(times(number, item.cells)), new.moved(times(number, item.cells)))


def _rows(w: Writer, turn: Turn, table: Table, old: Spot, new: Spot) -> None:
    """A map whose keys are renamed: each value moves, and is renamed itself."""
    width = table.value.cells
    for place, index in enumerate(table.order):
        constant, terms = turn.index(table.key, index)
        row = add(turn.sum_of(terms), constant)
        if table.order != tuple(range(len(table.keys))):
            row = turn.context.looked_up([table.places.get(i, 0) for i in range(table.key.size or 0)], row)
        row = w.named(times(row, width))
        for cell in range(width):
            w.emit(f"{new.moved(row)[cell]} = {old[place * width + cell]}")
        rename(w, turn, table.value, old.moved(place * width), new.moved(row))


# -- sets --------------------------------------------------------------------------------------------------------------

Groups = dict[tuple[Term, ...], list[int]]
"""The values that a set may have, by index; together are those whose indices a renaming changes by the same."""


def groups_of(turn: Turn, rep: BitSet) -> Groups:
    """The groups of the values that a set may have."""
    return grouped([turn.index(rep.item, index) for index in range(rep.item.size or 0)])


def grouped(renamed: Sequence[Index]) -> Groups:
    """The groups of values, given what becomes of the index of each."""
    found: Groups = defaultdict(list)
    for index, (_, terms) in enumerate(renamed):
        found[terms].append(index)
    return found


def rename_set(w: Writer, turn: Turn, groups: Groups, old: Spot, new: Spot) -> None:
    """A set of values in these groups: their bits change places."""
    cells = bit_cells(sum(map(len, groups.values())))
    if cells == 1 and len(groups) <= MOST_MOVES:
        _move(w, turn, groups, old, new)
    elif cells:
        _move_each(w, turn, groups, cells, old, new)


def _move(w: Writer, turn: Turn, groups: Groups, old: Spot, new: Spot) -> None:
    before = w.named(old[0])
    after: Cell = 0
    for terms, indices in groups.items():
        bits = both_bits(before, with_ones(indices, 1)[0])
        if terms:
            down = sum(term.now for term in terms)
            bits = f"({bits} >> {down} << {turn.sum_of(terms)})" if down else f"({bits} << {turn.sum_of(terms)})"
        after = either_bits(after, bits)
    w.emit(f"{new[0]} = {after}")


def _move_each(w: Writer, turn: Turn, groups: Groups, cells: int, old: Spot, new: Spot) -> None:
    numbers = [0] * sum(map(len, groups.values()))
    for number, indices in enumerate(groups.values()):
        for index in indices:
            numbers[index] = number
    moves = w.fresh("d")
    w.emit(f"{moves} = cells({len(groups)})")
    for number, terms in enumerate(groups):
        w.emit(f"{moves}[{number}] = {add(turn.sum_of(terms), -sum(term.now for term in terms))}")
    for cell in range(cells):
        w.emit(f"{new[cell]} = 0")
    group = turn.context.table(numbers)
    with each_bit(w, old, cells) as place:
        set_bit(w, new, w.named(f"({place} + {moves}[{group}[{place}]])"), cells)


@contextmanager
def each_bit(w: Writer, old: Spot, cells: int) -> Iterator[str]:
    """Write what is done with the place of each bit that is set."""
    cell, left, place = w.fresh("c"), w.fresh("w"), w.fresh("i")
    with w.under(f"for {cell} in range({cells}):"):
        w.emit(f"{left} = {old[cell]}")
        with w.under(f"while {left} != 0:"):
            w.emit(f"{place} = ctz({left}) + {cell} * {CELL_BITS}")
            w.emit(f"{left} &= {left} - 1")
            yield place


def set_bit(w: Writer, new: Spot, place: Cell, cells: int) -> None:
    """Set the bit in a place."""
    if cells == 1:
        w.emit(f"{new[0]} |= 1 << {place}")
    else:
        word = w.named(f"udiv({place}, {CELL_BITS})")
        w.emit(f"{new[word]} |= 1 << ({place} - {word} * {CELL_BITS})")
