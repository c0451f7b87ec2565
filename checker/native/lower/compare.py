"""Equality, and orders."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ... import ir
from ..layout.reps import Array, BitSet, Product, Rep, Table
from .cells import Cell, both, compare, either, same, without_bits
from .coerce import flat, item_rep, known_rep, natural, opened
from .errors import NotNative
from .frame import Frame
from .picking import split
from .values import Entries, Everywhere, Flat, Known, Pair, Run, Value, joined, loose


def equal(f: Frame, a: Value, b: Value) -> Cell:
    """Whether two values are the same."""
    a, b = _spread(a, b), _spread(b, a)
    match a, b:
        case Pair(items=xs), Pair(items=ys):
            # of sequences, which may be of other lengths than each other
            return both(*(equal(f, x, y) for x, y in zip(xs, ys, strict=True))) if len(xs) == len(ys) else 0
        case Known(value=None), Flat(rep=rep) if rep.cells == 0:
            return 1
        case (Run(most=0), Run(length=length)) | (Run(length=length), Run(most=0)):
            return same(length, 0)
    for run, other in ((a, b), (b, a)):
        if isinstance(run, Run) and run.most > MOST_COMPARED:
            return _as_long(f, run, other)
    x, y = alike(f, a, b)
    return _same_cells(x, y)


def _same_cells(x: Flat, y: Flat) -> Cell:
    return both(*(same(i, j) for i, j in zip(x.cells, y.cells, strict=True)))


MOST_COMPARED = 64
"""The most items of a sequence that is compared item by item, whatever is on the other side."""


def _as_long(f: Frame, run: Run, other: Value) -> Cell:
    """Whether a sequence that may be very long is the same as one that may not."""
    kept = natural(f, other)
    most = kept.most if isinstance(kept, Array) else len(kept.items) if isinstance(kept, Product) else 0
    rep = joined(kept, Array(item_rep(f, run), most))
    if rep is None:
        raise NotNative("values are compared that are not kept alike", f.place)
    y = flat(f, other, rep)
    return all_of(
        f, [lambda: same(run.length, y.cells[0]), lambda: _same_cells(flat(f, Run(run.length, most, run.get), rep), y)]
    )


def _spread(value: Value, other: Value) -> Value:
    """A constant tuple item by item, beside another tuple."""
    beside = isinstance(other, Pair) or (isinstance(other, Flat) and isinstance(other.rep, Product))
    if not beside or not isinstance(value, Known) or not isinstance(value.value, tuple):
        return value
    return Pair(opened(value))


def alike(f: Frame, a: Value, b: Value) -> tuple[Flat, Flat]:
    """Two values kept in the same way."""
    rep = _common(f, a, b)
    return flat(f, a, rep), flat(f, b, rep)


def _common(f: Frame, a: Value, b: Value) -> Rep:
    if isinstance(a, Entries | Everywhere) or isinstance(b, Entries | Everywhere):
        return _map(f, b if isinstance(a, Entries | Everywhere) else a)
    if isinstance(a, Known) and isinstance(b, Known):
        return joined(known_rep(f, a), known_rep(f, b)) or known_rep(f, a)
    if isinstance(a, Known) or isinstance(b, Known):
        other, known = (b, a) if isinstance(a, Known) else (a, b)
        return _with_constant(f, natural(f, other), known)
    rep = joined(natural(f, a), natural(f, b))
    if rep is None:
        raise NotNative("values are compared that are not kept alike", f.place)
    return rep


def _map(f: Frame, other: Value) -> Rep:
    """How to keep entries beside another map, which has the keys."""
    rep = natural(f, other)
    return Table(rep.key, rep.keys, loose(rep.value)) if isinstance(rep, Table) else rep


def _with_constant(f: Frame, rep: Rep, known: Value) -> Rep:
    """How to keep a constant beside a value; what holds no items takes any way."""
    assert isinstance(known, Known)
    if known.value in ((), frozenset()) and not isinstance(known.value, bool | int):
        return rep
    found = joined(rep, known_rep(f, known))
    if found is None:
        raise NotNative("values are compared that are not kept alike", f.place)
    return found


_STRICT = (ir.OrderOp.LESS, ir.OrderOp.GREATER)


def ordered(f: Frame, op: ir.OrderOp, a: Value, b: Value) -> Cell:
    """`a op b`."""
    if op in (ir.OrderOp.GREATER, ir.OrderOp.GREATER_EQUAL):
        a, b = b, a
    x, y = alike(f, a, b)
    if isinstance(x.rep, BitSet):
        return _included(x, y, op in _STRICT)
    return before(f, x, y, op in _STRICT)


def _included(a: Flat, b: Flat, strict: bool) -> Cell:
    inside = both(*(same(without_bits(x, y), 0) for x, y in zip(a.cells, b.cells, strict=True)))
    differs = either(*(compare(x, "!=", y) for x, y in zip(a.cells, b.cells, strict=True)))
    return both(inside, differs) if strict else inside


def before(f: Frame, a: Flat, b: Flat, strict: bool) -> Cell:
    """Whether one value comes before another, or is it unless `strict`; of tuples, from left to right."""
    if not isinstance(a.rep, Product):
        return compare(a.cell, "<" if strict else "<=", b.cell)
    pairs = list(zip(map(_flat, split(a)), map(_flat, split(b)), strict=True))
    found: Cell = int(not strict)
    for x, y in reversed(pairs):
        x, y = _named(f, x), _named(f, y)
        equals = both(*(same(i, j) for i, j in zip(x.cells, y.cells, strict=True)))
        found = either(before(f, x, y, True), both(equals, found))
    return found


def _flat(value: Value) -> Flat:
    assert isinstance(value, Flat)
    return value


def _named(f: Frame, value: Flat) -> Flat:
    return Flat(value.rep, tuple(f.writer.named(cell) for cell in value.cells), value.at)


Test = Callable[[], Cell]


def all_of(f: Frame, tests: Sequence[Test]) -> Cell:
    """Whether all are true, each looked at only if those before it are."""
    return _sequence(f, tests, True)


def one_of(f: Frame, tests: Sequence[Test]) -> Cell:
    """Whether one is true, each looked at only if none before it is."""
    return _sequence(f, tests, False)


def _sequence(f: Frame, tests: Sequence[Test], going: bool) -> Cell:
    found: Cell = int(going)
    combine = both if going else either
    for test in tests:
        if found == int(not going):
            break
        with f.aside() as block:
            cell = test()
        if not block.items:
            found = combine(found, cell)
        elif found == int(going):
            f.writer.put(block)
            found = cell
        else:
            name = f.writer.variable(found)
            with f.writer.under(f"if {name}:" if going else f"if not {name}:"):
                f.writer.put(block)
                f.writer.emit(f"{name} = {cell}")
            found = name
    return found
