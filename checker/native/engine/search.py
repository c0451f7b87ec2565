"""The breadth-first search, level by level."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ....models.semantics import State
from ...search import Finding, Reached, Statistics
from .blocks import Item, Shelf
from .control import BATCH, SHARED
from .crew import Crew
from .desk import Desk
from .expansion import Expansion
from .memory import Memory, Region
from .rounds import Rounds
from .selfcheck import SelfCheck
from .start import Start, no_start
from .subject import Subject
from .table import Table
from .wishes import Wishes
from .workers import Worker


class Reporter(Protocol):
    """Told of what is wrong; a search goes on behind it unless that raises something."""

    @property
    def found(self) -> Sequence[Finding]:
        """The findings so far."""

    def initial(self, finding: Finding) -> None:
        """Something is wrong with an initial state."""

    def event(self, shelf: Shelf, desk: Desk, item: Item, code: int) -> None:
        """The machine code came back with an event."""


class Search:
    """Visits all states, nearest first; if it is `logged`, with one thread in the order of the reference engine.

    A logged search keeps every state with the number of its parent on its shelf.
    """

    def __init__(
        self,
        subject: Subject,
        wishes: Wishes,
        memory: Memory,
        statistics: Statistics,
        reporter: Reporter,
        *,
        logged: bool,
    ) -> None:
        code, sizes, limits = subject.code, wishes.sizes, wishes.limits
        self._subject = subject
        self._limits = limits
        self._time = wishes.time
        self._statistics = statistics
        self._reporter = reporter
        self._initial = Statistics()
        self._crew = Crew(1 if logged else wishes.threads)
        shared = memory.take(SHARED, "desks")
        shelf = Shelf(memory, code.words, code.out, logged=logged, cells=sizes.block)
        desks = [Desk(subject.program, code, memory, limits.states, wishes.deadlock) for _ in range(self._crew.threads)]
        self._workers = [Worker(desk, shelf) for desk in desks]
        table = Table(subject.program, memory, shared, len(desks) * BATCH * code.out, sizes.slots)
        self._rounds: Rounds[Item] = Rounds(self._crew, shared, table)

        def event(desk: Desk, item: Item, code: int) -> None:
            reporter.event(shelf, desk, item, code)

        self._expansion = Expansion(subject, shared, table, shelf, self._workers, self._rounds, event, limits)
        self._selfcheck = SelfCheck(subject, memory)
        self._place = _Place(subject, desks[0], shared, table, self._rounds)

    def run(self) -> None:
        """Search. Errors: `Reached`, what the reporter raises or `stop` is told, `NativeGaveUp`, `SelfCheckFailed`."""
        with self._crew:
            level = self._first_level()
            while level:
                self._statistics.depth += 1
                self._check(level)
                level = self._expansion.next(level)
            self._tell_witnesses()

    def stop(self, why: BaseException) -> None:
        """End the search from another thread."""
        self._rounds.stop(why)

    def count(self) -> Statistics:
        """The figures so far, as far as they are known while threads are at work."""
        desks, initial, figures = [w.desk for w in self._workers], self._initial, self._statistics
        figures.distinct = sum(d.distinct for d in desks)
        figures.generated = initial.generated + sum(d.generated() for d in desks)
        figures.frontier = sum(item.states for item in self._rounds.waiting())
        figures.cut = sum((d.cut() for d in desks), initial.cut)
        figures.actions = sum((d.actions() for d in desks), initial.actions)
        return figures

    def _first_level(self) -> list[Item]:
        keep = self._workers[0].keep
        Start(self._subject, self._initial, self._reporter.initial, self._place.place, keep).enter()
        level = self._workers[0].found()
        if not level and not self._reporter.found:
            raise no_start(self._subject.system)
        return level

    def _check(self, level: list[Item]) -> None:
        self._time.check(self._statistics)
        if self._statistics.depth == self._limits.depth and self._expansion.goes_on(level):
            raise Reached(f"the depth limit of {self._limits.depth} was reached")
        self._selfcheck.look_at(level)

    def _tell_witnesses(self) -> None:
        """Let the judge see a state for each property that has something to say, which it does not believe else."""
        for worker in self._workers:
            for words in worker.desk.witnessed().values():
                list(self._subject.judge.of_state(self._subject.code.decode(words)))


class _Place:
    """Puts initial states in the table."""

    def __init__(self, subject: Subject, desk: Desk, shared: Region, table: Table, rounds: Rounds[Item]) -> None:
        self._subject = subject
        self._desk = desk
        self._shared = shared
        self._table = table
        self._rounds = rounds

    def place(self, state: State) -> list[int]:
        """The words that stand for a state, none if it was there. Errors: `MemoryReached`."""
        self._rounds.make_room()
        self._desk.put([(0, self._subject.code.encode(state))])
        new = self._subject.program.place(self._shared, self._desk.region, self._table.region)
        return self._desk.state(0) if new else []
