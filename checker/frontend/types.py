"""From an annotation to a type of the intermediate representation."""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Callable
from enum import Enum
from typing import Any

from ...models.language import AtMost, Map, Place, Process, Protocol, Ref, Sent, Symbol
from ...models.language import Range as Bounds
from ...models.language.records import MESSAGES
from .. import ir
from .errors import mistake

Hint = Any
"""An annotation as `typing.get_type_hints` gives it."""


def origin_of(hint: Hint) -> object:
    """The generic class that an annotation is made from, None if it is not."""
    return typing.get_origin(hint)


class Annotations:
    """Turns annotations into types, each record class once."""

    def __init__(self) -> None:
        self._records: dict[type, ir.RecordT] = {}
        self._constants: dict[type, None] = {}

    def find(self, hint: Hint) -> ir.Type | None:
        """The type of an annotation, None if it is none of the language's."""
        origin, arguments = origin_of(hint), typing.get_args(hint)
        if origin is typing.Annotated:
            return self._annotated(arguments[0], arguments[1:])
        if origin in (typing.Union, types.UnionType):
            return self._optional(arguments)
        if origin is tuple:
            return self._tuple(arguments)
        if origin in _GENERIC:
            return _GENERIC[origin](self, arguments)
        return self._class(hint) if isinstance(hint, type) and origin is None else self._none(hint)

    def of(self, hint: Hint, place: Place) -> ir.Type:
        """The type of an annotation. Errors: `no-such-type`."""
        found = self.find(hint)
        if found is None:
            raise mistake("no-such-type", place, type=spelled(hint))
        return found

    def finite(self, hint: Hint, place: Place) -> ir.Type:
        """The type of a field, a message's field or an action's parameter. Errors: also `no-domain`."""
        found = self.of(hint, place)
        if not is_finite(found):
            raise mistake("no-domain", place, type=spelled(hint))
        return found

    @property
    def records(self) -> tuple[type, ...]:
        """The record and message classes met so far."""
        return tuple(self._records)

    @property
    def constants(self) -> tuple[type, ...]:
        """The enums and symbol classes met so far."""
        return tuple(self._constants)

    def record(self, cls: type) -> ir.RecordT:
        """The type of a record or message class."""
        if cls not in self._records:
            hints = typing.get_type_hints(cls, include_extras=True)
            names = tuple(f.name for f in dataclasses.fields(cls))
            items = tuple(self.find(hints[name]) or ir.Never() for name in names)
            self._records[cls] = ir.RecordT(cls, names, items, cls in MESSAGES)
        return self._records[cls]

    def _none(self, hint: Hint) -> ir.Type | None:
        return ir.NoneT() if hint is None else None

    def _annotated(self, base: Hint, extra: tuple[Any, ...]) -> ir.Type | None:
        inner = self.find(base)
        for bound in extra:
            if isinstance(bound, Bounds) and isinstance(inner, ir.Int):
                return ir.Int(bound.lo, bound.hi)
            if isinstance(bound, AtMost) and isinstance(inner, ir.SeqT):
                return ir.SeqT(inner.item, bound.length)
        return inner

    def _optional(self, arguments: tuple[Hint, ...]) -> ir.Type | None:
        found = [self.find(a) for a in arguments if a is not types.NoneType]
        if len(found) == 1 and len(arguments) == 2 and found[0] is not None:
            return ir.OptionalT(found[0])
        return None

    def _tuple(self, arguments: tuple[Hint, ...]) -> ir.Type | None:
        items = [self.find(a) for a in arguments if a is not Ellipsis]
        known = tuple(item for item in items if item is not None)
        if len(known) < len(items):
            return None
        return ir.SeqT(known[0]) if Ellipsis in arguments else ir.TupleT(known)

    def _class(self, hint: type) -> ir.Type | None:
        if hint in (bool, int, types.NoneType):
            return {bool: ir.Bool(), int: ir.Int(), types.NoneType: ir.NoneT()}[hint]
        if issubclass(hint, Enum | Symbol) and hint is not Symbol:
            self._constants[hint] = None
            return ir.EnumT(hint) if issubclass(hint, Enum) else ir.SymbolT(hint)
        if issubclass(hint, Protocol):
            return ir.ProtocolT(hint)
        if issubclass(hint, Process):
            return ir.ProcessT((hint,))
        return self.record(hint) if dataclasses.is_dataclass(hint) else None


def _ref(_: Annotations, arguments: tuple[Hint, ...]) -> ir.Type | None:
    cls = arguments[0]
    return ir.RefT(cls if isinstance(cls, type) and issubclass(cls, Process) else Process)


def _set(annotations: Annotations, arguments: tuple[Hint, ...]) -> ir.Type | None:
    item = annotations.find(arguments[0])
    return item and ir.SetT(item)


def _map(annotations: Annotations, arguments: tuple[Hint, ...]) -> ir.Type | None:
    key, value = map(annotations.find, arguments)
    return ir.MapT(key, value) if key and value else None


def _sent(annotations: Annotations, arguments: tuple[Hint, ...]) -> ir.Type | None:
    message = annotations.find(arguments[0])
    return ir.SentT(message) if isinstance(message, ir.RecordT) else None


_GENERIC: types.MappingProxyType[object, Callable[[Annotations, tuple[Hint, ...]], ir.Type | None]]
_GENERIC = types.MappingProxyType({Ref: _ref, frozenset: _set, Map: _map, Sent: _sent})


def is_finite(type_: ir.Type) -> bool:
    """Whether a type has finitely many values, once the parameters are known."""
    match type_:
        case ir.Int(lo=lo, hi=hi):
            return lo is not None and hi is not None
        case ir.SeqT(item=item, most=most):
            return most is not None and is_finite(item)
        case ir.RecordT():
            return True  # its fields are checked where it is declared
        case ir.BagT() | ir.ProcessT() | ir.ProtocolT() | ir.SentT() | ir.NoneT() | ir.Never():
            return False
    return all(map(is_finite, ir.parts(type_)))


def spelled(hint: Hint) -> str:
    """An annotation as a modeller writes it."""
    origin, arguments = origin_of(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        return spelled(arguments[0])
    if hint is Ellipsis:
        return "..."
    if origin in (typing.Union, types.UnionType):
        return " | ".join(map(spelled, arguments))
    if isinstance(origin, type):
        return f"{origin.__name__}[{', '.join(map(spelled, arguments))}]"
    name = hint.__name__ if isinstance(hint, type) else str(hint).replace("typing.", "")
    return "None" if name == "NoneType" else name
