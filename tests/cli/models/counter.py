"""Counts up to a limit, which breaks its promise from `limit=6` on."""

from __future__ import annotations

from typing import Annotated

from quorate.models.language import Protocol, Range, action, invariant, require, shared


class Counter(Protocol):
    """A number that goes up, and starts anew."""

    limit: int = 3
    count: Annotated[int, Range(0, "limit")] = shared(0)

    @action
    def go_up(self) -> None:
        """One more."""
        self.count += 1

    @action
    def go_home(self) -> None:
        """Start anew."""
        require(self.count > 0)
        self.count = 0

    @action
    def panic(self) -> None:
        """Never happens."""
        require(self.count > self.limit)
        self.count = 0

    @invariant
    def small(self) -> bool:
        """Breaks at six."""
        return self.count < 6

    @invariant
    def not_seven(self) -> bool:
        """Breaks at seven."""
        return self.count != 7
