"""What a process sends, to whom, and whether anybody there receives it; and which connections it breaks."""

from __future__ import annotations

import ast

from ...models.language import Fifo, Process
from .. import ir
from .attributes import member
from .calls import bound
from .scope import Scope, Signature
from .static import MISSING, static


def send(scope: Scope, node: ast.Call) -> ir.Stmt:
    """`self.send(to, m)`. Errors: `type-mismatch`, `no-handler`."""
    signature = Signature("send", ("to", "m"), (ir.RefT(Process), None), {})
    to, message = bound(scope, node, signature)
    receivers = to.type.cls if isinstance(to.type, ir.RefT) else Process
    _check(scope, node, message, receivers)
    return ir.Send(scope.place(node), to, message)


def broadcast(scope: Scope, node: ast.Call) -> ir.Stmt:
    """`self.broadcast(m)`, `self.broadcast(m, to=Acceptor)`. Errors: `type-mismatch`, `no-handler`."""
    given = {k.arg: k.value for k in node.keywords}
    to = node.args[1] if len(node.args) == 2 else given.pop("to", None)
    if len(node.args) not in (1, 2) or given:
        words = {"wanted": "(m, to=...)", "actual": f"({', '.join(map(ast.unparse, node.args))})"}
        raise scope.fail("wrong-arguments", node, function="broadcast", **words)
    message = scope.expr(node.args[0])
    receivers = _peers(scope, node) if to is None else _members(scope, node, to)
    inside = ir.item_of(receivers.type)
    _check(scope, node, message, inside.cls if isinstance(inside, ir.RefT) else Process)
    return ir.Broadcast(scope.place(node), receivers, message)


def disconnect(scope: Scope, node: ast.Call) -> ir.Stmt:
    """`self.disconnect(peer)`. Errors: `type-mismatch`, `no-connections`."""
    (peer,) = bound(scope, node, Signature("disconnect", ("peer",), (ir.RefT(Process),), {}))
    protocol = scope.session.facts.protocol
    if not isinstance(protocol.network, Fifo):
        words = {"network": type(protocol.network).__name__, "protocol": protocol.__name__}
        raise scope.fail("no-connections", node, **words)
    return ir.Disconnect(scope.place(node), peer)


def _peers(scope: Scope, node: ast.Call) -> ir.Expr:
    owner = scope.unit.owner
    if owner is None or not isinstance(node.func, ast.Attribute):
        raise AssertionError("only a process broadcasts")
    return member(scope, node.func, ir.Self(scope.place(node.func.value), owner), "peers")


def _members(scope: Scope, node: ast.Call, to: ast.expr) -> ir.Expr:
    cls = static(scope, to)
    if cls is MISSING or not isinstance(cls, type) or not issubclass(cls, Process):
        words = {"wanted": "a Process class as to", "actual": ast.unparse(to)}
        raise scope.fail("wrong-arguments", node, function="broadcast", **words)
    return ir.Members(scope.place(to), ir.SetT(ir.RefT(cls)))


def _check(scope: Scope, node: ast.Call, message: ir.Expr, receivers: type[Process]) -> None:
    if not isinstance(message.type, ir.RecordT) or not message.type.is_message:
        words = {"wanted": "a @message", "actual": ir.describe(message.type)}
        raise scope.fail("type-mismatch", node, name=ast.unparse(node.func), **words)
    facts = scope.session.facts
    classes = [cls for cls in facts.processes if issubclass(cls, receivers) or issubclass(receivers, cls)]
    if not any(message.type.cls in facts.handled[cls] for cls in classes):
        words = {
            "message": message.type.cls.__name__,
            "receivers": " or ".join(c.__name__ for c in classes) or "nobody",
        }
        raise scope.fail("no-handler", node, **words)
