"""The symbolic meaning of statements, and of a whole function."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import MappingProxyType
from typing import Any

from ...models.language import ModelError
from .. import ir
from . import values as v
from .collections import COLLECTIONS, rounds_of, settled
from .comprehensions import COMPREHENSIONS
from .frame import Doing, Frame, Sending, no_meaning
from .logic import Formula, all_of, conj, disj, implies
from .maps import MAPS, mapped
from .scalars import SCALARS, widened
from .values import Value
from .worlds import World

EXPRESSIONS: MappingProxyType[type[ir.Expr], Callable[[Frame, Any], Value]] = MappingProxyType(
    {**SCALARS, **COLLECTIONS, **MAPS, **COMPREHENSIONS}
)
"""The symbolic value of each expression."""


def _assign(f: Frame, s: ir.Assign) -> None:
    for target, expr, value in zip(s.targets, s.values, f.all(s.values), strict=True):
        into = f.locals if isinstance(target, ir.ToLocal) else f.fields
        whole = mapped(f.setting, target.type, widened(value, expr.type, target.type))
        into[target.name] = settled(f.setting, target.type, whole)


def _require(f: Frame, s: ir.Require) -> None:
    for part in _conjuncts(s.condition):
        try:
            met: Formula = f.value(part)
        except ModelError as error:
            if error.code != "no-symbolic-meaning" or not _is_of_any_number(f):
                raise
            # a step that is allowed more often can only make a proof harder
            f.doing.weakened[part.place] = None
            continue
        f.doing.enabled = conj(f.doing.enabled, implies(all_of(f.path), met))


def _conjuncts(condition: ir.Expr) -> Sequence[ir.Expr]:
    is_and = isinstance(condition, ir.Logic) and condition.op is ir.LogicOp.AND
    return condition.items if is_and and isinstance(condition, ir.Logic) else (condition,)


def _is_of_any_number(f: Frame) -> bool:
    return any(setting.name in f.setting.free for setting in f.setting.program.parameters)


def _assert(f: Frame, s: ir.Assert) -> None:
    f.fail_unless(f.value(s.condition))


def _send(f: Frame, s: ir.Send) -> None:
    to, message = f.value(s.to), f.value(s.message)
    assert isinstance(s.message.type, ir.RecordT)
    f.doing.sends.append(Sending(all_of(f.path), to, s.message.type, message))


def _broadcast(f: Frame, s: ir.Broadcast) -> None:
    to, message = f.value(s.to), f.value(s.message)
    assert isinstance(s.message.type, ir.RecordT)
    for ref, guard in to.of.items():
        f.doing.sends.append(Sending(conj(*f.path, guard), v.constant(ref), s.message.type, message))


def _disconnect(f: Frame, s: ir.Disconnect) -> None:
    f.doing.cut_off.append((all_of(f.path), f.value(s.peer)))


def _if(f: Frame, s: ir.If) -> None:
    f.fork(f.value(s.test), lambda: f.block(s.then), lambda: f.block(s.other))


def _for(f: Frame, s: ir.For) -> None:
    rounds = list(rounds_of(f, f.value(s.iterable), s.iterable.type))
    if any(round_.variables for round_ in rounds):
        raise no_meaning(s.place, "this loop goes through something without a bound, one by one")
    _loop(f, s, rounds)
    f.broken = False


def _loop(f: Frame, s: ir.For, rounds: Sequence[v.Round]) -> None:
    if not rounds:
        return
    first, *rest = rounds
    f.fork(first.guard, lambda: _turn(f, s, first.item), lambda: None)
    f.fork(disj(f.returned, f.broken), lambda: None, lambda: _go_on(f, s, rest))


def _turn(f: Frame, s: ir.For, item: Value) -> None:
    f.bind(s.target, item)
    f.block(s.body)
    f.continued = False


def _go_on(f: Frame, s: ir.For, rounds: Sequence[v.Round]) -> None:
    """The rest of a loop, where it was not left."""
    f.returned = f.broken = False
    _loop(f, s, rounds)


def _return(f: Frame, s: ir.Return) -> None:
    if s.value is not None:
        f.result = f.value(s.value)
    f.returned = True


def _break(f: Frame, s: ir.Break) -> None:
    f.broken = True


def _continue(f: Frame, s: ir.Continue) -> None:
    f.continued = True


def _perform(f: Frame, s: ir.Perform) -> None:
    f.value(s.call)


STATEMENTS: MappingProxyType[type[ir.Stmt], Callable[[Frame, Any], None]] = MappingProxyType(
    {
        ir.Assign: _assign,
        ir.Require: _require,
        ir.Assert: _assert,
        ir.Send: _send,
        ir.Broadcast: _broadcast,
        ir.Disconnect: _disconnect,
        ir.Perform: _perform,
        ir.If: _if,
        ir.For: _for,
        ir.Return: _return,
        ir.Break: _break,
        ir.Continue: _continue,
    }
)
"""What each statement does."""


def run(world: World, function: str, owner: Any, arguments: Sequence[Value], doing: Doing) -> Value:
    """Run a function of the program in a state; `owner` is the world itself, one of its processes, or None."""
    frame = Frame(EXPRESSIONS, STATEMENTS, world, owner, doing)
    return frame.call(function, owner, arguments)
