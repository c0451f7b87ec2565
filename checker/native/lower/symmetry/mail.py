"""Writes the renaming of envelopes: in slots, as bits, and in queues."""

from __future__ import annotations

from collections.abc import Iterator

from ...layout.envelopes import Block
from ...layout.network import BagLayout, Bits, FifoLayout, SetLayout, Slots
from ..bits import index_of
from ..cells import Cell, add, both_bits, part, rest, times
from ..errors import NotNative
from ..network import codes
from ..writer import Writer
from .turn import Index, Term, Turn, joined
from .values import Spot, each_bit, grouped, rename, rename_set, set_bit

U, V = Spot("u", 0), Spot("v", 0)


def mail_kernels(turn: Turn, name: str) -> Iterator[str]:
    """The kernel `name(c, p)`, which gives the code of a renamed envelope."""
    envelopes = turn.context.layout.envelopes
    w = Writer()
    w.emit(f"h = c >> {envelopes.payload_bits}")
    w.emit(f"kind = {rest('h', envelopes.kinds)}")
    for kind, payload in enumerate(envelopes.messages):
        if turn.names(payload.rep):
            with w.under(f"if kind == {kind}:"):
                _rename_payload(w, turn, kind)
    if turn.cluster:
        w.emit(f"ends = {part('h', envelopes.kinds)}")
        source, target = part("ends", envelopes.processes), rest("ends", envelopes.processes)
        head = add(times(_end(w, turn, source), envelopes.processes), _end(w, turn, target))
        w.emit(f"h = {add(times(head, envelopes.kinds), 'kind')}")
    w.emit(f"return (h << {envelopes.payload_bits}) | (c & {(1 << envelopes.payload_bits) - 1})")
    yield from w.text(f"def {name}(c: Word, p: Words) -> Word:")


def _end(w: Writer, turn: Turn, number: Cell) -> Cell:
    """A process, renamed if it is of the cluster."""
    if not turn.cluster:
        return number
    one = w.named(number)
    last = turn.first + turn.count - 1
    everybody = turn.count == turn.context.layout.envelopes.processes
    new = add(f"p[{add(one, -turn.first)}]", turn.first)
    return new if everybody else f"({new} if {turn.first} <= {one} <= {last} else {one})"


def _rename_payload(w: Writer, turn: Turn, kind: int) -> None:
    payload = turn.context.layout.envelopes.messages[kind]
    old, new = Spot(w.fresh("a"), 0), Spot(w.fresh("b"), 0)
    for spot in (old, new):
        w.emit(f"{spot.pointer} = cells({payload.rep.cells})")
        for cell, p in enumerate(payload.parts):
            w.emit(f"{spot[cell]} = {add(both_bits(f'(c >> {p.shift})', p.mask), p.lo)}")
    rename(w, turn, payload.rep, old, new)
    fields: Cell = 0
    for cell, p in enumerate(payload.parts):
        if p.bits:
            fields = add(fields, f"({add(new[cell], -p.lo)} << {p.shift})")
    w.emit(f"c = {fields}")


def rename_network(w: Writer, turn: Turn, code: str) -> None:
    """What is under way; `code` is the kernel that renames an envelope."""
    match turn.context.layout.network:
        case SetLayout(posted=posted) | BagLayout(posted=posted):
            rename_posted(w, turn, posted, code)
        case FifoLayout() as queues:
            _rename_queues(w, turn, queues, code)


def rename_posted(w: Writer, turn: Turn, posted: Bits | Slots, code: str) -> None:
    """A set of envelopes."""
    if isinstance(posted, Slots):
        _rename_slots(w, posted, code)
    else:
        _rename_bits(w, turn, posted, code)


def _rename_slots(w: Writer, posted: Slots, code: str) -> None:
    """Codes, put in order again."""
    number, new, at = w.fresh("i"), w.fresh("e"), w.fresh("j")
    first = posted.first
    with w.under(f"for {number} in range({U[posted.count]}):"):
        w.emit(f"{new} = {code}({U[add(number, first)]}, p)")
        w.emit(f"{at} = {number}")
        with w.under(f"while {at} > 0 and {V[add(at, first - 1)]} > {new}:"):
            w.emit(f"{V[add(at, first)]} = {V[add(at, first - 1)]}")
            w.emit(f"{at} -= 1")
        w.emit(f"{V[add(at, first)]} = {new}")


def _rename_bits(w: Writer, turn: Turn, posted: Bits, code: str) -> None:
    old, new = U.moved(posted.base), V.moved(posted.base)
    places = _places(turn)
    if places is None:
        _rename_each_bit(w, turn, posted, code)
    else:
        rename_set(w, turn, grouped(places), old, new)


def _places(turn: Turn) -> list[Index] | None:
    """What becomes of the place of each envelope, None if that is no sum of terms.

    It is none if the sender and the receiver may both be renamed, or several members of one value in a set.
    """
    found: list[Index] = []
    for block in turn.context.layout.envelopes.blocks:
        head = _head(turn, block)
        if head is None:
            return None
        rep = turn.context.layout.envelopes.messages[block.kind].rep
        try:
            found += [joined([head, turn.index(rep, index)]) for index in range(block.size)]
        except NotNative:
            return None
    return found


def _head(turn: Turn, block: Block) -> Index | None:
    """What becomes of the first place of a block."""
    members = [turn.is_member(number) for number in (block.source, block.target)]
    if not any(members):
        return block.offset, ()
    if all(members):
        return None
    others = [
        turn.context.layout.envelopes.block(*((n, block.target) if members[0] else (block.source, n)), block.kind)
        for n in range(turn.first, turn.first + turn.count)
    ]
    offsets = [other.offset for other in others if other is not None]
    member = (block.source if members[0] else block.target) - turn.first
    return offsets[0], (Term(member, tuple(offset - offsets[0] for offset in offsets)),)


def _rename_each_bit(w: Writer, turn: Turn, posted: Bits, code: str) -> None:
    for cell in range(posted.cells):
        w.emit(f"{V[posted.base + cell]} = 0")
    with each_bit(w, U.moved(posted.base), posted.cells) as place:
        new = w.named(f"{code}({codes(turn.context)}[{place}], p)")
        set_bit(w, V.moved(posted.base), w.named(_place(w, turn, str(new))), posted.cells)


def _place(w: Writer, turn: Turn, code: str) -> str:
    """The place of an envelope, by its code."""
    envelopes = turn.context.layout.envelopes
    offsets = [0] * (envelopes.processes * envelopes.processes * envelopes.kinds)
    for block in envelopes.blocks:
        offsets[envelopes.head(block.source, block.target, block.kind)] = block.offset
    head = w.named(f"{code} >> {envelopes.payload_bits}")
    place = w.fresh("e")
    w.emit(f"{place} = {turn.context.looked_up(offsets, head)}")
    for kind, payload in enumerate(envelopes.messages):
        cells = [add(both_bits(f"({code} >> {p.shift})", p.mask), p.lo) for p in payload.parts]
        with w.under(f"if {rest(head, envelopes.kinds)} == {kind}:"):
            w.emit(f"{place} += {index_of(payload.rep, cells)[1]}")
    return place


def _rename_queues(w: Writer, turn: Turn, queues: FifoLayout, code: str) -> None:
    """Queues that move to other ends."""
    count = turn.context.layout.envelopes.processes
    channels = {(c.source, c.target): c.base for c in queues.channels}
    bases = [channels.get((source, target), 0) for source in range(count) for target in range(count)]
    for old in queues.channels:
        ends = add(times(_end(w, turn, old.source), count), _end(w, turn, old.target))
        new = w.named(turn.context.looked_up(bases, w.named(ends)))
        w.emit(f"{V[new]} = {U[old.count]}")
        number = w.fresh("i")
        with w.under(f"for {number} in range({queues.slots}):"):
            renamed = f"{code}({U[add(number, old.first)]}, p) if {number} < {U[old.count]} else 0"
            w.emit(f"{V[add(add(new, number), 1)]} = {renamed}")
