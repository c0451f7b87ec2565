"""What a state is made of, field by field, in bits and cells: for people who wonder where the memory goes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ....models.language import Crash
from .pack import Packing
from .reps import Array, BitSet, Maybe, Product, Rep, Roomy, Scalar, Table, Unit


@dataclass(frozen=True)
class Line:
    """A field: its bits and cells, and how it is kept."""

    name: str
    bits: int
    cells: int
    kept: str


@dataclass(frozen=True)
class Section:
    """A part of a state: `count` records of so many bits and cells each, with a line for each field."""

    name: str
    count: int
    bits: int
    cells: int
    kept: str
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Contents:
    """A whole state: words of 64 bits, how many bits of them are in use, cells, and the parts in order."""

    words: int
    bits: int
    cells: int
    sections: tuple[Section, ...]


def contents(packing: Packing) -> Contents:
    """What a state is made of."""
    return Contents(packing.words, packing.bits, packing.layout.cells, tuple(_sections(packing)))


def _sections(packing: Packing) -> Iterator[Section]:
    layout = packing.layout
    for cluster, (first, count) in layout.clusters.items():
        yield _record(packing, cluster, cluster, layout.base(first), count)
    if layout.records[""].fields:
        yield _record(packing, "", "shared", layout.shared, 1)
    network = layout.network
    slots = str(network) if network.envelopes.blocks else "nothing is ever sent"
    yield _part(packing, "network", network.base, network.cells, slots)
    declared = type(layout.system.protocol).faults
    for fault, kept in zip(declared, layout.faults, strict=True):
        who = f", of {fault.of.__name__}" if isinstance(fault, Crash) else ""
        name = type(fault).__name__.lower()
        yield _part(packing, name, kept.base, kept.cells, f"up to {kept.times}{who}")
    if layout.sent:
        yield _part(packing, "sent", layout.sent.base, layout.sent.cells, str(layout.sent))


def _record(packing: Packing, owner: str, name: str, base: int, count: int) -> Section:
    record = packing.layout.records[owner]
    lines = [
        Line(field, _bits(packing, base + offset, rep.cells), rep.cells, how(rep))
        for field, (offset, rep) in record.fields.items()
    ]
    kept = "" if owner == "" else f"each of {count}"
    return Section(name, count, _bits(packing, base, record.cells), record.cells, kept, tuple(lines))


def _part(packing: Packing, name: str, base: int, cells: int, kept: str) -> Section:
    return Section(name, 1, _bits(packing, base, cells), cells, kept)


def _bits(packing: Packing, first: int, cells: int) -> int:
    return sum(place.bits for place in packing.places[first : first + cells])


def how(rep: Rep) -> str:
    """How a value is kept, in a few words: `bit set of 9`, `0..2, or None`."""
    match rep:
        case Scalar():
            return _scalar(rep)
        case Unit():
            return "None"
        case Maybe(item=item):
            return f"{how(item)}, or None"
        case Product(items=items):
            name = "" if rep.cls is None else rep.cls.__name__
            return f"{name}({', '.join(map(how, items))})"
        case Roomy(item=item, most=most):
            return f"at most {most - 1} of {how(item)}"
        case Array(item=item, most=most):
            return f"at most {most} of {how(item)}"
        case BitSet(item=item):
            return f"bit set of {item.size}"
        case Table(keys=keys, value=value):
            return f"{len(keys)} times {how(value)}"
    raise AssertionError(rep)


def _scalar(scalar: Scalar) -> str:
    match scalar.kind:
        case "bool":
            return "bool"
        case "identity":
            return f"one of {scalar.size} processes"
        case "enum" | "symbol":
            return f"one of {scalar.size} {scalar.of.__name__}"
    return f"{scalar.lo}..{scalar.hi}"
