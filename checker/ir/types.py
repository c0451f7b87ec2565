"""The types of the intermediate representation, and which values of one are values of another."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from ...models.language import Process, Protocol, Symbol

Bound = int | str | None
"""A literal, an expression over the parameters, or no bound."""


@dataclass(frozen=True, slots=True)
class Type:
    """A set of values."""


@dataclass(frozen=True, slots=True)
class Never(Type):
    """No value at all: the type of the items of an empty display."""

    def __str__(self) -> str:
        return "nothing"


@dataclass(frozen=True, slots=True)
class NoneT(Type):
    """Only None; also what a method gives that returns nothing."""

    def __str__(self) -> str:
        return "None"


@dataclass(frozen=True, slots=True)
class Bool(Type):
    """False and True."""

    def __str__(self) -> str:
        return "bool"


@dataclass(frozen=True, slots=True)
class Int(Type):
    """Integers; a bound is kept for fields, messages and parameters, and ignored by arithmetic."""

    lo: Bound = None
    hi: Bound = None

    def __str__(self) -> str:
        return "int" if self.lo is None and self.hi is None else f"int {self.lo}..{self.hi}"


@dataclass(frozen=True, slots=True)
class EnumT(Type):
    """The members of an `Enum`."""

    cls: type[Enum]

    def __str__(self) -> str:
        return self.cls.__name__


@dataclass(frozen=True, slots=True)
class RefT(Type):
    """The identities of the processes whose class is `cls` or derives from it."""

    cls: type[Process]

    def __str__(self) -> str:
        return f"ref {self.cls.__name__}"


@dataclass(frozen=True, slots=True)
class SymbolT(Type):
    """The interchangeable members of a `Symbol` class."""

    cls: type[Symbol]

    def __str__(self) -> str:
        return f"symbol {self.cls.__name__}"


@dataclass(frozen=True, slots=True)
class OptionalT(Type):
    """None, or a value of another type."""

    item: Type

    def __str__(self) -> str:
        return f"{self.item}?"


@dataclass(frozen=True, slots=True)
class TupleT(Type):
    """Tuples of a fixed length."""

    items: tuple[Type, ...]

    def __str__(self) -> str:
        return f"({', '.join(map(str, self.items))}{',' * (len(self.items) == 1)})"


@dataclass(frozen=True, slots=True)
class RecordT(Type):
    """The values of a record or message class; `items` are the types of `names`."""

    cls: type
    names: tuple[str, ...]
    items: tuple[Type, ...]
    is_message: bool = False

    def item(self, name: str) -> Type | None:
        """The type of a field, None if there is no such field."""
        return dict(zip(self.names, self.items, strict=True)).get(name)

    def __str__(self) -> str:
        return self.cls.__name__


@dataclass(frozen=True, slots=True)
class SeqT(Type):
    """Sequences of any length up to `most`."""

    item: Type
    most: Bound = None

    def __str__(self) -> str:
        return f"seq[{self.item}]" if self.most is None else f"seq[{self.item}; {self.most}]"


@dataclass(frozen=True, slots=True)
class BagT(Type):
    """What a map's `values()` and `items()` give: something to iterate over, in no order."""

    item: Type

    def __str__(self) -> str:
        return f"bag[{self.item}]"


@dataclass(frozen=True, slots=True)
class SetT(Type):
    """Finite sets."""

    item: Type

    def __str__(self) -> str:
        return f"set[{self.item}]"


@dataclass(frozen=True, slots=True)
class MapT(Type):
    """Total maps, and the dict displays that update them."""

    key: Type
    value: Type

    def __str__(self) -> str:
        return f"map[{self.key}, {self.value}]"


@dataclass(frozen=True, slots=True)
class ProcessT(Type):
    """A process in a state, of one of these classes, as a method's `self` or as a property sees it."""

    classes: tuple[type[Process], ...]

    def __str__(self) -> str:
        return "process " + "|".join(c.__name__ for c in self.classes)


@dataclass(frozen=True, slots=True)
class ProtocolT(Type):
    """A state of the whole protocol; `members` are the clusters that a `Has[I]` speaks of."""

    cls: type[Protocol]
    members: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"protocol {self.cls.__name__}"


@dataclass(frozen=True, slots=True)
class SentT(Type):
    """A message that was sent: its `sender`, `to` and `message`."""

    message: RecordT

    def __str__(self) -> str:
        return f"sent {self.message}"


def describe(type_: Type) -> str:
    """The type as a modeller writes it: `frozenset[Ref[Server]]`."""
    match type_:
        case Int():
            return "int"
        case RefT(cls=cls):
            return f"Ref[{cls.__name__}]"
        case SymbolT(cls=cls):
            return cls.__name__
        case OptionalT(item=item):
            return f"{describe(item)} | None"
        case TupleT(items=()):
            return "an empty tuple"
        case TupleT(items=items):
            return f"tuple[{', '.join(map(describe, items))}]"
        case SeqT(item=item):
            return f"tuple[{describe(item)}, ...]"
        case SetT(item=Never()):
            return "an empty frozenset"
        case SetT(item=item):
            return f"frozenset[{describe(item)}]"
        case BagT(item=item):
            return f"values of type {describe(item)}"
        case MapT(key=key, value=value):
            return f"Map[{describe(key)}, {describe(value)}]"
        case ProcessT(classes=classes):
            return " or ".join(c.__name__ for c in classes)
        case ProtocolT(cls=protocol):
            return protocol.__name__
        case SentT(message=message):
            return f"Sent[{describe(message)}]"
    return str(type_)
