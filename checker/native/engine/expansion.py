"""Expanding the states of a level with all threads."""

from __future__ import annotations

from collections.abc import Callable

from ...search import Limits, Reached
from .blocks import Item, Shelf, pieces
from .code import NativeGaveUp
from .control import ASK, BATCH, BLOCK_FULL, DONE, FAILED, GAVE_UP, LIMIT, POSITION, STOPPED, TABLE_FULL
from .desk import Desk
from .memory import Region
from .rounds import Rounds
from .subject import Subject
from .table import Table
from .workers import Worker

_CHUNK = 4096
_LEAST = 256

OnEvent = Callable[[Desk, Item, int], None]
"""Told the desk, the work item and the code of an event; unless it raises something the search goes on behind it."""


class Expansion:
    """Calls the machine code for one work item after the other, and does what it asks for."""

    def __init__(
        self,
        subject: Subject,
        shared: Region,
        table: Table,
        shelf: Shelf,
        workers: list[Worker],
        rounds: Rounds[Item],
        on_event: OnEvent,
        limits: Limits,
    ) -> None:
        self._subject = subject
        self._program = subject.program
        self._shared = shared
        self._table = table
        self._shelf = shelf
        self._workers = workers
        self._rounds = rounds
        self._on_event = on_event
        self._states = limits.states
        self._goes_on = False

    def next(self, level: list[Item]) -> list[Item]:
        """The next level. Errors: `Reached`, `NativeGaveUp`, what `on_event` raises."""
        self._work(level, self._expand)
        return [item for worker in self._workers for item in worker.found()]

    def goes_on(self, level: list[Item]) -> bool:
        """Whether the states of a level lead to any that was not seen; counts nothing."""
        self._goes_on = False
        self._work(level, self._probe)
        return self._goes_on

    def _work(self, level: list[Item], do: Callable[[int, Item], bool]) -> None:
        states = sum(item.states for item in level)
        threads = min(len(self._workers), -(-states // _LEAST))
        size = min(_CHUNK, max(_LEAST, states // (4 * threads)))
        self._rounds.work(level if threads == 1 else pieces(level, size), threads, do)

    def _expand(self, number: int, item: Item) -> bool:
        worker, code = self._workers[number], -1
        desk = worker.desk
        desk.begin(item)
        while code != DONE:
            block = worker.block
            code = self._program.expand(self._shared, desk.region, item.block.region, block.region, self._table.region)
            if code != DONE and not self._handled(worker, item, code):
                self._rounds.put_back(desk.rest(item))
                break
        self._shelf.expanded(item.block, desk.cells[POSITION] - item.start)
        return code == DONE

    def _handled(self, worker: Worker, item: Item, code: int) -> bool:
        """Do what the machine code came back for; False if the work item has to wait for the next round."""
        if code == ASK:
            code = self._answered(worker, item)
        if code == BLOCK_FULL:
            worker.renew()
        elif code == TABLE_FULL:
            self._rounds.pause()
        elif code == LIMIT:
            raise Reached(f"the limit of {self._states} states was reached")
        elif code == GAVE_UP:
            raise NativeGaveUp("the machine code could not judge a state")
        elif code >= FAILED:
            self._on_event(worker.desk, item, code)
            self._rounds.resume()
        return code in (DONE, BLOCK_FULL) or code >= FAILED

    def _answered(self, worker: Worker, item: Item) -> int:
        """Lay out the entries of the next parent as the reference semantics has them."""
        self._lay_out(worker.desk, item)
        return self._program.admit(self._shared, worker.desk.region, self._table.region)

    def _lay_out(self, desk: Desk, item: Item) -> None:
        code = self._subject.code
        with self._subject.lock:
            before = code.decode(item.block.region.read(desk.cells[POSITION] * code.words, code.words))
            entries = [entry for _, entry in self._subject.entries(before)]
        if len(entries) > BATCH * code.out:
            raise NativeGaveUp(f"a state has {len(entries)} steps")
        desk.put(entries)

    def _probe(self, number: int, item: Item) -> bool:
        desk = self._workers[number].desk
        desk.begin(item)
        code = DONE
        while code == DONE and not self._goes_on and desk.cells[POSITION] < item.end:
            code = self._program.probe(self._shared, desk.region, item.block.region, self._table.region)
            if code == ASK:
                self._lay_out(desk, item)
                code = self._program.probe_batch(self._shared, desk.region, self._table.region)
        if code == STOPPED:
            self._rounds.put_back(desk.rest(item))
        self._goes_on = self._goes_on or code == LIMIT
        return code != STOPPED
