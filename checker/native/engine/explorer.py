"""Explores a model as machine code, with the results of the reference engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ....models.semantics import Judge, State, System
from ...search import Finding, Limits, Progress, Reached, SelfCheckFailed, Statistics, Symmetry
from .blocks import Item, Shelf
from .desk import Desk
from .events import Events
from .findings import Done
from .memory import Memory
from .program import AnyCode, Link, compiled
from .search import Reporter, Search
from .subject import Subject
from .watch import watched
from .wishes import SIZES, Sizes, Wishes


class NativeExplorer:
    """Visits each state once, with all threads, and finds what the reference engine finds.

    States are told apart by fingerprints of 64 bits. If anything is to be reported, the states are visited once more,
    in the order of the reference engine and with the way to each kept, and the reference semantics has to confirm it.
    """

    def __init__(
        self,
        system: System,
        judge: Judge,
        symmetry: Symmetry,
        code: AnyCode,
        *,
        limits: Limits,
        deadlock: bool = False,
        go_on: bool = False,
        progress: Progress = lambda statistics: None,
        threads: int = 1,
        link: Link[AnyCode] = compiled,
        sizes: Sizes = SIZES,
    ) -> None:
        self._subject = Subject(system, judge, symmetry, code, link(code))
        self._wishes = Wishes(limits, deadlock, go_on, threads, sizes)
        self._progress = progress
        self._events = Events(self._subject, go_on=go_on)
        self.statistics = Statistics()
        self.memory: Counter[str] = Counter()

    @property
    def findings(self) -> list[Finding]:
        """What was found, in the order of the reference engine."""
        return self._events.found

    @property
    def collisions(self) -> float:
        """How probable it is that two of the states that were met have the same fingerprint, so that one was missed."""
        return self.statistics.distinct**2 / 2**65

    def chain(self, state: State | None) -> list[State]:
        """The canonical states on the first path to a state of a finding, the initial one first."""
        return self._events.chain(state)

    def run(self) -> str:
        """Explore; returns which limit ended the run, an empty string if none did.

        Errors: `KeyboardInterrupt` goes through, the statistics so far are kept; `NativeGaveUp` if the reference
        engine has to do it; `SelfCheckFailed`.
        """
        if self._wishes.limits.states is None:
            try:
                return self._ended(_Alarm(), logged=False)
            except EventSeen:
                self.statistics = Statistics(started=self.statistics.started)
        return self._traced()

    def _traced(self) -> str:
        ended = self._ended(self._events, logged=True)
        if ended and not self.findings and self._wishes.limits.states is None:
            return f"{ended} before the path to a violation was known"
        if not self.findings and self._wishes.limits.states is None:
            raise SelfCheckFailed("the machine code reported something that it did not find again")
        return ended

    def _ended(self, reporter: Reporter, *, logged: bool) -> str:
        try:
            self._search(reporter, logged=logged)
        except Reached as reached:
            return str(reached)
        except Done:
            return ""
        self.statistics.complete = True
        return ""

    def _search(self, reporter: Reporter, *, logged: bool) -> None:
        memory = Memory(self._wishes.limits.memory)
        try:
            search = Search(self._subject, self._wishes, memory, self.statistics, reporter, logged=logged)
            try:
                watched(search.run, lambda: self._look(search), search.stop)
            finally:
                search.count()
        finally:
            self.memory |= memory.peak
            memory.close()

    def _look(self, search: Search) -> None:
        figures = search.count()
        self._wishes.time.check(figures)
        self._progress(figures)


class EventSeen(Exception):
    """There is something to report, and no path to it."""


class _Alarm:
    """Reports nothing: that is for a search that knows the paths."""

    found: Sequence[Finding] = ()

    def initial(self, finding: Finding) -> None:
        raise EventSeen

    def event(self, shelf: Shelf, desk: Desk, item: Item, code: int) -> None:
        raise EventSeen
