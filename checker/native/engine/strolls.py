"""Random walks that several threads take side by side."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Protocol

from ....models.semantics import Outcome, PropertyFailed, State, StepFailed
from ...search import Finding, Limits, Reached, Statistics, failed_step
from .code import NativeGaveUp
from .control import (
    ARRIVED,
    ASK,
    DONE,
    FAILED,
    GAVE_UP,
    LENGTH,
    LIMIT,
    LONGEST,
    LOWEST,
    PENDING,
    SEED,
    SHARED,
    STARTS,
    STEPS,
    STRETCH,
    TABLE_FULL,
    WALK,
)
from .crew import Crew
from .desk import NO_LIMIT, Desk
from .meeting import Met, met
from .memory import Memory, Region, signed
from .rounds import Rounds
from .selfcheck import SelfCheck
from .subject import Subject
from .table import Table
from .wishes import Sizes

_CHUNK = 16
_SAMPLE = 32


class Walks(Protocol):
    """How long the walks are, and what makes them random."""

    @property
    def steps(self) -> int: ...
    @property
    def seed(self) -> int: ...


@dataclass
class _Walker:
    """A desk with the walk under way at it."""

    desk: Desk
    path: Region
    busy: bool = False


class Strolls:
    """Takes the first so many walks, or as many as it takes to know the first of them that finds something."""

    def __init__(
        self, subject: Subject, wanted: Walks, walks: int, limits: Limits, memory: Memory, threads: int, sizes: Sizes
    ) -> None:
        self._subject = subject
        self._limits = limits
        self._chunks = iter(range(0, walks, _CHUNK))
        self._walks = walks
        self._memory = memory
        self._crew = Crew(threads)
        self._shared = memory.take(SHARED, "desks")
        self._shared.cells[LOWEST] = NO_LIMIT
        self._walkers = [self._walker(wanted, limits) for _ in range(threads)]
        self._table = Table(subject.program, memory, self._shared, threads * STRETCH, sizes.slots)
        self._rounds: Rounds[_Walker] = Rounds(self._crew, self._shared, self._table)
        self._lock = threading.Lock()
        self.met: Met | None = None

    def _walker(self, wanted: Walks, limits: Limits) -> _Walker:
        code = self._subject.code
        desk = Desk(self._subject.program, code, self._memory, limits.states, False)
        desk.cells[STEPS] = wanted.steps
        desk.cells[SEED] = signed(wanted.seed % 2**64)
        return _Walker(desk, self._memory.take((wanted.steps + 1) * code.words, "paths"))

    def run(self) -> None:
        """Walk. Errors: `Reached`, `NativeGaveUp`, `SelfCheckFailed`, what `stop` is told."""
        with self._crew:
            self._starts = self._initial()
            if self.met is None:
                self._rounds.work(self._walkers, len(self._walkers), lambda _, walker: self._stroll(walker))
                self._check_self()

    def stop(self, why: BaseException) -> None:
        """End the walks from another thread."""
        self._rounds.stop(why)

    def count(self, statistics: Statistics) -> None:
        """Write down the figures so far."""
        desks = [walker.desk for walker in self._walkers]
        statistics.distinct = sum(d.distinct for d in desks)
        statistics.generated = sum(d.cells[ARRIVED] for d in desks)
        statistics.depth = max(d.cells[LONGEST] for d in desks)
        statistics.actions = sum((d.actions() for d in desks), type(statistics.actions)())

    # -- the initial states --------------------------------------------------------------------------------------

    def _initial(self) -> Region:
        """All initial states within the constraints; what is wrong with choosing them is found before any walk."""
        found: list[list[int]] = []
        state: State | None = None
        try:
            for _, tried in self._subject.system.attempts(None):
                if isinstance(tried, StepFailed):
                    self.met = Met(0, failed_step(tried, None), [])
                    break
                state = tried.state if isinstance(tried, Outcome) else None
                if state is not None and self._subject.system.within(state):
                    found.append(self._subject.code.encode(state))
        except PropertyFailed as failed:
            self.met = Met(0, Finding("error", failed.name, None, state, failed.cause), [])
        return self._laid_out(found)

    def _laid_out(self, states: list[list[int]]) -> Region:
        k = self._subject.code.words
        region = self._memory.take(max(1, len(states)) * k, "desks")
        for i, words in enumerate(states):
            region.write(i * k, words)
        for walker in self._walkers:
            walker.desk.cells[STARTS] = len(states)
        return region

    # -- on the way ------------------------------------------------------------------------------------------------

    def _stroll(self, walker: _Walker) -> bool:
        """Take walks until there are none left; False if the walk under way has to wait for the next round."""
        while walker.busy or self._begin(walker):
            walker.busy = True
            code = self._subject.program.walk(
                self._shared, walker.desk.region, self._starts, walker.path, self._table.region
            )
            walker.busy = code != DONE
            if walker.busy and not self._handled(walker, code):
                self._rounds.put_back(walker)
                return False
        return True

    def _begin(self, walker: _Walker) -> bool:
        first = next(self._chunks, self._walks)
        walker.desk.begin_walks(first, min(first + _CHUNK, self._walks))
        return first < min(self._walks, self._shared.cells[LOWEST])

    def _handled(self, walker: _Walker, code: int) -> bool:
        if code == ASK:
            self._answer(walker)
        elif code == TABLE_FULL:
            self._rounds.pause()
        elif code == LIMIT:
            raise Reached(f"the limit of {self._limits.states} states was reached")
        elif code == GAVE_UP:
            raise NativeGaveUp("the machine code could not judge a state")
        elif code >= FAILED:
            self._find(walker, code)
        return code == ASK or code >= FAILED

    def _answer(self, walker: _Walker) -> None:
        with self._subject.lock:
            here = self._subject.code.decode(self._words(walker)[-1])
            entries = [entry for _, entry in self._subject.entries(here)]
        walker.desk.put(entries)
        walker.desk.cells[PENDING] = 1

    def _find(self, walker: _Walker, code: int) -> None:
        with self._subject.lock:
            if self.met is None or walker.desk.cells[WALK] < self.met.walk:
                self.met = met(self._subject, walker.desk, self._words(walker), self._starts, code)
                self._shared.cells[LOWEST] = self.met.walk

    def _words(self, walker: _Walker) -> list[list[int]]:
        """The states of the walk under way."""
        k = self._subject.code.words
        return [walker.path.read(i * k, k) for i in range(walker.desk.cells[LENGTH])]

    def _check_self(self) -> None:
        """Compare what the code says of the states of one walk with what the reference semantics says."""
        k = self._subject.code.words
        if self._walkers[0].desk.cells[LONGEST]:
            few = range(min(_SAMPLE, self._walkers[0].desk.cells[LONGEST]))
            SelfCheck(self._subject, self._memory).compare(self._walkers[0].path.read(i * k, k) for i in few)
