"""Calls: of helpers, of plain functions, of record classes."""

from __future__ import annotations

import ast
import dataclasses
import sys
from types import FunctionType

from ...models.language import Process, Protocol, Symbol, require
from .. import ir
from .attributes import call_methods
from .builtins import BUILTINS
from .collections import collection_method
from .errors import close
from .facts import method
from .scope import Scope, Signature
from .static import MISSING, outside, static

_ONLY_STATEMENTS = {
    "send": "sending gives no value",
    "broadcast": "sending gives no value",
    "disconnect": "breaking a connection gives no value",
}


def call(scope: Scope, node: ast.Call, hint: ir.Type | None) -> ir.Expr:
    """`f(x)`, `self.f(x)`, `super().f(x)`."""
    if isinstance(node.func, ast.Attribute) and _is_super(node.func.value):
        return _super(scope, node, node.func)
    target = static(scope, node.func)
    if target is not MISSING:
        return _static_call(scope, node, target, hint)
    if isinstance(node.func, ast.Attribute):
        base = static(scope, node.func.value)
        if base is MISSING or not isinstance(base, type):
            return _method_call(scope, node, node.func)
    if isinstance(node.func, ast.Name) and node.func.id not in scope.locals:
        known = close(node.func.id, [*scope.unit.names])
        raise scope.fail("unknown-name", node.func, name=node.func.id, near=known)
    raise scope.fail("unknown-call", node, name=ast.unparse(node.func), advice=_ADVICE)


_ADVICE = "use the functions of the language, or write a helper method"
_INSTEAD = {
    "random": "make the choice a parameter of an @action: the checker tries every value",
    "secrets": "make the choice a parameter of an @action: the checker tries every value",
    "time": "write what a clock brings about as an @action: the checker tries it at any moment",
    "datetime": "write what a clock brings about as an @action: the checker tries it at any moment",
    "breakpoint": "set it from outside: python -m pdb -c 'b model.py:40' -c c -m quorate.checker check model.py",
    "copy": "leave it out: values never change, so a copy is the value itself",
}


def _is_super(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super"


def _static_call(scope: Scope, node: ast.Call, target: object, hint: ir.Type | None) -> ir.Expr:
    if target is print:
        raise outside(scope, node, "print")
    if target is require:
        words = {"reason": "the guard is a statement of its own", "advice": "write require(...) on its own line"}
        raise scope.fail("outside-subset", node, construct="require inside an expression", **words)
    known = BUILTINS.get(target) if isinstance(target, type) or callable(target) else None
    if known is not None:
        return known(scope, node, hint)
    if isinstance(target, type) and dataclasses.is_dataclass(target):
        return _construct(scope, node, target)
    symbol = getattr(target, "__self__", None)
    if isinstance(symbol, type) and issubclass(symbol, Symbol) and len(node.args) == 1:
        index = scope.of(node.args[0], ir.Int(), "a symbol's number")
        return ir.Nth(scope.place(node), ir.SymbolT(symbol), index)
    if isinstance(target, FunctionType) and _is_the_models(target):
        return _plain_call(scope, node, target)
    module = str(getattr(target, "__module__", None) or type(getattr(target, "__self__", None)).__module__)
    if isinstance(target, type) and module == scope.unit.function.__module__:
        words = {"record": target.__name__, "problem": "is not marked @record or @message"}
        raise scope.fail("not-a-record", node, **words)
    advice = _INSTEAD.get("breakpoint" if target is breakpoint else module, _ADVICE)
    raise scope.fail("unknown-call", node, name=ast.unparse(node.func), advice=advice)


def _is_the_models(function: FunctionType) -> bool:
    module = function.__module__ or ""
    return module.partition(".")[0] not in sys.stdlib_module_names and not module.startswith(Process.__module__[:-8])


def _construct(scope: Scope, node: ast.Call, cls: type) -> ir.Expr:
    type_ = scope.session.annotations.record(cls)
    defaults = {f.name: f.default for f in dataclasses.fields(cls) if f.default is not dataclasses.MISSING}
    signature = Signature(cls.__name__, type_.names, type_.items, defaults)
    return ir.MakeRecord(scope.place(node), type_, bound(scope, node, signature))


def _plain_call(scope: Scope, node: ast.Call, target: FunctionType) -> ir.Expr:
    signature = scope.session.signature(target, False, scope.place(node))
    arguments = bound(scope, node, signature)
    types = tuple(argument.type for argument in arguments)
    made = scope.session.function(target, None, types, scope.place(node))
    return ir.Call(scope.place(node), made.returns, (made.name,), None, arguments)


def bound(scope: Scope, node: ast.Call, signature: Signature) -> tuple[ir.Expr, ...]:
    """The arguments of a call in the order of the parameters. Errors: `wrong-arguments`, `type-mismatch`."""
    given: dict[str, ast.expr] = dict(zip(signature.names, node.args, strict=False))
    keywords = {keyword.arg: keyword.value for keyword in node.keywords if keyword.arg is not None}
    missing = [n for n in signature.names if n not in given and n not in keywords and n not in signature.defaults]
    strange = [name for name in keywords if name not in signature.names or name in given]
    starred = any(isinstance(a, ast.Starred) for a in node.args) or len(keywords) < len(node.keywords)
    if missing or strange or starred or len(node.args) > len(signature.names):
        raise _wrong(scope, node, signature)
    given |= keywords
    return tuple(_argument(scope, node, signature, name, given.get(name)) for name in signature.names)


def _wrong(scope: Scope, node: ast.Call, signature: Signature) -> Exception:
    wanted = f"({', '.join(signature.names)})"
    given = [ast.unparse(a) for a in node.args] + [f"{k.arg or '**'}=..." for k in node.keywords]
    return scope.fail("wrong-arguments", node, function=signature.name, wanted=wanted, actual=f"({', '.join(given)})")


def _argument(scope: Scope, node: ast.Call, signature: Signature, name: str, given: ast.expr | None) -> ir.Expr:
    type_ = dict(zip(signature.names, signature.types, strict=True))[name]
    if given is None:
        value: ir.Expr = ir.Literal(scope.place(node), type_ or ir.NoneT(), signature.defaults[name])
        return value
    return scope.expr(given) if type_ is None else scope.of(given, type_, f"{name} of {signature.name}")


def _super(scope: Scope, node: ast.Call, func: ast.Attribute) -> ir.Expr:
    owner, defined_in = scope.unit.owner, scope.unit.defined_in
    if owner is None or defined_in is None or not isinstance(owner, ir.ProcessT | ir.ProtocolT):
        raise scope.fail("unknown-call", node, name="super()", advice=_ADVICE)
    cls = scope.session.facts.class_of(owner)[0]
    found = method(cls, func.attr, defined_in)
    if found is None:
        known = close(func.attr, [n for base in defined_in.__mro__[1:-1] for n in vars(base) if not n.startswith("_")])
        raise scope.fail("unknown-attribute", node, owner="super()", name=func.attr, near=known)
    self = ir.Self(scope.place(func.value), owner)
    if found[1] is Process:
        return _of_language(scope, node, self, owner, func.attr)
    signature = scope.session.signature(found[0], True, scope.place(node))
    arguments = bound(scope, node, signature)
    made = scope.session.function(found[0], owner, tuple(a.type for a in arguments), scope.place(node))
    return ir.Call(scope.place(node), made.returns, (made.name,), self, arguments)


def _method_call(scope: Scope, node: ast.Call, func: ast.Attribute) -> ir.Expr:
    owner = scope.some(func.value)
    match owner.type:
        case ir.ProcessT(classes=classes):
            found = method(classes[0], func.attr)
            if found is not None and found[1] is Process:
                return _of_language(scope, node, owner, owner.type, func.attr)
            return _helper(scope, node, owner, classes, func.attr)
        case ir.ProtocolT():
            found = method(scope.session.facts.protocol, func.attr)
            if found is not None and found[1] is Protocol:
                return _of_protocol(scope, node, owner, func.attr)
            return _helper(scope, node, owner, (scope.session.facts.protocol,), func.attr)
    return collection_method(scope, node, owner, func.attr)


def _helper(scope: Scope, node: ast.Call, owner: ir.Expr, classes: tuple[type, ...], name: str) -> ir.Expr:
    found = method(classes[0], name)
    if found is None:
        if name in scope.session.facts.fields[classes[0]]:
            raise scope.fail("unknown-call", node, name=f"the field {name}", advice="leave out the parentheses")
        known = close(name, scope.session.facts.names(classes[0]))
        raise scope.fail("unknown-attribute", node.func, owner=classes[0].__name__, name=name, near=known)
    arguments = bound(scope, node, scope.session.signature(found[0], True, scope.place(node)))
    return call_methods(scope, node, owner, classes, name, arguments)


def _of_language(scope: Scope, node: ast.Call, owner: ir.Expr, type_: ir.Type, name: str) -> ir.Expr:
    if name in _ONLY_STATEMENTS:
        words = {"reason": _ONLY_STATEMENTS[name], "advice": f"write self.{name}(...) on its own line"}
        raise scope.fail("outside-subset", node, construct=f"{name} inside an expression", **words)
    if name == "members":
        cls = class_argument(scope, node, Process)
        return ir.Members(scope.place(node), ir.SetT(ir.RefT(cls)))
    if name != "is_quorum":
        raise scope.fail("unknown-call", node, name=f"the property {name}", advice="leave out the parentheses")
    signature = Signature(name, ("members",), (ir.SetT(ir.RefT(Process)),), {})
    return ir.Majority(scope.place(node), ir.Bool(), owner, bound(scope, node, signature)[0])


def _of_protocol(scope: Scope, node: ast.Call, owner: ir.Expr, name: str) -> ir.Expr:
    cls = class_argument(scope, node, object)
    type_ = scope.session.annotations.find(cls)
    asked = _OF_MESSAGES.get(name)
    if asked is not None and isinstance(type_, ir.RecordT) and type_.is_message:
        return asked(scope.place(node), ir.SetT(ir.SentT(type_)), owner)
    if name == "domain" and isinstance(type_, ir.SymbolT | ir.ProcessT | ir.EnumT):
        item = ir.RefT(type_.classes[0]) if isinstance(type_, ir.ProcessT) else type_
        return ir.Domain(scope.place(node), ir.SeqT(item))
    wanted = "a message class" if asked is not None else "a Symbol or a Process class"
    raise scope.fail("wrong-arguments", node, function=name, wanted=wanted, actual=ast.unparse(node.args[0]))


_OF_MESSAGES = {"sent": ir.Sent, "under_way": ir.UnderWay}


def class_argument(scope: Scope, node: ast.Call, of: type) -> type:
    """The class that is the only argument of a call. Errors: `wrong-arguments`."""
    found = static(scope, node.args[0]) if len(node.args) == 1 and not node.keywords else MISSING
    if isinstance(found, type) and issubclass(found, of):
        return found
    words = {
        "function": ast.unparse(node.func),
        "wanted": "one class",
        "actual": ast.unparse(node)[len(ast.unparse(node.func)) :],
    }
    raise scope.fail("wrong-arguments", node, **words)
