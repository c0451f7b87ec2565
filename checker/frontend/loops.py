"""Loops over collections without an order: what in them makes the order matter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from .. import ir
from .accumulate import Rounds, Write, accumulates, is_own, key_of, reads, rounds_of
from .effects import reached


def pattern_names(pattern: ir.Pattern) -> Iterator[str]:
    """The locals that a pattern gives names to."""
    if pattern.name:
        yield pattern.name
    for item in pattern.items:
        yield from pattern_names(item)


def unsafe(program: ir.Program, loop: ir.For, known: set[str]) -> Iterator[ir.Place]:
    """The places in a loop over a collection without an order that make its order matter."""
    nodes = list(ir.walk(*loop.body))
    unique = frozenset(_unique(loop)) - _assigned(nodes)
    helpers = [(n.place, inside) for n in nodes if isinstance(n, ir.Call) for inside in _inside(program, n, unique)]
    writes = [w for w in _writes(nodes, unique) if isinstance(w.target, ir.ToField) or w.target.name in known]
    writes += [w for _, inside in helpers for w in _writes(*inside) if isinstance(w.target, ir.ToField)]
    rounds = rounds_of(writes, unique)
    yield from _exposed(nodes, rounds)
    yield from _left_early([*nodes, *(node for _, inside in helpers for node in inside[0])], nodes, rounds)
    yield from (place for place, (found, own) in helpers if any(_exposed(found, replace(rounds, unique=own))))


Inside = tuple[list[ir.Node], frozenset[str]]
"""The nodes of a function, and the locals in it that differ from round to round."""


def _inside(program: ir.Program, call: ir.Call, unique: frozenset[str]) -> Iterator[Inside]:
    """The nodes of each function that a call leads to, and its parameters that differ from round to round."""
    found = {f.name: (f, list(ir.walk(*f.body))) for f in reached(program, *call.functions)}
    again = {name for _, nodes in found.values() for n in nodes if isinstance(n, ir.Call) for name in n.functions}
    for name, (function, nodes) in found.items():
        direct = name in call.functions and name not in again
        pairs = zip(function.parameters, call.arguments, strict=False) if direct else ()
        yield nodes, frozenset(p.name for p, a in pairs if is_own(a, unique)) - _assigned(nodes)


def _assigned(nodes: Iterable[ir.Node]) -> frozenset[str]:
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ir.Assign):
            found |= {target.name for target in node.targets if isinstance(target, ir.ToLocal)}
        if isinstance(node, ir.For | ir.Generator):
            found.update(pattern_names(node.target))
    return frozenset(found)


def _writes(nodes: Iterable[ir.Node], unique: frozenset[str]) -> Iterator[Write]:
    for node in nodes:
        if isinstance(node, ir.Assign):
            yield from (Write(target, value, unique) for target, value in _pairs(node))


def _pairs(node: ir.Assign) -> Iterator[tuple[ir.Target, ir.Expr]]:
    return zip(node.targets, node.values, strict=True)


def _unique(loop: ir.For | ir.Generator) -> Iterator[str]:
    """The locals that have another value in each round."""
    match loop.iterable:
        case ir.MapPairs():
            yield from (item.name for item in loop.target.items[:1])
        case ir.Zip(items=items) if all(isinstance(item, ir.Processes | ir.Domain) for item in items):
            yield from (item.name for item in loop.target.items)
        case ir.Processes() | ir.Domain():
            yield loop.target.name
        case _ if isinstance(loop.iterable.type, ir.SetT | ir.MapT):
            yield loop.target.name


def tells_apart(key: ir.Expr, generator: ir.Generator) -> bool:
    """Whether two rounds of a generator never give the same key."""
    match key:
        case ir.MakeTuple(items=items) | ir.MakeRecord(items=items):
            return any(tells_apart(item, generator) for item in items)
    return is_own(key, frozenset(_unique(generator)))


def _exposed(nodes: Iterable[ir.Node], rounds: Rounds) -> Iterator[ir.Place]:
    """The places where a round sees what other rounds did, or overwrites it."""
    for node in nodes:
        match node:
            case ir.Assign():
                if not all(_assigns_safely(target, value, rounds) for target, value in _pairs(node)):
                    yield node.place
            case ir.Stmt():
                found = (child for child in ir.children(node) if isinstance(child, ir.Expr))
                yield from (child.place for child in found if reads(child, rounds))


def _assigns_safely(target: ir.Target, value: ir.Expr, rounds: Rounds) -> bool:
    key = key_of(target)
    if key in rounds.keys:
        return key in rounds.plain or (key not in rounds.mixed and accumulates(target, value, rounds))
    return not reads(value, rounds)


def _left_early(done: Sequence[ir.Node], nodes: Sequence[ir.Node], rounds: Rounds) -> Iterator[ir.Place]:
    """The places where a loop ends early, so that it matters which rounds came first; `done` is all that it does."""
    busy = bool(rounds.keys - rounds.plain) or any(isinstance(node, _FELT) for node in done)
    exits = [node for node in nodes if isinstance(node, ir.Return | ir.Break)]
    values = [node.value for node in exits if isinstance(node, ir.Return)]
    results = {repr(value.value) for value in values if isinstance(value, ir.Literal)}
    for node in exits:
        given = isinstance(node, ir.Return) and not isinstance(node.value, ir.Literal | None)
        if given or busy or len(results) > 1:
            yield node.place


_FELT = (ir.Send, ir.Broadcast, ir.Disconnect, ir.Perform, ir.Require, ir.Assert)
"""What a round that is not reached does not do."""
