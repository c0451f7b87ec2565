"""One value from several ways to come by it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..layout.reps import Rep
from .cells import Cell, choose
from .coerce import flat, natural
from .errors import NotNative
from .frame import Frame
from .values import Flat, Value, joined
from .writer import Block

Way = tuple[Cell, Callable[[], Value | None]]
"""A test, and what to write where it is true and none before it was."""


def merged(f: Frame, ways: Sequence[Way]) -> Value | None:
    """Write the first way whose test is true; one of them is. None where the ways give no value."""
    written: list[tuple[Cell, Block, Value | None]] = []
    for test, write in ways:
        if test != 0:
            with f.aside() as block:
                value = write()
            written.append((test, block, value))
        if test == 1:
            break
    if len(written) == 1:
        f.writer.put(written[0][1])
        return written[0][2]
    if any(value is not None for _, _, value in written):
        return _chosen(f, written)
    _branches(f, [(test, block) for test, block, _ in written])
    return None


def _branches(f: Frame, written: Sequence[tuple[Cell, Block]]) -> None:
    if not any(block.items for _, block in written):
        return
    for number, (test, block) in enumerate(written):
        header = "else:" if number and number == len(written) - 1 else f"if {test}:" if not number else f"elif {test}:"
        with f.writer.under(header):
            f.writer.put(block)


def _chosen(f: Frame, written: Sequence[tuple[Cell, Block, Value | None]]) -> Value:
    flats, blocks = [], []
    rep = _common(f, written)
    for test, block, value in written:
        with f.writer.into(block):
            # a way that gives no value ends the step
            flats.append(Flat(rep, (0,) * rep.cells) if value is None else flat(f, value, rep))
        blocks.append((test, block))
    if not any(block.items for _, block in blocks):
        return _cells(f, [test for test, _ in blocks], flats)
    names = tuple(f.writer.fresh("v") for _ in range(rep.cells))
    for (_, block), each in zip(blocks, flats, strict=True):
        block.items += [f"{name} = {cell}" for name, cell in zip(names, each.cells, strict=True)]
    _branches(f, blocks)
    return Flat(rep, names)


def _common(f: Frame, written: Sequence[tuple[Cell, Block, Value | None]]) -> Rep:
    rep: Rep | None = None
    for _, block, value in written:
        if value is not None:
            with f.writer.into(block):
                found = natural(f, value)
            rep = found if rep is None else joined(rep, found)
            if rep is None:
                raise NotNative("this gives values that are not kept alike", f.place)
    assert rep is not None
    return rep


def _cells(f: Frame, tests: Sequence[Cell], flats: Sequence[Flat]) -> Flat:
    cells = list(flats[-1].cells)
    for test, each in zip(reversed(tests[:-1]), reversed(flats[:-1]), strict=True):
        test = f.writer.named(test) if len(cells) > 1 else test
        cells = [choose(test, a, b) for a, b in zip(each.cells, cells, strict=True)]
    return Flat(flats[-1].rep, tuple(cells))
