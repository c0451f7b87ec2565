"""A program as text: stable, and close to the source, with what the source leaves unsaid."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from types import MappingProxyType
from typing import Any

from ...models.language.values import Symbol
from . import nodes as n


def show(program: n.Program) -> str:
    """The whole program as text, ending in a newline."""
    return "\n".join(_program(program)) + "\n"


def show_function(function: n.Function) -> str:
    """One function as text."""
    return "\n".join(_function(function))


def show_expr(expr: n.Expr) -> str:
    """An expression as text."""
    return EXPRESSIONS[type(expr)](expr)


# -- the program --------------------------------------------------------------------------------------------------


def _program(program: n.Program) -> Iterator[str]:
    yield f"protocol {program.name}"
    for setting in program.parameters:
        yield f"  parameter {setting.name}: {setting.type} = {_value(setting.default)}"
    for cluster in program.clusters:
        yield f"  cluster {cluster.name}: {cluster.process} * {cluster.size}"
    yield f"  network {program.network!r}"
    for fault in program.faults:
        yield f"  fault {_fault(fault)}"
    yield from _fields(program.shared)
    yield from _named("initial", program.initial)
    yield from _named("action", program.actions)
    yield from _named("history", program.histories)
    yield from _named("constraint", program.constraints)
    yield from (f"  invariant {_property(p)}" for p in program.invariants)
    yield from (f"  step invariant {_property(p)}" for p in program.step_invariants)
    yield from (f"  lemma {_property(p)}" for p in program.lemmas)
    yield from (f"  not symmetric {notice.name}: {notice.why}" for notice in program.notices)
    for process in program.processes:
        yield from ("", *_process(process))
    for name in sorted(program.functions):
        yield from ("", *_function(program.functions[name]))


def _fault(fault: object) -> str:
    text = repr(fault)
    of = getattr(fault, "of", None)
    return text.replace(repr(of), of.__name__) if isinstance(of, type) else text


def _named(kind: str, names: Sequence[str]) -> Iterator[str]:
    yield from (f"  {kind} {name}" for name in names)


def _property(prop: n.Property) -> str:
    extra = [f"vacuous unless {prop.witness}"] if prop.witness else []
    extra += ["between crashes"] if prop.between_crashes else []
    return prop.name + (f" ({', '.join(extra)})" if extra else "")


def _process(process: n.ProcessClass) -> Iterator[str]:
    yield f"process {process.name}"
    yield from _fields(process.fields)
    yield from _named("action", process.actions)
    for handler in process.handlers:
        yield f"  receive {handler.message}: {handler.function}"
    yield from _named("restart", [process.restart] if process.restart else [])


def _fields(fields: Sequence[n.Field]) -> Iterator[str]:
    for field in fields:
        yield f"  {field.keeping.value} {field.name}: {field.type} = {show_expr(field.default)}"


def _function(function: n.Function) -> Iterator[str]:
    parameters = ", ".join(f"{p.name}: {p.type}" for p in function.parameters)
    yield f"{'quorum ' * function.quorum}def {function.name}({parameters}) -> {function.returns}"
    yield from _block(function.body, "  ")


# -- statements ---------------------------------------------------------------------------------------------------


def _block(body: Sequence[n.Stmt], margin: str) -> Iterator[str]:
    if not body:
        yield f"{margin}pass"
    for stmt in body:
        yield from (margin + line for line in STATEMENTS[type(stmt)](stmt))


def _assign(s: n.Assign) -> Iterator[str]:
    targets = ", ".join(f"self.{t.name}" if isinstance(t, n.ToField) else f"{t.name}: {t.type}" for t in s.targets)
    yield f"{targets} = {', '.join(map(show_expr, s.values))}"


def _if(s: n.If) -> Iterator[str]:
    yield f"if {show_expr(s.test)}"
    yield from _block(s.then, "  ")
    if s.other:
        yield "else"
        yield from _block(s.other, "  ")


def _for(s: n.For) -> Iterator[str]:
    yield f"for {_pattern(s.target)} in {show_expr(s.iterable)}"
    yield from _block(s.body, "  ")


def _line(text: Callable[[Any], str]) -> Callable[[Any], Iterator[str]]:
    return lambda stmt: iter((text(stmt),))


STATEMENTS: MappingProxyType[type[n.Stmt], Callable[[Any], Iterator[str]]] = MappingProxyType(
    {
        n.Assign: _assign,
        n.If: _if,
        n.For: _for,
        n.Require: _line(lambda s: f"require {show_expr(s.condition)}"),
        n.Assert: _line(lambda s: f"assert {show_expr(s.condition)}"),
        n.Send: _line(lambda s: f"send {show_expr(s.message)} to {show_expr(s.to)}"),
        n.Broadcast: _line(lambda s: f"send {show_expr(s.message)} to each of {show_expr(s.to)}"),
        n.Disconnect: _line(lambda s: f"disconnect from {show_expr(s.peer)}"),
        n.Perform: _line(lambda s: f"do {show_expr(s.call)}"),
        n.Return: _line(lambda s: "return" if s.value is None else f"return {show_expr(s.value)}"),
        n.Break: _line(lambda s: "break"),
        n.Continue: _line(lambda s: "continue"),
    }
)
"""How each statement is printed."""


# -- expressions --------------------------------------------------------------------------------------------------


def _pattern(pattern: n.Pattern) -> str:
    return f"({', '.join(map(_pattern, pattern.items))})" if pattern.items else pattern.name


def _value(value: object) -> str:
    if isinstance(value, Enum):
        return f"{type(value).__name__}.{value.name}"
    if isinstance(value, frozenset):
        return "{" + ", ".join(sorted(map(_value, value))) + "}"
    if isinstance(value, tuple):
        return f"({', '.join(map(_value, value))}{',' * (len(value) == 1)})"
    return f"{type(value).__name__}[{value.index}]" if isinstance(value, Symbol) else repr(value)


def _all(exprs: Sequence[n.Expr]) -> str:
    return ", ".join(map(show_expr, exprs))


def _owned(owner: n.Expr, name: str) -> str:
    return f"{show_expr(owner)}.{name}"


def _infix(left: n.Expr, operator: str, right: n.Expr) -> str:
    return f"({show_expr(left)} {operator} {show_expr(right)})"


def _function_of(name: str) -> Callable[[Any], str]:
    return lambda e: f"{name}({show_expr(e.value)})"


def _generated(body: str, generators: Sequence[n.Generator]) -> str:
    clauses = []
    for g in generators:
        tests = "".join(f" if {show_expr(test)}" for test in g.conditions)
        clauses.append(f"for {_pattern(g.target)} in {show_expr(g.iterable)}{tests}")
    return " ".join((body, *clauses))


def _slice(e: n.Slice) -> str:
    lo, hi = ("" if end is None else show_expr(end) for end in (e.lo, e.hi))
    return f"{show_expr(e.value)}[{lo}:{hi}]"


def _extreme(e: n.ExtremeOf) -> str:
    default = "" if e.default is None else f", default={show_expr(e.default)}"
    return f"{e.extreme.value}({_generated(show_expr(e.body), e.generators)}{default})"


def _call(e: n.Call) -> str:
    names = " | ".join(e.functions)
    arguments = ([] if e.owner is None else [show_expr(e.owner)]) + [show_expr(a) for a in e.arguments]
    return f"{names}({', '.join(arguments)})"


EXPRESSIONS: MappingProxyType[type[n.Expr], Callable[[Any], str]] = MappingProxyType(
    {
        n.Literal: lambda e: _value(e.value),
        n.Local: lambda e: e.name,
        n.Self: lambda e: "self",
        n.ReadField: lambda e: _owned(e.owner, e.name),
        n.Parameter: lambda e: f"${e.name}" if e.owner is None else _owned(e.owner, f"${e.name}"),
        n.Identity: lambda e: _owned(e.owner, "id"),
        n.Members: lambda e: f"members({e.type})",
        n.Peers: lambda e: _owned(e.owner, "peers"),
        n.Majority: lambda e: f"majority({show_expr(e.owner)}, {show_expr(e.members)})",
        n.Processes: lambda e: _owned(e.owner, "+".join(e.clusters)),
        n.ProcessAt: lambda e: f"{show_expr(e.processes)}[{show_expr(e.ref)}]",
        n.Domain: lambda e: f"domain({e.type.item})",
        n.Sent: lambda e: _owned(e.owner, f"sent({e.type.item.message})"),
        n.UnderWay: lambda e: _owned(e.owner, f"under_way({e.type.item.message})"),
        n.Not: lambda e: f"(not {show_expr(e.value)})",
        n.Logic: lambda e: "(" + f" {e.op.value} ".join(map(show_expr, e.items)) + ")",
        n.Arithmetic: lambda e: _infix(e.left, e.op.value, e.right),
        n.Negate: lambda e: f"(-{show_expr(e.value)})",
        n.Absolute: _function_of("abs"),
        n.Equal: lambda e: _infix(e.left, "==", e.right),
        n.Order: lambda e: _infix(e.left, e.op.value, e.right),
        n.Conditional: lambda e: f"({show_expr(e.then)} if {show_expr(e.test)} else {show_expr(e.other)})",
        n.Unwrap: lambda e: f"{show_expr(e.value)}!",
        n.Widen: lambda e: f"({show_expr(e.value)} as {e.type})",
        n.Rank: lambda e: f"rank({show_expr(e.ref)})",
        n.Nth: lambda e: f"{e.type}.nth({show_expr(e.index)})",
        n.MakeTuple: lambda e: f"({_all(e.items)}{',' * (len(e.items) == 1)})",
        n.TupleItem: lambda e: f"{show_expr(e.value)}.{e.index}",
        n.MakeRecord: lambda e: f"{e.type}({_all(e.items)})",
        n.RecordItem: lambda e: _owned(e.value, e.name),
        n.Replace: lambda e: (
            f"replace({show_expr(e.value)}, "
            + ", ".join(f"{name}={show_expr(item)}" for name, item in zip(e.names, e.items, strict=True))
            + ")"
        ),
        n.MakeSeq: lambda e: f"[{_all(e.items)}]",
        n.MakeSet: lambda e: f"{{{_all(e.items)}}}",
        n.MakeMap: lambda e: (
            "{" + ", ".join(f"{show_expr(k)}: {show_expr(v)}" for k, v in zip(e.keys, e.values, strict=True)) + "}"
        ),
        n.Every: _function_of("every"),
        n.Length: _function_of("len"),
        n.Contains: lambda e: _infix(e.item, "in", e.collection),
        n.Count: lambda e: f"count({show_expr(e.value)}, {show_expr(e.item)})",
        n.SeqItem: lambda e: f"{show_expr(e.value)}[{show_expr(e.index)}]",
        n.Slice: _slice,
        n.Concat: lambda e: _infix(e.left, "++", e.right),
        n.Repeat: lambda e: _infix(e.value, "**", e.times),
        n.SetOperation: lambda e: _infix(e.left, e.op.value, e.right),
        n.MapItem: lambda e: f"{show_expr(e.value)}[{show_expr(e.key)}]",
        n.MapUpdate: lambda e: f"({show_expr(e.value)} with {show_expr(e.entries)})",
        n.MapValues: _function_of("values"),
        n.MapPairs: _function_of("pairs"),
        n.Range: lambda e: f"range({show_expr(e.lo)}, {show_expr(e.hi)}, {show_expr(e.step)})",
        n.Enumerate: lambda e: f"enumerate({show_expr(e.value)}, {show_expr(e.start)})",
        n.Zip: lambda e: f"zip({_all(e.items)}{', strict' * e.strict})",
        n.Reversed: _function_of("reversed"),
        n.Sorted: _function_of("sorted"),
        n.ToSet: _function_of("set"),
        n.ToSeq: _function_of("seq"),
        n.Quantified: lambda e: f"{e.quantifier.value}({_generated(show_expr(e.body), e.generators)})",
        n.Sum: lambda e: f"sum({_generated(show_expr(e.body), e.generators)})",
        n.ExtremeOf: _extreme,
        n.SetOf: lambda e: f"{{{_generated(show_expr(e.body), e.generators)}}}",
        n.SeqOf: lambda e: f"[{_generated(show_expr(e.body), e.generators)}]",
        n.MapOf: lambda e: f"{{{_generated(f'{show_expr(e.key)}: {show_expr(e.value)}', e.generators)}}}",
        n.Call: _call,
    }
)
"""How each expression is printed."""
