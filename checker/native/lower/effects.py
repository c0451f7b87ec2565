"""What the functions of a model do to the state, the functions that they call included."""

from __future__ import annotations

from collections.abc import Iterator

from ... import ir
from ...ir.walk import walk


def done_by(program: ir.Program, *nodes: ir.Node) -> Iterator[ir.Node]:
    """Everything inside these nodes and inside the functions that they call, each function once."""
    seen: set[str] = set()
    todo = list(nodes)
    while todo:
        for node in walk(todo.pop()):
            yield node
            names = set(node.functions) - seen if isinstance(node, ir.Call) else set()
            seen |= names
            todo += [stmt for name in sorted(names) for stmt in program.functions[name].body]


def fields_written(program: ir.Program, *nodes: ir.Node) -> set[str]:
    """The fields that may be assigned."""
    return {node.name for node in done_by(program, *nodes) if isinstance(node, ir.ToField)}


def acts(program: ir.Program, *nodes: ir.Node) -> bool:
    """Whether a field may be assigned, a message sent, or a connection broken."""
    acting = ir.ToField | ir.Send | ir.Broadcast | ir.Disconnect
    return any(isinstance(node, acting) for node in done_by(program, *nodes))


def disconnects(program: ir.Program) -> bool:
    """Whether any process may break a connection."""
    return any(isinstance(node, ir.Disconnect) for node in walk(*program.functions.values()))


def is_hasty(program: ir.Program, stmt: ir.Stmt) -> bool:
    """Whether an expression of a statement assigns fields that another part of it may have read before."""
    exprs = [e for e in _direct(stmt) if any(isinstance(node, ir.Call) for node in walk(e))]
    return any(fields_written(program, e) for e in exprs) and not _is_plain_call(program, stmt)


def _direct(stmt: ir.Stmt) -> Iterator[ir.Expr]:
    """The expressions of a statement itself, not of those inside it."""
    match stmt:
        case ir.Assign(values=values):
            yield from values
        case ir.If(test=one) | ir.For(iterable=one) | ir.Perform(call=one):
            yield one
        case ir.Require(condition=one) | ir.Assert(condition=one):
            yield one
        case ir.Return(value=value) if value is not None:
            yield value
        case ir.Send(to=to, message=message) | ir.Broadcast(to=to, message=message):
            yield from (to, message)
        case ir.Disconnect(peer=peer):
            yield peer


def _is_plain_call(program: ir.Program, stmt: ir.Stmt) -> bool:
    """Whether a statement is one call, and nothing is assigned before the function is entered."""
    match list(_direct(stmt)):
        case [ir.Call(arguments=arguments)]:
            return not fields_written(program, *arguments)
    return False
