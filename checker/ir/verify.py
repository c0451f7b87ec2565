"""What a legal program is, as a list of rules; a program that breaks one is our own fault, never the modeller's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from ...models.language import Fifo, Place
from . import nodes as n
from . import types as t
from .fits import fits, item_of, plain
from .walk import walk


class IllegalProgram(Exception):
    """A program breaks a rule; `rule` says which, `place` where in the model's source."""

    def __init__(self, rule: str, place: Place) -> None:
        super().__init__(f"{place}: {rule}")
        self.rule = rule
        self.place = place


class Rule(NamedTuple):
    """What must be true of every node of a kind."""

    says: str
    kind: type[n.Node] | tuple[type[n.Node], ...]
    holds: Callable[[Any], bool]


def verify(program: n.Program) -> None:
    """Check every rule on every node. Errors: `IllegalProgram`."""
    for rule, place in broken(program):
        raise IllegalProgram(rule, place)


def broken(program: n.Program) -> Iterator[tuple[str, Place]]:
    """Each rule that is broken, and where."""
    for node in walk(program, *program.functions.values()):
        yield from ((rule.says, node.place) for rule in RULES if isinstance(node, rule.kind) and not rule.holds(node))
        yield from ((says, node.place) for says in _whole(program, node))
    for function in program.functions.values():
        yield from _names(function)
        yield from _returns(function)


def _is(expr: n.Expr, *kinds: type[t.Type]) -> bool:
    return isinstance(expr.type, kinds)


def _same(*exprs: n.Expr) -> bool:
    return len({plain(expr.type) for expr in exprs}) <= 1


def _holds_items(expr: n.Expr) -> bool:
    item = item_of(expr.type)
    items: tuple[n.Expr, ...] = getattr(expr, "items", ())
    return item is not None and all(fits(each.type, item) for each in items)


def _record(e: n.MakeRecord) -> bool:
    if not isinstance(e.type, t.RecordT) or len(e.items) != len(e.type.items):
        return False
    return all(fits(item.type, wanted) for item, wanted in zip(e.items, e.type.items, strict=True))


def _replaces(e: n.Replace) -> bool:
    if not isinstance(e.type, t.RecordT) or e.type != e.value.type:
        return False
    wanted = [e.type.item(name) for name in e.names]
    return all(w is not None and fits(item.type, w) for w, item in zip(wanted, e.items, strict=True))


def _record_item(e: n.RecordItem) -> bool:
    match e.value.type:
        case t.RecordT():
            return e.value.type.item(e.name) == e.type
        case t.SentT(message=message):
            return e.name in ("sender", "to") or (e.name == "message" and e.type == message)
    return False


def _assigns(s: n.Assign) -> bool:
    pairs = list(zip(s.targets, s.values, strict=False))
    return len(s.targets) == len(s.values) and all(fits(v.type, target.type) for target, v in pairs)


def _binds(pattern: n.Pattern) -> bool:
    return bool(pattern.name) != bool(pattern.items)


def _unwraps(e: n.Unwrap) -> bool:
    return isinstance(e.value.type, t.OptionalT) and fits(e.value.type.item, e.type)


def _is_of_messages(e: n.Sent | n.UnderWay) -> bool:
    return isinstance(e.type, t.SetT) and isinstance(e.type.item, t.SentT)


def _asks_of_a_set(function: n.Function) -> bool:
    taken = [parameter.type for parameter in function.parameters]
    return len(taken) == 1 and isinstance(taken[0], t.SetT) and isinstance(function.returns, t.Bool)


_COLLECTIONS = (t.SeqT, t.SetT, t.MapT, t.BagT)
_OF_BOOLS = (n.Not, n.Logic, n.Equal, n.Order, n.Contains, n.Quantified, n.Majority)

RULES: tuple[Rule, ...] = (
    Rule("a question is a bool", _OF_BOOLS, lambda e: _is(e, t.Bool)),
    Rule("a condition is a bool", (n.Require, n.Assert), lambda s: _is(s.condition, t.Bool)),
    Rule("a test is a bool", (n.If, n.Conditional), lambda s: _is(s.test, t.Bool)),
    Rule("a generator's conditions are bools", n.Generator, lambda g: all(_is(c, t.Bool) for c in g.conditions)),
    Rule("not takes a bool", n.Not, lambda e: _is(e.value, t.Bool)),
    Rule("and and or take bools", n.Logic, lambda e: len(e.items) > 1 and all(_is(i, t.Bool) for i in e.items)),
    Rule("all and any take bools", n.Quantified, lambda e: _is(e.body, t.Bool)),
    Rule("arithmetic is on ints", n.Arithmetic, lambda e: _is(e, t.Int) and _is(e.left, t.Int) and _is(e.right, t.Int)),
    Rule("a sign is on an int", (n.Negate, n.Absolute), lambda e: _is(e, t.Int) and _is(e.value, t.Int)),
    Rule("a sum is of ints", n.Sum, lambda e: _is(e, t.Int) and _is(e.body, t.Int)),
    Rule("two sides that are compared have one type", (n.Equal, n.Order), lambda e: _same(e.left, e.right)),
    Rule("both branches have the type of the whole", n.Conditional, lambda e: _same(e, e.then, e.other)),
    Rule("only an optional is unwrapped", n.Unwrap, _unwraps),
    Rule("a wider type is wider", n.Widen, lambda e: fits(e.value.type, e.type)),
    Rule("an index is an int", n.SeqItem, lambda e: _is(e.value, t.SeqT) and _is(e.index, t.Int)),
    Rule("a tuple's item is one of its items", n.TupleItem, lambda e: _is(e.value, t.TupleT, t.SentT) and e.index >= 0),
    Rule("a slice is of a sequence", n.Slice, lambda e: _is(e.value, t.SeqT)),
    Rule("sequences are put together", n.Concat, lambda e: _is(e, t.SeqT) and _same(e, e.left, e.right)),
    Rule(
        "set operators are on sets of one type", n.SetOperation, lambda e: _is(e, t.SetT) and _same(e, e.left, e.right)
    ),
    Rule(
        "a map is looked up by its key",
        n.MapItem,
        lambda e: _is(e.value, t.MapT) and fits(e.key.type, e.value.type.key),
    ),
    Rule(
        "a map is updated by entries of its type",
        n.MapUpdate,
        lambda e: e.type == e.value.type and fits(e.entries.type, e.type),
    ),
    Rule("only a collection has members", n.Contains, lambda e: _is(e.collection, *_COLLECTIONS)),
    Rule("only a sequence is counted in", n.Count, lambda e: _is(e, t.Int) and _is(e.value, t.SeqT)),
    Rule("only a collection has a length", n.Length, lambda e: _is(e.value, *_COLLECTIONS)),
    Rule("only a collection is iterated over", (n.For, n.Generator), lambda s: _is(s.iterable, *_COLLECTIONS)),
    Rule("items fit the collection", (n.MakeSeq, n.MakeSet), _holds_items),
    Rule("a record has a value for each field", n.MakeRecord, _record),
    Rule("a replaced field is a field", n.Replace, _replaces),
    Rule("a record's item is one of its fields", n.RecordItem, _record_item),
    Rule("a domain lists one type", (n.Domain, n.Processes), lambda e: _is(e, t.SeqT)),
    Rule("the messages asked for are of one class", (n.Sent, n.UnderWay), _is_of_messages),
    Rule("a rule of quorums is asked of a set", n.Function, lambda f: not f.quorum or _asks_of_a_set(f)),
    Rule("a rank is of an identity", n.Rank, lambda e: _is(e, t.Int) and _is(e.ref, t.RefT)),
    Rule("what is assigned fits the target", n.Assign, _assigns),
    Rule("a pattern is a name or has items", n.Pattern, _binds),
    Rule("a message is sent to an identity", n.Send, lambda s: _is(s.to, t.RefT) and _is_message(s.message)),
    Rule(
        "a message is sent to a set of identities", n.Broadcast, lambda s: _is(s.to, t.SetT) and _is_message(s.message)
    ),
    Rule("a connection is to an identity", n.Disconnect, lambda s: _is(s.peer, t.RefT)),
    Rule("a property has a name", n.Property, lambda p: bool(p.name)),
    Rule("a field's default fits it", n.Field, lambda f: fits(f.default.type, f.type)),
)
"""What must be true of each node by itself."""


def _is_message(expr: n.Expr) -> bool:
    return isinstance(expr.type, t.RecordT) and expr.type.is_message


# -- rules that need the whole program ------------------------------------------------------------------------------


def _whole(program: n.Program, node: n.Node) -> Iterator[str]:
    match node:
        case n.Call():
            yield from _call(program, node)
        case n.ReadField(owner=owner, name=name):
            if not all(name in _declared(program, cls) for cls in _classes(owner.type)):
                yield "a field that is read is declared"
        case n.Disconnect() if not isinstance(program.network, Fifo):
            yield "only a Fifo has connections"
        case n.Parameter(name=name):
            if name not in {s.name for s in program.parameters} | {c.name for c in program.clusters}:
                yield "a parameter is one of the protocol's"
        case n.Program():
            yield from (f"the function {name} exists" for name in _roots(program) if name not in program.functions)


def _call(program: n.Program, call: n.Call) -> Iterator[str]:
    owners = _classes(call.owner.type) if call.owner else ("",)
    if not call.functions or len(call.functions) not in (1, len(owners)):
        yield "a call has one function for each class of its owner"
    for name in call.functions:
        function = program.functions.get(name)
        if function is None:
            yield "a function that is called exists"
        elif len(function.parameters) != len(call.arguments):
            yield "a call has an argument for each parameter"
        elif not all(fits(a.type, p.type) for a, p in zip(call.arguments, function.parameters, strict=True)):
            yield "an argument fits its parameter"
        elif not fits(function.returns, call.type):
            yield "a call has the type that its function returns"


def _classes(owner: t.Type) -> tuple[str, ...]:
    if isinstance(owner, t.ProcessT):
        return tuple(cls.__name__ for cls in owner.classes)
    return (owner.cls.__name__,) if isinstance(owner, t.ProtocolT) else ()


def _declared(program: n.Program, cls: str) -> frozenset[str]:
    if cls == program.name:
        return frozenset(field.name for field in program.shared)
    return frozenset(field.name for process in program.processes if process.name == cls for field in process.fields)


def _roots(program: n.Program) -> Iterator[str]:
    yield from (*program.initial, *program.actions, *program.histories, *program.constraints)
    for prop in (*program.invariants, *program.step_invariants, *program.lemmas):
        yield from (prop.function, *([prop.witness] if prop.witness else []))
    for process in program.processes:
        yield from process.steps


def _names(function: n.Function) -> Iterator[tuple[str, Place]]:
    bound = {parameter.name for parameter in function.parameters}
    bound |= {node.name for node in walk(*function.body) if isinstance(node, n.Pattern | n.ToLocal)}
    for node in walk(*function.body):
        if isinstance(node, n.Local) and node.name not in bound:
            yield "a local that is read is bound", node.place
        if isinstance(node, n.ToField) and function.owner is None:
            yield "only a method assigns fields", node.place


def _returns(function: n.Function) -> Iterator[tuple[str, Place]]:
    for node in walk(*function.body):
        if isinstance(node, n.Return) and node.value is not None and not fits(node.value.type, function.returns):
            yield "what is returned fits the function", node.place
