"""Which choices of an action's arguments are worth trying at all."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from ..language import Protocol
from ..language.marks import Disabled
from .shape import Method, Shape
from .steps import Kind, Step


class _Looked(BaseException):
    """The method looked at the state."""


def choices(kind: Kind, method: Method, protocol: Protocol, shape: Shape) -> Iterator[Step]:
    """A step for each choice of arguments, in order, without those that the guard refuses before it sees the state.

    Such a guard (`require(len(quorum) == 2)`) speaks of the arguments and the parameters only: it is never met.
    """
    blind = _blinded(protocol, shape)
    for arguments in itertools.product(*(tuple(p.domain.values()) for p in method.parameters)):
        if not _never(blind, method.name, arguments):
            yield Step(kind, method.name, None, arguments)


def _never(blind: Protocol, name: str, arguments: tuple[Any, ...]) -> bool:
    try:
        getattr(blind, name)(*arguments)
    except Disabled:
        return True
    except (_Looked, Exception):
        return False
    return False


def _blinded(protocol: Protocol, shape: Shape) -> Protocol:
    """The protocol with its parameters and without a state: whoever asks for that is stopped."""
    hidden = {f.name for f in shape.fields} | set(shape.classes) | {"_sent", "members"}

    def look(self: Protocol, name: str) -> Any:
        if name in hidden:
            raise _Looked
        return object.__getattribute__(self, name)

    cls = type(protocol)
    blind: Protocol = object.__new__(type(cls.__name__, (cls,), {"__getattribute__": look}))
    object.__getattribute__(blind, "__dict__").update(vars(protocol))
    return blind
