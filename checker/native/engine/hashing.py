"""Kernels of the table of states: fingerprints, and a set of them that all threads share without a lock."""

from __future__ import annotations

from ..dialect.intrinsics import Word, Words, cas, fetch_add, kernel, load, lshr, mul
from .control import FIRST, LOAD, OCCUPIED, ONE, TWO, WORDS


@kernel
def mix(h: Word) -> Word:
    """A permutation of words in which every bit depends on every other (the finalizer of SplitMix64)."""
    h = mul(h ^ lshr(h, 30), ONE)
    h = mul(h ^ lshr(h, 27), TWO)
    return h ^ lshr(h, 31)


@kernel
def fingerprint(s: Words) -> Word:
    """64 bits that stand for a state; never 0.

    Two multiplications a word are the least that do: the highest bit goes through one alone, and what a shift makes of
    it can then be cancelled by two bits of the next word, whatever else is in the states.
    """
    h = FIRST
    for i in range(WORDS):
        h = mul(h ^ s[i], ONE)
        h = mul(h ^ lshr(h, 32), TWO)
        h = h ^ lshr(h, 29)
    return h if h != 0 else 1


@kernel
def insert(table: Words, mask: Word, f: Word) -> Word:
    """Put a fingerprint in the table; gives 1 if it was not there. There must be a free slot."""
    i = f & mask
    there = load(table, i)
    while there != f:
        if there == 0:
            there = cas(table, i, 0, f)
            if there == 0:
                return 1
        else:
            i = (i + 1) & mask
            there = load(table, i)
    return 0


@kernel
def contains(table: Words, mask: Word, f: Word) -> Word:
    """Whether a fingerprint is in the table."""
    i = f & mask
    while table[i] != 0 and table[i] != f:
        i = (i + 1) & mask
    return 1 if table[i] == f else 0


@kernel
def rehash(old: Words, first: Word, last: Word, table: Words, mask: Word) -> Word:
    """Put what is in some slots of an old table in a new one."""
    for i in range(first, last):
        if old[i] != 0:
            insert(table, mask, old[i])
    return 0


@kernel
def reserve(shared: Words, n: Word) -> Word:
    """Set n slots aside; gives 0, and sets none aside, if that would fill the table more than it may be."""
    if fetch_add(shared, OCCUPIED, n) + n > shared[LOAD]:
        fetch_add(shared, OCCUPIED, -n)
        return 0
    return 1
