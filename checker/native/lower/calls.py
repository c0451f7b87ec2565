"""Functions of the model, written where they are called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from ... import ir
from ...ir.walk import walk
from .assignments import give
from .clusters import is_in
from .errors import NotNative
from .frame import Frame, Leaving, assigned_often
from .kinds import rep_of
from .merging import merged
from .steady import steady
from .values import Actor, Flat, Known, Value, loose


def call(f: Frame, e: ir.Call) -> Value:
    """The value of a call; of one that gives nothing, None as the model has it."""
    found = called(f, e)
    return Known(None, ir.NoneT()) if found is None else found


def called(f: Frame, e: ir.Call) -> Value | None:
    """Write a call; None if it gives nothing."""
    owner = None if e.owner is None else f.value(e.owner)
    arguments = [steady(f, f.value(argument)) for argument in e.arguments]
    if isinstance(owner, Flat) and isinstance(owner.rep, Actor):
        return _dispatched(f, e, Flat(owner.rep, tuple(f.writer.named(c) for c in owner.cells)), arguments)
    return inlined(f, f.context.program.functions[e.functions[0]], owner, arguments)


def _dispatched(f: Frame, e: ir.Call, owner: Flat, arguments: Sequence[Value]) -> Value | None:
    """The function of the class that a process has."""
    assert isinstance(owner.rep, Actor)
    ways = []
    for cluster in owner.rep.clusters:
        narrow = Flat(Actor((cluster,)), owner.cells)
        function = f.context.program.functions[_function(f, e, cluster)]
        ways.append((is_in(f.context, cluster, owner.cells[1]), function, narrow))
    if len(ways) == 1:
        return inlined(f, ways[0][1], ways[0][2], arguments)
    last = len(ways) - 1
    return merged(
        f,
        [
            (1 if n == last else test, partial(inlined, f, function, narrow, arguments))
            for n, (test, function, narrow) in enumerate(ways)
        ],
    )


def _function(f: Frame, e: ir.Call, cluster: str) -> str:
    assert e.owner is not None
    assert isinstance(e.owner.type, ir.ProcessT)
    if len(e.functions) == 1:
        return e.functions[0]
    return e.functions[e.owner.type.classes.index(f.context.class_of(cluster))]


def inlined(f: Frame, function: ir.Function, owner: Value | None, arguments: Sequence[Value]) -> Value | None:
    """Write the body of a function; None if it gives nothing."""
    names = [parameter.name for parameter in function.parameters]
    inner = Frame(f.kernel, owner, function, dict(zip(names, arguments, strict=True)), many=assigned_often(function))
    for name in inner.many & set(names):
        give(inner, ir.ToLocal(function.place, _type(function, name), name), inner.locals.pop(name))
    return tail(inner, function.body)


def _type(function: ir.Function, name: str) -> ir.Type:
    return next(p.type for p in function.parameters if p.name == name)


# -- returns -------------------------------------------------------------------------------------------------------


def _returns(*stmts: ir.Stmt) -> bool:
    return any(isinstance(node, ir.Return) for node in walk(*stmts))


def tail(f: Frame, body: Sequence[ir.Stmt]) -> Value | None:
    """Write the statements to the end of a function, and give what it returns."""
    for number, stmt in enumerate(body):
        rest, here = tuple(body[number + 1 :]), f.within(stmt)
        match stmt:
            case ir.Return(value=None):
                return None
            case ir.Return(value=ir.Expr() as value):
                return here.value(value)
            case ir.If() if _returns(stmt):
                return _forked(here, stmt, rest)
            case ir.For() if _returns(stmt):
                return _looped(here, stmt, rest)
        f.do(stmt)
    return None


def _forked(f: Frame, stmt: ir.If, rest: tuple[ir.Stmt, ...]) -> Value | None:
    test = f.writer.named(f.test(stmt.test))
    return merged(
        f,
        [
            (test, lambda: tail(f.inner(), (*stmt.then, *rest))),
            (1, lambda: tail(f.inner(), (*stmt.other, *rest))),
        ],
    )


def _looped(f: Frame, stmt: ir.For, rest: tuple[ir.Stmt, ...]) -> Value | None:
    """A loop that may leave the function; what follows it is written for the case that it does not."""
    found = rep_of(f.context, f.function.returns)
    if found is None:
        raise NotNative("what is returned from inside a loop has no fixed number of bits", stmt.place)
    rep = loose(found)
    leaving = Leaving(f.writer.variable(0), rep, tuple(f.writer.variable(0) for _ in range(rep.cells)))
    f.kernel.statements[ir.For](replace(f, leaving=leaving), stmt)
    return merged(f, [(leaving.flag, lambda: Flat(rep, leaving.names)), (1, lambda: tail(f, rest))])
