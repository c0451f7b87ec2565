"""Random walks through the states of a model, as machine code."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from ....models.semantics import Judge, State, System
from ...search import Finding, Limits, Progress, Reached, Statistics, Symmetry, straight
from .meeting import Met
from .memory import Memory
from .program import AnyCode, Link, compiled
from .strolls import Strolls
from .subject import Subject
from .watch import watched
from .wishes import SIZES, Sizes


@dataclass(frozen=True)
class Walks:
    """How many walks to take, of how many steps at most. The same seed gives the same walks."""

    walks: int = 1000
    steps: int = 100
    seed: int = 0


class NativeWalker:
    """Takes random walks with all threads, until the first of them in their fixed order that finds something."""

    def __init__(
        self,
        system: System,
        judge: Judge,
        symmetry: Symmetry,
        code: AnyCode,
        walks: Walks,
        *,
        limits: Limits,
        progress: Progress = lambda statistics: None,
        threads: int = 1,
        link: Link[AnyCode] = compiled,
        sizes: Sizes = SIZES,
    ) -> None:
        self._subject = Subject(system, judge, symmetry, code, link(code))
        self._walks = walks
        self._limits = limits
        self._progress = progress
        # only one thread can stop at the very state that is one too many
        self._threads = 1 if limits.states is not None else threads
        self._sizes = sizes
        self._path: list[State] = []
        self.statistics = Statistics()
        self.finding: Finding | None = None
        self.memory: Counter[str] = Counter()

    def run(self) -> str:
        """Walk; returns what ended the run, an empty string if that was a finding.

        Errors: `KeyboardInterrupt` goes through, the statistics so far are kept; `NativeGaveUp`, `SelfCheckFailed`.
        """
        try:
            met = self._met(self._walks.walks, self._threads)
            if met is not None and self._threads > 1:
                # other threads were further on: once more without them, for figures that are always the same
                met = self._met(met.walk + 1, 1)
        except Reached as reached:
            return str(reached)
        if met is None:
            return (
                f"{self._walks.walks} random walks found nothing, which says nothing about the states that they missed"
            )
        self.finding, self._path = met.finding, met.path
        return ""

    def _met(self, walks: int, threads: int) -> Met | None:
        memory = Memory(self._limits.memory)
        try:
            strolls = Strolls(self._subject, self._walks, walks, self._limits, memory, threads, self._sizes)
            try:
                watched(strolls.run, lambda: self._look(strolls), strolls.stop)
            finally:
                strolls.count(self.statistics)
            return strolls.met
        finally:
            self.memory |= memory.peak
            memory.close()

    def _look(self, strolls: Strolls) -> None:
        strolls.count(self.statistics)
        Limits(seconds=self._limits.seconds).check(self.statistics)
        self._progress(self.statistics)

    def chain(self, state: State | None) -> list[State]:
        """The walk up to its last visit of a state, without what lies between two visits of any state."""
        return straight(self._path, state)
