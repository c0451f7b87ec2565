"""The code of expressions over collections."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from types import MappingProxyType

from ... import ir
from ..layout.reps import CELL_BITS, Array, BitSet, Product, Rep, Table
from .bits import add_bit, count_bits, test_bit
from .cells import (
    Cell,
    add,
    both,
    both_bits,
    choose,
    compare,
    either,
    either_bits,
    floor_div,
    greatest,
    has_bit,
    least,
    other_bits,
    remainder,
    same,
    sub,
    times,
    without_bits,
)
from .coerce import (
    flat,
    gathered,
    indexed,
    item_rep,
    known_rep,
    natural,
    nothing_of,
    opened,
    place_of,
    put_entries,
    sized,
)
from .compare import alike, before, equal
from .errors import NotNative
from .frame import Frame, Meaning
from .kinds import rep_of
from .loops import each, items_of
from .merging import merged
from .picking import slot, split
from .status import ASK, FAILED
from .steady import steady, steady_cell
from .values import NOTHING, Entries, Everywhere, Flat, Heap, Known, Pair, Run, Value, joined, loose, number, truth

ENDLESS = 1 << 16
"""The length of a sequence of which nothing is known."""

# -- sequences -----------------------------------------------------------------------------------------------------


def run_of(f: Frame, value: Value) -> Run:
    """A value as a sequence. Errors: `NotNative` for one that has no order."""
    match value:
        case Run():
            return value
        case Pair(items=items):
            return Run(len(items), len(items), lambda i: _pick(f, items, i))
        case Known(value=()):
            return Run(0, 0, lambda i: value, True)
        case Known(value=tuple()):
            return run_of(f, Pair(opened(value)))
        case Flat(rep=Product()):
            return run_of(f, Pair(tuple(split(value))))
        case Heap() | Flat(rep=BitSet()):
            raise NotNative("this needs the members of a set in an order", f.place)
    made = flat(f, value)
    return items_of(f, made, made.rep)


def _pick(f: Frame, items: tuple[Value, ...], place: Cell) -> Value:
    if isinstance(place, int):
        return items[place] if place < len(items) else items[-1]
    whole = flat(f, Pair(items), Array(_item(f, items), len(items)))
    rep = whole.rep
    assert isinstance(rep, Array)
    return slot(f, whole, 1, rep.item, rep.most, place)


def _item(f: Frame, items: tuple[Value, ...]) -> Rep:
    found = natural(f, Run(1, 1, lambda i: items[0]))
    for each_ in items[1:]:
        one = natural(f, Run(1, 1, partial(_same, each_)))
        found = alike_reps(f, found, one)
    assert isinstance(found, Array)
    return found.item


def _same(value: Value, place: Cell) -> Value:
    return value


def alike_reps(f: Frame, a: Rep, b: Rep) -> Rep:
    """How to keep what is kept in one of two ways. Errors: `NotNative`."""
    rep = joined(a, b)
    if rep is None:
        raise NotNative("this puts values together that are not kept alike", f.place)
    return rep


def length(f: Frame, value: Value) -> Cell:
    """How many items a collection has."""
    match value:
        case Flat(rep=BitSet()):
            return count_bits(value.cells)
        case Known(value=tuple() | frozenset() as items):
            return len(items)
        case Heap():
            total = f.writer.variable(0)
            each(f, value, lambda one: f.writer.emit(f"{total} += 1"))
            return total
    return run_of(f, value).length


def _length(f: Frame, e: ir.Length) -> Value:
    value = f.value(e.value)
    most = (value.rep.item.size or 0) if isinstance(value, Flat) and isinstance(value.rep, BitSet) else _most(value)
    return number(length(f, value), 0, most)


def _most(value: Value) -> int | None:
    match value:
        case Run(most=most) | Flat(rep=Array(most=most)):
            return most
        case Pair(items=items):
            return len(items)
    return None


def _make_seq(f: Frame, e: ir.MakeSeq) -> Value:
    return Pair(tuple(f.value(item) for item in e.items)) if e.items else Known((), e.type)


def _seq_item(f: Frame, e: ir.SeqItem) -> Value:
    run, index = run_of(f, f.value(e.value)), flat(f, f.value(e.index)).cell
    index, long = f.writer.named(index), f.writer.named(run.length)
    if isinstance(index, int):
        place = index if index >= 0 else add(long, index)
        f.writer.stop_unless(compare(index, "<", long) if index >= 0 else compare(-index, "<=", long), FAILED)
    else:
        f.writer.stop_unless(both(f"({_minus(long)} <= {index})", compare(index, "<", long)), FAILED)
        place = choose(compare(index, "<", 0), add(index, long), index)
    if run.most == 0:
        return nothing_of(f, e.type)
    return run.get(place if isinstance(place, int) else f.writer.named(place))


def _minus(cell: Cell) -> Cell:
    return -cell if isinstance(cell, int) else f"(0 - {cell})"


def _slice(f: Frame, e: ir.Slice) -> Value:
    run = run_of(f, f.value(e.value))
    long = f.writer.named(run.length)
    lo = _end(f, e.lo, long) if e.lo else 0
    hi = _end(f, e.hi, long) if e.hi else long
    count = f.writer.named(greatest(0, f.writer.named(sub(hi, lo))))
    most = _sliced(run.most, lo, hi)
    return Run(count, most, lambda i: run.get(add(i, lo)))


def _sliced(most: int, lo: Cell, hi: Cell) -> int:
    return max(0, (min(most, hi) if isinstance(hi, int) else most) - (lo if isinstance(lo, int) else 0))


def _end(f: Frame, expr: ir.Expr, long: Cell) -> Cell:
    """An end of a slice as Python takes it: from the end if negative, and never outside."""
    end = flat(f, f.value(expr))
    at, lo = f.writer.named(end.cell), end.rep.cell_ranges()[0][0]
    inside = at
    if lo < 0:
        inside = f.writer.named(choose(compare(at, "<", 0), add(at, long), at))
        inside = f.writer.named(greatest(0, inside))
    return f.writer.named(least(inside, long))


def _concat(f: Frame, e: ir.Concat) -> Value:
    a, b = f.value(e.left), f.value(e.right)
    if isinstance(a, Pair) and isinstance(b, Pair):
        return Pair((*a.items, *b.items))
    x, y = run_of(f, a), run_of(f, b)
    if x.most == 0 or y.most == 0:
        return b if x.most == 0 else a
    first = f.writer.named(x.length)
    return Run(add(first, y.length), x.most + y.most, lambda i: _either(f, x, y, first, i))


def _either(f: Frame, x: Run, y: Run, first: Cell, place: Cell) -> Value:
    """An item of two sequences that follow each other."""
    place = f.writer.named(place)
    inside = compare(place, "<", first)
    if isinstance(place, int) and place >= x.most:
        inside = 0
    found = merged(f, [(inside, lambda: x.get(place)), (1, lambda: y.get(sub(place, first)))])
    assert found is not None
    return found


def _repeat(f: Frame, e: ir.Repeat) -> Value:
    run, rounds = run_of(f, f.value(e.value)), flat(f, f.value(e.times))
    hi = rounds.rep.cell_ranges()[0][1]
    if run.most * max(0, hi) > ENDLESS:
        raise NotNative("a sequence is repeated so often that no number of bits is known for it", e.place)
    long, often = f.writer.named(run.length), f.writer.named(greatest(0, f.writer.named(rounds.cell)))
    # of an empty sequence nobody asks for an item
    return Run(times(long, often), run.most * max(0, hi), lambda i: run.get(_round(f, i, long)))


def _round(f: Frame, place: Cell, long: Cell) -> Cell:
    whole = max(1, long) if isinstance(long, int) else f"({long} if {long} != 0 else 1)"
    return f.writer.named(remainder(place, whole))


def _range(f: Frame, e: ir.Range) -> Value:
    lo, hi, step = (flat(f, f.value(x)) for x in (e.lo, e.hi, e.step))
    a, z, by = (steady_cell(f, x.cell) for x in (lo, hi, step))
    f.writer.stop_unless(compare(by, "!=", 0), FAILED)
    most = _span(lo, hi, step)
    if by == 1:
        count = greatest(0, f.writer.named(sub(z, a)))
    elif isinstance(by, int) and by != 0:
        reach = sub(z, a) if by > 0 else sub(a, z)
        count = greatest(0, f.writer.named(floor_div(add(reach, abs(by) - 1), abs(by))))
    else:
        raise NotNative("a range has a step that is not known before the run", e.place)
    f_lo, f_hi = lo.rep.cell_ranges()[0][0], hi.rep.cell_ranges()[0][1]
    ends = (f_lo, f_hi - 1) if by == 1 and most < ENDLESS else (None, None)
    return Run(f.writer.named(count), most, lambda i: number(add(a, times(i, by)), *ends), True)


def _span(lo: Flat, hi: Flat, step: Flat) -> int:
    """The most items of a range; a great number if nothing is known."""
    (a, b), (c, d) = lo.rep.cell_ranges()[0], hi.rep.cell_ranges()[0]
    reach = d - a if not isinstance(step.cell, int) or step.cell > 0 else b - c
    size = max(0, -(-reach // (abs(step.cell) if isinstance(step.cell, int) else 1)))
    return min(size, ENDLESS)


def _enumerate(f: Frame, e: ir.Enumerate) -> Value:
    run, start = run_of(f, f.value(e.value)), flat(f, f.value(e.start))
    first = f.writer.named(start.cell)
    lo, hi = start.rep.cell_ranges()[0]
    return Run(run.length, run.most, lambda i: Pair((number(add(first, i), lo, hi + run.most), run.get(i))))


def _zip(f: Frame, e: ir.Zip) -> Value:
    runs = [run_of(f, f.value(item)) for item in e.items]
    if not runs:
        return Known((), e.type)
    lengths = [f.writer.named(run.length) for run in runs]
    if e.strict:
        f.writer.stop_unless(both(*(same(lengths[0], other) for other in lengths[1:])), FAILED)
    count = lengths[0]
    for other in lengths[1:]:
        count = f.writer.named(least(count, other))
    return Run(count, min(run.most for run in runs), lambda i: Pair(tuple(run.get(i) for run in runs)))


def _reversed(f: Frame, e: ir.Reversed) -> Value:
    run = run_of(f, f.value(e.value))
    last = f.writer.named(sub(run.length, 1))
    return Run(run.length, run.most, lambda i: run.get(sub(last, i)))


def _sorted(f: Frame, e: ir.Sorted) -> Value:
    """By insertion: the items so far are in order, and each new one goes before the first that is greater."""
    source = f.value(e.value)
    if isinstance(source, Heap | Known) or (isinstance(source, Flat) and not isinstance(source.rep, Array | BitSet)):
        source = flat(f, source)
    if isinstance(source, Flat) and isinstance(source.rep, BitSet):
        rep: Rep = Array(source.rep.item, source.rep.item.size or 0)
    else:
        rep = natural(f, run_of(f, source))
    assert isinstance(rep, Array)
    names = [f.writer.variable(0) for _ in range(rep.cells)]
    each(f, source, lambda one: _insert(f, rep, names, flat(f, one, rep.item)), unrolled=0)
    return Flat(rep, tuple(names))


def _insert(f: Frame, rep: Array, names: list[str], one: Flat) -> None:
    width = rep.item.cells
    carried = [f.writer.variable(cell) for cell in one.cells]
    for place in range(rep.most):
        mine = names[1 + place * width : 1 + (place + 1) * width]
        here = Flat(rep.item, tuple(mine))
        last = same(names[0], place)
        goes = f.writer.named(
            either(last, both(compare(place, "<", names[0]), before(f, Flat(rep.item, tuple(carried)), here, True)))
        )
        for name, hand in zip(mine, carried, strict=True):
            kept = f.writer.named(f"(0 + {name})")
            f.writer.emit(f"{name} = {choose(goes, hand, name)}")
            f.writer.emit(f"{hand} = {choose(goes, kept, hand)}")
    f.writer.emit(f"{names[0]} = {add(names[0], 1)}")


def _count(f: Frame, e: ir.Count) -> Value:
    whole, wanted = run_of(f, f.value(e.value)), f.value(e.item)
    total = f.writer.variable(0)
    each(f, whole, lambda one: f.writer.emit(f"{total} += {choose(equal(f, one, wanted), 1, 0)}"))
    return number(total, 0, whole.most)


def _to_seq(f: Frame, e: ir.ToSeq) -> Value:
    return run_of(f, f.value(e.value))


# -- sets ----------------------------------------------------------------------------------------------------------


def member_rep(f: Frame, type_: ir.Type) -> Rep | None:
    """How the type of a set says that its members are kept, if it does."""
    item = type_.item if isinstance(type_, ir.SetT) else None
    rep = f.context.reps.of_type(item) if item is not None else None
    return rep if rep is not None and rep.size is not None else None


def _make_set(f: Frame, e: ir.MakeSet) -> Value:
    return Known(frozenset(), e.type) if not e.items else to_set(f, Pair(tuple(map(f.value, e.items))), e.type)


def to_set(f: Frame, items: Value, type_: ir.Type) -> Value:
    """The set of these items."""
    rep = sized(f, member_rep(f, type_) or item_rep(f, run_of(f, items)))
    if isinstance(items, Pair):
        for constant in items.items:
            # one that is no member of the type is none of a field either, but may be compared with
            rep = sized(f, alike_reps(f, rep, known_rep(f, constant))) if isinstance(constant, Known) else rep
        return _bits_of(f, items.items, BitSet(rep))
    return gathered(f, items, BitSet(rep))


def _bits_of(f: Frame, items: tuple[Value, ...], rep: BitSet) -> Flat:
    """A set of few items, without variables where they are known."""
    cells: list[Cell] = [0] * rep.cells
    for one in items:
        valid, index = indexed(f, one, rep.item)
        f.writer.stop_unless(valid, ASK)
        if valid == 0:
            continue
        if isinstance(index, int):
            cells[index // CELL_BITS] = either_bits(cells[index // CELL_BITS], 1 << index % CELL_BITS)
        elif rep.cells == 1:
            cells[0] = either_bits(cells[0], f"(1 << {index})")
        else:
            names = [f.writer.variable(cell) for cell in cells]
            add_bit(f.writer, names, index)
            cells = list(names)
    return Flat(rep, tuple(cells))


_SETS = MappingProxyType(
    {
        ir.SetOp.UNION: either_bits,
        ir.SetOp.INTERSECTION: both_bits,
        ir.SetOp.DIFFERENCE: without_bits,
        ir.SetOp.SYMMETRIC: other_bits,
    }
)


def _set_operation(f: Frame, e: ir.SetOperation) -> Value:
    left, right = _as_set(f, f.value(e.left)), _as_set(f, f.value(e.right))
    if isinstance(left, Known) and isinstance(right, Known):
        left = flat(f, left)
    a, b = alike(f, left, right)
    return Flat(a.rep, tuple(_SETS[e.op](x, y) for x, y in zip(a.cells, b.cells, strict=True)))


def _as_set(f: Frame, value: Value) -> Value:
    return flat(f, value) if isinstance(value, Heap) else value


def _contains(f: Frame, e: ir.Contains) -> Value:
    return truth(contains(f, f.value(e.item), f.value(e.collection), e))


def contains(f: Frame, item: Value, whole: Value, e: ir.Contains) -> Cell:
    """Whether a collection has an item."""
    match whole:
        case Flat(rep=BitSet(item=rep)) if _comparable(f, item, rep):
            valid, index = indexed(f, item, rep)
            if valid == 1 or isinstance(valid, int):
                return both(valid, test_bit(f.writer, whole.cells, index)) if valid else 0
            return _guarded(f, valid, whole, index)
        case Flat(rep=Table() as rep) if _comparable(f, item, rep.key):
            return compare(0, "<=", place_of(f, rep, item))
    found = f.writer.variable(0)

    def look(one: Value) -> None:
        f.writer.emit(f"{found} = {choose(equal(f, one, item), 1, found)}")

    each(f, whole, look)
    return found


def _comparable(f: Frame, item: Value, rep: Rep) -> bool:
    """Whether an item is kept as the members are, or less freely."""
    if isinstance(item, Known):
        return True
    found = joined(natural(f, item), rep)
    return found is not None and found.cells == rep.cells


def _guarded(f: Frame, valid: Cell, whole: Flat, index: Cell) -> Cell:
    found = f.writer.variable(0)
    with f.writer.under(f"if {valid}:"):
        f.writer.emit(f"{found} = {test_bit(f.writer, whole.cells, index)}")
    return found


# -- maps ----------------------------------------------------------------------------------------------------------


def _make_map(f: Frame, e: ir.MakeMap) -> Value:
    keys, values = [f.value(k) for k in e.keys], [f.value(v) for v in e.values]

    return _listed(f, e.type, keys, values)


def _listed(f: Frame, type_: ir.Type, keys: Sequence[Value], values: Sequence[Value]) -> Entries:
    """Entries whose keys and values are written already."""

    def put(entry: Callable[[Value, Value], None]) -> None:
        for key, item in zip(keys, values, strict=True):
            entry(key, item)

    def settle() -> Value:
        return _listed(f, type_, [steady(f, key) for key in keys], [steady(f, item) for item in values])

    return Entries(type_, put, settle)


def settled(f: Frame, put: Callable[[Callable[[Value, Value], None]], None], e: ir.MapOf) -> Entries:
    """Entries that a comprehension makes, computed and kept."""
    rep = rep_of(f.context, e.type)
    if not isinstance(rep, Table):
        raise NotNative("the entries of a map have no fixed number of bits", e.place)
    names = [f.writer.variable(0) for _ in range(rep.cells)]
    kept, given = put_entries(f, Entries(e.type, put, lambda: NOTHING), rep, names)

    def again(entry: Callable[[Value, Value], None]) -> None:
        for place, key in enumerate(kept.keys):
            item = slot(f, Flat(kept, tuple(names)), 0, kept.value, len(kept.keys), place)
            with f.writer.under(f"if {has_bit(given[place // CELL_BITS], place % CELL_BITS)}:"):
                entry(Flat(kept.key, tuple(kept.key.flatten(key))), item)

    found = Entries(e.type, again, lambda: found)
    return found


def _map_item(f: Frame, e: ir.MapItem) -> Value:
    whole, key = f.value(e.value), f.value(e.key)
    if isinstance(whole, Everywhere):
        return whole.value
    made = table(f, whole, e.value.type)
    rep = made.rep
    assert isinstance(rep, Table)
    place = f.writer.named(place_of(f, rep, key))
    f.writer.stop_unless(compare(0, "<=", place), FAILED)
    return slot(f, made, 0, rep.value, len(rep.keys), max(place, 0) if isinstance(place, int) else place)


def table(f: Frame, value: Value, type_: ir.Type) -> Flat:
    """A map as cells."""
    if isinstance(value, Flat):
        return value
    rep = f.context.reps.of_type(type_)
    if rep is None:
        raise NotNative("a map has no fixed number of bits", f.place)
    return flat(f, value, rep)


def _map_update(f: Frame, e: ir.MapUpdate) -> Value:
    whole, entries = table(f, f.value(e.value), e.type), f.value(e.entries)
    rep = whole.rep
    assert isinstance(rep, Table)
    if not isinstance(entries, Entries):
        return table(f, entries, e.type)
    if isinstance(e.entries, ir.MakeMap):
        # few entries, none of which depends on another
        return _updated(f, whole, rep, entries)
    names = [f.writer.variable(cell) for cell in whole.cells]
    kept, _ = put_entries(f, entries, rep, names)
    return Flat(kept, tuple(names))


def _updated(f: Frame, whole: Flat, rep: Table, entries: Entries) -> Flat:
    """A map with few values replaced; the cells of the others stay as they are written."""
    cells = list(whole.cells)
    kept = Table(rep.key, rep.keys, loose(rep.value))
    width = rep.value.cells

    def put(key: Value, item: Value) -> None:
        place = f.writer.named(place_of(f, rep, key))
        f.writer.stop_unless(compare(0, "<=", place), ASK)
        new = [f.writer.named(c) for c in flat(f, item, kept.value).cells]
        for number_ in range(len(rep.keys)):
            for at, cell in enumerate(new, number_ * width):
                cells[at] = choose(same(place, number_), cell, cells[at])

    entries.put(put)
    return Flat(kept, tuple(cells))


def _map_values(f: Frame, e: ir.MapValues) -> Value:
    made = table(f, f.value(e.value), e.value.type)
    rep = made.rep
    assert isinstance(rep, Table)
    count = len(rep.keys)
    return Run(count, count, lambda i: slot(f, made, 0, rep.value, count, i))


def _map_pairs(f: Frame, e: ir.MapPairs) -> Value:
    made = table(f, f.value(e.value), e.value.type)
    rep = made.rep
    assert isinstance(rep, Table)
    count, keys = len(rep.keys), items_of(f, made, rep)
    return Run(count, count, lambda i: Pair((keys.get(i), slot(f, made, 0, rep.value, count, i))))


EXPRESSIONS: MappingProxyType[type[ir.Expr], Meaning] = MappingProxyType(
    {
        ir.MakeSeq: _make_seq,
        ir.SeqItem: _seq_item,
        ir.Slice: _slice,
        ir.Concat: _concat,
        ir.Repeat: _repeat,
        ir.Range: _range,
        ir.Enumerate: _enumerate,
        ir.Zip: _zip,
        ir.Reversed: _reversed,
        ir.Sorted: _sorted,
        ir.Count: _count,
        ir.Length: _length,
        ir.ToSeq: _to_seq,
        ir.ToSet: lambda f, e: to_set(f, f.value(e.value), e.type),
        ir.MakeSet: _make_set,
        ir.SetOperation: _set_operation,
        ir.Contains: _contains,
        ir.MakeMap: _make_map,
        ir.Every: lambda f, e: Everywhere(f.value(e.value)),
        ir.MapItem: _map_item,
        ir.MapUpdate: _map_update,
        ir.MapValues: _map_values,
        ir.MapPairs: _map_pairs,
    }
)
"""The code of expressions over collections."""
