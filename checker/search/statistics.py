"""What a run has counted so far."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Statistics:
    """The figures of a run while it goes on.

    `distinct` states that satisfy every constraint; `generated` initial states and successors computed, duplicates
    included; `depth` states on the longest shortest path; `cut` transitions not taken, by the bound that they would
    have left; `actions` how often each action, handler and fault was taken; `frontier` states still to
    expand; `complete` once every state within the bounds was seen.
    """

    distinct: int = 0
    generated: int = 0
    depth: int = 0
    frontier: int = 0
    complete: bool = False
    cut: Counter[str] = field(default_factory=Counter)
    actions: Counter[str] = field(default_factory=Counter)
    started: float = field(default_factory=time.monotonic)

    @property
    def elapsed(self) -> float:
        """Seconds of wall-clock time since the run began."""
        return time.monotonic() - self.started


Progress = Callable[[Statistics], None]
"""Told the figures of a run again and again while it goes on."""
