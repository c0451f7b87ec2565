"""The items of tuples and records."""

from __future__ import annotations

from ... import ir
from .coerce import flat
from .frame import Frame
from .picking import split
from .values import Known, Pair, Value


def item(f: Frame, whole: Value, place: int) -> Value:
    """An item of a tuple or record."""
    match whole:
        case Pair(items=items):
            return items[place]
        case Known(value=tuple() as known, type=ir.TupleT(items=types)):
            return Known(known[place], types[place])
    return split(flat(f, whole))[place]
