"""What each declared fault keeps in a symbolic state, and the steps that it adds."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ...models.language import Crash, Partition, Ref
from ...models.language.domains import Bound
from ..ir import types as t
from . import values as v
from .algebra import below
from .collections import union
from .fresh import Source
from .logic import Formula, any_of, conj, neg
from .scalars import plus
from .setting import Setting
from .values import Value


@dataclass(frozen=True)
class Crashes:
    """The crashes left (None: any number), and who is down."""

    left: Value
    down: v.Bits


@dataclass(frozen=True)
class Partitions:
    """The partitions left (None: any number), and the split there is now: one side of it, empty if there is none."""

    left: Value
    side: v.Cases


Kept = Crashes | Partitions


def fresh(setting: Setting) -> tuple[Kept, ...]:
    """What is kept before anything went wrong."""
    return tuple(_fresh(setting, fault) for fault in setting.program.faults)


def _fresh(setting: Setting, fault: Crash | Partition) -> Kept:
    times = setting.bound(fault.times)
    left = None if times is None else v.constant(times)
    return (
        Crashes(left, v.Bits({}, v.constant)) if isinstance(fault, Crash) else Partitions(left, v.constant(frozenset()))
    )


def anything(setting: Setting, source: Source, name: str) -> tuple[Kept, ...]:
    """Whatever may be kept after some time."""
    return tuple(_anything(setting, fault, source, f"{name}{fault}") for fault in setting.program.faults)


def _anything(setting: Setting, fault: Crash | Partition, source: Source, name: str) -> Kept:
    left = _budget(setting, fault.times, source, name)
    if isinstance(fault, Crash):
        who = setting.members(fault.of) if fault.stays_down else ()
        return Crashes(left, v.Bits({r: source.value(t.Bool(), f"{name}{r!r}") for r in who}, v.constant))
    return Partitions(left, source.one_of([frozenset(), *splits(setting.refs)], name))


def _budget(setting: Setting, times: Bound, source: Source, name: str) -> Value:
    most = setting.bound(times)
    return None if most is None else source.value(t.Int(0, most), f"{name} left")


def splits(everybody: tuple[Ref[Any], ...]) -> Iterator[frozenset[Ref[Any]]]:
    """Every way to split the processes in two: the side of the first of them."""
    first, *others = everybody
    for size in range(len(others)):
        for rest in itertools.combinations(others, size):
            yield frozenset((first, *rest))


def some_left(left: Value) -> Formula:
    """Whether the fault may still happen."""
    return True if left is None else below(v.constant(0), left)


def one_less(left: Value) -> Value:
    """The budget after it has happened."""
    return None if left is None else plus(left, -1)


def is_down(kept: tuple[Kept, ...], ref: Ref[Any]) -> Formula:
    """Whether a process can take no step."""
    return any_of(each.down.of.get(ref, False) for each in kept if isinstance(each, Crashes))


def is_cut_off(kept: tuple[Kept, ...], one: Ref[Any], other: Ref[Any]) -> Formula:
    """Whether a partition is between two processes."""
    found = [each.side for each in kept if isinstance(each, Partitions)]
    return any_of(side.where(lambda side: bool(side) and (one in side) != (other in side)) for side in found)


def crashed(kept: Crashes, ref: Ref[Any], stays_down: bool) -> Crashes:
    """After a process has crashed."""
    down = union(kept.down, v.Bits({ref: True}, v.constant)) if stays_down else kept.down
    assert isinstance(down, v.Bits)
    return Crashes(one_less(kept.left), down)


def can_crash(kept: Crashes, ref: Ref[Any]) -> Formula:
    """Whether a process can crash now."""
    return conj(some_left(kept.left), neg(kept.down.of.get(ref, False)))
