"""Messages as codes and as bits, what was ever sent, and what is under way."""

from __future__ import annotations

from collections.abc import Callable

from ....models.language import Bag, Fifo, Sent
from ..layout.network import Bits, FifoLayout, Slots
from ..layout.reps import CELL_BITS, Product, Rep, Scalar, with_ones
from .bits import index_of
from .cells import Cell, add, both_bits, part, rest, same, times
from .coerce import flat
from .context import Context
from .frame import Frame
from .values import Flat, Heap, Pair, Value


def capacity(context: Context) -> tuple[int, str] | None:
    """The most messages that the network holds (each channel, of queues), and the bound that says so."""
    network = context.program.network
    if not isinstance(network, Bag | Fifo) or network.capacity is None:
        return None
    most, name = context.system.shape.resolver.count(network.capacity)
    return most, name or "capacity"


# -- sets of messages ----------------------------------------------------------------------------------------------

Store = Bits | Slots | FifoLayout
"""Where messages are kept."""


def sent_messages(f: Frame, world: Cell, cls: type) -> Value:
    """`sent(M)`: every message of a class that was ever sent, with its ends."""
    layout = f.context.layout
    store = layout.sent if layout.sent is not None else getattr(layout.network, "posted", None)
    return _messages(f, world, store, cls)


def messages_under_way(f: Frame, world: Cell, cls: type) -> Value:
    """`under_way(M)`: every message of a class that the network holds, with its ends."""
    network = f.context.layout.network
    return _messages(f, world, getattr(network, "posted", network), cls)


def _messages(f: Frame, world: Cell, store: object, cls: type) -> Value:
    classes = [payload.cls for payload in f.context.layout.envelopes.messages]
    rep = _sent_rep(f, cls)
    if not isinstance(store, Store) or cls not in classes:
        return Heap(rep, lambda body, stop: None)
    return Heap(rep, lambda body, stop: _visit(f, world, store, classes.index(cls), body, stop))


def _sent_rep(f: Frame, cls: type) -> Rep:
    ends = Scalar(0, len(f.context.system.refs) - 1, "identity", f.context.system.refs)
    return Product((ends, ends, f.context.reps.of(f.context.system.shape.resolver.record(cls))), Sent)


def _visit(f: Frame, world: Cell, store: Store, kind: int, body: Callable[[Value], None], stop: str) -> None:
    match store:
        case Slots():
            _visit_slots(f, world, store, kind, body, stop)
        case Bits():
            _visit_bits(f, world, store, kind, body, stop)
        case FifoLayout():
            _visit_queues(f, world, store, kind, body, stop)


def _visit_slots(f: Frame, world: Cell, store: Slots, kind: int, body: Callable[[Value], None], stop: str) -> None:
    place, last = f.writer.fresh("i"), f.writer.variable(-1)
    with f.writer.under(f"for {place} in range(m[{add(world, store.count)}]):"):
        code = f.writer.named(f"m[{add(add(world, store.first), place)}]")
        # equal codes stand side by side
        with f.writer.under(f"if {code} != {last} and {same(kind_of(f.context, code), kind)}:"):
            f.writer.emit(f"{last} = {code}")
            body(_letter(f, code, kind))
        _leave(f, stop)


def _visit_queues(
    f: Frame, world: Cell, store: FifoLayout, kind: int, body: Callable[[Value], None], stop: str
) -> None:
    number, place = f.writer.fresh("q"), f.writer.fresh("i")
    with f.writer.under(f"for {number} in range({len(store.channels)}):"):
        queue = f.writer.variable(add(times(number, 1 + store.slots), add(world, store.base)))
        with f.writer.under(f"for {place} in range(m[{queue}]):"):
            code = f.writer.named(f"m[{queue} + 1 + {place}]")
            known = _is_before(f, queue, place, code)
            with f.writer.under(f"if {known} == 0 and {same(kind_of(f.context, code), kind)}:"):
                body(_letter(f, code, kind))
            _leave(f, stop)
        _leave(f, stop)


def _is_before(f: Frame, queue: str, place: str, code: Cell) -> str:
    """Whether an equal message stands before this place of a queue."""
    known, earlier = f.writer.variable(0), f.writer.fresh("j")
    with (
        f.writer.under(f"for {earlier} in range({place}):"),
        f.writer.under(f"if m[{queue} + 1 + {earlier}] == {code}:"),
    ):
        f.writer.emit(f"{known} = 1")
    return known


def _leave(f: Frame, stop: str) -> None:
    if stop:
        with f.writer.under(f"if {stop}:"):
            f.writer.emit("break")


def _visit_bits(f: Frame, world: Cell, store: Bits, kind: int, body: Callable[[Value], None], stop: str) -> None:
    blocks = [b for b in f.context.layout.envelopes.blocks if b.kind == kind]
    wanted = with_ones([b.offset + n for b in blocks for n in range(b.size)], store.cells)
    for number, mask in enumerate(wanted):
        if mask:
            left = f.writer.variable(f"(m[{add(world, store.base + number)}] & {mask})")
            with f.writer.under(f"while {left} != 0 and not {stop}:" if stop else f"while {left} != 0:"):
                place = f.writer.variable(add(f"ctz({left})", number * CELL_BITS))
                f.writer.emit(f"{left} = {left} & ({left} - 1)")
                body(_letter(f, f.writer.named(f"{codes(f.context)}[{place}]"), kind))


def _letter(f: Frame, code: Cell, kind: int) -> Value:
    source, target = ends_of(f, code)
    return Pair((source, target, message_of(f, code, kind)), ("sender", "to", "message"))


# -- codes ---------------------------------------------------------------------------------------------------------


def codes(context: Context) -> str:
    """The table of the code of each envelope, by its place."""
    envelopes = context.layout.envelopes
    return context.table([envelopes.code(envelopes.at(place)) for place in range(envelopes.universe or 0)])


def kind_of(context: Context, code: Cell) -> Cell:
    """The number of a message's class."""
    envelopes = context.layout.envelopes
    return rest(_shifted(code, envelopes.payload_bits), envelopes.kinds)


def _shifted(code: Cell, bits: int) -> Cell:
    if isinstance(code, int):
        return code >> bits
    return f"({code} >> {bits})" if bits else code


def ends_of(f: Frame, code: Cell) -> tuple[Flat, Flat]:
    """The sender and the receiver of a message."""
    envelopes = f.context.layout.envelopes
    ends = f.writer.named(part(_shifted(code, envelopes.payload_bits), envelopes.kinds))
    rep = Scalar(0, envelopes.processes - 1, "identity", f.context.system.refs)
    source, target = part(ends, envelopes.processes), rest(ends, envelopes.processes)
    return Flat(rep, (f.writer.named(source),)), Flat(rep, (f.writer.named(target),))


def message_of(f: Frame, code: Cell, kind: int) -> Flat:
    """The fields of a message."""
    payload = f.context.layout.envelopes.messages[kind]
    cells = [_field(code, p.lo, p.bits, p.shift, p.mask) for p in payload.parts]
    return Flat(payload.rep, tuple(f.writer.named(cell) for cell in cells))


def _field(code: Cell, lo: int, bits: int, shift: int, mask: int) -> Cell:
    return add(both_bits(_shifted(code, shift), mask), lo) if bits else lo


def code_of(f: Frame, sender: Cell, to: Cell, kind: int, message: Flat) -> Cell:
    """The code of an envelope whose message is in its domain."""
    envelopes = f.context.layout.envelopes
    payload = envelopes.messages[kind]
    kept = flat(f, message, payload.rep)
    code = times(
        add(times(add(times(sender, envelopes.processes), to), envelopes.kinds), kind), 1 << envelopes.payload_bits
    )
    for each, cell in zip(payload.parts, kept.cells, strict=True):
        code = add(code, times(add(cell, -each.lo), 1 << each.shift)) if each.bits else code
    return code


def place_of_envelope(f: Frame, sender: Cell, to: Cell, kind: int, message: Flat) -> Cell:
    """The bit of an envelope whose message is in its domain."""
    envelopes = f.context.layout.envelopes
    kept = flat(f, message, envelopes.messages[kind].rep)
    count = envelopes.processes
    offsets = [0] * (count * count)
    for block in envelopes.blocks:
        if block.kind == kind:
            offsets[block.source * count + block.target] = block.offset
    _, index = index_of(kept.rep, kept.cells)
    return add(f.context.looked_up(offsets, f.writer.named(add(times(sender, count), to))), index)
