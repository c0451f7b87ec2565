"""Writes the traits of the members of an orbit as numbers, of which the first that differ tell which member is less.

They are those of `checker.search.orbits`, in the same order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...layout.reps import BitSet, Rep, Table
from ..cells import Cell, add, both_bits
from .order import order_of
from .turn import Turn
from .values import Spot, groups_of

WIDEST = 63
"""The most bits of a number."""

MOST_PIECES = 3
"""Into so many pieces the bits that name a member may be cut, to be put together without gaps."""

Piece = tuple[int, Cell]
"""Some bits of a trait: how many, and their text."""


def traits(turn: Turn, member: int) -> list[Cell]:
    """The traits of a member, in as few numbers as hold them, which stand alike for all members."""
    numbers: list[Cell] = []
    room = 0
    for bits, text in _pieces(turn, member):
        while bits:
            if not room:
                numbers.append(0)
                room = WIDEST
            # numbers are filled whole from the highest bit: members whose pieces are cut elsewhere have the same bits
            taken, left = min(bits, room), max(0, bits - room)
            room -= taken
            high = f"({text} >> {left})" if left else text
            numbers[-1] = add(numbers[-1], f"({high} << {room})" if room else high)
            bits, text = left, both_bits(text, (1 << left) - 1)
    return numbers


def _pieces(turn: Turn, member: int) -> Iterator[Piece]:
    layout = turn.context.layout
    if turn.cluster:
        fields = list(layout.records[turn.cluster].fields.values())
        base = layout.base(turn.first + member)
        for number in turn.orbit.own:
            offset, rep = fields[number]
            yield from _whole(rep, Spot("u", base + offset))
    shared = list(layout.records[""].fields.values())
    for number in turn.orbit.shared:
        offset, rep = shared[number]
        spot = Spot("u", layout.shared + offset)
        if isinstance(rep, Table):
            yield from _whole(rep.value, spot.moved(member * rep.value.cells))
        elif isinstance(rep, BitSet):
            yield from _part_of_set(turn, rep, spot, member)


def _whole(rep: Rep, spot: Spot) -> Iterator[Piece]:
    ranges = rep.cell_ranges()
    for cell in order_of(rep):
        lo, hi = ranges[cell]
        if hi > lo:
            yield (hi - lo).bit_length(), add(spot[cell], -lo)


def _part_of_set(turn: Turn, rep: BitSet, spot: Spot, member: int) -> Iterator[Piece]:
    """The values of a set that name the member, as bits: the first member takes its name in all of them."""
    found: list[tuple[int, int]] = []
    for terms, indices in groups_of(turn, rep).items():
        for term in terms:
            if term.member == member:
                found += [(index - term.now + term.values[0], index) for index in indices]
    runs = _runs(sorted(found))
    down = {index - renamed for renamed, index in found}
    if len(runs) > MOST_PIECES and rep.cells == 1 and len(down) == 1:
        mask = sum(1 << index for _, index in found)
        bits = both_bits(spot[0], mask)
        yield max(found)[0] + 1, f"({bits} >> {down.pop()})" if found else bits
    else:
        for run in reversed(runs):
            cell, shift = divmod(run[0], WIDEST)
            yield len(run), both_bits(f"({spot[cell]} >> {shift})" if shift else spot[cell], (1 << len(run)) - 1)


def _runs(found: Sequence[tuple[int, int]]) -> list[list[int]]:
    """The places of bits that stand side by side in a cell in the order in which they are wanted."""
    runs: list[list[int]] = []
    for _, index in found:
        if runs and index == runs[-1][-1] + 1 and index % WIDEST:
            runs[-1].append(index)
        else:
            runs.append([index])
    return runs
