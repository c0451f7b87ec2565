"""What a cell and a state have room for."""

from __future__ import annotations

from collections.abc import Iterator

from .errors import NoLayout
from .reps import CELL_BITS, MOST_BITS, BitSet, Rep, Scalar

MOST_CELLS = 1 << 16
"""The most cells of a field, and of a state."""


def require_room(name: str, rep: Rep) -> None:
    """Errors: `NoLayout` if the values of this field of the model are too large."""
    for part in _everything(rep):
        if isinstance(part, BitSet) and (part.item.size or 0) > MOST_BITS:
            raise NoLayout(f"{name} holds a set of up to {part.item.size} members", f"there is room for {MOST_BITS}")
        if isinstance(part, Scalar) and max(abs(part.lo or 0), abs(part.hi or 0)) >= 1 << CELL_BITS - 1:
            raise NoLayout(f"{name} holds an int from {part.lo} to {part.hi}", "an int has at most 62 bits")
    if rep.cells > MOST_CELLS:
        raise NoLayout(f"{name} has {rep.cells} cells", f"there is room for {MOST_CELLS}")


def _everything(rep: Rep) -> Iterator[Rep]:
    yield rep
    for part in rep.parts:
        yield from _everything(part)
