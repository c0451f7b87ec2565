"""The words of the kernel dialect, with their meaning in plain Python: exact on signed 64-bit integers.

A kernel is a Python function over `Word` (a 64-bit integer) and `Words` (a pointer to 64-bit cells). The same function
is run by Python in tests and as machine code in a search. Here is what Python itself does not offer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias, TypeVar

Word: TypeAlias = int

BITS = 64
ALL = (1 << BITS) - 1
HIGHEST = 1 << (BITS - 1)
UNDEFINED = 0x5A5A_5A5A_5A5A_5A5A  # what fresh cells hold in plain Python: noticed by whoever reads them too early

AnyKernel = TypeVar("AnyKernel", bound=Callable[..., int])


def kernel(function: AnyKernel) -> AnyKernel:
    """Mark a function as a kernel: it stays the plain Python function that it is, and `source_of` accepts it."""
    KERNELS.add(function)
    return function


KERNELS: set[Callable[..., int]] = set()


def wrap(x: int) -> Word:
    """The value of a 64-bit cell after `x` was put there: signed, modulo 2^64. Machine code does it by itself."""
    return ((x + HIGHEST) & ALL) - HIGHEST


class Words:
    """A pointer to cells: a list of integers and how far into it the pointer points."""

    __slots__ = ("cells", "offset")

    def __init__(self, cells: list[int], offset: int = 0) -> None:
        self.cells = cells
        self.offset = offset

    def __getitem__(self, i: int) -> Word:
        return self.cells[self._position(i)]

    def __setitem__(self, i: int, x: int) -> None:
        self.cells[self._position(i)] = wrap(x)

    def _position(self, i: int) -> int:
        # a list would count negative positions from its end, machine code would not
        if i < 0 or self.offset + i < 0:
            raise IndexError(f"cell {i} of a pointer at {self.offset}")
        return self.offset + i


def cells(n: int) -> Words:
    """A local array of n cells, n a constant; what they hold at first is undefined."""
    return Words([UNDEFINED] * n)


def at(p: Words, i: Word) -> Words:
    """The pointer i cells further on."""
    return Words(p.cells, p.offset + i)


def lshr(x: Word, n: Word) -> Word:
    """Shift right by n (0..63) places, with zeros from the left."""
    return wrap((x & ALL) >> _count(n))


def ult(a: Word, b: Word) -> Word:
    """1 if a is less than b when both are taken as unsigned, else 0."""
    return int((a & ALL) < (b & ALL))


def mul(a: Word, b: Word) -> Word:
    """The product modulo 2^64."""
    return wrap(a * b)


def popcount(x: Word) -> Word:
    """How many bits are one."""
    return (x & ALL).bit_count()


def ctz(x: Word) -> Word:
    """The position of the lowest one bit; 64 for 0."""
    return ((x & -x) & ALL).bit_length() - 1 if x & ALL else BITS


def clz(x: Word) -> Word:
    """How many zero bits stand before the highest one bit; 64 for 0."""
    return BITS - (x & ALL).bit_length()


def udiv(a: Word, b: Word) -> Word:
    """The quotient of two numbers that are not negative."""
    return _natural(a) // _natural(b)


def urem(a: Word, b: Word) -> Word:
    """The remainder of two numbers that are not negative."""
    return _natural(a) % _natural(b)


def prefetch(p: Words, i: Word) -> Word:
    """Ask the memory for a cell that will be needed soon: no effect that a program could see, and never an error."""
    return 0


def load(p: Words, i: Word) -> Word:
    """Read a cell that other threads may be writing: what they wrote before it can be seen afterwards."""
    return p[i]


def store(p: Words, i: Word, x: Word) -> Word:
    """Write a cell that other threads may be reading; gives 0."""
    p[i] = x
    return 0


def cas(p: Words, i: Word, old: Word, new: Word) -> Word:
    """Replace a cell by `new` if it holds `old`, in one step for all threads; gives what was there."""
    found = p[i]
    if found == wrap(old):
        p[i] = new
    return found


def fetch_add(p: Words, i: Word, x: Word) -> Word:
    """Add to a cell, in one step for all threads; gives what was there."""
    found = p[i]
    p[i] = found + x
    return found


def copy(dst: Words, src: Words, n: Word) -> Word:
    """Copy n cells between places that do not overlap (or are the same); gives 0."""
    if dst.cells is src.cells and 0 < abs(dst.offset - src.offset) < n:
        raise ValueError(f"copying {n} cells from {src.offset} to {dst.offset} overlaps")
    for i in range(n):
        dst[i] = src[i]
    return 0


def _count(n: int) -> int:
    if not 0 <= n < BITS:
        raise ValueError(f"a shift by {n}")
    return n


def _natural(x: int) -> int:
    if x < 0:
        raise ValueError(f"{x} is negative")
    return x


_WORDS = (wrap, lshr, ult, mul, popcount, ctz, clz, udiv, urem)
_MEMORY = (cells, at, prefetch, load, store, cas, fetch_add, copy)
INTRINSICS: dict[str, Callable[..., object]] = {f.__name__: f for f in (*_WORDS, *_MEMORY)}
