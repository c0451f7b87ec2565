"""What a name means before anything runs: constants, classes and functions of the module around a model."""

from __future__ import annotations

import ast
import builtins
import enum
from types import MappingProxyType, ModuleType
from typing import Final

from ...models.language import Process, Protocol
from .. import ir
from .constants import constant_type
from .errors import close
from .scope import Scope

MISSING: Final = object()
"""What `static` gives for an expression whose value is not known before the run."""

_MUTABLE = (list, dict, set, bytearray)


def static(scope: Scope, node: ast.expr) -> object:
    """The Python object that a name or a dotted name stands for, `MISSING` if it depends on the state."""
    if isinstance(node, ast.Name):
        return MISSING if node.id in scope.locals else _global(scope, node.id)
    if isinstance(node, ast.Attribute):
        base = static(scope, node.value)
        if isinstance(base, type) and issubclass(base, Protocol) and node.attr in base._defaults:
            words = {"attribute": node.attr, "type": type(base._defaults[node.attr]).__name__}
            raise scope.fail("class-parameter", node, name=ast.unparse(node), **words)
        if isinstance(base, ModuleType | type):
            return getattr(base, node.attr, MISSING)
    return MISSING


def _global(scope: Scope, name: str) -> object:
    return scope.unit.names.get(name, getattr(builtins, name, MISSING))


def constant(scope: Scope, node: ast.expr, value: object) -> ir.Expr:
    """A constant as a literal. Errors: `mutable-global`, or `unknown-name` if it is no value of the language."""
    type_ = constant_type(value, scope.session.annotations, scope.session.facts.clusters)
    name = ast.unparse(node)
    if type_ is not None:
        return ir.Literal(scope.place(node), type_, value)
    if isinstance(value, type) and issubclass(value, enum.Enum):
        return ir.Domain(scope.place(node), ir.SeqT(ir.EnumT(value)))
    if isinstance(value, _MUTABLE):
        raise scope.fail("mutable-global", node, name=name, type=type(value).__name__)
    if value is MISSING:
        raise scope.fail("unknown-name", node, name=name, near=_advice(scope, name))
    if isinstance(value, type):
        words = {"construct": "a class as a value", "reason": "", "advice": _instance(name, value)}
        raise scope.fail("outside-subset", node, **words)
    raise outside(scope, node, f"{_article(value)} as a value")


def _instance(name: str, cls: type) -> str:
    if issubclass(cls, Process):
        return f"give the identity of a process, or broadcast(m, to={name})"
    return f"write {name}(...) for one of them"


def _article(value: object) -> str:
    name = type(value).__name__
    return f"an {name}" if name[0] in "aeiou" else f"a {name}"


def _advice(scope: Scope, name: str) -> str:
    stored = {n.id for n in ast.walk(scope.unit.definition) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    if name in stored:
        return "assign it on every path that leads here"
    return close(name, [*scope.locals, *(name for name in scope.unit.names if not name.startswith("_"))])


OUTSIDE: MappingProxyType[str, tuple[str, str]] = MappingProxyType(
    {
        "a lambda": ("", "write a helper method, or a generator"),
        "a class inside a method": ("", "define records and enums at the top of the file"),
        "a function inside a method": ("", "make it a method, or a function at the top of the file"),
        "an import inside a method": ("", "import at the top of the file"),
        "a global statement": ("the state is the declared fields and nothing else", "declare a field"),
        "try": (
            "a step that fails is a mistake in the model, never something to go on from",
            "test the condition with if",
        ),
        "raise": ("a step that fails is a mistake in the model", "use require for a guard, assert for a property"),
        "with": ("a model does no input or output", "leave it out"),
        "yield": ("a step is atomic", "split it into two actions"),
        "await": ("a step is atomic", "split it into two actions"),
        "an f-string": ("the state holds no text", "use an Enum"),
        "a string": ("the state holds no text", "use an Enum"),
        "a float": ("a domain is finite", "use an int with a Range"),
        "a complex number": ("a domain is finite", "use an int with a Range"),
        "del": ("values never change, only a process's fields do", "assign a new value to the field"),
        "match": ("", "use if and elif"),
        ":=": ("", "assign on a line of its own"),
        "a list": ("values never change, and a list can", "write a tuple"),
        "a generator": ("it can be used up", "put it inside all, any, sum, max, min, len, frozenset or tuple"),
        "print": (
            "the engines that do not run the Python itself have nowhere to print",
            "look at the trace, or use a debugger on the reference engine",
        ),
        "else after a loop": ("", "use any or all in a condition"),
        "/": ("a domain is finite", "use // for integers"),
        "**": ("", "multiply"),
        "a value that nothing is done with": ("", "return it, assign it, or write require(...)"),
        "is": ("two equal values may be two objects, or one", "compare with =="),
    }
)
"""Constructs that have no place in a model, with the reason and the advice."""


def outside(scope: Scope, node: ast.stmt | ast.expr, construct: str) -> Exception:
    """The mistake of using a construct that is not in the language."""
    reason, advice = OUTSIDE.get(construct, ("", ""))
    return scope.fail("outside-subset", node, construct=construct, reason=reason, advice=advice)
