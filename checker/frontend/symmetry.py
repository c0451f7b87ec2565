"""Which clusters and symbols are not interchangeable, and where that can be seen."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from .. import ir
from .defaults import names_in
from .order import dependences, names_of


def asymmetries(program: ir.Program) -> ir.Program:
    """The program with a notice for each cluster or symbol class that it tells apart: the first use of each."""
    first: dict[str, ir.Asymmetry] = {}
    for notice in _uses(program):
        first.setdefault(notice.name, notice)
    return replace(program, notices=tuple(first.values()))


def _uses(program: ir.Program) -> Iterator[ir.Asymmetry]:
    fields = [*program.shared, *(f for p in program.processes for f in p.fields)]
    for node in ir.walk(*fields, *program.functions.values()):
        match node:
            case ir.Rank(ref=ref):
                yield from _notices(node.place, names_of(program, ref.type), "rank(...) gives them numbers")
            case ir.Nth():
                yield from _notices(
                    node.place, names_of(program, node.type), "nth(...) picks one of them by its number"
                )
            case ir.Literal(value=value):
                yield from _notices(node.place, names_in(value), "a constant names one of them")
    for found in dependences(program):
        yield from (
            _notices(found.place, found.names, "the result depends on their order") if not found.unordered else ()
        )


def _notices(place: ir.Place, names: frozenset[str], why: str) -> Iterator[ir.Asymmetry]:
    yield from (ir.Asymmetry(place, name, why) for name in sorted(names))
