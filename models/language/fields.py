"""How a field is declared, and what becomes of it in a crash."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeVar, cast

from .errors import ModelError

T = TypeVar("T")


class Keeping(Enum):
    """Where a field lives."""

    DURABLE = "durable"
    VOLATILE = "volatile"
    GHOST = "ghost"
    SHARED = "shared"


@dataclass(frozen=True)
class Field:
    """A declared field: its first value, and where it lives."""

    default: object
    keeping: Keeping


def durable(default: T) -> T:
    """A field of a process that survives a crash, as if on disk; `default` is its first value."""
    return cast(T, Field(default, Keeping.DURABLE))


def volatile(default: T) -> T:
    """A field of a process that a crash sets back to `default`."""
    return cast(T, Field(default, Keeping.VOLATILE))


def ghost(default: T) -> T:
    """History kept only for properties: no guard and no message may depend on it, and no crash touches it."""
    return cast(T, Field(default, Keeping.GHOST))


def shared(default: T) -> T:
    """A field of the protocol itself: state that belongs to no process, as in a specification written globally."""
    return cast(T, Field(default, Keeping.SHARED))


@dataclass(frozen=True)
class Parameter:
    """An attribute of processes that has the value of the protocol's parameter `name`; made by `parameter`."""

    name: str

    def __get__(self, process: Any, owner: type) -> Any:
        """The value in this run; the declaration itself if a class is asked."""
        return self if process is None else process._seat.parameters[self.name]

    def __set__(self, process: object, value: object) -> None:
        raise AttributeError(f"the parameter {self.name} has one value in the whole run")


def parameter(name: str) -> Any:
    """An attribute of a process that is no state: the value of the protocol's parameter `name` in this run.

    `quorum: int = parameter("quorum")` can be read in any expression and never assigned. The parameter is an int, a
    bool, a member of an enum, or the size of a cluster.
    """
    if type(name) is not str:
        raise ModelError(
            "parameter-name",
            f"parameter takes the name of a parameter of the protocol, this is {name!r}",
            instead='write the name in quotes: quorum: int = parameter("quorum")',
        )
    return Parameter(name)


def refuse_reserved(cls: type, base: type, names: Iterable[str]) -> None:
    """Refuse fields that would hide a word of the language. Errors: `ModelError`."""
    for name in names:
        if hasattr(base, name) or name in base.__annotations__:
            raise ModelError(
                "reserved-name",
                f"{cls.__name__}.{name} hides a word of the language",
                because=f"every {base.__name__} has {name} already",
                instead="give the field another name",
            )
