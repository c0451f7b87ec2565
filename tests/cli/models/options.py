"""A protocol whose parameters are not only numbers."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

from quorate.models.language import Protocol, Range, action, require, shared


class Mode(Enum):
    """How careful it is."""

    CAREFUL, HASTY = range(2)


class Options(Protocol):
    """Does something once, if it may."""

    mode: Mode = Mode.CAREFUL
    allowed: bool = True
    tries: Annotated[int, Range(1, 4)] = 1
    done: bool = shared(False)

    @action
    def do(self) -> None:
        """Do it."""
        require(self.allowed and not self.done and self.mode is not Mode.HASTY)
        self.done = True
