"""How values look to a reader: identities, symbols and enumerations by name, collections in a fixed order."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from ..models.language import Cluster, Map, Process, Protocol, Ref, Sent, Symbol


def show(value: Any) -> str:
    """A value on one line, the same on every machine."""
    match value:
        case Enum():
            return printable(value.name)
        case Ref() | Symbol() | bool() | int() | None | str():
            return repr(value)
        case Sent():
            return f"{show(value.message)} from {show(value.sender)} to {show(value.to)}"
        case Process():
            return repr(value.id)
        case Protocol():
            return type(value).__name__
        case Map() | dict():
            return "{" + ", ".join(f"{show(k)}: {show(v)}" for k, v in value.items()) + "}"
        case frozenset() | set():
            return "{" + ", ".join(show(v) for v in in_order(value)) + "}"
        case tuple() | list() | Cluster():
            return "(" + ", ".join(map(show, value)) + ("," if len(value) == 1 else "") + ")"
    if is_dataclass(value) and not isinstance(value, type):
        return call(type(value).__name__, ((f.name, getattr(value, f.name)) for f in fields(value)))
    return re.sub(r" at 0x[0-9a-f]+", "", repr(value))


def printable(text: str) -> str:
    """Text without the characters that would steer a terminal or break a line: those as Python escapes them."""
    return text if text.isprintable() else "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def call(name: str, arguments: Iterable[tuple[str, Any]]) -> str:
    """A record, a message or the call of an action: `Vote(term=1, granted=True)`."""
    return f"{name}({', '.join(f'{n}={show(v)}' for n, v in arguments)})"


def in_order(values: Iterable[Any]) -> list[Any]:
    """What a set holds, in an order that does not depend on the run; other collections keep their own."""
    if isinstance(values, set | frozenset):
        return sorted(values, key=lambda value: _natural(show(value)))
    return list(values)


def _natural(text: str) -> list[tuple[int, str]]:
    # servers[2] comes before servers[10]
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", text)]


PACKAGE = Path(__file__).resolve().parents[1]
"""Where the library itself lies."""


def shown_path(file: str) -> str:
    """The path of a source file: from the current directory, or for the library's own files from its package.

    So a trace says the same on every machine that has its models in the same place below the current directory.
    """
    path = Path(file).resolve()
    for base, prefix in ((Path.cwd(), ""), (PACKAGE, "quorate/")):
        if path.is_relative_to(base):
            return prefix + path.relative_to(base).as_posix()
    return file
