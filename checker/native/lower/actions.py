"""The kernels of what a model does: its actions, its handlers and its history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ....models.semantics.domains import Named
from ... import ir
from ..layout.reps import Rep, Scalar
from .checks import check
from .context import Context
from .frame import Kernel
from .kernels import kernel, of_function, written
from .picking import at_memory
from .status import DONE
from .values import Actor, Flat, World
from .writer import Block


@dataclass(frozen=True)
class Made:
    """A kernel: its name and lines, what it begins with, the cells of the record that it may assign.

    `posts` says whether it may change the network.
    """

    name: str
    lines: list[str]
    body: Block
    cells: frozenset[int]
    posts: bool


def _made(kernel_: Kernel, name: str, parameters: Sequence[str]) -> Made:
    lines = written(kernel_, name, parameters)
    return Made(name, lines, kernel_.writer.body, frozenset(kernel_.cells), kernel_.posts or kernel_.cuts)


def own_action(context: Context, name: str, function: str, reps: Sequence[Rep]) -> Made:
    """The kernel `name(m, arguments...)` of an action of the protocol."""
    arguments, names = _arguments(reps)
    return _made(_own(context, function, arguments), name, names)


def chosen_action(context: Context, name: str, function: str, arguments: Sequence[Flat]) -> Made:
    """The kernel `name(m)` of an action of the protocol with constant arguments."""
    return _made(_own(context, function, arguments), name, ())


def _own(context: Context, function: str, arguments: Sequence[Flat]) -> Kernel:
    made = kernel(context, writes=True)
    of_function(made, function, Flat(World(), (context.after,)), arguments)
    _check_fields(made, "", context.system.shape.fields, str(context.after + context.layout.shared))
    made.writer.emit(f"return {DONE}")
    return made


def process_action(context: Context, name: str, function: str, cluster: str, reps: Sequence[Rep]) -> Made:
    """The kernel `name(m, record, me, arguments...)` of an action of a process, whose record begins in a cell."""
    made = kernel(context, True, cluster)
    arguments, names = _arguments(reps)
    of_function(made, function, Flat(Actor((cluster,)), ("record", "me")), arguments)
    _finish(made, cluster)
    return _made(made, name, ("record", "me", *names))


def restart(context: Context, name: str, function: str, cluster: str) -> Made:
    """The kernel `name(m, record, me)` of the restart of a process that has just lost its volatile fields."""
    made = kernel(context, True, cluster)
    made.touched = True  # the crash has changed the state, whatever the guards say
    of_function(made, function, Flat(Actor((cluster,)), ("record", "me")), [])
    _finish(made, cluster)
    return _made(made, name, ("record", "me"))


def handler(context: Context, name: str, cluster: str, handled: ir.Handler, kind: int) -> Made:
    """The kernel `name(m, record, me, sender, fields..., at, kept)` of the receipt of a message."""
    made = kernel(context, True, cluster)
    rep = context.layout.envelopes.messages[kind].rep
    (message,), names = _arguments([rep])
    sender = Flat(Scalar(0, len(context.system.refs) - 1, "identity", context.system.refs), ("sender",))
    given = [message, sender] if handled.takes_sender else [message]
    of_function(made, handled.function, Flat(Actor((cluster,)), ("record", "me")), given)
    _check_fields(made, cluster, context.system.shape.shapes[cluster].fields, "record")
    _check_mail(made)
    with made.writer.under("if kept:"):
        made.writer.emit("keep(m, at)")
    with made.writer.under("else:"):
        made.writer.emit("take(m, at)")
    made.writer.emit("return post(m, me)" if made.posts else f"return {DONE}")
    return _made(made, name, ("record", "me", "sender", *names, "at", "kept"))


def _arguments(reps: Sequence[Rep]) -> tuple[list[Flat], list[str]]:
    """Parameters for values, and their names."""
    values: list[Flat] = []
    names: list[str] = []
    for rep in reps:
        mine = [f"a{len(names) + n}" for n in range(rep.cells)]
        names += mine
        values.append(Flat(rep, tuple(mine)))
    return values, names


def _finish(made: Kernel, cluster: str) -> None:
    """Check what a process leaves behind, and send its messages."""
    _check_fields(made, cluster, made.context.system.shape.shapes[cluster].fields, "record")
    _check_mail(made)
    made.writer.emit("return post(m, me)" if made.posts else f"return {DONE}")


def _check_fields(made: Kernel, owner: str, fields: Sequence[Named], record: str) -> None:
    """Leave with the first bound that a field leaves, in the order of declaration."""
    for field in fields:
        if field.name in made.written:
            offset, rep = made.context.layout.field(owner, field.name)
            check(made.writer, made.context, field.domain, at_memory(rep, "m", f"{record} + {offset}"))


def _check_mail(made: Kernel) -> None:
    if made.posts:
        bad = made.writer.variable("check_mail(m)")
        with made.writer.under(f"if {bad}:"):
            made.writer.emit(f"return {bad}")


def history(context: Context) -> Made:
    """The kernel `history(m)`: the ghost fields as the history variables leave them."""
    made = kernel(context, writes=True)
    before, after = Flat(World(), (0,)), Flat(World(), (context.after,))
    for function in context.program.histories:
        of_function(made, function, after, [before])
    _check_fields(made, "", context.system.shape.fields, str(context.after + context.layout.shared))
    made.writer.emit(f"return {DONE}")
    return _made(made, "history", ())
