"""Sets as bits: which bit a value has, and which value a bit is."""

from __future__ import annotations

from collections.abc import Sequence

from ..layout.reps import CELL_BITS, Array, BitSet, Maybe, Product, Rep, Scalar, Table, Unit
from .cells import (
    Cell,
    add,
    bit,
    both,
    choose,
    compare,
    either,
    either_bits,
    has_bit,
    negation,
    part,
    rest,
    same,
    sub,
    times,
)
from .values import least_of, most_of
from .writer import Writer


def index_of(rep: Rep, cells: Sequence[Cell]) -> tuple[Cell, Cell]:
    """Whether a value is one of those that a set may have, and its index among them."""
    match rep:
        case Unit():
            return 1, 0
        case Scalar():
            lo, hi = least_of(rep), most_of(rep)
            return both(compare(lo, "<=", cells[0]), compare(cells[0], "<=", hi)), sub(cells[0], lo)
        case Maybe(item=item):
            valid, index = index_of(item, cells[1:])
            return either(negation(cells[0]), valid), choose(cells[0], add(index, 1), 0)
        case Product(items=items):
            return _digits(items, cells)
        case Table(keys=keys, value=value):
            return _digits([value] * len(keys), cells)
        case Array():
            return _array_index(rep, cells)
        case BitSet():
            return 1, _joined(rep, cells)
    raise AssertionError(rep)


def _digits(items: Sequence[Rep], cells: Sequence[Cell]) -> tuple[Cell, Cell]:
    valid: Cell = 1
    index: Cell = 0
    at = 0
    for item in items:
        fine, digit = index_of(item, cells[at : at + item.cells])
        valid, index = both(valid, fine), add(times(index, item.size or 0), digit)
        at += item.cells
    return valid, index


def _array_index(rep: Array, cells: Sequence[Cell]) -> tuple[Cell, Cell]:
    width, size = rep.item.cells, rep.item.size or 0
    valid: Cell = 1
    found: Cell = 0
    index: Cell = 0
    for length in range(1, rep.most + 1):
        fine, digit = index_of(rep.item, cells[1 + (length - 1) * width : 1 + length * width])
        valid = both(valid, either(compare(cells[0], "<", length), fine))
        index = add(times(index, size), digit)
        shorter = sum(size**n for n in range(length))
        found = choose(same(cells[0], length), add(index, shorter), found)
    return valid, found


def _joined(rep: BitSet, cells: Sequence[Cell]) -> Cell:
    index: Cell = 0
    for cell, (_, hi) in zip(cells, rep.cell_ranges(), strict=True):
        index = either_bits(times(index, 1 << hi.bit_length()), cell)
    return index


def from_index(rep: Rep, index: Cell) -> list[Cell]:
    """The value that has this index; the text of the index may be written several times."""
    if isinstance(index, int):
        return list(rep.from_index(index))
    match rep:
        case Unit():
            return []
        case Scalar():
            return [add(index, least_of(rep))]
        case Maybe(item=item):
            there = compare(0, "<", index)
            return [there, *(choose(there, cell, 0) for cell in from_index(item, f"({index} - 1)"))]
        case Product(items=items):
            return _from_digits(items, index)
        case Table(keys=keys, value=value):
            return _from_digits([value] * len(keys), index)
        case BitSet() if rep.cells == 1:
            return [index]
    raise OverflowError


def _from_digits(items: Sequence[Rep], index: Cell) -> list[Cell]:
    cells: list[Cell] = []
    step = 1
    for item in reversed(items):
        size = item.size or 1
        whole = step * size >= _size(items)
        digit = part(index, step) if whole else rest(part(index, step), size)
        cells[:0] = from_index(item, digit) if item.cells else []
        step *= size
    return cells


def _size(items: Sequence[Rep]) -> int:
    size = 1
    for item in items:
        size *= item.size or 1
    return size


def add_bit(writer: Writer, names: Sequence[str], index: Cell) -> None:
    """Set a bit of a set that is kept in variables."""
    if isinstance(index, int):
        writer.emit(f"{names[index // CELL_BITS]} |= {bit(index % CELL_BITS)}")
    elif len(names) == 1:
        writer.emit(f"{names[0]} |= {bit(index)}")
    else:
        index = writer.named(index)
        which, mask = writer.named(part(index, CELL_BITS)), writer.named(bit(rest(index, CELL_BITS)))
        for number, name in enumerate(names):
            writer.emit(f"{name} |= {choose(same(which, number), mask, 0)}")


def test_bit(writer: Writer, cells: Sequence[Cell], index: Cell) -> Cell:
    """Whether a bit of a set is set."""
    if not cells:
        return 0
    if isinstance(index, int):
        return has_bit(cells[index // CELL_BITS], index % CELL_BITS)
    if len(cells) == 1:
        return has_bit(cells[0], index)
    index = writer.named(index)
    which = writer.named(part(index, CELL_BITS))
    word: Cell = cells[-1]
    for number in range(len(cells) - 2, -1, -1):
        word = choose(same(which, number), cells[number], word)
    return has_bit(word, rest(index, CELL_BITS))


def count_bits(cells: Sequence[Cell]) -> Cell:
    """How many members a set has."""
    total: Cell = 0
    for cell in cells:
        total = add(total, cell.bit_count() if isinstance(cell, int) else f"popcount({cell})")
    return total
