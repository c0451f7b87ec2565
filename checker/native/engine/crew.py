"""The threads of a run. The machine code lets go of the interpreter, so they do run side by side."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import TypeVar

Task = TypeVar("Task")


class Crew:
    """The thread that leads, and helpers that it calls in."""

    def __init__(self, threads: int) -> None:
        self.threads = threads
        self._helpers = ThreadPoolExecutor(threads - 1, "quorate") if threads > 1 else None

    def all(self, work: Callable[[int], None], threads: int) -> None:
        """Let so many of the threads do this work, given its number; comes back when all are done.

        Errors: the first that any of them raised, but only then.
        """
        numbers = range(1, min(self.threads, threads))
        waiting = [self._helpers.submit(work, n) for n in numbers] if self._helpers else []
        try:
            work(0)
        finally:
            failures = [f.exception() for f in waiting]
        for failure in failures:
            if failure is not None:
                raise failure

    def share(self, tasks: Iterable[Task], work: Callable[[Task], object]) -> None:
        """Let the threads do tasks, each the next one when it is done with the last."""
        waiting = deque(tasks)
        self.all(lambda _: _until_empty(waiting, work), self.threads)

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._helpers:
            self._helpers.shutdown()


def _until_empty(waiting: deque[Task], work: Callable[[Task], object]) -> None:
    while waiting:
        try:
            task = waiting.popleft()
        except IndexError:  # another thread was quicker
            return
        work(task)
