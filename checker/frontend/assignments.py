"""Assignments, to fields of `self` and to local variables."""

from __future__ import annotations

import ast
import types
import typing

from .. import ir
from .comprehensions import product_items
from .convert import convert
from .errors import close
from .expressions import self_name
from .operators import combine
from .scope import Scope, Widened

Block = tuple[ir.Stmt, ...]


def assign(scope: Scope, node: ast.Assign) -> Block:
    """`target = value`, `a, b = x, y`, `a = b = value`."""
    if len(node.targets) > 1:
        return _chained(scope, node)
    target = node.targets[0]
    if isinstance(target, ast.Tuple):
        return _several(scope, node, target, node.value)
    place, value = scope.place(node), _value(scope, target, node.value)
    made, converted = _target(scope, target, value)
    return (ir.Assign(place, (made,), (converted,)),)


def _value(scope: Scope, target: ast.expr, value: ast.expr) -> ir.Expr:
    wanted = _known(scope, target)
    return scope.expr(value) if wanted is None else scope.expr(value, wanted)


def _known(scope: Scope, target: ast.expr) -> ir.Type | None:
    if isinstance(target, ast.Name):
        return scope.widened.get(target.id) or scope.locals.get(target.id)
    return _field(scope, target).type if isinstance(target, ast.Attribute | ast.Subscript) else None


def _chained(scope: Scope, node: ast.Assign) -> Block:
    place, value = scope.place(node), scope.expr(node.value)
    name = f"value${node.lineno}"
    made: list[ir.Stmt] = [ir.Assign(place, (ir.ToLocal(place, value.type, name),), (value,))]
    for each in node.targets:
        target, converted = _target(scope, each, ir.Local(place, value.type, name))
        made.append(ir.Assign(place, (target,), (converted,)))
    return tuple(made)


def _several(scope: Scope, node: ast.Assign, target: ast.Tuple, value: ast.expr) -> Block:
    place = scope.place(node)
    if isinstance(value, ast.Tuple) and len(value.elts) == len(target.elts):
        values = [_value(scope, t, v) for t, v in zip(target.elts, value.elts, strict=True)]
        return (_together(scope, place, target, values),)
    whole = scope.some(value)
    items = product_items(whole.type, len(target.elts))
    if items is None:
        words = {"wanted": f"a tuple of {len(target.elts)}", "actual": ir.describe(whole.type)}
        raise scope.fail("type-mismatch", node, name=ast.unparse(target), **words)
    name = f"tuple${node.lineno}"
    first = ir.Assign(place, (ir.ToLocal(place, whole.type, name),), (whole,))
    local = ir.Local(place, whole.type, name)
    values = [ir.TupleItem(place, item, local, i) for i, item in enumerate(items)]
    return first, _together(scope, place, target, values)


def _together(scope: Scope, place: ir.Place, target: ast.Tuple, values: list[ir.Expr]) -> ir.Stmt:
    pairs = [_target(scope, t, v) for t, v in zip(target.elts, values, strict=True)]
    return ir.Assign(place, tuple(t for t, _ in pairs), tuple(v for _, v in pairs))


def augmented(scope: Scope, node: ast.AugAssign) -> Block:
    """`target += value`."""
    if isinstance(node.target, ast.Attribute | ast.Subscript):
        _field(scope, node.target)
    old = scope.expr(node.target)
    if isinstance(old.type, ir.OptionalT):
        old = ir.Unwrap(old.place, old.type.item, old)
    value = combine(scope, node, old, node.op, node.value)
    target, converted = _target(scope, node.target, value)
    return (ir.Assign(scope.place(node), (target,), (converted,)),)


def annotated(scope: Scope, node: ast.AnnAssign) -> Block:
    """`name: Type = value`: a local variable with its type."""
    if not isinstance(node.target, ast.Name):
        raise scope.fail("not-assignable", node.target, target=f"{ast.unparse(node.target)}: ...")
    type_ = scope.session.annotations.of(_evaluated(scope, node.annotation), scope.place(node.annotation))
    scope.locals[node.target.id] = type_
    if node.value is None:
        return ()
    value = scope.of(node.value, type_, node.target.id)
    scope.forget(node.target.id)
    return (ir.Assign(scope.place(node), (ir.ToLocal(scope.place(node.target), type_, node.target.id),), (value,)),)


def _evaluated(scope: Scope, annotation: ast.expr) -> object:
    carrier = types.SimpleNamespace(__annotations__={"local": ast.unparse(annotation)})
    names = dict(scope.unit.names)
    try:
        return typing.get_type_hints(carrier, globalns=names, localns=names, include_extras=True)["local"]
    except NameError as error:
        raise scope.fail(
            "unknown-name", annotation, name=str(error.name), near=close(str(error.name), list(names))
        ) from error


def _target(scope: Scope, target: ast.expr, value: ir.Expr) -> tuple[ir.Target, ir.Expr]:
    scope.forget(ast.unparse(target))
    if isinstance(target, ast.Name):
        return _local(scope, target, value)
    field = _field(scope, target)
    return field, scope.as_type(value, field.type, ast.unparse(target))


def _local(scope: Scope, target: ast.Name, value: ir.Expr) -> tuple[ir.ToLocal, ir.Expr]:
    name = target.id
    if name == self_name(scope):
        raise scope.fail("not-assignable", target, target=name)
    known = scope.widened.get(name) or scope.locals.get(name) or _unbounded(value.type)
    joined = known if ir.fits(value.type, known) else ir.join(known, value.type)
    if joined is None:
        described = {"wanted": ir.describe(known), "actual": ir.describe(value.type)}
        raise scope.fail("type-mismatch", target, name=name, **described)
    if joined != known:
        raise Widened(name, joined)
    scope.locals[name] = known
    return ir.ToLocal(scope.place(target), known, name), convert(value, known) or value


def _unbounded(type_: ir.Type) -> ir.Type:
    return ir.Int() if isinstance(type_, ir.Int) else type_


def _field(scope: Scope, target: ast.expr) -> ir.ToField:
    """A field of self as the target of an assignment. Errors: `in-place`, `foreign-field`, `undeclared-field`."""
    if isinstance(target, ast.Subscript):
        raise _item_assigned(scope, target)
    if not isinstance(target, ast.Attribute):
        raise scope.fail("not-assignable", target, target=ast.unparse(target))
    owner = scope.some(target.value)
    if not isinstance(owner.type, ir.ProcessT | ir.ProtocolT):
        example = f"{ast.unparse(target.value)} = replace({ast.unparse(target.value)}, {target.attr}=...)"
        raise scope.fail("in-place", target, type=_kind(owner.type), example=example)
    if not isinstance(owner, ir.Self):
        raise scope.fail("foreign-field", target, target=ast.unparse(target), owner=ir.describe(owner.type))
    cls = scope.session.facts.class_of(owner.type)[0]
    declared = scope.session.facts.fields[cls].get(target.attr)
    if declared is None:
        raise _undeclared(scope, target, cls)
    return ir.ToField(scope.place(target), declared.type, target.attr)


def _undeclared(scope: Scope, target: ast.Attribute, cls: type) -> Exception:
    facts = scope.session.facts
    if target.attr in (facts.settings if cls is facts.protocol else facts.given[cls]):
        return scope.fail("assigned-parameter", target, target=ast.unparse(target))
    if target.attr in (*facts.settings, *facts.clusters, "id", "peers"):
        return scope.fail("not-assignable", target, target=ast.unparse(target))
    known = close(target.attr, list(facts.fields[cls]))
    return scope.fail("undeclared-field", target, owner=cls.__name__, name=target.attr, near=known)


def _kind(type_: ir.Type) -> str:
    kinds = {ir.RecordT: "record", ir.SetT: "set", ir.MapT: "map", ir.SeqT: "sequence", ir.TupleT: "tuple"}
    return kinds.get(type(type_), "value")


def _item_assigned(scope: Scope, target: ast.Subscript) -> Exception:
    value = scope.some(target.value)
    name, index = ast.unparse(target.value), ast.unparse(target.slice)
    example = f"{name} |= {{{index}: ...}}"
    if not isinstance(value.type, ir.MapT):
        example = f"{name} = {name}[:{index}] + (...,) + {name}[{index} + 1:]"
    return scope.fail("in-place", target, type=_kind(value.type), example=example)
