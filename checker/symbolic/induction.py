"""Induction: what has to be shown for properties to hold in every reachable state, as questions to a solver."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from .. import ir
from . import quorums
from .fresh import Source
from .logic import Formula, neg
from .moves import Move, Moves, Taken
from .properties import Footprint, Judged, judged
from .reach import needed_histories
from .setting import Setting
from .states import anything
from .unrolling import started, stepped
from .worlds import World


@dataclass(frozen=True)
class Question:
    """Whether hypotheses and the rest can be true together; if they can, `worlds` show how.

    `hypotheses` are those of each property by name. With `facts` about the variables that occur, they describe a step
    (or a state) that breaks a property.
    """

    hypotheses: Mapping[str, Sequence[Formula]]
    facts: Sequence[Formula]
    broken: Formula
    worlds: tuple[World, ...]

    @property
    def formulas(self) -> list[Formula]:
        """Everything together."""
        return self.only(self.hypotheses)

    def only(self, names: Iterator[str] | Mapping[str, Sequence[Formula]] | frozenset[str]) -> list[Formula]:
        """The question with only some of the hypotheses."""
        kept = [formula for name in sorted(names) for formula in self.hypotheses[name]]
        return [*kept, *self.facts, self.broken]


@dataclass(frozen=True)
class Induction:
    """A proof by induction over `k` steps: `assumed` holds in the states before, and is to be shown of the next.

    The last step is one move; those before it are any moves.
    """

    setting: Setting
    assumed: tuple[ir.Property, ...]
    others: tuple[ir.Property, ...] = ()
    k: int = 1

    @cached_property
    def moves(self) -> Moves:
        """What can happen.

        Where something is open, history variables that no property reads are left out: one that reaches its bound cuts
        a step, so without them more steps are possible, and what is proved is true with them too. An instance has all
        of them, because what it shows is run again.
        """
        program = self.setting.program
        if not self.setting.free:
            return Moves(self.setting, program.histories)
        return Moves(self.setting, needed_histories(program, (*self.assumed, *self.others)))

    @cached_property
    def kinds(self) -> tuple[Move, ...]:
        """The last steps to try: with one step only, one process stands for all that are interchangeable with it."""
        return tuple(self.moves.all(representative=self.k == 1))

    @cached_property
    def _first(self) -> tuple[World, list[Formula]]:
        """Any state, and what is known of it."""
        source = Source(self.setting)
        return anything(self.setting, source), [*source.known, *quorums.axioms(self.setting)]

    @cached_property
    def _path(self) -> tuple[tuple[World, ...], list[Formula]]:
        """The states before the last step, and what is known of them."""
        worlds, facts = [self._first[0]], list(self._first[1])
        for i in range(1, self.k):
            step = stepped(self.moves, worlds[-1], f"step {i}")
            worlds.append(step.world)
            facts += [step.enabled, *step.facts]
        return tuple(worlds), facts

    def prepare(self) -> None:
        """Write down the states before the last step, and what is assumed of them."""
        _ = self._hypotheses

    @cached_property
    def _hypotheses(self) -> dict[str, list[Formula]]:
        return {p.name: self._says(p, self._path[0]) for p in self.assumed}

    def _says(self, property_: ir.Property, worlds: Sequence[World]) -> list[Formula]:
        found = [judged(property_, world) for world in worlds]
        return [formula for each in found for formula in (each.holds, *each.facts)]

    def some_state(self) -> Question:
        """Is there any state? If not, everything would be true of all of them."""
        return Question({}, self._first[1], True, (self._first[0],))

    # -- the questions -------------------------------------------------------------------------------------------

    def initiation(self, property_: ir.Property, on_step: bool = False) -> Iterator[Question]:
        """Is it false of an initial state, or of one of the next `k - 1` ones, or of the steps to those?"""
        for first in started(self.setting):
            worlds, facts = [first.world], [first.enabled, *first.facts, *quorums.axioms(self.setting)]
            if not on_step:
                yield _broken({}, facts, judged(property_, first.world), tuple(worlds))
            for i in range(1, self.k):
                step = stepped(self.moves, worlds[-1], f"start {i}")
                worlds.append(step.world)
                facts = [*facts, step.enabled, *step.facts]
                says = judged(property_, *worlds[-2:]) if on_step else judged(property_, step.world)
                asked = neg(step.crash) if property_.between_crashes else True
                yield _broken({}, [*facts, asked], says, tuple(worlds))

    def implication(self, property_: ir.Property) -> Question:
        """Is it false of a state that satisfies what is assumed?"""
        (world, *_), facts = self._path
        return _broken(self._hypotheses, facts, judged(property_, world), (world,))

    def taken(self, move: Move) -> Taken | None:
        """A last step of this kind, None if there can be none."""
        taken = move.take(self._path[0][-1], "last ")
        return None if taken is None or taken.enabled is False else taken

    def consecution(self, taken: Taken, property_: ir.Property, on_step: bool = False) -> Question | None:
        """Does this step break it? None if it touches nothing that the property looks at."""
        worlds, facts = self._path
        before, after = worlds[-1], taken.world
        if not on_step and Footprint.of(self.setting.program, property_).is_same(before, after):
            return None
        says = judged(property_, before, after) if on_step else judged(property_, after)
        facts = [*facts, taken.enabled, *taken.facts]
        return _broken(self._hypotheses, facts, says, (*worlds, after))

    def at(self, setting: Setting) -> Induction:
        """The same proof in another setting."""
        return replace(self, setting=setting)


def _broken(
    hypotheses: Mapping[str, Sequence[Formula]], facts: Sequence[Formula], says: Judged, worlds: tuple[World, ...]
) -> Question:
    return Question(hypotheses, [*facts, *says.facts], neg(says.holds), worlds)
