"""Items of sequences, and cells in memory."""

from __future__ import annotations

from collections.abc import Sequence

from ..layout.reps import Array, Product, Rep
from .cells import Cell, add, choose, same, times
from .frame import Frame
from .values import Flat, Value

CHAIN = 8
"""Up to so many items one is picked by comparing; of more, through a local array."""


def load(pointer: str, index: Cell) -> Cell:
    """A cell in memory."""
    return f"{pointer}[{index}]"


def at_memory(rep: Rep, pointer: str, index: Cell) -> Flat:
    """The value that lies at an address."""
    cells = tuple(load(pointer, add(index, number)) for number in range(rep.cells))
    return Flat(rep, cells, (pointer, index))


def split(value: Flat) -> list[Value]:
    """The items of a tuple or record."""
    rep = value.rep
    assert isinstance(rep, Product)
    found: list[Value] = []
    for number, item in enumerate(rep.items):
        first = rep.offset(number)
        at = value.at and (value.at[0], add(value.at[1], first))
        found.append(Flat(item, value.cells[first : first + item.cells], at))
    return found


def array_item(f: Frame, value: Flat, place: Cell) -> Flat:
    """The item in a place of a sequence, which is there."""
    rep = value.rep
    assert isinstance(rep, Array)
    return slot(f, value, 1, rep.item, rep.most, place)


def slot(f: Frame, value: Flat, first: int, rep: Rep, count: int, place: Cell) -> Flat:
    """One of `count` equal parts of a value, the first of which begins at cell `first`."""
    if isinstance(place, int):
        place = max(0, min(place, count - 1))  # the step has failed before it looks for one that is not there
        start = first + place * rep.cells
        at = value.at and (value.at[0], add(value.at[1], start))
        return Flat(rep, value.cells[start : start + rep.cells], at)
    place = f.writer.named(place)
    if value.at:
        index = f.writer.named(add(add(value.at[1], first), times(place, rep.cells)))
        return at_memory(rep, value.at[0], index)
    parts = [value.cells[first + n * rep.cells : first + (n + 1) * rep.cells] for n in range(count)]
    return Flat(rep, _chosen(parts, place)) if count <= CHAIN else _spilled(f, parts, rep, place)


def _chosen(parts: Sequence[tuple[Cell, ...]], place: Cell) -> tuple[Cell, ...]:
    found = list(parts[-1]) if parts else []
    for number in range(len(parts) - 2, -1, -1):
        found = [choose(same(place, number), a, b) for a, b in zip(parts[number], found, strict=True)]
    return tuple(found)


def _spilled(f: Frame, parts: Sequence[tuple[Cell, ...]], rep: Rep, place: Cell) -> Flat:
    pointer = f.writer.fresh("p")
    f.writer.emit(f"{pointer} = cells({len(parts) * rep.cells})")
    for number, cell in enumerate(cell for part in parts for cell in part):
        f.writer.emit(f"{pointer}[{number}] = {cell}")
    return at_memory(rep, pointer, f.writer.named(times(place, rep.cells)))
