"""Work that threads do together in rounds: in between, no machine code runs, and the driver can move things."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

from .control import STOP
from .crew import Crew
from .memory import MemoryReached, Region
from .table import Table

Item = TypeVar("Item")


class Rounds(Generic[Item]):
    """Shares work items out to threads, round after round until none is left, and lets the table grow in between."""

    def __init__(self, crew: Crew, shared: Region, table: Table) -> None:
        self._crew = crew
        self._cells = shared.cells
        self._table = table
        self._waiting: deque[Item] = deque()
        self._ending: BaseException | None = None

    def stop(self, why: BaseException) -> None:
        """End the work from another thread: whoever waits for it is told why."""
        self._ending = why
        self.pause()

    def pause(self) -> None:
        """End the round: all threads come back at the next batch."""
        self._cells[STOP] = 1

    def resume(self) -> None:
        """Take a pause back. Errors: what `stop` was given."""
        self._cells[STOP] = 0
        if self._ending is not None:
            raise self._ending

    def put_back(self, item: Item) -> None:
        """Leave a work item for the next round, where it comes first."""
        self._waiting.appendleft(item)

    def waiting(self) -> list[Item]:
        """The items that no thread has taken yet."""
        return list(self._waiting)

    def work(self, items: Iterable[Item], threads: int, do: Callable[[int, Item], bool]) -> None:
        """Have all items done by so many threads.

        `do` is given the number of its thread, and gives False if it put back what is left of the item.
        Errors: whatever `do` raises, what `stop` was given, `MemoryReached`.
        """
        self._waiting = deque(items)
        while self._waiting:
            self._crew.all(lambda n: self._round(n, do), threads)
            self.resume()
            self.make_room()

    def make_room(self) -> None:
        """Let the table grow if it is full, while no thread uses it. Errors: `MemoryReached`."""
        if self._table.is_full():
            try:
                self._table.grow(self._crew)
            except MemoryReached:
                if not self._table.fill_up():
                    raise

    def _round(self, number: int, do: Callable[[int, Item], bool]) -> None:
        try:
            going = True
            while going and (item := self._taken()):
                going = do(number, item)
        except BaseException:
            self.pause()
            raise

    def _taken(self) -> Item | None:
        try:
            return self._waiting.popleft()
        except IndexError:
            return None
