"""What functions of a program may call, read, write and send."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .. import ir
from ..ir.walk import walk


def reached(program: ir.Program, functions: Iterable[str]) -> Iterator[ir.Node]:
    """Every node of these functions, and of those that they may call."""
    waiting, seen = list(functions), set[str]()
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            for node in walk(program.functions[name]):
                yield node
                if isinstance(node, ir.Call):
                    waiting += node.functions


def fields_read(program: ir.Program, functions: Iterable[str]) -> set[str]:
    """The names of the fields that they may read."""
    return {node.name for node in reached(program, functions) if isinstance(node, ir.ReadField)}


def fields_written(program: ir.Program, functions: Iterable[str]) -> set[str]:
    """The names of the fields that they may assign."""
    return {node.name for node in reached(program, functions) if isinstance(node, ir.ToField)}


def messages_sent(program: ir.Program, functions: Iterable[str]) -> frozenset[type]:
    """The classes of the messages that they may send."""
    sends = (node for node in reached(program, functions) if isinstance(node, ir.Send | ir.Broadcast))
    types = (node.message.type for node in sends)
    return frozenset(type_.cls for type_ in types if isinstance(type_, ir.RecordT))


def needed_histories(program: ir.Program, properties: Iterable[ir.Property]) -> tuple[str, ...]:
    """The history methods that write a field which these properties, or a method that is needed itself, read."""
    wanted = fields_read(program, [p.function for p in properties])
    needed: set[str] = set()
    for _ in program.histories:
        for name in program.histories:
            if name not in needed and fields_written(program, [name]) & wanted:
                needed.add(name)
                wanted |= fields_read(program, [name])
    return tuple(name for name in program.histories if name in needed)
