"""Memory outside the Python heap: every byte is counted, and all of it is given back."""

from __future__ import annotations

import ctypes
import mmap
import os
import sys
import threading
from collections import Counter
from contextlib import suppress
from pathlib import Path

from ...search import Reached
from ...search.limits import memory_used

CELL = 8
_HUGE = 2**22
_SHARE = 0.8


class MemoryReached(Reached):
    """What was to be taken next would have been too much."""


class Region:
    """A stretch of 64-bit cells that holds zeros at first: `cells` for Python, `address` for machine code."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._map = mmap.mmap(-1, size * CELL, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        if sys.platform == "linux" and size * CELL >= _HUGE:
            with suppress(OSError):  # a kernel without huge pages is only slower
                self._map.madvise(mmap.MADV_HUGEPAGE)
        self.address = ctypes.addressof(ctypes.c_char.from_buffer(self._map))
        self.cells = memoryview(self._map).cast("B").cast("q")

    def read(self, first: int, count: int) -> list[int]:
        """Some of the cells."""
        return self.cells[first : first + count].tolist()

    def write(self, first: int, values: list[int]) -> None:
        """Put values, signed or not, into some of the cells."""
        for i, value in enumerate(values):
            self.cells[first + i] = signed(value)

    def close(self) -> None:
        """Give the memory back; neither Python nor machine code may touch it again."""
        self.cells.release()
        self._map.close()


class Memory:
    """Gives regions out, for a named purpose, up to a limit in bytes.

    The limit is on the whole process if a user set it. Else it is on the regions, and is most of what is available
    now. `peak` says how many bytes each purpose had when all together had the most.
    """

    def __init__(self, limit: int | None) -> None:
        self._limit = most_available() if limit is None else limit
        self._others = 0 if limit is None else memory_used()
        self._held: Counter[str] = Counter()
        self._open: dict[int, Region] = {}
        self._lock = threading.Lock()
        self.peak: Counter[str] = Counter()

    def take(self, size: int, purpose: str) -> Region:
        """A new region of so many cells. Errors: `MemoryReached`."""
        with self._lock:
            self._check(size * CELL)
            try:
                region = Region(size)
            except OSError as error:
                raise self._reached() from error
            self._open[region.address] = region
            self._held[purpose] += size * CELL
            if self._held.total() > self.peak.total():
                self.peak = self._held.copy()
            return region

    def _check(self, wanted: int) -> None:
        if self._others + self._held.total() + wanted > self._limit:
            raise self._reached()

    def _reached(self) -> MemoryReached:
        return MemoryReached(f"the memory limit of {self._limit // 2**20} MiB was reached")

    def give_back(self, region: Region, purpose: str) -> None:
        """Take a region back that nobody uses."""
        with self._lock:
            del self._open[region.address]
            self._held[purpose] -= region.size * CELL
            region.close()

    def close(self) -> None:
        """Take everything back."""
        while self._open:
            self._open.popitem()[1].close()
        self._held.clear()


def most_available() -> int:
    """Most of the memory, in bytes, that this process can have without the machine running out of it."""
    return int(_SHARE * min(_free(), _granted()))


def _free() -> int:
    with suppress(OSError):
        for line in Path("/proc/meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    return _all_memory()


def _all_memory() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _granted() -> int:
    """What the container that this process is in may still take."""
    group = Path("/sys/fs/cgroup")
    with suppress(OSError, ValueError):
        return int((group / "memory.max").read_text()) - int((group / "memory.current").read_text())
    return sys.maxsize


def signed(value: int) -> int:
    """A 64-bit word as the signed number that a cell holds."""
    return value - 2**64 if value >= 2**63 else value
