"""The functions of Python and of the language that an expression may call, each with its meaning."""

from __future__ import annotations

import ast
import dataclasses
import typing
from collections.abc import Callable
from types import MappingProxyType

from ...models.language import Map, Process, rank
from .. import ir
from .compare import check_order
from .comprehensions import (
    generate,
    iterable,
    seq_comprehension,
    set_comprehension,
)
from .convert import convert, count
from .operators import condition
from .scope import Scope
from .static import outside

Builtin = Callable[[Scope, ast.Call, ir.Type | None], ir.Expr]
_ITEM = "item$"
_MANY = 1000


def _arguments(scope: Scope, node: ast.Call, least: int, most: int, names: tuple[str, ...] = ()) -> dict[str, ast.expr]:
    keywords = {keyword.arg or "**": keyword.value for keyword in node.keywords}
    starred = any(isinstance(a, ast.Starred) for a in node.args)
    strange = next((name for name in keywords if name not in names), None)
    if strange is not None or starred or not least <= len(node.args) <= most:
        wanted = f"no {strange}=" if strange is not None else _count(least, most)
        given = ast.unparse(node)[len(ast.unparse(node.func)) :]
        raise scope.fail("wrong-arguments", node, function=ast.unparse(node.func), wanted=wanted, actual=given)
    return keywords


def _count(least: int, most: int) -> str:
    if least == most:
        return "one argument" if least == 1 else f"{least} arguments"
    return f"{least} to {most} arguments" if most < _MANY else f"at least {least} argument"


def _each(scope: Scope, node: ast.expr) -> tuple[Scope, ast.expr | None, ir.Expr, tuple[ir.Generator, ...]]:
    """What is handed to all, sum, max: its scope, the source of the body, the body and the generators."""
    if isinstance(node, ast.GeneratorExp | ast.ListComp):
        inner, generators = generate(scope, node.generators)
        return inner, node.elt, inner.expr(node.elt), generators
    source, item = iterable(scope, node)
    place = scope.place(node)
    generator = ir.Generator(place, ir.Pattern(place, item, _ITEM), source, ())
    return scope, None, ir.Local(place, item, _ITEM), (generator,)


def _quantified(quantifier: ir.Quantifier) -> Builtin:
    def lower(scope: Scope, node: ast.Call, hint: ir.Type | None) -> ir.Expr:
        _arguments(scope, node, 1, 1)
        if isinstance(node.args[0], ast.GeneratorExp | ast.ListComp):
            inner, generators = generate(scope, node.args[0].generators)
            body = condition(inner, node.args[0].elt)
        else:
            _, _, body, generators = _each(scope, node.args[0])
            body = scope.as_type(body, ir.Bool(), quantifier.value)
        return ir.Quantified(scope.place(node), ir.Bool(), quantifier, body, generators)

    return lower


def _sum(scope: Scope, node: ast.Call, hint: ir.Type | None) -> ir.Expr:
    _arguments(scope, node, 1, 1)
    _, _, body, generators = _each(scope, node.args[0])
    number = count(body) or scope.as_type(body, ir.Int(), "sum")
    return ir.Sum(scope.place(node), ir.Int(), number, generators)


def _extreme(extreme: ir.Extreme) -> Builtin:
    def lower(scope: Scope, node: ast.Call, hint: ir.Type | None) -> ir.Expr:
        keywords = _arguments(scope, node, 1, _MANY, ("default",))
        if len(node.args) > 1:
            return _of_several(scope, node, extreme)
        _, _, body, generators = _each(scope, node.args[0])
        if isinstance(body.type, ir.OptionalT):
            body = ir.Unwrap(body.place, body.type.item, body)
        check_order(scope, node, body.type)
        given = keywords.get("default")
        default = None if given is None else scope.expr(given, body.type)
        joined = body.type if default is None else ir.join(body.type, default.type)
        if joined is None or default is None:
            default = default and scope.as_type(default, body.type, "default")
            return ir.ExtremeOf(scope.place(node), body.type, extreme, body, generators, default)
        sides = [convert(side, joined) or side for side in (body, default)]
        return ir.ExtremeOf(scope.place(node), joined, extreme, sides[0], generators, sides[1])

    return lower


def _of_several(scope: Scope, node: ast.Call, extreme: ir.Extreme) -> ir.Expr:
    place = scope.place(node)
    values = [scope.some(argument) for argument in node.args]
    item = ir.join_all([value.type for value in values])
    if item is None:
        words = {"left": ir.describe(values[0].type), "right": ir.describe(values[-1].type)}
        raise scope.fail("no-common-type", node, **words)
    check_order(scope, node, item)
    source = ir.MakeSeq(place, ir.SeqT(item), tuple(convert(value, item) or value for value in values))
    generator = ir.Generator(place, ir.Pattern(place, item, _ITEM), source, ())
    return ir.ExtremeOf(place, item, extreme, ir.Local(place, item, _ITEM), (generator,), None)


def _len(scope: Scope, node: ast.Call, hint: ir.Type | None) -> ir.Expr:
    _arguments(scope, node, 1, 1)
    value, _ = iterable(scope, node.args[0])
    return ir.Length(scope.place(node), ir.Int(), value)


def _abs(scope: Scope, node: ast.Call, hint: ir.Type | None) -> ir.Expr:
    _arguments(scope, node, 1, 1)
    return ir.Absolute(scope.place(node), ir.Int(), scope.of(node.args[0], ir.Int(), "abs"))


def _range(scope: Scope, node: ast.Call, hint: ir.Type | None) -> ir.Expr:
    _arguments(scope, node, 1, 3)
    place = scope.place(node)
    given = [scope.of(argument, ir.Int(), "range") for argument in node.args]
    zero, one = ir.Literal(place, ir.Int(), 0), ir.Literal(place, ir.Int(), 1)
    lo, hi, *rest = [zero, *given] if len(given) == 1 else given
    return ir.Range(place, ir.SeqT(ir.Int()), lo, hi, rest[0] if rest else one)


def _frozenset(scope: Scope, node: ast.Call, hint: ir.Type | None) -> ir.Expr:
    _arguments(scope, node, 0, 1)
    if not node.args:
        return ir.MakeSet(scope.place(node), hint if isinstance(hint, ir.SetT) else ir.SetT(ir.Never()), ())
    argument = node.args[0]
    if isinstance(argument, ast.GeneratorExp | ast.ListComp | ast.SetComp):
        return set_comprehension(scope, argument, hint)
    if isinstance(argument, ast.Set):
        return scope.expr(argument, hint)
    value, item = iterable(scope, argument)
    return value if isinstance(value.type, ir.SetT) else ir.ToSet(scope.place(node), ir.SetT(item), value)


def _tuple(scope: Scope, node: ast.Call, hint: ir.Type | None) -> ir.Expr:
    _arguments(scope, node, 0, 1)
    if not node.args:
        return ir.MakeSeq(scope.place(node), hint if isinstance(hint, ir.SeqT) else ir.SeqT(ir.Never()), ())
    argument = node.args[0]
    if isinstance(argument, ast.GeneratorExp | ast.ListComp | ast.SetComp):
        return seq_comprehension(scope, argument, hint)
    value, item = iterable(scope, argument)
    return value if isinstance(value.type, ir.SeqT) else ir.ToSeq(scope.place(node), ir.SeqT(item), value)


def _set(scope: Scope, node: ast.Call, hint: ir.Type | None) -> ir.Expr:
    words = {"reason": "values never change, and a set can", "advice": "write frozenset(...)"}
    raise scope.fail("outside-subset", node, construct="a set that can change", **words)


def _list(scope: Scope, node: ast.Call, hint: ir.Type | None) -> ir.Expr:
    raise outside(scope, node, "a list")


def _sorted(scope: Scope, node: ast.Call, hint: ir.Type | None) -> ir.Expr:
    keywords = _arguments(scope, node, 1, 1, ("reverse",))
    value, item = iterable(scope, node.args[0])
    check_order(scope, node, item)
    made = ir.Sorted(scope.place(node), ir.SeqT(item), value)
    backwards = keywords.get("reverse")
    if backwards is None or (isinstance(backwards, ast.Constant) and backwards.value is False):
        return made
    if isinstance(backwards, ast.Constant) and backwards.value is True and isinstance(item, ir.Int):
        return ir.Reversed(scope.place(node), made.type, made)
    words = {"wanted": "reverse=True, of integers", "actual": f"reverse={ast.unparse(backwards)}"}
    raise scope.fail("wrong-arguments", node, function="sorted", **words)


def _reversed(scope: Scope, node: ast.Call, hint: ir.Type | None) -> ir.Expr:
    _arguments(scope, node, 1, 1)
    value, item = iterable(scope, node.args[0])
    sequence = scope.as_type(value, ir.SeqT(item), "reversed")
    return ir.Reversed(scope.place(node), ir.SeqT(item), sequence)


def _enumerate(scope: Scope, node: ast.Call, hint: ir.Type | None) -> ir.Expr:
    keywords = _arguments(scope, node, 1, 2, ("start",))
    value, item = iterable(scope, node.args[0])
    given = node.args[1] if len(node.args) == 2 else keywords.get("start")
    place = scope.place(node)
    start = ir.Literal(place, ir.Int(), 0) if given is None else scope.of(given, ir.Int(), "enumerate")
    return ir.Enumerate(place, ir.SeqT(ir.TupleT((ir.Int(), item))), value, start)


def _zip(scope: Scope, node: ast.Call, hint: ir.Type | None) -> ir.Expr:
    keywords = _arguments(scope, node, 1, _MANY, ("strict",))
    sources = [iterable(scope, argument) for argument in node.args]
    given = keywords.get("strict")
    strict = isinstance(given, ast.Constant) and given.value is True
    item = ir.TupleT(tuple(item for _, item in sources))
    return ir.Zip(scope.place(node), ir.SeqT(item), tuple(value for value, _ in sources), strict)


def _bool(scope: Scope, node: ast.Call, hint: ir.Type | None) -> ir.Expr:
    _arguments(scope, node, 1, 1)
    return condition(scope, node.args[0])


def _int(scope: Scope, node: ast.Call, hint: ir.Type | None) -> ir.Expr:
    _arguments(scope, node, 1, 1)
    value = scope.some(node.args[0])
    return count(value) or scope.as_type(value, ir.Int(), "int")


def _map(scope: Scope, node: ast.Call, hint: ir.Type | None) -> ir.Expr:
    _arguments(scope, node, 1, 1)
    value = scope.expr(node.args[0], hint)
    return (
        value if isinstance(value.type, ir.MapT) else scope.as_type(value, hint or ir.MapT(ir.Int(), ir.Int()), "Map")
    )


def _rank(scope: Scope, node: ast.Call, hint: ir.Type | None) -> ir.Expr:
    _arguments(scope, node, 1, 1)
    return ir.Rank(scope.place(node), ir.Int(), scope.of(node.args[0], ir.RefT(Process), "rank"))


def _replace(scope: Scope, node: ast.Call, hint: ir.Type | None) -> ir.Expr:
    if len(node.args) != 1:
        _arguments(scope, node, 1, 1)
    value = scope.some(node.args[0])
    if not isinstance(value.type, ir.RecordT):
        words = {"wanted": "a record", "actual": ir.describe(value.type)}
        raise scope.fail("type-mismatch", node.args[0], name="replace", **words)
    names = tuple(keyword.arg or "**" for keyword in node.keywords)
    strange = next((name for name in names if name not in (value.type.names)), None)
    if strange is not None:
        wanted, given = f"the fields {', '.join(value.type.names)}", strange
        raise scope.fail("wrong-arguments", node, function="replace", wanted=wanted, actual=given)
    items = tuple(_field(scope, value.type, keyword) for keyword in node.keywords)
    return ir.Replace(scope.place(node), value.type, value, names, items)


def _field(scope: Scope, type_: ir.RecordT, keyword: ast.keyword) -> ir.Expr:
    name = keyword.arg or ""
    return scope.of(keyword.value, type_.item(name) or ir.Never(), f"{name} of {type_}")


def _cast(scope: Scope, node: ast.Call, hint: ir.Type | None) -> ir.Expr:
    _arguments(scope, node, 2, 2)
    return scope.expr(node.args[1], hint)


BUILTINS: MappingProxyType[object, Builtin] = MappingProxyType(
    {
        all: _quantified(ir.Quantifier.ALL),
        any: _quantified(ir.Quantifier.ANY),
        sum: _sum,
        max: _extreme(ir.Extreme.GREATEST),
        min: _extreme(ir.Extreme.LEAST),
        len: _len,
        abs: _abs,
        range: _range,
        frozenset: _frozenset,
        tuple: _tuple,
        set: _set,
        list: _list,
        sorted: _sorted,
        reversed: _reversed,
        enumerate: _enumerate,
        zip: _zip,
        bool: _bool,
        int: _int,
        Map: _map,
        rank: _rank,
        dataclasses.replace: _replace,
        typing.cast: _cast,
    }
)
