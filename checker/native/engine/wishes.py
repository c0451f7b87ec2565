"""What a run was asked for."""

from __future__ import annotations

from dataclasses import dataclass

from ...search import Limits
from .blocks import BLOCK_CELLS
from .table import FIRST_SLOTS


@dataclass(frozen=True)
class Sizes:
    """How many slots the table has at first, and how many cells a block; they show in nothing but speed and memory."""

    slots: int = FIRST_SLOTS
    block: int = BLOCK_CELLS


SIZES = Sizes()


@dataclass(frozen=True)
class Wishes:
    """The limits of a run, what it reports, and how many threads it may use."""

    limits: Limits
    deadlock: bool = False
    go_on: bool = False
    threads: int = 1
    sizes: Sizes = SIZES

    @property
    def time(self) -> Limits:
        """The limit in seconds alone: the others are not for a clock to look at."""
        return Limits(seconds=self.limits.seconds)
