"""Writes the kernel that makes the image of a state under a renaming of one orbit."""

from __future__ import annotations

from collections.abc import Iterator

from ...layout.faults import CrashLayout
from ..cells import Cell, add, times
from ..writer import Writer
from .mail import rename_network, rename_posted
from .turn import Turn
from .values import Spot, rename


def image_kernel(turn: Turn, name: str, code: str) -> Iterator[str]:
    """The kernel `name(u, v, p, q)`: the image `v` of the cells `u` when member `i` becomes `p[i]`.

    `q` is `p` the other way round, `code` the kernel that renames an envelope.
    """
    layout = turn.context.layout
    w = Writer()
    w.emit(f"copy(v, u, {layout.cells})")
    for cluster in layout.clusters:
        _rename_processes(w, turn, cluster)
    for offset, rep in layout.records[""].fields.values():
        rename(w, turn, rep, Spot("u", layout.shared + offset), Spot("v", layout.shared + offset))
    if layout.envelopes.blocks and _matters_to_mail(turn):
        rename_network(w, turn, code)
        if layout.sent is not None:
            rename_posted(w, turn, layout.sent, code)
    if turn.cluster:
        _rename_faults(w, turn)
    yield from w.text(f"def {name}(u: Words, v: Words, p: Words, q: Words) -> Word:")


def _matters_to_mail(turn: Turn) -> bool:
    """Whether a renaming changes envelopes."""
    return bool(turn.cluster) or any(turn.names(payload.rep) for payload in turn.context.layout.envelopes.messages)


def _rename_processes(w: Writer, turn: Turn, cluster: str) -> None:
    """The processes of a cluster: they move if it is the one that is renamed, and rename what they name."""
    layout = turn.context.layout
    first, count = layout.clusters[cluster]
    stride, base = layout.stride(cluster), layout.base(first) if count else 0
    fields = [(offset, rep) for offset, rep in layout.records[cluster].fields.values() if turn.names(rep)]
    moves = cluster == turn.cluster and stride > 0
    if not moves and not fields:
        return
    number = w.fresh("i")
    with w.under(f"for {number} in range({count}):"):
        new = w.named(_start(base, number, stride))
        old = w.named(_start(base, f"q[{number}]", stride)) if moves else new
        if moves:
            w.emit(f"copy(at(v, {new}), at(u, {old}), {stride})")
        for offset, rep in fields:
            rename(w, turn, rep, Spot("u", add(old, offset)), Spot("v", add(new, offset)))


def _start(base: int, number: str, stride: int) -> Cell:
    return add(times(number, stride), base)


def _rename_faults(w: Writer, turn: Turn) -> None:
    """Those that are down, and the side of the first process."""
    everybody = (1 << len(turn.context.system.refs)) - 1
    for fault in turn.context.layout.faults:
        if not isinstance(fault, CrashLayout):
            side = _moved_bits(w, turn, fault.side)
            flip = f"{everybody} if {side} != 0 and ({side} & 1) == 0 else 0"
            w.emit(f"v[{fault.side}] = {side} ^ ({flip})")
        elif fault.stays_down:
            w.emit(f"v[{fault.down}] = {_moved_bits(w, turn, fault.down)}")


def _moved_bits(w: Writer, turn: Turn, cell: int) -> Cell:
    """A set of processes, renamed."""
    others = ~(((1 << turn.count) - 1) << turn.first)
    moved = [f"((u[{cell}] >> {turn.first + i} & 1) << {add(f'p[{i}]', turn.first)})" for i in range(turn.count)]
    return w.named(" | ".join([f"(u[{cell}] & {others})", *moved]))
