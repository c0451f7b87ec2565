"""The kernels that change the network: `post` sends the outbox, `take` removes what is received, `keep` does not."""

from __future__ import annotations

from collections.abc import Iterator

from ....models.language import Bag
from ..layout.network import BagLayout, Bits, FifoLayout, SetLayout, Slots
from ..layout.reps import CELL_BITS
from .cells import Cell, add, times
from .checks import check
from .context import Context
from .effects import disconnects
from .frame import Frame
from .kernels import frame, kernel, written
from .network import capacity, code_of, place_of_envelope
from .picking import at_memory
from .status import ASK, DONE, FAILED
from .values import Flat


def mail_kernels(context: Context) -> Iterator[str]:
    """The kernels that a model with messages needs.

    `check_mail(m)` says whether what is in the outbox may be sent, `post(m, sender)` sends it to one receiver after the
    other, `take(m, at)` removes what was received (`at` is its slot or channel), `keep(m, at)` uses up a duplicate,
    `disconnect(m, me, peer)` empties the queues between two processes.
    """
    if not context.layout.envelopes.blocks:
        yield from _no_mail(context)
        return
    yield from _check_mail(context)
    yield from _post(context)
    yield from _take(context)
    yield from _keep(context)
    if disconnects(context.program):
        yield from _disconnect(context)


def _no_mail(context: Context) -> Iterator[str]:
    """The kernels of a model in which no message can ever be under way: the reference engine says what is wrong."""
    yield "def check_mail(m: Words) -> Word:"
    yield f"    return {ASK} if m[{context.outbox}] != 0 else {DONE}"
    yield from ("", "", "def post(m: Words, sender: Word) -> Word:", f"    return {DONE}", "", "")


def _each_letter(f: Frame) -> tuple[str, str]:
    """Open the loops over the outbox by receiver; gives the names of the receiver and of the letter's address."""
    to, number = f.writer.fresh("to"), f.writer.fresh("i")
    f.writer.here = f.writer.open(f"for {to} in range({len(f.context.system.refs)}):")
    f.writer.here = f.writer.open(f"for {number} in range(m[{f.context.outbox}]):")
    at = f.writer.fresh("at")
    f.writer.emit(f"{at} = {add(times(number, f.context.envelope_cells), f.context.outbox + 1)}")
    f.writer.here = f.writer.open(f"if m[{at}] == {to}:")
    return to, at


def _letter(f: Frame, at: str, kind: int) -> Flat:
    cls = f.context.layout.envelopes.messages[kind].cls
    return at_memory(f.context.message_rep(cls), "m", add(at, 2))


def _each_kind(f: Frame, at: str) -> Iterator[int]:
    """A branch for each class of message."""
    for kind in range(f.context.layout.envelopes.kinds):
        with f.writer.under(f"if m[{at} + 1] == {kind}:"):
            yield kind


def _check_mail(context: Context) -> list[str]:
    made = kernel(context, writes=True)
    f = frame(made, "check_mail")
    to, at = _each_letter(f)
    f.writer.stop_unless(f"(m[{at} + 1] < {context.layout.envelopes.kinds})", FAILED)
    for kind in _each_kind(f, at):
        handled = [n for n in range(len(context.system.refs)) if _handles(context, n, kind)]
        if len(handled) < len(context.system.refs):
            mask = sum(1 << n for n in handled)
            f.writer.stop_unless(f"((({mask}) >> {to}) & 1)", FAILED)
        cls = context.layout.envelopes.messages[kind].cls
        check(f.writer, context, context.system.shape.resolver.record(cls), _letter(f, at, kind))
    return written(made, "check_mail", ())


def _handles(context: Context, number: int, kind: int) -> bool:
    shape = context.system.shape
    return context.layout.envelopes.messages[kind].cls in shape.shapes[context.system.refs[number].cluster].handlers


def _post(context: Context) -> list[str]:
    made = kernel(context, writes=True)
    f = frame(made, "post")
    to, at = _each_letter(f)
    for kind in _each_kind(f, at):
        message = _letter(f, at, kind)
        if context.layout.sent is not None:
            _into(f, context.layout.sent, "sender", to, kind, message)
        _send(f, "sender", to, kind, message)
    return written(made, "post", ("sender",))


def _send(f: Frame, sender: str, to: str, kind: int, message: Flat) -> None:
    network = f.context.layout.network
    if isinstance(network, BagLayout):
        _into_bag(f, network, sender, to, kind, message)
    elif isinstance(network, FifoLayout):
        _into_queue(f, network, sender, to, kind, message)
    elif isinstance(network, SetLayout):
        _into(f, network.posted, sender, to, kind, message)


def _into(f: Frame, store: Bits | Slots, sender: str, to: str, kind: int, message: Flat) -> None:
    """Into a set of envelopes."""
    if isinstance(store, Bits):
        place = f.writer.named(place_of_envelope(f, sender, to, kind, message))
        base = store.base + f.context.after
        if store.cells == 1:
            f.writer.emit(f"m[{base}] |= 1 << {place}")
        elif isinstance(place, str):
            f.writer.emit(f"m[{base} + udiv({place}, {CELL_BITS})] |= 1 << urem({place}, {CELL_BITS})")
        return
    code = f.writer.named(code_of(f, sender, to, kind, message))
    where = _slot_for(f, store, code)
    with f.writer.under(
        f"if not ({where} < m[{store.count + f.context.after}] and {_slot(f, store, where)} == {code}):"
    ):
        _insert(f, store, code, where, ASK)


def _slot(f: Frame, store: Slots, where: Cell) -> str:
    return f"m[{add(where, store.first + f.context.after)}]"


def _slot_for(f: Frame, store: Slots, code: Cell) -> str:
    """The first slot whose code is not less."""
    where = f.writer.variable(0)
    count = f"m[{store.count + f.context.after}]"
    with f.writer.under(f"while {where} < {count} and {_slot(f, store, where)} < {code}:"):
        f.writer.emit(f"{where} += 1")
    return where


def _insert(f: Frame, store: Slots, code: Cell, where: str, full: int) -> None:
    """Put a code in its slot, after moving those behind it."""
    count = f.writer.variable(f"m[{store.count + f.context.after}]")
    f.writer.stop_unless(f"({count} < {store.slots})", full)
    place = f.writer.variable(count)
    with f.writer.under(f"while {where} < {place}:"):
        f.writer.emit(f"{_slot(f, store, place)} = {_slot(f, store, add(place, -1))}")
        f.writer.emit(f"{place} = {place} - 1")
    f.writer.emit(f"{_slot(f, store, where)} = {code}")
    f.writer.emit(f"m[{store.count + f.context.after}] = {count} + 1")


def _into_bag(f: Frame, bag: BagLayout, sender: str, to: str, kind: int, message: Flat) -> None:
    network, store = f.context.program.network, bag.posted
    assert isinstance(network, Bag)
    code = f.writer.named(code_of(f, sender, to, kind, message))
    where = _slot_for(f, store, code)
    limit = capacity(f.context)
    full = f.context.cut(limit[1]) if limit else ASK
    if network.copies is None:
        _insert(f, store, code, where, full)
        return
    most = f.context.system.shape.resolver.count(network.copies, 1)[0]
    copies = f.writer.variable(0)
    there = f"{add(where, copies)} < m[{store.count + f.context.after}]"
    with f.writer.under(f"while {there} and {_slot(f, store, add(where, copies))} == {code}:"):
        f.writer.emit(f"{copies} += 1")
    with f.writer.under(f"if {copies} < {most}:"):
        _insert(f, store, code, where, full)


def _into_queue(f: Frame, queues: FifoLayout, sender: str, to: str, kind: int, message: Flat) -> None:
    code = f.writer.named(code_of(f, sender, to, kind, message))
    base = f.writer.variable(_queue(f, queues, sender, to))
    limit = capacity(f.context)
    held = f.writer.variable(f"m[{base}]")
    f.writer.stop_unless(f"({held} < {queues.slots})", f.context.cut(limit[1]) if limit else ASK)
    f.writer.emit(f"m[{base} + 1 + {held}] = {code}")
    f.writer.emit(f"m[{base}] = {held} + 1")


def _queue(f: Frame, queues: FifoLayout, sender: Cell, to: Cell) -> Cell:
    """The first cell of the queue between two processes in the state after the step, 0 if there can be none."""
    count = len(f.context.system.refs)
    bases = [0] * (count * count)
    for channel in queues.channels:
        bases[channel.source * count + channel.target] = channel.count + f.context.after
    return f.context.looked_up(bases, f.writer.named(add(times(sender, count), to)))


def _disconnect(context: Context) -> list[str]:
    made = kernel(context, writes=True)
    f, network = frame(made, "disconnect"), context.layout.network
    assert isinstance(network, FifoLayout)
    for ends in (("me", "peer"), ("peer", "me")):
        base = f.writer.variable(_queue(f, network, *ends))
        with f.writer.under(f"if {base} != 0:"), f.writer.under(f"for i in range({1 + network.slots}):"):
            f.writer.emit(f"m[{base} + i] = 0")
    f.writer.emit(f"return {DONE}")
    return written(made, "disconnect", ("me", "peer"))


def _take(context: Context) -> list[str]:
    made = kernel(context, writes=True)
    f = frame(made, "take")
    network = context.layout.network
    if isinstance(network, BagLayout) and isinstance(network.posted, Slots) and network.posted.slots:
        store = network.posted
        _shift(f, str(store.count + context.after), "at")
    elif isinstance(network, FifoLayout) and network.channels:
        counts = [channel.count + context.after for channel in network.channels]
        queue = str(f.writer.named(context.looked_up(counts, "at")))
        if disconnects(context.program):  # the handler may have emptied the queue that its message was in
            f.writer.stop_unless(f"(m[{queue}] != 0)", DONE)
        _shift(f, queue, "0")
    f.writer.emit(f"return {DONE}")
    return written(made, "take", ("at",))


def _shift(f: Frame, base: str, at: str) -> None:
    """Close the gap that one slot leaves; the free slot at the end becomes 0."""
    last = f.writer.variable(f"m[{base}] - 1")
    with f.writer.under(f"for i in range({at}, {last}):"):
        f.writer.emit(f"m[{base} + 1 + i] = m[{base} + 2 + i]")
    f.writer.emit(f"m[{base} + 1 + {last}] = 0")
    f.writer.emit(f"m[{base}] = {last}")


def _keep(context: Context) -> list[str]:
    made = kernel(context, writes=True)
    network = context.layout.network
    if isinstance(network, BagLayout):
        made.writer.emit(f"m[{network.left + context.after}] -= 1")
    return written(made, "keep", ("at",))
