"""Where what is left of each fault's budget, and what is broken now, stands in the cells of a state."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ....models.language import Crash, Partition, Ref
from ....models.language.faults import Fault
from ....models.semantics import System
from .errors import NoLayout
from .reps import CELL_BITS, Range, ones


@dataclass(frozen=True)
class FaultLayout(ABC):
    """Two cells: `left`, how often the fault may still happen, and a set of processes as bits."""

    base: int
    times: int
    refs: tuple[Ref[Any], ...]

    @property
    def cells(self) -> int:
        """Two."""
        return 2

    @property
    def left(self) -> int:
        """The cell with the budget."""
        return self.base

    def _bits(self, some: Any) -> int:
        return sum(1 << number for number, ref in enumerate(self.refs) if ref in some)

    def _refs(self, bits: int) -> frozenset[Ref[Any]]:
        return frozenset(self.refs[number] for number in ones([bits]))

    @abstractmethod
    def cell_ranges(self) -> list[Range]:
        """What each cell can be."""

    @abstractmethod
    def flatten(self, kept: Any) -> list[int]:
        """What a fault keeps in a state, as cells."""

    @abstractmethod
    def unflatten(self, cells: Sequence[int]) -> Any:
        """What the fault keeps in a state."""


@dataclass(frozen=True)
class CrashLayout(FaultLayout):
    """`Crash`: cell `down` has a bit for each process, set for those that stay down."""

    stays_down: bool

    @property
    def down(self) -> int:
        """The cell with those that are down."""
        return self.base + 1

    def cell_ranges(self) -> list[Range]:
        return [(0, self.times), (0, (1 << len(self.refs)) - 1 if self.stays_down else 0)]

    def flatten(self, kept: Any) -> list[int]:
        return [kept[0], self._bits(kept[1])]

    def unflatten(self, cells: Sequence[int]) -> Any:
        return cells[0], self._refs(cells[1])


@dataclass(frozen=True)
class PartitionLayout(FaultLayout):
    """`Partition`: cell `side` has the side of process 0 as bits, 0 if there is no partition now."""

    @property
    def side(self) -> int:
        """The cell with the side of process 0."""
        return self.base + 1

    def cell_ranges(self) -> list[Range]:
        return [(0, self.times), (0, (1 << len(self.refs)) - 1)]

    def flatten(self, kept: Any) -> list[int]:
        first = [self._bits(side) for side in kept[1] if self.refs[0] in side]
        return [kept[0], first[0] if first else 0]

    def unflatten(self, cells: Sequence[int]) -> Any:
        side = self._refs(cells[1])
        return cells[0], frozenset((side, frozenset(self.refs) - side)) if side else frozenset()


def fault_layouts(system: System, base: int) -> tuple[CrashLayout | PartitionLayout, ...]:
    """The layout of each fault, in the order of their declaration. Errors: `NoLayout`."""
    faults = type(system.protocol).faults
    return tuple(_layout(system, fault, base + 2 * number) for number, fault in enumerate(faults))


def _layout(system: System, fault: Fault, base: int) -> CrashLayout | PartitionLayout:
    times = system.shape.resolver.count(fault.times)[0]
    match fault:
        case Crash(stays_down=stays_down):
            return CrashLayout(base, times, _few(system) if stays_down else system.refs, stays_down)
        case Partition():
            return PartitionLayout(base, times, _few(system))


def _few(system: System) -> tuple[Ref[Any], ...]:
    if len(system.refs) > CELL_BITS:
        raise NoLayout(
            f"there are {len(system.refs)} processes, and a fault that tells them apart",
            f"those that are down, or on one side, are kept as bits, and there are {CELL_BITS}",
        )
    return system.refs
