"""No step may depend on what is kept only for properties."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...models.language import MessageSet, ModelError
from ...models.language.fields import Keeping
from .. import ir
from .effects import reached, steps
from .errors import mistake


def check_ghosts(program: ir.Program) -> Iterator[ModelError]:
    """Every ghost field that a step reads for anything but a ghost field or an assertion."""
    ghosts = _ghosts(program)
    for function in reached(program, *steps(program)):
        for node in _visible(function.body, ghosts):
            yield from _complaints(program, function, node, ghosts)


def _ghosts(program: ir.Program) -> frozenset[tuple[str, str]]:
    found = {(program.name, f.name) for f in program.shared if f.keeping is Keeping.GHOST}
    for process in program.processes:
        found |= {(process.name, f.name) for f in process.fields if f.keeping is Keeping.GHOST}
    return frozenset(found)


def _complaints(
    program: ir.Program, function: ir.Function, node: ir.Node, ghosts: frozenset[tuple[str, str]]
) -> Iterator[ModelError]:
    title = function.name.rpartition(".")[2]
    if isinstance(node, ir.ReadField) and any((name, node.name) in ghosts for name in _owners(node.owner.type)):
        yield mistake("ghost-in-guard", node.place, function=title, name=node.name)
    if isinstance(node, ir.Sent) and not isinstance(program.network, MessageSet):
        yield mistake("ghost-in-guard", node.place, function=title, name="sent(...)")
    if isinstance(node, ir.UnderWay):
        yield mistake("network-in-guard", node.place, function=title)


def _owners(type_: ir.Type) -> tuple[str, ...]:
    if isinstance(type_, ir.ProcessT):
        return tuple(cls.__name__ for cls in type_.classes)
    return (type_.cls.__name__,) if isinstance(type_, ir.ProtocolT) else ()


def _visible(body: Sequence[ir.Stmt], ghosts: frozenset[tuple[str, str]]) -> Iterator[ir.Node]:
    """The nodes that what is not a ghost can depend on."""
    for stmt in body:
        match stmt:
            case ir.Assert():
                pass
            case ir.Assign(targets=targets, values=values):
                for target, value in zip(targets, values, strict=True):
                    if not _is_ghost(target, ghosts):
                        yield from ir.walk(value)
            case ir.If(test=test, then=then, other=other) if not _only_ghosts((*then, *other), ghosts):
                yield from ir.walk(test)
                yield from _visible((*then, *other), ghosts)
            case ir.For(iterable=iterable, body=inner) if not _only_ghosts(inner, ghosts):
                yield from ir.walk(iterable)
                yield from _visible(inner, ghosts)
            case ir.If() | ir.For():
                pass
            case _:
                yield from ir.walk(stmt)


def _is_ghost(target: ir.Target, ghosts: frozenset[tuple[str, str]]) -> bool:
    # a process and the protocol may have fields of one name; the owner of the target is the function's own
    return isinstance(target, ir.ToField) and any(name == target.name for _, name in ghosts)


def _only_ghosts(body: Sequence[ir.Stmt], ghosts: frozenset[tuple[str, str]]) -> bool:
    for stmt in body:
        match stmt:
            case ir.Assign(targets=targets) if all(_is_ghost(target, ghosts) for target in targets):
                continue
            case ir.If(then=then, other=other) if _only_ghosts((*then, *other), ghosts):
                continue
            case ir.For(body=inner) if _only_ghosts(inner, ghosts):
                continue
            case ir.Assert():
                continue
        return False
    return True
