"""What clients see: a replicated object behaves as if there were one copy of it.

Linearizability (Herlihy and Wing, "Linearizability: A Correctness Condition for Concurrent Objects", 1990): each
operation seems to take effect at one moment between its beginning and its end. Whether a history has such moments is
hard to decide in general (Gibbons and Korach, "Testing Shared Memories", 1997), but easy where no value is written
twice; both properties here ask for that, and say so.
"""

from __future__ import annotations

import typing
from typing import Any

from ..models.language import vacuous_unless


class Operates(typing.Protocol):
    """A protocol that keeps as history what its clients asked for and were told."""

    def past_operations(self) -> tuple[Any, ...]:
        """Every operation so far, in the order in which they began.

        Each has the `client` that asked, whether it `writes`, the `value` that is written or was read (None: there was
        none yet), the moment when it `begun`, and that when it `ended`, None while nobody has an answer. Moments count
        the beginnings and ends of all operations.
        """
        ...


class Appends(typing.Protocol):
    """A protocol whose clients append to a list and read all of it."""

    def past_operations(self) -> tuple[Any, ...]:
        """Every operation so far, as in `Operates`; one that reads has the list that was `seen`, a tuple of values."""
        ...


def _something_was_read(p: Operates) -> bool:
    return any(not operation.writes and operation.ended is not None for operation in p.past_operations())


def _writes_differ(p: Operates) -> bool:
    return all(
        one.begun == other.begun
        for one in p.past_operations()
        if one.writes
        for other in p.past_operations()
        if other.writes and one.value == other.value
    )


def _reads_come_from_writes(p: Operates) -> bool:
    return all(
        any(write.writes and write.value == read.value and write.begun < read.ended for write in p.past_operations())
        for read in p.past_operations()
        if not read.writes and read.ended is not None and read.value is not None
    )


def _first_value_is_gone(p: Operates) -> bool:
    return all(
        earlier.value is None or earlier.ended is None or earlier.ended > read.begun
        for read in p.past_operations()
        if not read.writes and read.ended is not None and read.value is None
        for earlier in p.past_operations()
    )


def _no_value_returns(p: Operates) -> bool:
    return not any(
        back.begun > again.ended
        for one in p.past_operations()
        if one.ended is not None
        for other in p.past_operations()
        if (other.writes or other.ended is not None) and other.value != one.value and other.begun > one.ended
        for again in p.past_operations()
        if again.ended is not None and again.value == other.value
        for back in p.past_operations()
        if (back.writes or back.ended is not None) and back.value == one.value
    )


@vacuous_unless(_something_was_read)
def linearizable_register(p: Operates) -> bool:
    """Clients cannot tell the register from a single copy: every history of reads and writes is linearizable.

    A read returns a value whose write has begun, the first value is not read once another was read or written, and no
    value is seen before and after another one. If no value is written twice, which is asked as well, these conditions
    are exact (Gibbons and Korach 1997, section 4.2: each of two values must come before the other where their zones
    overlap).
    """
    return _writes_differ(p) and _reads_come_from_writes(p) and _first_value_is_gone(p) and _no_value_returns(p)


def _lists_are_prefixes(p: Appends) -> bool:
    return all(
        mine == theirs
        for one in p.past_operations()
        if not one.writes and one.ended is not None
        for other in p.past_operations()
        if not other.writes and other.ended is not None
        for mine, theirs in zip(one.seen, other.seen, strict=False)
    )


def _lists_grow(p: Appends) -> bool:
    return all(
        len(later.seen) >= len(earlier.seen)
        for earlier in p.past_operations()
        if not earlier.writes and earlier.ended is not None
        for later in p.past_operations()
        if not later.writes and later.ended is not None and later.begun > earlier.ended
    )


def _lists_hold_what_was_appended(p: Appends) -> bool:
    return all(
        any(write.writes and write.value == value and write.begun < read.ended for write in p.past_operations())
        for read in p.past_operations()
        if not read.writes and read.ended is not None
        for value in read.seen
    )


def _lists_hold_what_was_acknowledged(p: Appends) -> bool:
    return all(
        write.value in read.seen
        for read in p.past_operations()
        if not read.writes and read.ended is not None
        for write in p.past_operations()
        if write.writes and write.ended is not None and write.ended < read.begun
    )


def _lists_keep_the_order(p: Appends) -> bool:
    return all(
        earlier.value in read.seen[:position]
        for read in p.past_operations()
        if not read.writes and read.ended is not None
        for position in range(len(read.seen))
        for later in p.past_operations()
        if later.writes and later.value == read.seen[position]
        for earlier in p.past_operations()
        if earlier.writes and earlier.ended is not None and earlier.ended < later.begun
    )


@vacuous_unless(_something_was_read)
def linearizable_log(p: Appends) -> bool:
    """Clients cannot tell the log from a single list: every history of appends and reads is linearizable.

    Of any two lists that were read one is a prefix of the other, and the one that was read later is no shorter; a list
    has what was acknowledged before the read began and nothing whose append had not begun when it ended, and two
    appends, one after the other, in their order. If no value is appended twice, which is asked as well, these
    conditions are exact: the longest list, and then everything that nobody has read yet, is the one order.
    """
    return (
        _writes_differ(p)
        and _lists_are_prefixes(p)
        and _lists_grow(p)
        and _lists_hold_what_was_appended(p)
        and _lists_hold_what_was_acknowledged(p)
        and _lists_keep_the_order(p)
    )
