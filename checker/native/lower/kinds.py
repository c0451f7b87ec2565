"""How values are kept of which the front end knows the type and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from ....models.semantics import domains as d
from ... import ir
from ..layout.reps import CELL_BITS, Array, BitSet, Maybe, Product, Rep, Scalar, Table
from .context import Context
from .values import Likely, countable

MOST_GROWN = 16
"""The most items of a sequence that has no bound."""

MOST_WIDE = 256
"""The most values of a field that says something of the ints in sets."""

SPARE = 8
"""By how much an int in a set may be out of the range of all fields."""


def rep_of(context: Context, type_: ir.Type) -> Rep | None:
    """How to keep a value of a type, None if there is no way; the reference engine sees to values that do not fit."""
    found = context.reps.of_type(type_)
    return found if found is not None else _compound(context, type_)


def _compound(context: Context, type_: ir.Type) -> Rep | None:
    match type_:
        case ir.OptionalT(item=item):
            inner = rep_of(context, item)
            return inner and Maybe(inner)
        case ir.SeqT(item=item):
            inner = rep_of(context, item)
            return inner and Array(inner, MOST_GROWN)
        case ir.SetT(item=item):
            inner = rep_of(context, item)
            return set_of(context, inner) if inner else None
        case ir.TupleT(items=items) | ir.RecordT(items=items):
            found = [rep_of(context, item) for item in items]
            whole = tuple(rep for rep in found if rep is not None)
            return Product(whole, getattr(type_, "cls", None)) if len(whole) == len(found) else None
    return None


def set_of(context: Context, item: Rep) -> BitSet | None:
    """How to keep a set of what is kept so, None if its members cannot be numbered."""
    found = guessed(context, item)
    return BitSet(found) if countable(found) else None


def guessed(context: Context, rep: Rep) -> Rep:
    """The same cells, with a guess for each int of which nothing is known."""
    match rep:
        case Scalar(kind="int") if rep.size is None:
            return likely_int(context)
        case Maybe(item=item):
            return Maybe(guessed(context, item))
        case Product(items=items):
            return Product(tuple(guessed(context, item) for item in items), rep.cls)
        case Array(item=item, most=most):
            return Array(guessed(context, item), most)
        case Table():
            return Table(rep.key, rep.keys, guessed(context, rep.value))
    return rep


@lru_cache(maxsize=8)
def likely_int(context: Context) -> Likely:
    """An int in a set of which nothing is known is probably one that a field has, or near that."""
    ranges = [(0, 0), *((i.lo, i.hi) for i in _integers(context) if i.hi - i.lo < MOST_WIDE)]
    lo, hi = min(lo for lo, _ in ranges) - SPARE, max(hi for _, hi in ranges) + SPARE
    return Likely(lo, lo + -(-(hi - lo + 1) // CELL_BITS) * CELL_BITS - 1)


def _integers(context: Context) -> Iterator[d.Integers]:
    shape = context.system.shape
    todo: list[d.Domain] = [
        f.domain for fields in (shape.fields, *(s.fields for s in shape.shapes.values())) for f in fields
    ]
    todo += shape.messages
    while todo:
        domain = todo.pop()
        if isinstance(domain, d.Integers):
            yield domain
        todo += domain.parts
