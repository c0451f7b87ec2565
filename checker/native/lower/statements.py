"""The code of each statement."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import Any

from ... import ir
from ...ir.walk import walk
from .assignments import assign, bind
from .calls import called
from .cells import Cell, add, times
from .coerce import flat
from .context import OUTBOX
from .effects import acts, fields_written
from .frame import Frame
from .loops import UNROLLED, each
from .status import ASK, FAILED
from .steady import steady
from .values import Heap, Value


def block(f: Frame, body: tuple[ir.Stmt, ...]) -> None:
    """Write statements, one after the other."""
    for stmt in body:
        f.do(stmt)


# -- guards and messages -----------------------------------------------------------------------------------------------


def _require(f: Frame, s: ir.Require) -> None:
    f.writer.stop_unless(f.test(s.condition), f.kernel.disabled())


def _assert(f: Frame, s: ir.Assert) -> None:
    f.writer.stop_unless(f.test(s.condition), FAILED)


def _send(f: Frame, s: ir.Send) -> None:
    to = flat(f, f.value(s.to)).cell
    _post(f, to, _message(f, s.message), s.message.type)


def _disconnect(f: Frame, s: ir.Disconnect) -> None:
    peer = flat(f, f.value(s.peer)).cell
    assert f.owner is not None
    _, me = flat(f, f.owner).cells
    if f.context.layout.envelopes.blocks:
        f.writer.emit(f"disconnect(m, {me}, {peer})")
    f.kernel.touched = f.kernel.cuts = True


def _message(f: Frame, message: ir.Expr) -> Value:
    return steady(f, f.value(message))


def _broadcast(f: Frame, s: ir.Broadcast) -> None:
    message = _message(f, s.message)
    each(f, f.value(s.to), lambda to: _post(f, flat(f, to).cell, message, s.message.type))


def _post(f: Frame, to: Cell, message: Value, type_: ir.Type) -> None:
    """Put a message in the outbox."""
    assert isinstance(type_, ir.RecordT)
    handled = type_.cls in [payload.cls for payload in f.context.layout.envelopes.messages]
    cells = flat(f, message, f.context.message_rep(type_.cls)).cells if handled else ()
    kind = f.context.message_number(type_.cls) if handled else len(f.context.layout.envelopes.messages)
    count = f.writer.variable(f"m[{f.context.outbox}]")
    f.writer.stop_unless(f"({count} < {OUTBOX})", ASK)
    at = f.writer.named(add(times(count, f.context.envelope_cells), f.context.outbox + 1))
    for number, cell in enumerate((to, kind, *cells)):
        f.writer.emit(f"m[{add(at, number)}] = {cell}")
    f.writer.emit(f"m[{f.context.outbox}] = {add(count, 1)}")
    f.kernel.touched = f.kernel.posts = True


# -- control -----------------------------------------------------------------------------------------------------------


def _perform(f: Frame, s: ir.Perform) -> None:
    called(f, s.call)


def _if(f: Frame, s: ir.If) -> None:
    test = f.test(s.test)
    if isinstance(test, int):
        block(f, s.then if test else s.other)
        return
    with f.writer.under(f"if {test}:"):
        block(f, s.then)
    if s.other:
        with f.writer.under("else:"):
            block(f, s.other)


def _for(f: Frame, s: ir.For) -> None:
    leaves = any(isinstance(node, ir.Break | ir.Continue | ir.Return) for node in walk(*s.body))
    whole = _iterable(f, s)
    stop = f.writer.variable(0) if leaves else ""
    inside = f.looping(stop)
    f.kernel.written |= fields_written(f.context.program, *s.body)
    f.kernel.touched |= acts(f.context.program, *s.body)

    def body(value: Value) -> None:
        bind(inside, s.target, value)
        block(inside, s.body)

    each(f, whole, body, stop, 0 if leaves else UNROLLED)
    if f.leaving and f.stop:
        with f.writer.under(f"if {f.leaving.flag}:"):
            f.writer.emit(f"{f.stop} = 1")
            f.writer.emit("break")


def _iterable(f: Frame, s: ir.For) -> Value:
    """What a loop goes through, as it is before the loop; what was ever sent does not change in a step."""
    whole = f.value(s.iterable)
    return whole if isinstance(whole, Heap) else steady(f, whole)


def _return(f: Frame, s: ir.Return) -> None:
    """Leave the function from inside a loop; elsewhere the end of the function sees to it."""
    leaving = f.leaving
    assert leaving is not None
    if s.value is not None and leaving.rep is not None:
        cells = [f.writer.named(cell) for cell in flat(f, f.value(s.value), leaving.rep).cells]
        for name, cell in zip(leaving.names, cells, strict=True):
            f.writer.emit(f"{name} = {cell}")
    f.writer.emit(f"{leaving.flag} = 1")
    _break(f, s)


def _break(f: Frame, s: ir.Stmt) -> None:
    f.writer.emit(f"{f.stop} = 1")
    f.writer.emit("break")


STATEMENTS: MappingProxyType[type[ir.Stmt], Callable[[Frame, Any], None]] = MappingProxyType(
    {
        ir.Assign: assign,
        ir.Require: _require,
        ir.Assert: _assert,
        ir.Send: _send,
        ir.Broadcast: _broadcast,
        ir.Disconnect: _disconnect,
        ir.Perform: _perform,
        ir.If: _if,
        ir.For: _for,
        ir.Return: _return,
        ir.Break: _break,
        ir.Continue: lambda f, s: f.writer.emit("continue"),
    }
)
"""The code of each statement."""
