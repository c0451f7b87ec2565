"""How values are kept as cells, one int for each scalar, so that equal values have equal cells.

Every class here says the same of its values: how many cells they have, what they are in Python, and an *index* of each
among all of them, which is what a set keeps a bit for. Orders by index and by cells (from left to right) are the same.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any, Literal

from ....models.language import Map, Symbol

CELL_BITS = 63
"""How many bits of a set are kept in a cell: a cell is never negative."""

MOST_BITS = 4096
"""The most bits of a set in a field."""

Range = tuple[int, int]
"""The least and the greatest that a cell can be."""

Renaming = Mapping[tuple[object, int], int]
"""The new number of an identity, by `("identity", number)`, or of a symbol, by `(class, index)`; others keep theirs."""


class Rep:
    """How the values of one kind are kept."""

    @property
    def cells(self) -> int:
        """How many cells a value has."""
        raise NotImplementedError

    @property
    def size(self) -> int | None:
        """How many values there are, None if that is not known or too many to count."""
        return None

    @property
    def parts(self) -> tuple[Rep, ...]:
        """How the values that one of these is made of are kept."""
        return ()

    def index(self, cells: Sequence[int]) -> int:
        """The place of a value among all, from 0."""
        raise NotImplementedError

    def from_index(self, index: int) -> list[int]:
        """The value in a place."""
        raise NotImplementedError

    def flatten(self, value: Any) -> list[int]:
        """A value as cells."""
        raise NotImplementedError

    def unflatten(self, cells: Sequence[int]) -> Any:
        """The value that these cells are."""
        raise NotImplementedError

    def cell_ranges(self) -> list[Range]:
        """What each cell of a value can be."""
        raise NotImplementedError

    def rename(self, cells: Sequence[int], renaming: Renaming) -> list[int]:
        """The value with its identities and symbols renamed."""
        return list(cells)


def _known(rep: Rep) -> int:
    """How many values there are. Errors: `OverflowError` if they are too many to number."""
    if rep.size is None:
        raise OverflowError(f"{rep} has too many values to number them")
    return rep.size


Kind = Literal["bool", "int", "enum", "identity", "symbol"]


@dataclass(frozen=True)
class Scalar(Rep):
    """One cell from `lo` to `hi`, both None if nothing is known of an int.

    A bool is 0 or 1, a member of an enum its place, an identity the number of the process in the whole system, a
    symbol its index. `of` is the enum, the symbol class, or the identities of all processes.
    """

    lo: int | None
    hi: int | None
    kind: Kind = "int"
    of: Any = None

    @property
    def cells(self) -> int:
        return 1

    @property
    def size(self) -> int | None:
        return None if self.lo is None or self.hi is None else max(0, self.hi - self.lo + 1)

    def index(self, cells: Sequence[int]) -> int:
        return cells[0] - self.cell_ranges()[0][0]

    def from_index(self, index: int) -> list[int]:
        return [index + self.cell_ranges()[0][0]]

    @cached_property
    def _members(self) -> tuple[Any, ...]:
        return tuple(self.of)

    @cached_property
    def _numbers(self) -> dict[Any, int]:
        return {member: number for number, member in enumerate(self._members)}

    def flatten(self, value: Any) -> list[int]:
        match self.kind:
            case "bool" | "int":
                return [int(value)]
            case "symbol":
                return [value.index]
        return [self._numbers[value]]

    def unflatten(self, cells: Sequence[int]) -> Any:
        match self.kind:
            case "bool":
                return bool(cells[0])
            case "int":
                return cells[0]
            case "symbol":
                return self.of.nth(cells[0])
        return self._members[cells[0]]

    def cell_ranges(self) -> list[Range]:
        if self.lo is None or self.hi is None:
            return [(-(2**63), 2**63 - 1)]
        return [(self.lo, max(self.lo, self.hi))]

    def rename(self, cells: Sequence[int], renaming: Renaming) -> list[int]:
        # the name of an orbit: "identity", or the symbol class
        orbit = self.of if self.kind == "symbol" else self.kind
        return [renaming.get((orbit, cells[0]), cells[0])]


def truth() -> Scalar:
    """A bool."""
    return Scalar(0, 1, "bool")


def choice(cls: type[Enum]) -> Scalar:
    """A member of an enum."""
    return Scalar(0, len(cls) - 1, "enum", cls)


def token(cls: type[Symbol], size: int) -> Scalar:
    """A symbol."""
    return Scalar(0, size - 1, "symbol", cls)


def identity(numbers: Sequence[int], refs: tuple[Any, ...]) -> Scalar:
    """One of these processes. Where their numbers have gaps, any process: an index is a number less the least."""
    whole = len(numbers) == 0 or max(numbers) - min(numbers) + 1 == len(numbers)
    lo, hi = (min(numbers, default=0), max(numbers, default=-1)) if whole else (0, len(refs) - 1)
    return Scalar(lo, hi, "identity", refs)


@dataclass(frozen=True)
class Unit(Rep):
    """None: no cell at all."""

    @property
    def cells(self) -> int:
        return 0

    @property
    def size(self) -> int:
        return 1

    def index(self, cells: Sequence[int]) -> int:
        return 0

    def from_index(self, index: int) -> list[int]:
        return []

    def flatten(self, value: Any) -> list[int]:
        return []

    def unflatten(self, cells: Sequence[int]) -> Any:
        return None

    def cell_ranges(self) -> list[Range]:
        return []


def _or_zero(ranges: list[Range]) -> list[Range]:
    """Ranges of cells that are 0 where there is no value."""
    return [(min(lo, 0), max(hi, 0)) for lo, hi in ranges]


@dataclass(frozen=True)
class Maybe(Rep):
    """None or a value: a cell that says which (1: a value), then the value's cells, all 0 for None."""

    item: Rep

    @cached_property
    def cells(self) -> int:
        return 1 + self.item.cells

    @cached_property
    def size(self) -> int | None:
        return None if self.item.size is None else 1 + self.item.size

    @property
    def parts(self) -> tuple[Rep, ...]:
        return (self.item,)

    def index(self, cells: Sequence[int]) -> int:
        return 1 + self.item.index(cells[1:]) if cells[0] else 0

    def from_index(self, index: int) -> list[int]:
        return [1, *self.item.from_index(index - 1)] if index else [0] * self.cells

    def flatten(self, value: Any) -> list[int]:
        return [0] * self.cells if value is None else [1, *self.item.flatten(value)]

    def unflatten(self, cells: Sequence[int]) -> Any:
        return self.item.unflatten(cells[1:]) if cells[0] else None

    def cell_ranges(self) -> list[Range]:
        return [(0, 1), *_or_zero(self.item.cell_ranges())]

    def rename(self, cells: Sequence[int], renaming: Renaming) -> list[int]:
        return [1, *self.item.rename(cells[1:], renaming)] if cells[0] else list(cells)


@dataclass(frozen=True)
class Product(Rep):
    """A tuple, or with `cls` a record: the cells of its items, one after the other."""

    items: tuple[Rep, ...]
    cls: type | None = None

    @cached_property
    def cells(self) -> int:
        return sum(item.cells for item in self.items)

    @cached_property
    def size(self) -> int | None:
        size = 1
        for item in self.items:
            if item.size is None:
                return None
            size *= item.size
        return size

    @property
    def parts(self) -> tuple[Rep, ...]:
        return self.items

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of a record's fields, in the order of `items`; none for a tuple."""
        if self.cls is None:
            return ()
        named: tuple[str, ...] = getattr(self.cls, "_fields", ())
        return tuple(f.name for f in dataclasses.fields(self.cls)) if dataclasses.is_dataclass(self.cls) else named

    def offset(self, number: int) -> int:
        """The first cell of an item."""
        return sum(item.cells for item in self.items[:number])

    def _split(self, cells: Sequence[int]) -> Iterator[tuple[Rep, Sequence[int]]]:
        at = 0
        for item in self.items:
            yield item, cells[at : at + item.cells]
            at += item.cells

    def index(self, cells: Sequence[int]) -> int:
        index = 0
        for item, part in self._split(cells):
            index = index * _known(item) + item.index(part)
        return index

    def from_index(self, index: int) -> list[int]:
        found: list[list[int]] = []
        for item in reversed(self.items):
            index, digit = divmod(index, _known(item))
            found.insert(0, item.from_index(digit))
        return [cell for cells in found for cell in cells]

    def flatten(self, value: Any) -> list[int]:
        parts = [getattr(value, name) for name in self.names] if self.cls else value
        return [cell for item, part in zip(self.items, parts, strict=True) for cell in item.flatten(part)]

    def unflatten(self, cells: Sequence[int]) -> Any:
        parts = tuple([item.unflatten(part) for item, part in self._split(cells)])
        return self.cls(*parts) if self.cls else parts

    def cell_ranges(self) -> list[Range]:
        return [each for item in self.items for each in item.cell_ranges()]

    def rename(self, cells: Sequence[int], renaming: Renaming) -> list[int]:
        return [cell for item, part in self._split(cells) for cell in item.rename(part, renaming)]


@dataclass(frozen=True)
class Array(Rep):
    """A sequence of at most `most`: a cell with its length, then room for so many items, 0 where there is none."""

    item: Rep
    most: int

    @cached_property
    def cells(self) -> int:
        return 1 + self.most * self.item.cells

    @cached_property
    def size(self) -> int | None:
        if self.item.size is None or (self.most * self.item.size.bit_length()) > MOST_BITS:
            return None
        return self._shorter(self.most + 1)

    @property
    def parts(self) -> tuple[Rep, ...]:
        return (self.item,)

    def _shorter(self, length: int) -> int:
        """How many sequences there are that are shorter than this."""
        return sum(_known(self.item) ** n for n in range(length))

    def _items(self, cells: Sequence[int]) -> list[Sequence[int]]:
        width = self.item.cells
        return [cells[1 + n * width : 1 + (n + 1) * width] for n in range(cells[0])]

    def _padded(self, items: Sequence[Sequence[int]]) -> list[int]:
        cells = [len(items), *(cell for item in items for cell in item)]
        return cells + [0] * (self.cells - len(cells))

    def index(self, cells: Sequence[int]) -> int:
        index = 0
        for item in self._items(cells):
            index = index * _known(self.item) + self.item.index(item)
        return self._shorter(cells[0]) + index

    def from_index(self, index: int) -> list[int]:
        length = next(n for n in range(self.most + 1) if index < self._shorter(n + 1))
        index -= self._shorter(length)
        items: list[list[int]] = []
        for _ in range(length):
            index, digit = divmod(index, _known(self.item))
            items.insert(0, self.item.from_index(digit))
        return self._padded(items)

    def flatten(self, value: Any) -> list[int]:
        return self._padded([self.item.flatten(part) for part in value])

    def unflatten(self, cells: Sequence[int]) -> Any:
        return tuple([self.item.unflatten(item) for item in self._items(cells)])

    def cell_ranges(self) -> list[Range]:
        return [(0, self.most), *_or_zero(self.item.cell_ranges()) * self.most]

    def rename(self, cells: Sequence[int], renaming: Renaming) -> list[int]:
        return self._padded([self.item.rename(item, renaming) for item in self._items(cells)])


@dataclass(frozen=True)
class Roomy(Array):
    """A sequence as a step works on it: with room for one more item than its domain allows.

    A step that appends to a full sequence leaves its bound only at its end. In a state the last place is empty, and has
    no bits. `most` counts that place too.
    """

    def cell_ranges(self) -> list[Range]:
        items = _or_zero(self.item.cell_ranges()) * (self.most - 1)
        return [(0, self.most - 1), *items, *[(0, 0)] * self.item.cells]


def roomy(rep: Rep) -> Rep:
    """A way to keep values with room for one more item in each sequence that is no member of a set."""
    match rep:
        case Array(item=item, most=most):
            return Roomy(roomy(item), most + 1)
        case Maybe(item=item):
            return Maybe(roomy(item))
        case Product(items=items, cls=cls):
            return Product(tuple(map(roomy, items)), cls)
        case Table(key=key, keys=keys, value=value):
            return Table(key, keys, roomy(value))
    return rep


def bit_cells(bits: int) -> int:
    """How many cells a set of so many bits has."""
    return -(-bits // CELL_BITS)


def bit_ranges(bits: int) -> list[Range]:
    """What the cells of a set of so many bits can be."""
    return [(0, (1 << min(CELL_BITS, bits - at)) - 1) for at in range(0, bits, CELL_BITS)]


def ones(cells: Sequence[int]) -> Iterator[int]:
    """The bits of a set that are set, in order."""
    for number, cell in enumerate(cells):
        while cell:
            low = cell & -cell
            yield number * CELL_BITS + low.bit_length() - 1
            cell ^= low


def with_ones(bits: Sequence[int], cells: int) -> list[int]:
    """So many cells in which these bits are set."""
    found = [0] * cells
    for bit in bits:
        found[bit // CELL_BITS] |= 1 << bit % CELL_BITS
    return found


@dataclass(frozen=True)
class BitSet(Rep):
    """A set: bit `i % 63` of cell `i // 63` says whether the value with index `i` is in it."""

    item: Rep

    @cached_property
    def cells(self) -> int:
        return bit_cells(_known(self.item))

    @cached_property
    def size(self) -> int | None:
        return None if self.item.size is None or self.item.size > MOST_BITS else 1 << self.item.size

    @property
    def parts(self) -> tuple[Rep, ...]:
        return (self.item,)

    @cached_property
    def _widths(self) -> list[int]:
        return [hi.bit_length() for _, hi in self.cell_ranges()]

    def index(self, cells: Sequence[int]) -> int:
        index = 0
        for cell, width in zip(cells, self._widths, strict=True):
            index = index << width | cell
        return index

    def from_index(self, index: int) -> list[int]:
        cells: list[int] = []
        for width in reversed(self._widths):
            cells.insert(0, index & (1 << width) - 1)
            index >>= width
        return cells

    def flatten(self, value: Any) -> list[int]:
        return with_ones([self.item.index(self.item.flatten(member)) for member in value], self.cells)

    def unflatten(self, cells: Sequence[int]) -> Any:
        return frozenset([self.item.unflatten(self.item.from_index(bit)) for bit in ones(cells)])

    def cell_ranges(self) -> list[Range]:
        return bit_ranges(_known(self.item))

    def rename(self, cells: Sequence[int], renaming: Renaming) -> list[int]:
        item = self.item
        return with_ones([item.index(item.rename(item.from_index(bit), renaming)) for bit in ones(cells)], self.cells)


@dataclass(frozen=True)
class Table(Rep):
    """A total map: the cells of its values, in the order of `keys`, which are the values of the domain of its keys."""

    key: Rep
    keys: tuple[Any, ...]
    value: Rep

    @cached_property
    def cells(self) -> int:
        return len(self.keys) * self.value.cells

    @cached_property
    def size(self) -> int | None:
        if self.value.size is None or len(self.keys) * self.value.size.bit_length() > MOST_BITS:
            return None
        return int(self.value.size ** len(self.keys))

    @property
    def parts(self) -> tuple[Rep, ...]:
        return (self.key, self.value)

    @cached_property
    def order(self) -> tuple[int, ...]:
        """The index of each key, in the order of `keys`."""
        return tuple(self.key.index(self.key.flatten(key)) for key in self.keys)

    @cached_property
    def places(self) -> Mapping[int, int]:
        """The place of each key among `keys`, by its index."""
        return {index: place for place, index in enumerate(self.order)}

    def _split(self, cells: Sequence[int]) -> list[Sequence[int]]:
        width = self.value.cells
        return [cells[n * width : (n + 1) * width] for n in range(len(self.keys))]

    def index(self, cells: Sequence[int]) -> int:
        index = 0
        for part in self._split(cells):
            index = index * _known(self.value) + self.value.index(part)
        return index

    def from_index(self, index: int) -> list[int]:
        found: list[list[int]] = []
        for _ in self.keys:
            index, digit = divmod(index, _known(self.value))
            found.insert(0, self.value.from_index(digit))
        return [cell for cells in found for cell in cells]

    def flatten(self, value: Any) -> list[int]:
        return [cell for key in self.keys for cell in self.value.flatten(value[key])]

    def unflatten(self, cells: Sequence[int]) -> Any:
        parts = self._split(cells)
        return Map({key: self.value.unflatten(part) for key, part in zip(self.keys, parts, strict=True)})

    def cell_ranges(self) -> list[Range]:
        return self.value.cell_ranges() * len(self.keys)

    def rename(self, cells: Sequence[int], renaming: Renaming) -> list[int]:
        parts = self._split(cells)
        found = [list(part) for part in parts]
        for index, part in zip(self.order, parts, strict=True):
            renamed = self.key.index(self.key.rename(self.key.from_index(index), renaming))
            found[self.places[renamed]] = self.value.rename(part, renaming)
        return [cell for part in found for cell in part]
