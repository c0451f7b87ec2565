"""The wires of a network: for every sender and receiver, the classes of messages between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ....models.language import Ref
from ... import ir
from ...ir import types as t
from ..reach import messages_sent
from ..setting import Setting


@dataclass(frozen=True)
class Wire:
    """From whom, to whom, and which class of messages."""

    source: Ref[Any]
    target: Ref[Any]
    message: t.RecordT

    @property
    def ends(self) -> tuple[Ref[Any], Ref[Any]]:
        """The two processes."""
        return self.source, self.target

    def __str__(self) -> str:
        return f"{self.message} {self.source!r}>{self.target!r}"


def wires(setting: Setting) -> Iterator[Wire]:
    """Every wire that some process may use."""
    for target in setting.refs:
        for handler in setting.class_of(target).handlers:
            yield from wires_into(setting, target, handler)


def wires_into(setting: Setting, target: Ref[Any], handler: ir.Handler) -> Iterator[Wire]:
    """The wires whose messages a handler of a process receives."""
    program = setting.program
    senders = {p.name for p in program.processes if handler.message.cls in messages_sent(program, p.steps)}
    for source in setting.refs:
        if setting.class_of(source).name in senders:
            yield Wire(source, target, handler.message)


def wire_of(setting: Setting, source: Ref[Any], target: Ref[Any], message: t.RecordT) -> Wire | None:
    """The wire on which a message goes, None if the receiver has no handler for it."""
    handlers = setting.class_of(target).handlers
    return next((Wire(source, target, h.message) for h in handlers if h.message.cls is message.cls), None)
