"""The main thread only waits while others work, so that Ctrl-C and limits act at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress

_BEAT = 0.05


def watched(work: Callable[[], None], look: Callable[[], None], stop: Callable[[BaseException], None]) -> None:
    """Let a thread do some work, and look at it again and again.

    What `look` raises, or a user who interrupts, stops the work: `stop` is told why and has to see to it that the work
    ends soon. Errors: that one, else what the work raises.
    """
    leader = _Leader(work)
    leader.start()
    try:
        while not leader.over.wait(_BEAT):
            look()
    except BaseException as why:
        stop(why)
        raise
    finally:
        _joined(leader)
    if leader.failure is not None:
        raise leader.failure


class _Leader(threading.Thread):
    def __init__(self, work: Callable[[], None]) -> None:
        super().__init__(name="quorate")
        self._work = work
        self.over = threading.Event()
        self.failure: BaseException | None = None

    def run(self) -> None:
        try:
            self._work()
        except BaseException as failure:
            self.failure = failure
        finally:
            self.over.set()


def _joined(leader: threading.Thread) -> None:
    # the memory that it works on is about to go: however often the user interrupts, wait for it
    while leader.is_alive():
        with suppress(KeyboardInterrupt):
            leader.join()
