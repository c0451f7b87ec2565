"""Whether the values that a step leaves behind are in their domains."""

from __future__ import annotations

from collections.abc import Sequence

from ....models.semantics import domains as d
from ..layout.reps import Array, Maybe, Product, Rep, Table
from .cells import Cell, compare, either, same
from .context import Context
from .status import FAILED
from .values import Flat
from .writer import Writer


def check(writer: Writer, context: Context, domain: d.Domain, value: Flat) -> None:
    """Leave the kernel if a value is outside its domain, with the bound that it leaves or as a failure."""
    _Check(writer, context).one(domain, value.rep, value.cells)


class _Check:
    def __init__(self, writer: Writer, context: Context) -> None:
        self._writer = writer
        self._context = context

    def one(self, domain: d.Domain, rep: Rep, cells: Sequence[Cell]) -> None:
        """The checks of one value, in the order in which the semantics makes them."""
        match domain, rep:
            case d.Integers(), _:
                self._integer(domain, cells[0])
            case d.Identities(), _:
                self._identity(domain, cells[0])
            case d.Optional(item=inner), Maybe(item=kept):
                if _says_something(inner):
                    self._under(compare(cells[0], "!=", 0), inner, kept, cells[1:])
            case ((d.Tuples(items=inners) | d.Records(items=inners)), Product(items=kinds)):
                self._many(inners, kinds, cells)
            case d.Sequences(), Array():
                self._sequence(domain, rep, cells)
            case d.Maps(item=inner), Table(value=kept, keys=keys):
                self._many([inner] * len(keys), [kept] * len(keys), cells)

    def _many(self, domains: Sequence[d.Domain], reps: Sequence[Rep], cells: Sequence[Cell]) -> None:
        at = 0
        for domain, rep in zip(domains, reps, strict=True):
            self.one(domain, rep, cells[at : at + rep.cells])
            at += rep.cells

    def _integer(self, domain: d.Integers, cell: Cell) -> None:
        self._leave(compare(domain.hi, "<", cell), domain.bound)
        self._leave(compare(cell, "<", domain.lo), domain.floor)

    def _identity(self, domain: d.Identities, cell: Cell) -> None:
        numbers = [self._context.system.number(ref) for ref in domain.refs]
        if len(numbers) < len(self._context.system.refs):
            self._writer.stop_unless(either(*(same(cell, number) for number in numbers)), FAILED)

    def _sequence(self, domain: d.Sequences, rep: Array, cells: Sequence[Cell]) -> None:
        self._leave(compare(domain.most, "<", cells[0]), domain.bound)
        width = rep.item.cells
        if not _says_something(domain.item):
            return
        for place in range(domain.most):
            item = cells[1 + place * width : 1 + (place + 1) * width]
            self._under(compare(place, "<", cells[0]), domain.item, rep.item, item)

    def _under(self, test: Cell, domain: d.Domain, rep: Rep, cells: Sequence[Cell]) -> None:
        if test == 0:
            return
        if test == 1:
            self.one(domain, rep, cells)
            return
        with self._writer.under(f"if {test}:"):
            self.one(domain, rep, cells)

    def _leave(self, test: Cell, bound: str | None) -> None:
        """A literal bound is a claim, a named one is where the exploration ends."""
        status = FAILED if bound is None else self._context.cut(bound)
        if test == 1:
            self._writer.emit(f"return {status}")
        elif test != 0:
            with self._writer.under(f"if {test}:"):
                self._writer.emit(f"return {status}")


def _says_something(domain: d.Domain) -> bool:
    """Whether a value of the right kind can be outside."""
    if isinstance(domain, d.Sets):
        return False
    return isinstance(domain, d.Integers | d.Sequences | d.Identities) or any(map(_says_something, domain.parts))
