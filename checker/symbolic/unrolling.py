"""Runs of a program as symbolic states: one step after the other, each of any kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from . import faults
from .algebra import choose
from .fresh import Source
from .logic import Formula, any_of, conj, implies
from .moves import Moves, Taken
from .setting import Setting
from .states import blank
from .values import Value
from .worlds import World


@dataclass(frozen=True)
class Stepped:
    """Any step from a state: the state after it, when there is one, and the moves among which `which` chooses."""

    world: World
    enabled: Formula
    taken: tuple[tuple[Formula, str, Taken], ...]
    facts: list[Formula] = field(default_factory=list)

    @property
    def crash(self) -> Formula:
        """Whether the step is a crash."""
        return any_of(guard for guard, title, _ in self.taken if title == "crash")

    @property
    def failed(self) -> Formula:
        """Whether the step fails instead: a mistake of the model, or a false assertion."""
        return any_of(conj(guard, taken.failed) for guard, _, taken in self.taken)


def stepped(moves: Moves, world: World, name: str) -> Stepped:
    """Any step from a state; `name` tells its variables from those of other steps."""
    found = [(move.title, move.take(world, f"{name} {i} ")) for i, move in enumerate(moves.all())]
    possible = [(title, taken) for title, taken in found if taken and not _is_impossible(taken)]
    which = Source(world.setting).one_of(range(len(possible)), f"{name} which")
    guarded = [(which.of[i], title, taken) for i, (title, taken) in enumerate(possible)]
    enabled = any_of(conj(guard, taken.enabled) for guard, _, taken in guarded)
    facts = [implies(guard, fact) for guard, _, taken in guarded for fact in taken.facts]
    after = merged_worlds([(taken.world, guard) for guard, _, taken in guarded]) if guarded else world
    return Stepped(after, enabled, tuple(guarded), facts)


def _is_impossible(taken: Taken) -> bool:
    return taken.enabled is False and taken.failed is False


def merged_worlds(pairs: Sequence[tuple[World, Formula]]) -> World:
    """One of several states: the last whose condition is true, or the first if none is."""
    (result, _), *others = pairs
    for world, guard in others:
        result = _either(guard, world, result)
    return result


def _either(test: Formula, one: World, other: World) -> World:
    return replace(
        other,
        shared=_merge(test, one.shared, other.shared),
        processes={ref: _merge(test, one.processes[ref], other.processes[ref]) for ref in other.processes},
        network=one.network.or_else(test, other.network),
        faults=tuple(_fault(test, a, b) for a, b in zip(one.faults, other.faults, strict=True)),
    )


def _merge(test: Formula, one: Mapping[str, Value], other: Mapping[str, Value]) -> dict[str, Value]:
    if one is other:
        return dict(other)
    return {name: choose(test, one[name], other[name]) for name in other}


def _fault(test: Formula, one: faults.Kept, other: faults.Kept) -> faults.Kept:
    if one is other:
        return other
    left = choose(test, one.left, other.left)
    if isinstance(one, faults.Crashes) and isinstance(other, faults.Crashes):
        return faults.Crashes(left, choose(test, one.down, other.down))
    assert isinstance(one, faults.Partitions)
    assert isinstance(other, faults.Partitions)
    return faults.Partitions(left, choose(test, one.side, other.side))


def started(setting: Setting) -> Iterator[Taken]:
    """Every kind of initial state."""
    first = blank(setting)
    if not setting.program.initial:
        yield Taken(first, True, False)
    for name in setting.program.initial:
        yield Moves(setting, ()).initial(first, name)
