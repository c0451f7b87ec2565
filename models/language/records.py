"""Immutable products: records, and records that travel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True)
def record(cls: type[T]) -> type[T]:
    """Make a class of annotated fields an immutable record; `dataclasses.replace` works on it.

    Equality and hash come from all fields and cannot be written by hand.
    """
    return _made(cls)


@dataclass_transform(frozen_default=True)
def message(cls: type[T]) -> type[T]:
    """Make a class of annotated fields a message: an immutable record that processes can send.

    Messages are told apart by their class, even when their fields are equal.
    """
    made = _made(cls)
    MESSAGES.add(made)
    return made


def _made(cls: type[T]) -> type[T]:
    made = dataclass(frozen=True, slots=True)(cls)
    RECORDS.add(made)
    return made


RECORDS: set[type] = set()
"""Every class made by `record` or `message`."""

MESSAGES: set[type] = set()
"""Every class made by `message`."""
