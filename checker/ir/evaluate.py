"""Runs functions of a program on plain values: a second meaning of a step, independent of the Python it came from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from ...models.language import Ref
from ...models.language.marks import Disabled
from . import nodes as n
from .frame import Frame, Leave, Meaning
from .meaning import EXPRESSIONS
from .world import Actor, Fields, World, fields_of


class Effects(NamedTuple):
    """What a function gave, the fields of its owner afterwards, the messages it sent, in order, and whom it cut off."""

    result: Any
    fields: Fields
    sends: tuple[tuple[Ref[Any], Any], ...]
    cut: frozenset[Ref[Any]] = frozenset()


def run(world: World, function: str, owner: Ref[Any] | None, arguments: Sequence[Any]) -> Effects:
    """Run a function of the program in a state; the state itself does not change.

    `owner` is the process whose method it is, None for a method of the protocol or a plain function.
    Errors: `Disabled` for a guard that is not met, `AssertionError` for an assertion that is false, and `ModelError`
    at the place where an index, a key or an optional is not there.
    """
    own = world.changing(owner)
    frame = Frame(_MEANING, own, own if owner is None else Actor(own, owner))
    result = frame.call(function, frame.owner, arguments)
    return Effects(
        result, own.shared if owner is None else own.processes[owner], tuple(frame.sends), frozenset(frame.cut)
    )


def _assign(f: Frame, s: n.Assign) -> None:
    for target, value in zip(s.targets, f.all(s.values), strict=True):
        into = f.locals if isinstance(target, n.ToLocal) else fields_of(f.owner)
        into[target.name] = value


def _require(f: Frame, s: n.Require) -> None:
    if not f.value(s.condition):
        raise Disabled


def _assert(f: Frame, s: n.Assert) -> None:
    if not f.value(s.condition):
        raise AssertionError(s.message)


def _send(f: Frame, s: n.Send) -> None:
    to = f.value(s.to)
    f.sends.append((to, f.value(s.message)))


def _broadcast(f: Frame, s: n.Broadcast) -> None:
    message = f.value(s.message)
    f.sends.extend((to, message) for to in sorted(f.value(s.to), key=lambda ref: (ref.cluster, ref.index)))


def _disconnect(f: Frame, s: n.Disconnect) -> None:
    f.cut.add(f.value(s.peer))


def _perform(f: Frame, s: n.Perform) -> None:
    f.value(s.call)


def _if(f: Frame, s: n.If) -> Leave | None:
    return f.block(s.then if f.value(s.test) else s.other)


def _for(f: Frame, s: n.For) -> Leave | None:
    for value in f.value(s.iterable):
        f.bind(s.target, value)
        left = f.block(s.body)
        if left is not None and left.how is n.Return:
            return left
        if left is not None and left.how is n.Break:
            return None
    return None


STATEMENTS: MappingProxyType[type[n.Stmt], Callable[[Frame, Any], Leave | None]] = MappingProxyType(
    {
        n.Assign: _assign,
        n.Require: _require,
        n.Assert: _assert,
        n.Send: _send,
        n.Broadcast: _broadcast,
        n.Disconnect: _disconnect,
        n.Perform: _perform,
        n.If: _if,
        n.For: _for,
        n.Return: lambda f, s: Leave(n.Return, None if s.value is None else f.value(s.value)),
        n.Break: lambda f, s: Leave(n.Break),
        n.Continue: lambda f, s: Leave(n.Continue),
    }
)
"""What each statement does."""

_MEANING = Meaning(EXPRESSIONS, STATEMENTS)
