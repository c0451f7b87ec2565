"""Values that stay what they are while a step goes on."""

from __future__ import annotations

import re

from .cells import Cell
from .coerce import flat
from .frame import Frame
from .values import Entries, Everywhere, Flat, Heap, Pair, Run, Value

_LOAD = re.compile(r"m\[[^\[\]]*\]")


def steady(f: Frame, value: Value) -> Value:
    """A value that later assignments do not change, and that is not computed again where it is used."""
    match value:
        case Flat(rep=rep, at=at):
            kept = at if at and not f.kernel.writes and _is_fixed(f, str(at[1])) else None
            return Flat(rep, tuple(steady_cell(f, cell) for cell in value.cells), kept)
        case Pair(items=items, names=names):
            return Pair(tuple(steady(f, item) for item in items), names)
        case Everywhere(value=one):
            return Everywhere(steady(f, one))
        case Entries(settle=settle):
            return settle()
        case Run(fixed=False) | Heap() if f.kernel.writes or f.many:
            return steady(f, flat(f, value))
    return value


def steady_cell(f: Frame, cell: Cell) -> Cell:
    """A cell that is computed, or read, where this is written and not later."""
    if not isinstance(cell, str):
        return cell
    if cell in f.kernel.mutable:
        return f.writer.copied(cell)
    if not f.kernel.writes and _LOAD.fullmatch(cell) and _is_fixed(f, cell):
        return cell
    return f.writer.named(cell)


def _is_fixed(f: Frame, text: str) -> bool:
    """Whether no name in a text is assigned again."""
    return f.kernel.mutable.isdisjoint(re.findall(r"\w+", text))
