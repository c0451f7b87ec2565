"""Which cluster a process is in."""

from __future__ import annotations

from .cells import Cell, both, compare, either, same
from .context import Context


def is_in(context: Context, cluster: str, who: Cell) -> Cell:
    """Whether a process is in a cluster."""
    first, count = context.layout.clusters[cluster]
    numbers = context.numbers[cluster]
    if numbers and numbers[-1] - numbers[0] + 1 == count:
        return both(compare(first, "<=", who), compare(who, "<=", first + count - 1))
    return either(*(same(who, each_) for each_ in numbers))
