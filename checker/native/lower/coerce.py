"""From one way to keep a value to another."""

from __future__ import annotations

from collections.abc import Sequence

from ... import ir
from ..layout.reps import Array, BitSet, Maybe, Product, Rep, Scalar, Table, Unit, bit_cells, bit_ranges
from .bits import add_bit, index_of
from .cells import Cell, both, choose, compare, same
from .errors import NotNative
from .frame import Frame
from .kinds import guessed, rep_of
from .loops import each
from .picking import array_item, split
from .status import ASK
from .values import (
    Entries,
    Everywhere,
    Flat,
    Heap,
    Known,
    Pair,
    Run,
    Value,
    countable,
    joined,
    least_of,
    loose,
    most_of,
)

MOST_GATHERED = 16
"""Up to so many items are put into a set without a loop."""

MOST_CELLS = 4096
"""The most cells of a value that is made in the middle of a step."""


def flat(f: Frame, value: Value, wanted: Rep | None = None) -> Flat:
    """A value as cells, kept as is wanted. Errors: `NotNative` if it cannot be."""
    if wanted is None:
        return value if isinstance(value, Flat) else flat(f, value, natural(f, value))
    match value:
        case Known():
            return _known(f, value, wanted)
        case Flat():
            return value if value.rep == wanted else _kept(f, value, wanted)
        case Pair(items=items):
            return _pair(f, items, wanted)
        case Run():
            return _run(f, value, wanted)
        case Everywhere(value=one) if isinstance(wanted, Table):
            return Flat(wanted, flat(f, one, wanted.value).cells * len(wanted.keys))
        case Entries() if isinstance(wanted, Table):
            return _entries(f, value, wanted)
        case Heap() if isinstance(wanted, BitSet):
            return gathered(f, value, wanted)
    raise _no_way(f)


def _no_way(f: Frame) -> NotNative:
    return NotNative("this value has no fixed number of bits", f.place)


def natural(f: Frame, value: Value) -> Rep:
    """How a value is kept if nobody says how."""
    match value:
        case Flat(rep=rep):
            return rep
        case Known():
            return known_rep(f, value)
        case Pair(items=items):
            return Product(tuple(natural(f, item) for item in items))
        case Run(most=0):
            return Array(Unit(), 0)
        case Run():
            return Array(item_rep(f, value), value.most)
        case Entries(type=type_):
            return _rep_of(f, type_)
        case Heap(member=member):
            return BitSet(sized(f, member))
    raise _no_way(f)


MOST_EXACT = 2**60
"""The greatest constant."""

MODERATE = 2**31
"""How great an int may be that is kept or multiplied; what is computed with few of them fits a cell."""


def moderate(f: Frame, value: Flat) -> Flat:
    """An int that is not very great; the reference engine sees to others."""
    lo, hi = value.rep.cell_ranges()[0]
    if lo >= -MODERATE and hi <= MODERATE:
        return value
    cell = f.writer.named(value.cell)
    f.writer.stop_unless(both(compare(-MODERATE, "<=", cell), compare(cell, "<=", MODERATE)), ASK)
    return Flat(value.rep, (cell,))


def sized(f: Frame, rep: Rep) -> Rep:
    """A way to keep the members of a set. Errors: `NotNative` if they cannot be numbered."""
    found = guessed(f.context, rep)
    if not countable(found):
        raise _no_way(f)
    return found


def known_rep(f: Frame, value: Known) -> Rep:
    """How a constant is kept."""
    match value:
        case Known(value=bool()) | Known(value=None):
            return _rep_of(f, value.type)
        case Known(value=int() as exact):
            if abs(exact) > MOST_EXACT:
                raise NotNative("this number has too many bits", f.place)
            return Scalar(exact, exact)
        case Known(value=tuple()):
            return _rep_of_all(f, opened(value), value.type)
        case Known(value=frozenset() as members, type=ir.SetT(item=kind)) if members:
            kept = [known_rep(f, Known(member, kind)) for member in members]
            return BitSet(sized(f, _join_all(f, kept)))
    return _rep_of(f, value.type)


def nothing_of(f: Frame, type_: ir.Type) -> Flat:
    """What stands for a value of a type where the step has failed before."""
    rep = _rep_of(f, type_)
    return Flat(rep, (0,) * rep.cells)


def _rep_of(f: Frame, type_: ir.Type) -> Rep:
    found = rep_of(f.context, type_)
    if found is None:
        raise _no_way(f)
    return found


def _rep_of_all(f: Frame, items: Sequence[Known], type_: ir.Type) -> Rep:
    kept = [known_rep(f, each_) for each_ in items]
    if isinstance(type_, ir.TupleT) and items:
        return Product(tuple(kept))
    return Array(_join_all(f, kept) if kept else Unit(), len(kept))


def _join_all(f: Frame, reps: Sequence[Rep]) -> Rep:
    found: Rep | None = reps[0]
    for rep in reps[1:]:
        found = found and joined(found, rep)
    if found is None:
        raise _no_way(f)
    return found


def opened(value: Known) -> tuple[Known, ...]:
    """The items of a constant tuple."""
    count = len(value.value)
    kinds = value.type.items if isinstance(value.type, ir.TupleT) else (ir.item_of(value.type) or value.type,) * count
    return tuple(Known(item, kind) for item, kind in zip(value.value, kinds, strict=True))


def item_rep(f: Frame, run: Run) -> Rep:
    """How the items of a sequence are kept, found by writing one that is thrown away."""
    with f.aside():
        return natural(f, run.get("0 * 1"))


def _known(f: Frame, value: Known, wanted: Rep) -> Flat:
    rep = known_rep(f, value)
    if isinstance(wanted, Scalar) or not value.value or within(rep, wanted):
        return Flat(wanted, tuple(wanted.flatten(value.value)))
    return _kept(f, Flat(rep, tuple(rep.flatten(value.value))), wanted)


def _pair(f: Frame, items: Sequence[Value], wanted: Rep) -> Flat:
    match wanted:
        case Maybe(item=item):
            return Flat(wanted, (1, *_pair(f, items, item).cells))
        case Product(items=kinds):
            parts = [flat(f, item, kind) for item, kind in zip(items, kinds, strict=True)]
            return Flat(wanted, tuple(cell for part in parts for cell in part.cells))
        case Array():
            return _run(f, Run(len(items), len(items), lambda i: items[int(i)]), wanted)
    raise _no_way(f)


def _kept(f: Frame, value: Flat, wanted: Rep) -> Flat:
    match value.rep, wanted:
        case Scalar(), Scalar():
            return Flat(wanted, value.cells)
        case Unit(), Maybe():
            return Flat(wanted, (0,) * wanted.cells)
        case Maybe(item=have), Maybe(item=want):
            inner = _kept_or_zero(f, value.cells[0], Flat(have, value.cells[1:]), want)
            return Flat(wanted, (value.cells[0], *inner))
        case _, Maybe(item=want):
            return Flat(wanted, (1, *flat(f, value, want).cells))
        case Product(), Product(items=wants):
            parts = [flat(f, part, want) for part, want in zip(split(value), wants, strict=True)]
            return Flat(wanted, tuple(cell for part in parts for cell in part.cells))
        case Product(), Array():
            return _pair(f, split(value), wanted)
        case Array(), Array():
            return _array(f, value, wanted)
        case BitSet(), BitSet():
            return gathered(f, value, wanted)
        case Table(value=have), Table(value=want):
            width = have.cells
            values = [Flat(have, value.cells[i * width : (i + 1) * width]) for i in range(len(wanted.keys))]
            return Flat(wanted, tuple(c for each in values for c in flat(f, each, want).cells))
    if value.rep.cells == wanted.cells:
        return Flat(wanted, value.cells)
    raise _no_way(f)


def _kept_or_zero(f: Frame, there: Cell, value: Flat, wanted: Rep) -> tuple[Cell, ...]:
    """The cells of what may be there, without looking at them if it is not."""
    with f.aside() as block:
        found = flat(f, value, wanted)
    if not block.items:
        return tuple(c if c in value.cells else choose(there, c, 0) for c in found.cells)
    names = [f.writer.variable(0) for _ in found.cells]
    with f.writer.under(f"if {there}:"):
        f.writer.put(block)
        for name, cell in zip(names, found.cells, strict=True):
            f.writer.emit(f"{name} = {cell}")
    return tuple(names)


def _array(f: Frame, value: Flat, wanted: Array) -> Flat:
    have = value.rep
    assert isinstance(have, Array)
    if have.item == wanted.item and have.most <= wanted.most:
        return Flat(wanted, (*value.cells, *(0,) * (wanted.cells - have.cells)))
    if have.item == wanted.item:
        f.writer.stop_unless(compare(value.cells[0], "<=", wanted.most), ASK)
        return Flat(wanted, value.cells[: wanted.cells])
    return _run(f, Run(value.cells[0], have.most, lambda i: array_item(f, value, i)), wanted)


def _run(f: Frame, run: Run, wanted: Rep) -> Flat:
    if isinstance(wanted, Maybe):
        return Flat(wanted, (1, *_run(f, run, wanted.item).cells))
    if not isinstance(wanted, Array):
        raise _no_way(f)
    if min(run.most, wanted.most) * wanted.item.cells > MOST_CELLS:
        raise _no_way(f)
    length = f.writer.named(run.length)
    f.writer.stop_unless(compare(length, "<=", wanted.most) if run.most > wanted.most else 1, ASK)
    cells: list[Cell] = []
    for place in range(min(run.most, wanted.most)):
        cells += _place(f, run, length, place, wanted.item)
    return Flat(wanted, (length, *cells, *(0,) * (wanted.cells - 1 - len(cells))))


def _place(f: Frame, run: Run, length: Cell, place: int, wanted: Rep) -> tuple[Cell, ...]:
    """The cells of one item, 0 where the sequence ends before it."""
    there = compare(place, "<", length)
    if there == 0:
        return (0,) * wanted.cells
    with f.aside() as block:
        item = flat(f, run.get(place), wanted)
    if there == 1:
        f.writer.put(block)
        return item.cells
    if not block.items:
        return tuple(choose(there, cell, 0) for cell in item.cells)
    names = [f.writer.variable(0) for _ in item.cells]
    with f.writer.under(f"if {there}:"):
        f.writer.put(block)
        for name, cell in zip(names, item.cells, strict=True):
            f.writer.emit(f"{name} = {cell}")
    return tuple(names)


def gathered(f: Frame, items: Value, wanted: BitSet) -> Flat:
    """The set of what can be iterated over."""
    names = tuple(f.writer.variable(0) for _ in range(wanted.cells))

    def put(item: Value) -> None:
        valid, index = indexed(f, item, wanted.item)
        f.writer.stop_unless(valid, ASK)
        add_bit(f.writer, names, index)

    each(f, items, put, unrolled=MOST_GATHERED)
    return Flat(wanted, names)


def _entries(f: Frame, value: Entries, wanted: Table) -> Flat:
    """A map that is given entry by entry; the reference engine sees to one that lacks a key."""
    names = [f.writer.variable(0) for _ in range(wanted.cells)]
    rep, given = put_entries(f, value, wanted, names)
    for cell, (_, full) in zip(given, bit_ranges(len(wanted.keys)), strict=True):
        f.writer.stop_unless(same(cell, full), ASK)
    return Flat(rep, tuple(names))


def put_entries(f: Frame, value: Entries, wanted: Table, names: Sequence[str]) -> tuple[Table, list[str]]:
    """Write the entries of a map into variables; gives how it is then kept, and a bit for each key given."""
    given = [f.writer.variable(0) for _ in range(bit_cells(len(wanted.keys)))]
    kept = Table(wanted.key, wanted.keys, loose(wanted.value))

    def put(key: Value, item: Value) -> None:
        place = f.writer.named(place_of(f, wanted, key))
        f.writer.stop_unless(compare(0, "<=", place), ASK)
        cells = [f.writer.named(c) for c in flat(f, item, kept.value).cells]
        if place != -1:
            add_bit(f.writer, given, place)
        for number in range(len(wanted.keys)):
            there = same(place, number)
            if there != 0:
                _put_at(f, names, number * kept.value.cells, there, cells)

    value.put(put)
    return kept, given


def _put_at(f: Frame, names: Sequence[str], first: int, there: Cell, cells: Sequence[Cell]) -> None:
    for number, cell in enumerate(cells):
        name = names[first + number]
        f.writer.emit(f"{name} = {choose(there, cell, name)}")


def indexed(f: Frame, item: Value, rep: Rep) -> tuple[Cell, Cell]:
    """Whether a value is one of those that a set may have, and its index among them."""
    sure = isinstance(item, Flat | Pair) and within(natural(f, item), rep)
    valid, index = index_of(rep, flat(f, item, rep).cells)
    return (1 if sure else valid), index


def within(have: Rep, rep: Rep) -> bool:
    """Whether each value that is kept in one way is among those of another."""
    match have, rep:
        case Scalar(), Scalar():
            lo, hi = have.cell_ranges()[0]
            return least_of(rep) <= lo and hi <= most_of(rep)
        case Unit(), (Unit() | Maybe()):
            return True
        case Maybe(item=a), Maybe(item=b):
            return within(a, b)
        case Product(items=xs), Product(items=ys) if len(xs) == len(ys):
            return all(map(within, xs, ys))
        case Array(item=a, most=m), Array(item=b, most=n):
            return m <= n and within(a, b)
        case Table(value=a), Table(value=b):
            return have.keys == rep.keys and within(a, b)
        case _, Maybe(item=b):
            return within(have, b)
    return have == rep


def place_of(f: Frame, rep: Table, key: Value) -> Cell:
    """The place of a key in a map, -1 if it has none."""
    valid, index = indexed(f, key, rep.key)
    index = f.writer.named(index)
    if isinstance(index, int):
        return rep.places.get(index, -1) if valid != 0 else -1
    size = sized(f, rep.key).size or 0
    place = f.context.looked_up([rep.places.get(i, -1) for i in range(size)], index)
    return place if valid == 1 else choose(valid, place, -1)
