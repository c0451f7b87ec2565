"""Values while code is written: cells with what they stand for, or a recipe that makes them when they are needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ...ir import types as t
from ..layout.reps import CELL_BITS, MOST_BITS, Array, BitSet, Maybe, Product, Range, Rep, Scalar, Table, Unit
from .cells import Cell


@dataclass(frozen=True)
class Actor(Rep):
    """A process in a state, one of these clusters: the address of its record, and its number."""

    clusters: tuple[str, ...]

    @property
    def cells(self) -> int:
        """Two."""
        return 2


@dataclass(frozen=True)
class World(Rep):
    """A state of the whole protocol: the address of its first cell. `clusters` are those that a `Has[I]` speaks of."""

    clusters: tuple[str, ...] = ()

    @property
    def cells(self) -> int:
        """One."""
        return 1


class Likely(Scalar):
    """An int that is probably between `lo` and `hi`: what a set numbers its members by, and nothing to rely on."""

    def index(self, cells: Sequence[int]) -> int:
        return cells[0] - least_of(self)

    def from_index(self, index: int) -> list[int]:
        return [index + least_of(self)]

    def cell_ranges(self) -> list[Range]:
        return [(-(2**CELL_BITS), 2**CELL_BITS - 1)]


def least_of(rep: Scalar) -> int:
    """The value with index 0."""
    return 0 if rep.lo is None else rep.lo


def most_of(rep: Scalar) -> int:
    """The value with the last index."""
    return least_of(rep) if rep.hi is None else max(least_of(rep), rep.hi)


class Value:
    """Anything that an expression of a model gives."""


@dataclass(frozen=True)
class Flat(Value):
    """A value as cells; `at` is where they lie in memory (a pointer's name and an index), if they do."""

    rep: Rep
    cells: tuple[Cell, ...]
    at: tuple[str, Cell] | None = None

    @property
    def cell(self) -> Cell:
        """The only cell of a scalar."""
        (only,) = self.cells
        return only


@dataclass(frozen=True)
class Known(Value):
    """A constant of the model, not yet cells of any kind; `type` is what the front end says of it."""

    value: Any
    type: t.Type


@dataclass(frozen=True)
class Run(Value):
    """A sequence that is not kept anywhere: its length, the most that can be, and how to get an item.

    A `fixed` one gives the same items whatever is assigned later.
    """

    length: Cell
    most: int
    get: Callable[[Cell], Value]
    fixed: bool = False


@dataclass(frozen=True)
class Pair(Value):
    """A tuple or record of values that are not all cells yet."""

    items: tuple[Value, ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Everywhere(Value):
    """The map that has one value for every key."""

    value: Value


@dataclass(frozen=True)
class Entries(Value):
    """Some entries of a map: `put` writes each of them by calling what it is given with key and value.

    `settle` computes them where it is called; what it gives does not change later.
    """

    type: t.Type
    put: Callable[[Callable[[Value, Value], None]], None]
    settle: Callable[[], Value]


@dataclass(frozen=True)
class Heap(Value):
    """A set that is not kept as bits of its own: `visit` writes a loop over its members, kept as `member`.

    `visit` is given what to write for each, and the variable that stops the loop.
    """

    member: Rep
    visit: Callable[[Callable[[Value], None], str], None]


TRUTH = Scalar(0, 1, "bool")
"""How a bool is kept."""


def truth(cell: Cell) -> Flat:
    """A bool."""
    return Flat(TRUTH, (cell,))


def asked(value: Value) -> Cell:
    """The cell of a bool."""
    if isinstance(value, Known):
        return int(bool(value.value))
    assert isinstance(value, Flat)
    return value.cell


MOST_INTS = 2**40
"""The most values of an int that is said to have bounds."""


def number(cell: Cell, lo: int | None = None, hi: int | None = None, sure: bool = True) -> Flat:
    """An int, between these if they are known, or probably between them unless `sure`."""
    if isinstance(cell, int):
        return Flat(Scalar(cell, cell), (cell,))
    if lo is None or hi is None or hi - lo > MOST_INTS:
        return Flat(Scalar(None, None), (cell,))
    return Flat(Scalar(lo, hi) if sure else Likely(lo, hi), (cell,))


NOTHING = Flat(Unit(), ())
"""None."""


def loose(rep: Rep) -> Rep:
    """The same cells, without a claim about ints: what a field may hold in the middle of a step."""
    match rep:
        case Scalar(kind="int"):
            return Scalar(None, None) if rep.lo is None or rep.hi is None else Likely(rep.lo, rep.hi)
        case Maybe(item=item):
            return Maybe(loose(item))
        case Product(items=items):
            return Product(tuple(map(loose, items)), rep.cls)
        case Array(item=item, most=most):
            return Array(loose(item), most)
        case Table():
            return Table(rep.key, rep.keys, loose(rep.value))
    return rep


def countable(rep: Rep) -> bool:
    """Whether a set can have a bit for each value."""
    return rep.size is not None and rep.size <= MOST_BITS


def joined(a: Rep, b: Rep) -> Rep | None:
    """How to keep a value that is kept in one of two ways, None if there is no way."""
    if a == b:
        return a
    match a, b:
        case Scalar(), Scalar():
            return _scalar(a, b)
        case (Unit(), Maybe()) | (Maybe(), Unit()):
            return b if isinstance(b, Maybe) else a
        case (Unit(), item) | (item, Unit()):
            return Maybe(item)
        case (Maybe(item=x), Maybe(item=y)) | (Maybe(item=x), y) | (x, Maybe(item=y)):
            within = joined(x, y)
            return within and Maybe(within)
        case Product(items=xs), Product(items=ys) if len(xs) == len(ys):
            return _product([joined(x, y) for x, y in zip(xs, ys, strict=True)], a.cls)
        case Array(item=x, most=m), Array(item=y, most=n):
            kept = joined(x, y) if m and n else x if m else y
            return kept and Array(kept, max(m, n))
        case BitSet(item=x), BitSet(item=y):
            member = joined(x, y)
            return BitSet(member) if member is not None and countable(member) else None
        case (Array(), Product(items=items, cls=None)) | (Product(items=items, cls=None), Array()):
            array: Rep | None = a if isinstance(a, Array) else b
            for item in items:
                array = array and joined(array, Array(item, len(items)))
            return array
        case Table(value=x), Table(value=y) if a.keys == b.keys:
            value = joined(x, y)
            return value and Table(a.key, a.keys, value)
        case Actor(clusters=xs), Actor(clusters=ys):
            return Actor(tuple(dict.fromkeys((*xs, *ys))))
        case World(), World():
            return a
    return None


def _scalar(a: Scalar, b: Scalar) -> Scalar:
    if a.lo is None or b.lo is None or a.hi is None or b.hi is None:
        return Scalar(None, None)
    lo, hi = min(a.lo, b.lo), max(a.hi, b.hi)
    if isinstance(a, Likely) or isinstance(b, Likely):
        return Likely(lo, hi)
    return Scalar(lo, hi, a.kind if a.kind == b.kind else "int", a.of)


def _product(items: list[Rep | None], cls: type | None) -> Rep | None:
    found = tuple(item for item in items if item is not None)
    return Product(found, cls) if len(found) == len(items) else None
