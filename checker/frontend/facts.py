"""What the classes of a model declare, before any method is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import FunctionType

from ...models.language import Process, Protocol
from ...models.language.fields import Keeping
from .. import ir


@dataclass(frozen=True)
class Declared:
    """A declared field of a class."""

    type: ir.Type
    keeping: Keeping


@dataclass(frozen=True)
class Given:
    """An attribute of a process that has the value of a parameter of the protocol."""

    type: ir.Type
    parameter: str


@dataclass(frozen=True)
class Facts:
    """The protocol, its parameters and clusters, and the fields of every class in it.

    `given` are the attributes of each class of processes that are parameters.
    """

    protocol: type[Protocol]
    settings: Mapping[str, ir.Type]
    clusters: Mapping[str, type[Process]]
    fields: Mapping[type, Mapping[str, Declared]]
    handled: Mapping[type, frozenset[type]]
    given: Mapping[type, Mapping[str, Given]]

    @property
    def processes(self) -> tuple[type[Process], ...]:
        """The classes of processes that are in some cluster, each once."""
        return tuple(dict.fromkeys(self.clusters.values()))

    def clusters_of(self, classes: tuple[type[Process], ...]) -> tuple[str, ...]:
        """The clusters whose processes are of these classes or derive from them."""
        return tuple(name for name, cls in self.clusters.items() if issubclass(cls, classes))

    def offering(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """The clusters whose processes have all of these fields and methods."""
        return tuple(c for c, cls in self.clusters.items() if all(hasattr(cls, name) for name in names))

    def class_of(self, owner: ir.ProcessT | ir.ProtocolT) -> tuple[type, ...]:
        """The concrete classes that an owner may have."""
        return owner.classes if isinstance(owner, ir.ProcessT) else (self.protocol,)

    def names(self, cls: type) -> list[str]:
        """Everything that can be asked of a process or a protocol of this class, in order."""
        fields = list(self.fields.get(cls, {}))
        own = [n for c in cls.__mro__ for n, v in vars(c).items() if isinstance(v, FunctionType | property)]
        extra = [*self.settings, *self.clusters] if cls is self.protocol else [*self.given.get(cls, {}), "id", "peers"]
        return [n for n in dict.fromkeys(fields + own + extra) if not n.startswith("_")]


def method(cls: type, name: str, after: type | None = None) -> tuple[FunctionType, type] | None:
    """A method or property of a class and the class that defines it; with `after`, what `super()` finds there."""
    order = cls.__mro__ if after is None else cls.__mro__[cls.__mro__.index(after) + 1 :]
    for base in order:
        found = vars(base).get(name)
        found = found.fget if isinstance(found, property) else found
        if isinstance(found, FunctionType):
            return found, base
    return None


def is_property(cls: type, name: str) -> bool:
    """Whether a name is a property of a class."""
    return any(isinstance(vars(base).get(name), property) for base in cls.__mro__)
