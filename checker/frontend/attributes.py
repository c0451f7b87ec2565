"""What stands after a dot, and what stands in brackets."""

from __future__ import annotations

import ast
from enum import Enum

from ...models.language import Process
from .. import ir
from .compare import check_order
from .errors import close
from .facts import is_property, method
from .scope import Scope
from .static import MISSING, constant, static


def attribute(scope: Scope, node: ast.Attribute, hint: ir.Type | None) -> ir.Expr:
    """`owner.name`."""
    value = static(scope, node)
    if value is not MISSING:
        return constant(scope, node, value)
    base = static(scope, node.value)
    if isinstance(base, type):
        known = list(base.__members__) if issubclass(base, Enum) else [n for n in dir(base) if not n.startswith("_")]
        raise scope.fail("unknown-attribute", node, owner=base.__name__, name=node.attr, near=close(node.attr, known))
    return member(scope, node, scope.some(node.value), node.attr)


def member(scope: Scope, node: ast.Attribute, owner: ir.Expr, name: str) -> ir.Expr:
    """A field, or what else can be asked of a value without a call."""
    match owner.type:
        case ir.RecordT(names=names):
            item = owner.type.item(name)
            if item is not None:
                return ir.RecordItem(scope.place(node), item, owner, name)
        case ir.SentT(message=message):
            names = ("sender", "to", "message")
            if name in names:
                type_ = message if name == "message" else ir.RefT(Process)
                return ir.RecordItem(scope.place(node), type_, owner, name)
        case ir.ProcessT():
            return _of_process(scope, node, owner, owner.type, name)
        case ir.ProtocolT():
            return _of_protocol(scope, node, owner, owner.type, name)
        case ir.RefT() | ir.SymbolT() if name == "index":
            check_order(scope, node, owner.type)
            names = ()
        case _:
            names = ()
    raise _unknown(scope, node, ir.describe(owner.type), name, list(names))


def _unknown(scope: Scope, node: ast.Attribute, owner: str, name: str, known: list[str]) -> Exception:
    advice = close(name, known) if known else ""
    return scope.fail("unknown-attribute", node, owner=owner, name=name, near=advice)


def _of_process(scope: Scope, node: ast.Attribute, owner: ir.Expr, type_: ir.ProcessT, name: str) -> ir.Expr:
    common = type_.classes[0] if len(type_.classes) == 1 else Process
    if name == "id":
        return ir.Identity(scope.place(node), ir.RefT(common), owner)
    if name == "peers":
        return ir.Peers(scope.place(node), ir.SetT(ir.RefT(common)), owner)
    if any(name in scope.session.facts.given[cls] for cls in type_.classes):
        return _given(scope, node, owner, type_.classes, name)
    return _declared(scope, node, owner, type_.classes, name)


def _given(scope: Scope, node: ast.Attribute, owner: ir.Expr, classes: tuple[type, ...], name: str) -> ir.Expr:
    """A parameter of the protocol that these processes have under a name. Errors: `mixed-parameter`."""
    found = dict.fromkeys(scope.session.facts.given[cls].get(name) for cls in classes)
    given = next(iter(found))
    if given is None or len(found) > 1:
        owners = " and ".join(cls.__name__ for cls in classes)
        raise scope.fail("mixed-parameter", node, name=name, owners=owners)
    # finding the process may fail; to have it cannot
    there = isinstance(owner, ir.Self | ir.Local)
    return ir.Parameter(scope.place(node), given.type, given.parameter, None if there else owner)


def _of_protocol(scope: Scope, node: ast.Attribute, owner: ir.Expr, type_: ir.ProtocolT, name: str) -> ir.Expr:
    facts = scope.session.facts
    if name in facts.settings:
        return ir.Parameter(scope.place(node), facts.settings[name], name)
    if name in facts.clusters:
        item = ir.ProcessT((facts.clusters[name],))
        return ir.Processes(scope.place(node), ir.SeqT(item), owner, (name,))
    if name == "members" and type_.members:
        classes = tuple(dict.fromkeys(facts.clusters[cluster] for cluster in type_.members))
        return ir.Processes(scope.place(node), ir.SeqT(ir.ProcessT(classes)), owner, type_.members)
    return _declared(scope, node, owner, (facts.protocol,), name)


def _declared(scope: Scope, node: ast.Attribute, owner: ir.Expr, classes: tuple[type, ...], name: str) -> ir.Expr:
    facts = scope.session.facts
    types = [facts.fields[cls][name].type for cls in classes if name in facts.fields[cls]]
    joined = ir.join_all(list(types))
    if len(types) == len(classes) and joined is not None:
        return ir.ReadField(scope.place(node), types[0] if len(types) == 1 else joined, owner, name)
    if all(is_property(cls, name) for cls in classes):
        return call_methods(scope, node, owner, classes, name, ())
    missing = next((cls for cls in classes if name not in facts.fields[cls]), classes[0])
    if method(missing, name) is not None:
        words = {"name": f"the method {name}, without parentheses,", "advice": f"write {name}(...)"}
        raise scope.fail("unknown-call", node, **words)
    if missing is not facts.protocol and name in facts.settings:
        near = f'declare {name}: {type(facts.protocol._defaults[name]).__name__} = parameter("{name}")'
        raise scope.fail("unknown-attribute", node, owner=missing.__name__, name=name, near=near)
    raise _unknown(scope, node, missing.__name__, name, facts.names(missing))


def call_methods(
    scope: Scope,
    node: ast.expr,
    owner: ir.Expr,
    classes: tuple[type, ...],
    name: str,
    arguments: tuple[ir.Expr, ...],
) -> ir.Expr:
    """A call of the method that each class has under a name."""
    place, made = scope.place(node), []
    for cls in classes:
        found = method(cls, name)
        if found is None:
            known = close(name, scope.session.facts.names(cls))
            raise scope.fail("unknown-attribute", node, owner=cls.__name__, name=name, near=known)
        one: ir.Type = ir.ProtocolT(scope.session.facts.protocol)
        if isinstance(owner.type, ir.ProcessT):
            one = ir.ProcessT(tuple(c for c in owner.type.classes if c is cls))
        made.append(scope.session.function(found[0], one, tuple(a.type for a in arguments), place))
    joined = ir.join_all([function.returns for function in made])
    if joined is None:
        words = {"left": ir.describe(made[0].returns), "right": ir.describe(made[-1].returns)}
        raise scope.fail("no-common-type", node, **words)
    return ir.Call(place, joined, tuple(function.name for function in made), owner, arguments)


def subscript(scope: Scope, node: ast.Subscript, hint: ir.Type | None) -> ir.Expr:
    """`value[index]`, `value[lo:hi]`."""
    value = scope.some(node.value)
    if isinstance(node.slice, ast.Slice):
        return _slice(scope, node, value, node.slice)
    match value.type:
        case ir.TupleT(items=items) if items:
            return _tuple_item(scope, node, value, items)
        case ir.SeqT(item=ir.ProcessT() as item):
            ref = scope.of(node.slice, ir.RefT(Process), "a cluster")
            return ir.ProcessAt(scope.place(node), item, value, ref)
        case ir.SeqT(item=item):
            return ir.SeqItem(scope.place(node), item, value, scope.of(node.slice, ir.Int(), "an index"))
        case ir.MapT(key=key, value=item):
            return ir.MapItem(scope.place(node), item, value, scope.of(node.slice, key, "the key of the map"))
    advice = "a set has no first item: use all, any, max, min, or a Map" if isinstance(value.type, ir.SetT) else ""
    raise scope.fail("no-index", node, actual=ir.describe(value.type), advice=advice)


def _slice(scope: Scope, node: ast.Subscript, value: ir.Expr, cut: ast.Slice) -> ir.Expr:
    if cut.step is not None or not isinstance(value.type, ir.SeqT | ir.TupleT):
        advice = "a slice is [lo:hi]" if cut.step is not None else "only a sequence can be cut"
        raise scope.fail("no-index", node, actual=ir.describe(value.type), advice=advice)
    item = ir.item_of(value.type) or ir.Never()
    whole = scope.as_type(value, ir.SeqT(item), "a slice")
    lo, hi = (None if end is None else scope.of(end, ir.Int(), "an index") for end in (cut.lower, cut.upper))
    return ir.Slice(scope.place(node), ir.SeqT(item), whole, lo, hi)


def _tuple_item(scope: Scope, node: ast.Subscript, value: ir.Expr, items: tuple[ir.Type, ...]) -> ir.Expr:
    index = scope.of(node.slice, ir.Int(), "an index")
    if isinstance(index, ir.Literal) and isinstance(index.value, int) and -len(items) <= index.value < len(items):
        at = index.value % len(items)
        return ir.TupleItem(scope.place(node), items[at], value, at)
    joined = ir.join_all(list(items))
    if joined is None or isinstance(index, ir.Literal):
        raise scope.fail(
            "wrong-arguments", node, function="this tuple", wanted=f"0 to {len(items) - 1}", actual="another index"
        )
    return ir.SeqItem(scope.place(node), joined, scope.as_type(value, ir.SeqT(joined), "an index"), index)
