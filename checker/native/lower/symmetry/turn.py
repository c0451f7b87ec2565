"""What a renaming of the members of one orbit does to a scalar, and to the index of a value among all.

In the text of a kernel the renaming is an array `p`: member `i` gets the number `p[i]`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from .....models.language import Ref
from ....search.orbits import Orbit
from ...layout.reps import Array, BitSet, Maybe, Product, Rep, Scalar, Table
from ..cells import Cell, add
from ..context import Context
from ..errors import NotNative


@dataclass(frozen=True)
class Term:
    """A summand of an index: `values[p[member]]`."""

    member: int
    values: tuple[int, ...]

    def scaled(self, weight: int) -> Term:
        """The summand, so many times."""
        return Term(self.member, tuple(weight * value for value in self.values))

    @property
    def now(self) -> int:
        """The summand while the member has its old number."""
        return self.values[self.member]


Index = tuple[int, tuple[Term, ...]]
"""The index that a value has after the renaming: a constant and some terms."""


class Turn:
    """The renaming of an orbit, whose first member is scalar number `first` of `count`."""

    def __init__(self, context: Context, orbit: Orbit) -> None:
        self.context = context
        self.orbit = orbit
        self.count = len(orbit.members)
        one = orbit.members[0]
        self.first = context.system.number(one) if isinstance(one, Ref) else 0
        self._names: dict[Rep, bool] = {}

    @cached_property
    def cluster(self) -> str:
        """The cluster whose processes are renamed, "" for symbols."""
        return self.orbit.name if isinstance(self.orbit.name, str) else ""

    def is_member(self, number: int) -> bool:
        """Whether this process is renamed."""
        return bool(self.cluster) and 0 <= number - self.first < self.count

    def covers(self, scalar: Scalar) -> bool:
        """Whether a scalar may be a member."""
        if scalar.kind == "identity":
            lo, hi = scalar.cell_ranges()[0]
            return bool(self.cluster) and lo < self.first + self.count and self.first <= hi
        return scalar.kind == "symbol" and scalar.of is self.orbit.name

    def names(self, rep: Rep) -> bool:
        """Whether a value may name a member."""
        if rep not in self._names:
            self._names[rep] = self.covers(rep) if isinstance(rep, Scalar) else any(map(self.names, rep.parts))
        return self._names[rep]

    def is_row_each(self, table: Table) -> bool:
        """Whether the keys of a map are the members."""
        key = table.key
        return isinstance(key, Scalar) and self.covers(key) and len(table.keys) == key.size == self.count

    def renamed(self, cell: Cell, scalar: Scalar) -> Cell:
        """A scalar that may be a member; the text of the cell is written several times."""
        last = self.first + self.count - 1
        lo, hi = scalar.cell_ranges()[0]
        new = add(f"p[{add(cell, -self.first)}]", self.first)
        return new if self.first <= lo and hi <= last else f"({new} if {self.first} <= {cell} <= {last} else {cell})"

    def sum_of(self, terms: Sequence[Term]) -> Cell:
        """The value of some terms, as text."""
        total: Cell = 0
        for term in terms:
            total = add(total, self.context.looked_up(term.values, f"p[{term.member}]"))
        return total

    # -- the index of a value ------------------------------------------------------------------------------------------

    def index(self, rep: Rep, index: int) -> Index:
        """The index of a value after the renaming. Errors: `NotNative` if that is no sum of terms."""
        if not self.names(rep):
            return index, ()
        match rep:
            case Scalar():
                return self._member(rep, index)
            case Maybe(item=item):
                return (0, ()) if index == 0 else joined([(1, ()), self.index(item, index - 1)])
            case Product(items=items):
                return self._digits(items, index)
            case Array(item=item):
                return self._sequence(rep, item, index)
            case Table(keys=keys, value=value) if not self.names(rep.key):
                return self._digits([value] * len(keys), index)
            case Table(value=value) if self.is_row_each(rep) and not self.names(value):
                return self._rows(value.size or 1, index)
            case BitSet(item=item) if rep.cells == 1:
                return joined([_power(self.index(item, bit)) for bit in range(index.bit_length()) if index >> bit & 1])
        raise NotNative("a set of Maps whose keys and values are renamed")

    def _member(self, scalar: Scalar, index: int) -> Index:
        lo = scalar.cell_ranges()[0][0]
        member = index + lo - self.first
        return (self.first - lo, (Term(member, tuple(range(self.count))),)) if 0 <= member < self.count else (index, ())

    def _digits(self, items: Sequence[Rep], index: int) -> Index:
        found: list[Index] = []
        weight = 1
        for item in reversed(items):
            index, digit = divmod(index, item.size or 1)
            constant, terms = self.index(item, digit)
            found.insert(0, (constant * weight, tuple(term.scaled(weight) for term in terms)))
            weight *= item.size or 1
        return joined(found)

    def _rows(self, size: int, index: int) -> Index:
        """A map with a value for each member: the values change places."""
        terms = []
        for member in reversed(range(self.count)):
            index, digit = divmod(index, size)
            terms.append(Term(member, tuple(digit * size ** (self.count - 1 - new) for new in range(self.count))))
        return 0, tuple(terms)

    def _sequence(self, rep: Array, item: Rep, index: int) -> Index:
        length, shorter = 0, 0
        while index >= shorter + (item.size or 0) ** length:
            shorter += (item.size or 0) ** length
            length += 1
        return joined([(shorter, ()), self._digits([item] * length, index - shorter)])


def joined(parts: Sequence[Index]) -> Index:
    """The sum of what becomes of the parts of an index."""
    return sum(constant for constant, _ in parts), tuple(term for _, terms in parts for term in terms)


def _power(index: Index) -> Index:
    """2 to the power of an index."""
    constant, terms = index
    if not terms:
        return 1 << constant, ()
    if len(terms) > 1:
        raise NotNative("a set of sets whose members name several processes or symbols each")
    return 0, (Term(terms[0].member, tuple(1 << constant + value for value in terms[0].values)),)
