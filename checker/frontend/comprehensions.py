"""Displays, comprehensions and what generators are handed to."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from ...models.language import Process
from .. import ir
from .convert import convert, hinted
from .operators import condition, not_none
from .scope import Scope
from .static import outside

Body = ast.GeneratorExp | ast.SetComp | ast.ListComp


def iterable(scope: Scope, node: ast.expr) -> tuple[ir.Expr, ir.Type]:
    """Something to iterate over, and what that gives. Errors: `not-a-collection`."""
    value = comprehended(scope, node) if isinstance(node, ast.GeneratorExp | ast.ListComp) else scope.some(node)
    item = ir.item_of(value.type)
    if item is None:
        raise scope.fail("not-a-collection", node, actual=ir.describe(value.type))
    if isinstance(value.type, ir.TupleT):
        value = convert(value, ir.SeqT(item)) or value
    return value, item


def comprehended(scope: Scope, node: ast.GeneratorExp | ast.ListComp) -> ir.Expr:
    """A generator or list comprehension as the sequence that it runs through."""
    inner, generators = generate(scope, node.generators)
    body = inner.expr(node.elt)
    return ir.SeqOf(scope.place(node), ir.SeqT(body.type), body, generators)


def generate(scope: Scope, clauses: Sequence[ast.comprehension]) -> tuple[Scope, tuple[ir.Generator, ...]]:
    """The clauses of a comprehension, and the scope of its body."""
    inner = scope.inner()
    found = []
    for clause in clauses:
        source, item = iterable(inner, clause.iter)
        target = pattern(inner, clause.target, item)
        tests = []
        for test in clause.ifs:
            tests.append(condition(inner, test))
            inner = inner.knowing(not_none(test, True))
        found.append(ir.Generator(scope.place(clause.target), target, source, tuple(tests)))
    return inner, tuple(found)


def pattern(scope: Scope, target: ast.expr, type_: ir.Type) -> ir.Pattern:
    """The names that a loop gives to what it runs through; they are in the scope from here on."""
    place = scope.place(target)
    match target:
        case ast.Name(id=name):
            scope.forget(name)
            scope.locals[name] = scope.widened.get(name, type_)
            return ir.Pattern(place, scope.locals[name], name)
        case ast.Tuple(elts=targets):
            items = product_items(type_, len(targets))
            if items is None:
                wanted = f"a tuple of {len(targets)}"
                raise scope.fail("type-mismatch", target, name="this", wanted=wanted, actual=ir.describe(type_))
            return ir.Pattern(
                place, type_, "", tuple(pattern(scope, t, i) for t, i in zip(targets, items, strict=True))
            )
    raise scope.fail("not-assignable", target, target=ast.unparse(target))


def product_items(type_: ir.Type, count: int) -> tuple[ir.Type, ...] | None:
    """The types of the items of a tuple of this length, None if it is not one."""
    match type_:
        case ir.TupleT(items=items) if len(items) == count:
            return items
        case ir.SentT(message=message) if count == 3:
            return ir.RefT(Process), ir.RefT(Process), message
    return None


def set_comprehension(
    scope: Scope, node: ast.SetComp | ast.GeneratorExp | ast.ListComp, hint: ir.Type | None
) -> ir.Expr:
    """`{body for ...}`."""
    inner, generators = generate(scope, node.generators)
    body = _as_item(inner, inner.expr(node.elt, _item_hint(hint, ir.SetT)), hint, ir.SetT)
    return ir.SetOf(scope.place(node), ir.SetT(body.type), body, generators)


def seq_comprehension(scope: Scope, node: Body, hint: ir.Type | None) -> ir.Expr:
    """`tuple(body for ...)`."""
    inner, generators = generate(scope, node.generators)
    body = _as_item(inner, inner.expr(node.elt, _item_hint(hint, ir.SeqT)), hint, ir.SeqT)
    return ir.SeqOf(scope.place(node), ir.SeqT(body.type), body, generators)


def map_comprehension(scope: Scope, node: ast.DictComp, hint: ir.Type | None) -> ir.Expr:
    """`{key: value for ...}`."""
    inner, generators = generate(scope, node.generators)
    key, value = inner.expr(node.key), inner.expr(node.value)
    if isinstance(hint, ir.MapT):
        key, value = hinted(key, hint.key), hinted(value, hint.value)
    return ir.MapOf(scope.place(node), ir.MapT(key.type, value.type), key, value, generators)


def _item_hint(hint: ir.Type | None, kind: type[ir.SetT] | type[ir.SeqT]) -> ir.Type | None:
    return hint.item if isinstance(hint, kind) else None


def _as_item(scope: Scope, body: ir.Expr, hint: ir.Type | None, kind: type[ir.SetT] | type[ir.SeqT]) -> ir.Expr:
    wanted = _item_hint(hint, kind)
    return hinted(body, wanted)


def display(scope: Scope, node: ast.Set | ast.Tuple | ast.List, hint: ir.Type | None) -> ir.Expr:
    """`(a, b)`, `{a, b}`; with `*rest`, what they are put together from."""
    if isinstance(node, ast.List):
        raise outside(scope, node, "a list")
    if any(isinstance(item, ast.Starred) for item in node.elts):
        return _spliced(scope, node, hint)
    if isinstance(node, ast.Set):
        return make_set(scope, node, node.elts, hint)
    if isinstance(hint, ir.SeqT):
        return _make_seq(scope, node, node.elts, hint)
    wanted = (
        hint.items if isinstance(hint, ir.TupleT) and len(hint.items) == len(node.elts) else [None] * len(node.elts)
    )
    values = [scope.expr(item, want) for item, want in zip(node.elts, wanted, strict=True)]
    items = tuple(map(hinted, values, wanted))
    return ir.MakeTuple(scope.place(node), ir.TupleT(tuple(item.type for item in items)), items)


def _items(
    scope: Scope, node: ast.expr, nodes: Sequence[ast.expr], hint: ir.Type | None
) -> tuple[ir.Type, list[ir.Expr]]:
    wanted = None if isinstance(hint, ir.Never) else hint
    values = [scope.expr(item, wanted) for item in nodes]
    if wanted is not None and all(ir.fits(value.type, wanted) for value in values):
        return wanted, [hinted(value, wanted) for value in values]
    item = ir.join_all([value.type for value in values])
    if item is None:
        words = {"left": ir.describe(values[0].type), "right": ir.describe(values[-1].type)}
        raise scope.fail("no-common-type", node, **words)
    return item, [convert(value, item) or value for value in values]


def make_set(scope: Scope, node: ast.expr, nodes: Sequence[ast.expr], hint: ir.Type | None) -> ir.Expr:
    """A set of these items."""
    item, values = _items(scope, node, nodes, _item_hint(hint, ir.SetT))
    return ir.MakeSet(scope.place(node), ir.SetT(item), tuple(values))


def _make_seq(scope: Scope, node: ast.expr, nodes: Sequence[ast.expr], hint: ir.Type | None) -> ir.Expr:
    item, values = _items(scope, node, nodes, _item_hint(hint, ir.SeqT))
    return ir.MakeSeq(scope.place(node), ir.SeqT(item), tuple(values))


def make_map(scope: Scope, node: ast.Dict, hint: ir.Type | None) -> ir.Expr:
    """`{key: value}`."""
    nodes = [key for key in node.keys if key is not None]
    if len(nodes) < len(node.keys):
        raise scope.fail("outside-subset", node, construct="** in a map", reason="", advice="write m | {key: value}")
    wanted = (hint.key, hint.value) if isinstance(hint, ir.MapT) else (None, None)
    key, keys = _items(scope, node, nodes, wanted[0])
    value, values = _items(scope, node, node.values, wanted[1])
    return ir.MakeMap(scope.place(node), ir.MapT(key, value), tuple(keys), tuple(values))


def _spliced(scope: Scope, node: ast.Set | ast.Tuple, hint: ir.Type | None) -> ir.Expr:
    made: ir.Expr | None = None
    for item in node.elts:
        part = _part(scope, node, item, hint)
        made = part if made is None else _joined(scope, node, made, part)
    if made is None:
        raise AssertionError("a spliced display has an item")
    return made


def _part(scope: Scope, node: ast.Set | ast.Tuple, item: ast.expr, hint: ir.Type | None) -> ir.Expr:
    if isinstance(item, ast.Starred):
        value, of = iterable(scope, item.value)
        kinds = (ir.SetT(of), ir.ToSet) if isinstance(node, ast.Set) else (ir.SeqT(of), ir.ToSeq)
        return value if isinstance(value.type, type(kinds[0])) else kinds[1](value.place, kinds[0], value)
    if isinstance(node, ast.Set):
        return make_set(scope, item, [item], hint)
    return _make_seq(scope, item, [item], hint)


def _joined(scope: Scope, node: ast.Set | ast.Tuple, left: ir.Expr, right: ir.Expr) -> ir.Expr:
    joined = ir.join(left.type, right.type)
    if joined is None:
        words = {"left": ir.describe(left.type), "right": ir.describe(right.type)}
        raise scope.fail("no-common-type", node, **words)
    sides = [convert(side, joined) or side for side in (left, right)]
    if isinstance(node, ast.Set):
        return ir.SetOperation(scope.place(node), joined, ir.SetOp.UNION, *sides)
    return ir.Concat(scope.place(node), joined, *sides)
