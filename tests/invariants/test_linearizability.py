"""Linearizability as the properties tell it, against trying every order of the operations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quorate.checker import Verdict, check
from quorate.invariants.linearizability import linearizable_log, linearizable_register
from quorate.models.mutants import MUTANTS
from quorate.models.registers.abd import ABD


@dataclass(frozen=True)
class Operation:
    client: int
    writes: bool
    value: int | None
    begun: int
    ended: int | None
    seen: tuple[int, ...] = ()


@dataclass(frozen=True)
class History:
    past: tuple[Operation, ...]

    def past_operations(self) -> tuple[Any, ...]:
        return self.past


@st.composite
def spans(draw: st.DrawFn) -> list[tuple[int, int | None]]:
    """The beginnings and ends of up to five operations, some of which do not end."""
    count = draw(st.integers(1, 5))
    moments = draw(st.permutations(range(2 * count)))
    pairs = [sorted(moments[2 * i : 2 * i + 2]) for i in range(count)]
    return sorted((begun, draw(st.sampled_from([ended, ended, ended, None]))) for begun, ended in pairs)


@st.composite
def register_histories(draw: st.DrawFn) -> History:
    """Writes of different values, and reads of any value or none."""
    past = []
    for number, (begun, ended) in enumerate(draw(spans())):
        writes = draw(st.booleans())
        value = number if writes else draw(st.sampled_from([None, 0, 1, 2, 3, 4])) if ended is not None else None
        past.append(Operation(number, writes, value, begun, ended))
    return History(tuple(past))


@st.composite
def log_histories(draw: st.DrawFn) -> History:
    """Appends of different values, and reads of any list of those or others."""
    past = []
    for number, (begun, ended) in enumerate(draw(spans())):
        writes = draw(st.booleans())
        seen = () if writes or ended is None else tuple(draw(st.lists(st.integers(0, 4), max_size=2, unique=True)))
        past.append(Operation(number, writes, number if writes else None, begun, ended, seen))
    return History(tuple(past))


def orders(past: tuple[Operation, ...]) -> Iterator[tuple[Operation, ...]]:
    """Every order of what has ended and some of what has not, in which nothing comes before what ended earlier."""
    done = [operation for operation in past if operation.ended is not None]
    open_ = [operation for operation in past if operation.ended is None and operation.writes]
    for chosen in range(2 ** len(open_)):
        some = [operation for bit, operation in enumerate(open_) if chosen >> bit & 1]
        yield from filter(in_time, permutations([*done, *some]))


def in_time(order: Iterable[Operation]) -> bool:
    listed = list(order)
    pairs = ((one, other) for i, one in enumerate(listed) for other in listed[i + 1 :])
    return not any(later.ended is not None and later.ended < earlier.begun for earlier, later in pairs)


def reads_right(order: tuple[Operation, ...]) -> bool:
    """Whether one copy of a register would answer so."""
    value = None
    for operation in order:
        if operation.writes:
            value = operation.value
        elif operation.value != value:
            return False
    return True


def lists_right(order: tuple[Operation, ...]) -> bool:
    """Whether one copy of a list would answer so."""
    listed: tuple[Any, ...] = ()
    for operation in order:
        if operation.writes:
            listed += (operation.value,)
        elif operation.seen != listed:
            return False
    return True


@settings(max_examples=400)
@given(register_histories())
def test_a_register(drawn: History) -> None:
    assert linearizable_register(drawn) == any(map(reads_right, orders(drawn.past)))


@settings(max_examples=400)
@given(log_histories())
def test_a_log(drawn: History) -> None:
    assert linearizable_log(drawn) == any(map(lists_right, orders(drawn.past)))


def test_a_value_that_is_written_twice_is_not_believed() -> None:
    twice = (Operation(0, True, 1, 0, 1), Operation(1, True, 1, 2, 3))
    assert not linearizable_register(History(twice))
    assert not linearizable_log(History(twice))


def test_a_register_that_many_servers_keep() -> None:
    result = check(ABD(), symmetry=True)
    assert result.verdict is Verdict.HOLDS
    assert not [warning for warning in result.warnings if "rank" not in warning]


@pytest.mark.parametrize("name", ["abd-only-reads", "abd-takes-half"])
def test_an_old_value_after_a_new_one(name: str) -> None:
    result = check(MUTANTS[name].instance(), properties=["linearizable_register"], symmetry=True)
    assert result.violation
    assert result.violation.length == MUTANTS[name].length
