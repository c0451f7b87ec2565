"""A space that no test waits for."""

from __future__ import annotations

from typing import Annotated

from quorate.models.language import Protocol, Range, action, invariant, shared


class Endless(Protocol):
    """A number with very many values."""

    limit: int = 1_000_000_000
    count: Annotated[int, Range(0, "limit")] = shared(0)

    @action
    def go_up(self) -> None:
        """One more."""
        self.count += 1

    @invariant
    def positive(self) -> bool:
        """Always true."""
        return self.count >= 0
