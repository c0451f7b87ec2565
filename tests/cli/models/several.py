"""Two protocols in a file."""

from __future__ import annotations

from typing import Annotated

from quorate.models.language import Protocol, Range, action, shared


class Left(Protocol):
    """Goes left."""

    at: Annotated[int, Range(0, 1)] = shared(0)

    @action
    def go(self) -> None:
        """To the left."""
        self.at = 1


class Right(Left):
    """Goes right."""
