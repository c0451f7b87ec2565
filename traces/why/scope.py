"""A piece of source, and the names that it can see while it is explained."""

from __future__ import annotations

import ast
import inspect
import linecache
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import CodeType, FunctionType, GeneratorType
from typing import Any

from ..show import in_order, shown_path

Function = ast.FunctionDef | ast.Lambda


class Unexplained(Exception):
    """The source cannot be found, or does something that is not followed."""


@dataclass(frozen=True)
class Source:
    """A file of source."""

    file: str
    text: str

    def segment(self, node: ast.AST) -> str:
        """The source of a node on one line."""
        text = ast.get_source_segment(self.text, node)
        return text if text and "\n" not in text else " ".join(ast.unparse(node).split())

    def nodes(self) -> Iterator[ast.AST]:
        """Every node of the file."""
        return ast.walk(_parsed(self.text))


def source_of(code: CodeType) -> Source:
    """The file that some code comes from. Errors: `Unexplained` if it cannot be read."""
    text = "".join(linecache.getlines(code.co_filename))
    if not text:
        raise Unexplained(code.co_filename)
    return Source(code.co_filename, text)


@lru_cache(maxsize=16)
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


def definition(code: CodeType, source: Source) -> Function:
    """The definition that some code was compiled from."""
    for node in source.nodes():
        if isinstance(node, ast.FunctionDef) and node.name == code.co_name:
            first = min([node.lineno, *(d.lineno for d in node.decorator_list)])
            if first == code.co_firstlineno:
                return node
        if isinstance(node, ast.Lambda) and code.co_name == "<lambda>" and node.lineno == code.co_firstlineno:
            return node
    raise Unexplained(code.co_name)


@dataclass(frozen=True)
class Scope:
    """The names that an expression can see.

    `quantified` are the variables that a quantifier or a loop chose, `filters` the conditions under which it chose
    them, `meant` the expressions that plain names stand for, `tests` the branches taken so far.
    """

    source: Source
    names: dict[str, Any]
    quantified: Mapping[str, Any] = field(default_factory=dict)
    filters: tuple[ast.expr, ...] = ()
    meant: dict[str, tuple[ast.expr, Scope]] = field(default_factory=dict)
    tests: tuple[tuple[ast.expr, bool], ...] = ()

    def value(self, node: ast.expr) -> Any:
        """What an expression evaluates to."""
        return eval(compile(ast.Expression(node), self.source.file, "eval"), self.names)

    def run(self, statement: ast.stmt) -> None:
        """Carry out a simple statement; assignments stay in this scope."""
        exec(compile(ast.Module([statement], []), self.source.file, "exec"), self.names)
        # an explanation asks again and again for what the model asks for once
        once = {name: value for name, value in self.names.items() if isinstance(value, zip | enumerate | GeneratorType)}
        self.names.update((name, tuple(value)) for name, value in once.items())

    def choose(self, target: ast.expr, value: Any, filters: Iterable[ast.expr] = ()) -> Scope:
        """A scope of its own in which a quantifier has chosen a value."""
        chosen = _bound(target, value)
        names, quantified = {**self.names, **chosen}, {**self.quantified, **chosen}
        return replace(self, names=names, quantified=quantified, filters=(*self.filters, *filters))

    def loop(self, target: ast.expr, value: Any) -> Scope:
        """The same scope, in which a loop has chosen a value."""
        chosen = _bound(target, value)
        self.names.update(chosen)
        return replace(self, quantified={**self.quantified, **chosen})

    def branch(self, test: ast.expr, taken: bool) -> Scope:
        """The same scope, after a test."""
        return replace(self, tests=(*self.tests, (test, taken)))


def _bound(target: ast.expr, value: Any) -> dict[str, Any]:
    match target:
        case ast.Name(id=name):
            return {name: value}
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            pairs = zip(parts, value, strict=True)
            return {name: v for part, inner in pairs for name, v in _bound(part, inner).items()}
    raise Unexplained(ast.unparse(target))


def scope_of(function: FunctionType, arguments: Mapping[str, Any]) -> Scope:
    """The scope in which a function's body runs."""
    outer = inspect.getclosurevars(function).nonlocals
    return Scope(source_of(function.__code__), {**function.__globals__, **outer, **arguments})


def choices(generators: list[ast.comprehension], scope: Scope) -> Iterator[Scope]:
    """A scope for each choice of the variables of a comprehension."""
    if not generators:
        yield scope
        return
    first, *rest = generators
    for value in in_order(scope.value(first.iter)):
        inner = scope.choose(first.target, value, first.ifs)
        if all(inner.value(test) for test in first.ifs):
            yield from choices(rest, inner)


def position(scope: Scope, node: ast.AST) -> tuple[str, int]:
    """The file, as it is shown, and the line of a node."""
    return shown_path(scope.source.file), getattr(node, "lineno", 0)
