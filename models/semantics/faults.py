"""What each declared fault keeps in a state, and the steps that it adds."""

from __future__ import annotations

import itertools
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from ..language import Crash, ModelError, Partition, Process, Ref
from ..language.domains import Bound
from ..language.faults import Fault
from .state import Envelope
from .steps import Kind, Step


class Change(NamedTuple):
    """What a fault step does: what the fault keeps afterwards, who loses its volatile fields, if that one restarts."""

    kept: Any
    crashed: Ref[Any] | None = None
    restarts: bool = False


class Breakage(ABC):
    """A fault in operation; `Any` below is the value it keeps in a state."""

    @abstractmethod
    def fresh(self) -> Any:
        """What is kept before anything went wrong."""

    @abstractmethod
    def steps(self, kept: Any) -> Iterator[tuple[Step, Change]]:
        """The steps that the fault can take now, in the fixed order."""

    def down(self, kept: Any, process: Ref[Any]) -> bool:
        """Whether this process can take no step."""
        return False

    def blocks(self, kept: Any, envelope: Envelope) -> bool:
        """Whether this message cannot be received now."""
        return False

    @abstractmethod
    def renamed(self, kept: Any, rename: Callable[[Ref[Any]], Ref[Any]]) -> Any:
        """With every identity renamed."""


class Crashes(Breakage):
    """`Crash`: the crashes left, and who is down."""

    def __init__(self, times: int, who: Sequence[Ref[Any]], stays_down: bool) -> None:
        self._times = times
        self._who = who
        self._stays_down = stays_down

    def fresh(self) -> Any:
        return (self._times, frozenset())

    def steps(self, kept: Any) -> Iterator[tuple[Step, Change]]:
        left, down = kept
        if left:
            for process in self._who:
                if process not in down:
                    now_down = down | {process} if self._stays_down else down
                    yield (
                        Step(Kind.CRASH, "crash", process),
                        Change((left - 1, now_down), process, not self._stays_down),
                    )

    def down(self, kept: Any, process: Ref[Any]) -> bool:
        return process in kept[1]

    def renamed(self, kept: Any, rename: Callable[[Ref[Any]], Ref[Any]]) -> Any:
        return (kept[0], frozenset(map(rename, kept[1])))


class Partitions(Breakage):
    """`Partition`: the partitions left, and the two sides if there is one now."""

    def __init__(self, times: int, everybody: Sequence[Ref[Any]]) -> None:
        self._times = times
        self._everybody = tuple(everybody)

    def fresh(self) -> Any:
        return (self._times, frozenset())

    def steps(self, kept: Any) -> Iterator[tuple[Step, Change]]:
        left, sides = kept
        if sides:
            yield Step(Kind.HEAL, "heal"), Change((left, frozenset()))
        elif left:
            for side in self._splits():
                both = frozenset((side, frozenset(self._everybody) - side))
                yield Step(Kind.PARTITION, "partition", None, (side,)), Change((left - 1, both))

    def _splits(self) -> Iterator[frozenset[Ref[Any]]]:
        # the side of the first process names the split, so that no split comes twice
        first, *others = self._everybody
        for size in range(len(others)):
            for rest in itertools.combinations(others, size):
                yield frozenset((first, *rest))

    def blocks(self, kept: Any, envelope: Envelope) -> bool:
        return any((envelope.source in side) != (envelope.target in side) for side in kept[1])

    def renamed(self, kept: Any, rename: Callable[[Ref[Any]], Ref[Any]]) -> Any:
        return (kept[0], frozenset(frozenset(map(rename, side)) for side in kept[1]))


def breakage(
    fault: Fault,
    members: Callable[[type[Process]], tuple[Ref[Any], ...]],
    count: Callable[[Bound], tuple[int, str | None]],
) -> Breakage:
    """The fault in operation, with its bounds evaluated by `count`. Errors: `ModelError` if nobody can suffer it."""
    match fault:
        case Crash(times, of, stays_down):
            return Crashes(count(times)[0], _hit(fault, members(of)), stays_down)
        case Partition(times):
            return Partitions(count(times)[0], _hit(fault, members(Process)))


def _hit(fault: Fault, who: tuple[Ref[Any], ...]) -> tuple[Ref[Any], ...]:
    if not who:
        raise ModelError(
            "fault-of-nobody",
            f"{fault} befalls nobody",
            because="no cluster of the protocol is of such a class, so that the fault would never happen",
            instead="name the class of a cluster, or one that it derives from",
        )
    return who
