"""Loops over whatever can be iterated over."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from ..layout.reps import CELL_BITS, Array, BitSet, Product, Rep, Table
from .bits import from_index
from .cells import Cell, add, has_bit, negation
from .errors import NotNative
from .frame import Frame
from .picking import array_item, split
from .values import Flat, Heap, Known, Pair, Run, Value
from .writer import Block

UNROLLED = 4
"""A loop that is known to go round so often, or less, is written out."""

Body = Callable[[Value], None]


def each(f: Frame, value: Value, body: Body, stop: str = "", unrolled: int = UNROLLED) -> None:
    """Write code that does something with each item; it ends early once the variable `stop` is true.

    A loop of at most `unrolled` rounds is written out; 0 forbids that.
    """
    match value:
        case Heap(visit=visit):
            visit(body, stop)
        case Run():
            _run(f, value, body, stop, unrolled)
        case Pair(items=items):
            for item in items:
                _once(f, 1, stop, partial(body, item), unrolled == 0)
        case Flat(rep=Product()):
            each(f, Pair(tuple(split(value))), body, stop, unrolled)
        case Known(value=tuple() | frozenset() as items, type=type_):
            _known(f, items, type_, body, stop, unrolled == 0)
        case Flat(rep=BitSet()):
            _bits(f, value, body, stop, unrolled)
        case Flat(rep=rep):
            each(f, items_of(f, value, rep), body, stop, unrolled)
        case _:
            raise NotNative("a loop goes through what has no fixed number of bits", f.place)


def items_of(f: Frame, value: Flat, rep: Rep) -> Run:
    """The items of a sequence, of a tuple, or the keys of a map."""
    match rep:
        case Array(most=most):
            return Run(value.cells[0], most, lambda i: array_item(f, value, i))
        case Table(keys=keys):
            return Run(len(keys), len(keys), lambda i: _key(f, rep, i), True)
    raise NotNative("a loop goes through what has no fixed number of bits", f.place)


def _key(f: Frame, rep: Table, place: Cell) -> Flat:
    keys = [rep.key.flatten(key) for key in rep.keys]
    place = f.writer.named(place)
    columns = [[key[n] for key in keys] for n in range(rep.key.cells)]
    return Flat(rep.key, tuple(f.context.looked_up(column, place) for column in columns))


def _known(f: Frame, items: Any, type_: Any, body: Body, stop: str, leaves: bool) -> None:
    kinds = getattr(type_, "items", None)
    for number, item in enumerate(sorted(items, key=repr) if isinstance(items, frozenset) else items):
        kind = kinds[number] if kinds else type_.item
        _once(f, 1, stop, partial(body, Known(item, kind)), leaves)


def _once(f: Frame, there: Cell, stop: str, do: Callable[[], None], leaves: bool) -> None:
    """One round of a loop that is written out; one that `leaves` the round early is a loop of its own."""
    if there == 0:
        return
    with f.writer.into(Block()) as block:
        do()
    if not block.items:
        return
    if leaves:
        block = _wrapped(f, f"for {f.writer.fresh('i')} in range(1):", block)
    if there != 1:
        block = _wrapped(f, f"if {there}:", block)
    if stop:
        block = _wrapped(f, f"if {negation(stop)}:", block)
    f.writer.put(block)


def _wrapped(f: Frame, header: str, block: Block) -> Block:
    with f.writer.into(Block()) as outer, f.writer.under(header):
        f.writer.put(block)
    return outer


def _run(f: Frame, run: Run, body: Body, stop: str, unrolled: int) -> None:
    if run.most <= unrolled:
        for place in range(run.most):
            there = _is_there(place, run.length)
            _once(f, there, stop, partial(_visit, run, place, body), False)
        return
    counter = f.writer.fresh("i")
    with f.writer.under(f"for {counter} in range({run.length}):"):
        body(run.get(counter))
        _leave(f, stop)


def _visit(run: Run, place: int, body: Body) -> None:
    body(run.get(place))


def _is_there(place: int, length: Cell) -> Cell:
    return int(place < length) if isinstance(length, int) else f"({place} < {length})"


def _leave(f: Frame, stop: str) -> None:
    if stop:
        with f.writer.under(f"if {stop}:"):
            f.writer.emit("break")


def _bits(f: Frame, value: Flat, body: Body, stop: str, unrolled: int) -> None:
    rep = value.rep
    assert isinstance(rep, BitSet)
    size = rep.item.size or 0
    if size <= unrolled or all(isinstance(cell, int) for cell in value.cells):
        for index in range(size):
            there = has_bit(value.cells[index // CELL_BITS], index % CELL_BITS)
            item = Flat(rep.item, tuple(rep.item.from_index(index)))
            _once(f, there, stop, partial(body, item), unrolled == 0)
        return
    for number, cell in enumerate(value.cells):
        _word(f, rep.item, number, cell, body, stop)


def _word(f: Frame, rep: Rep, number: int, cell: Cell, body: Body, stop: str) -> None:
    """A loop over the members whose bits are in one cell."""
    left = f.writer.variable(cell)
    going = f"while {left} != 0 and not {stop}:" if stop else f"while {left} != 0:"
    with f.writer.under(going):
        index = f.writer.variable(add(f"ctz({left})", number * CELL_BITS))
        f.writer.emit(f"{left} = {left} & ({left} - 1)")
        body(member(f, rep, index))


def member(f: Frame, rep: Rep, index: Cell) -> Flat:
    """The value with an index, through a table where its cells are not easily computed."""
    try:
        cells = from_index(rep, index)
    except OverflowError:
        cells = []
    simple = all(isinstance(c, int) or (c.count("div") + c.count("rem")) < 2 for c in cells)
    if len(cells) == rep.cells and (rep.cells == 1 or simple):
        return Flat(rep, tuple(f.writer.named(cell) for cell in cells))
    every = [rep.from_index(i) for i in range(rep.size or 0)]
    columns = [[each[n] for each in every] for n in range(rep.cells)]
    return Flat(rep, tuple(f.writer.named(f.context.looked_up(column, index)) for column in columns))
