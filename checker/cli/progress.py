"""What one sees while a run goes on: a live line on a terminal, else a plain line now and then."""

from __future__ import annotations

import itertools
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal, Protocol

from .console import complain, is_interactive

if TYPE_CHECKING:
    from rich.live import Live

Style = Literal["auto", "live", "plain", "off"]
"""How progress is shown; `auto` draws a live line on an interactive terminal and writes plain lines elsewhere."""


class Figures(Protocol):
    """What a run has counted so far."""

    distinct: int
    depth: int
    frontier: int

    @property
    def elapsed(self) -> float:
        """Seconds since the run began."""
        ...


class Silent:
    """Shows nothing."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __call__(self, figures: Figures) -> None:
        """Told the figures of the run; it is called for each state, so it must cost next to nothing."""
        self.tell(lambda: line(self._name, figures))

    def tell(self, text: Callable[[], str]) -> None:
        """Show a line if one is due, and only then ask for its text."""

    def close(self) -> None:
        """Take away what does not stay."""


class Plain(Silent):
    """A line on standard error after 1, 2, 5, 10, 30 and 60 seconds, then each minute."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._started = time.monotonic()
        self._beats = itertools.chain((1, 2, 5, 10, 30), itertools.count(60, 60))
        self._due = self._started + next(self._beats)

    def tell(self, text: Callable[[], str]) -> None:
        now = time.monotonic()
        if now < self._due:
            return
        complain(text())
        while self._due <= now:
            self._due = self._started + next(self._beats)


class LiveLine(Silent):
    """One line on the terminal that is drawn again ten times a second, and taken away at the end."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._due = time.monotonic() + 0.3  # a shorter run needs no progress, and rich takes as long to import
        self._live: Live | None = None

    def tell(self, text: Callable[[], str]) -> None:
        now = time.monotonic()
        if now < self._due:
            return
        self._due = now + 0.1
        self._live = self._live or _live()
        _draw(self._live, text())

    def close(self) -> None:
        if self._live is not None:
            self._live.stop()


def _live() -> Live:
    from rich.console import Console
    from rich.live import Live

    live = Live(console=Console(stderr=True, highlight=False), auto_refresh=False, transient=True)
    live.start()
    return live


def _draw(live: Live, text: str) -> None:
    from rich.text import Text

    live.update(Text(text, no_wrap=True, overflow="ellipsis"), refresh=True)


def line(name: str, figures: Figures) -> str:
    """The figures of a run on one line."""
    elapsed = figures.elapsed
    rate = figures.distinct / elapsed if elapsed else 0.0
    return (
        f"{name}  {figures.distinct:,} states  {rate:,.0f}/s  depth {figures.depth}  "
        f"frontier {figures.frontier:,}  {clock(elapsed)}"
    )


def clock(elapsed: float) -> str:
    """Seconds as minutes and seconds: `03:05`."""
    minutes, seconds = divmod(int(elapsed), 60)
    return f"{minutes:02}:{seconds:02}"


@contextmanager
def shown(style: Style, name: str) -> Iterator[Silent]:
    """Progress for the time of a run, on standard error."""
    meter = _meter(style, name)
    try:
        yield meter
    finally:
        meter.close()


def _meter(style: Style, name: str) -> Silent:
    if style == "auto":
        style = "live" if is_interactive(sys.stderr, os.environ) else "plain"
    makers = {"live": LiveLine, "plain": Plain}
    return makers.get(style, Silent)(name)
