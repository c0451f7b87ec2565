"""Writes which of two images of a state is less, in the order of `checker.search.images`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...layout.faults import CrashLayout
from ...layout.network import BagLayout, Bits, FifoLayout, SetLayout, Slots
from ...layout.reps import Array, BitSet, Maybe, Product, Rep, Table
from ..context import Context
from ..writer import Writer
from .turn import Turn


def order_of(rep: Rep) -> list[int]:
    """The cells of a value in the order in which they are compared."""
    match rep:
        case BitSet():
            # one number, whose highest bits are in the last cell
            return list(reversed(range(rep.cells)))
        case Maybe(item=item):
            return [0, *_each([item], 1)]
        case Product(items=items):
            return _each(items, 0)
        case Array(item=item, most=most):
            return [0, *_each([item] * most, 1)]
        case Table(keys=keys, value=value):
            return _each([value] * len(keys), 0)
    return list(range(rep.cells))


def _each(items: Sequence[Rep], base: int) -> list[int]:
    found: list[int] = []
    for item in items:
        found += [base + cell for cell in order_of(item)]
        base += item.cells
    return found


def less_kernel(context: Context, turns: Sequence[Turn], name: str) -> Iterator[str]:
    """The kernel `name(a, b)`: whether the first image is less. What no renaming changes is the same in both."""
    w = Writer()
    cells = list(_changing(context, turns))
    while cells:
        length = next(n for n in range(1, len(cells) + 1) if n == len(cells) or cells[n] != cells[0] + n)
        _compare_cells(w, cells[0], length)
        cells = cells[length:]
    layout = context.layout
    _compare_network(w, context)
    for fault in layout.faults:
        if not isinstance(fault, CrashLayout):
            _compare_sides(w, fault.side)
        elif fault.stays_down:
            _compare_bits(w, fault.down)
    if layout.sent is not None:
        _compare_posted(w, layout.sent)
    yield from w.text(f"def {name}(a: Words, b: Words) -> Word:")


def _changing(context: Context, turns: Sequence[Turn]) -> Iterator[int]:
    """The cells of fields that a renaming may change, in the order in which they are compared."""
    layout = context.layout
    clusters = {turn.cluster for turn in turns}
    records = [(ref.cluster, layout.base(number)) for number, ref in enumerate(context.system.refs)]
    for owner, base in [*records, ("", layout.shared)]:
        moves = owner != "" and owner in clusters
        for offset, rep in layout.records[owner].fields.values():
            if moves or any(turn.names(rep) for turn in turns):
                yield from (base + offset + cell for cell in order_of(rep))


def _compare_cells(w: Writer, first: int, count: int) -> None:
    place = str(first)
    if count == 1:
        _decide(w, place)
    else:
        place = w.fresh("i")
        with w.under(f"for {place} in range({first}, {first + count}):"):
            _decide(w, place)


def _decide(w: Writer, place: str, less: str = "") -> None:
    with w.under(f"if a[{place}] != b[{place}]:"):
        w.emit(f"return {less or f'a[{place}] < b[{place}]'}")


def _compare_network(w: Writer, context: Context) -> None:
    match context.layout.network:
        case SetLayout(posted=posted) | BagLayout(posted=posted):
            _compare_posted(w, posted)
        case FifoLayout(slots=slots, channels=channels):
            for channel in channels:
                _compare_queues(w, channel.base, slots)


def _compare_posted(w: Writer, posted: Bits | Slots) -> None:
    """Sets of as many envelopes: the one with the least that is not in both."""
    if isinstance(posted, Slots):
        if posted.slots:
            _compare_cells(w, posted.first, posted.slots)
    else:
        for cell in range(posted.cells):
            _compare_bits(w, posted.base + cell)


def _compare_bits(w: Writer, cell: int) -> None:
    differ, low = w.fresh("d"), w.fresh("l")
    w.emit(f"{differ} = a[{cell}] ^ b[{cell}]")
    w.emit(f"{low} = {differ} & -{differ}")
    with w.under(f"if {differ} != 0:"):
        w.emit(f"return (a[{cell}] & {low}) != 0")


def _compare_sides(w: Writer, cell: int) -> None:
    """Sets of any size as ascending lists, of which the beginning of another is less."""
    differ, low = w.fresh("d"), w.fresh("l")
    w.emit(f"{differ} = a[{cell}] ^ b[{cell}]")
    w.emit(f"{low} = {differ} & -{differ}")
    with w.under(f"if (a[{cell}] & {low}) != 0:"):
        w.emit(f"return (b[{cell}] & -{low}) != 0")
    with w.under(f"if {differ} != 0:"):
        w.emit(f"return (a[{cell}] & -{low}) == 0")


def _compare_queues(w: Writer, base: int, slots: int) -> None:
    """Queues between the same two: message by message; of two that begin alike the longer one is less."""
    place = w.fresh("i")
    with w.under(f"for {place} in range({base + 1}, {base + 1 + slots}):"):
        there = [f"({place} - {base} <= {side}[{base}])" for side in "ab"]
        with w.under(f"if {there[0]} and {there[1]}:"):
            _decide(w, place)
    _decide(w, str(base), f"a[{base}] > b[{base}]")
