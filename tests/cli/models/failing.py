"""Fails in its third step."""

from __future__ import annotations

from typing import Annotated

from quorate.models.language import AtMost, Protocol, Range, action, invariant, shared

Index = Annotated[int, Range(0, "most")]


class Failing(Protocol):
    """Looks past the end of a sequence."""

    most: int = 3
    index: Index = shared(0)
    seen: Annotated[tuple[Index, ...], AtMost("most")] = shared((0, 1))

    @action
    def look(self) -> None:
        """Fails once the index is past the end."""
        self.index = self.seen[self.index] + 1

    @invariant
    def positive(self) -> bool:
        """Always true."""
        return self.index >= 0
