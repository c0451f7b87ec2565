"""Guards that many choices of an action's arguments share, tested once for all of them.

Each choice of arguments has a kernel of its own, in which the arguments are constants. What such kernels begin with, up
to the first thing that is more than a guard, is often the same: it is written once, around the calls.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .status import DISABLED
from .writer import Block, Writer


@dataclass(frozen=True)
class Opening:
    """Something that a kernel begins with: lines that compute, or a guard."""

    lines: tuple[str, ...]
    guard: str = ""


def openings(body: Block) -> Iterator[Opening]:
    """The computations and guards that a kernel begins with."""
    items = list(body.items)
    at = 0
    while at < len(items):
        line = items[at]
        under = items[at + 1] if at + 1 < len(items) and isinstance(items[at + 1], Block) else None
        if not isinstance(line, str):
            return
        found = _opening(line, under)
        if found is None:
            return
        yield found
        at += 1 if under is None else 2


def _opening(line: str, under: str | Block | None) -> Opening | None:
    if isinstance(under, Block):
        lines = list(under.lines(0))
        if line.startswith("if not ") and lines == [f"return {DISABLED}"]:
            return Opening((), line.removeprefix("if not ").removesuffix(":"))
        pure = not any(_acts(each) for each in lines)
        return Opening((line, *("    " + each for each in lines))) if pure else None
    return None if _acts(line) else Opening((line,))


_ASSIGNED = re.compile(r"(\S+) [^\s\w=]*= ")
_NAME = re.compile(r"\w+")


def _acts(line: str) -> bool:
    """Whether a line does more than compute a name."""
    found = _ASSIGNED.match(line.strip())
    return line.split()[0] in ("return", "pass") or (found is not None and not _NAME.fullmatch(found[1]))


def _names(opening: Opening) -> set[str]:
    """The names that an opening gives values to."""
    return {found[1] for line in opening.lines if (found := _ASSIGNED.match(line.strip()))}


class Sharing:
    """Writes what choices begin with, what neighbours have in common only once."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._start = writer.here
        self._path: list[tuple[Opening, Block]] = []

    def enter(self, found: list[Opening]) -> None:
        """Go to where all of these are written and hold."""
        common = self._common(found)
        del self._path[common:]
        self._writer.here = self._path[-1][1] if self._path else self._start
        for opening in found[common:]:
            self._write(opening)
            self._path.append((opening, self._writer.here))

    def _common(self, found: list[Opening]) -> int:
        """How many openings are written and still hold: what was written after them may have changed their names."""
        path = [opening for opening, _ in self._path]
        common = 0
        while common < min(len(found), len(path)) and path[common] == found[common]:
            common += 1
        changed: set[str] = set().union(*map(_names, path[common:]))
        for number, opening in reversed(list(enumerate(path[:common]))):
            if not changed.isdisjoint(_names(opening)):
                changed |= set().union(*map(_names, path[number:common]))
                common = number
        return common

    def _write(self, opening: Opening) -> None:
        for line in opening.lines:
            self._writer.emit(line)
        if opening.guard:
            self._writer.here = self._writer.open(f"if {opening.guard}:")

    def leave(self) -> None:
        """Go back to where it began."""
        self._writer.here = self._start
