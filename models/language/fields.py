"""How a field is declared, and what becomes of it in a crash."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar, cast

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
