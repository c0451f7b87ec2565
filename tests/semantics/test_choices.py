"""Choices that no state can make possible are dropped, and no others."""

from __future__ import annotations

from typing import Annotated

from quorate.models.language import Protocol, Range, action, require, shared
from quorate.models.semantics import Cut, System

N = Annotated[int, Range(0, "top")]


class Choosy(Protocol):
    """Guards that speak of the arguments, of a parameter, and of the state."""

    top: int = 3
    x: N = shared(0)

    @action
    def above(self, a: N, b: N) -> None:
        """The arguments decide."""
        require(a < b)
        self.x = b

    @action
    def late(self, a: N) -> None:
        """The state decides; a guard after it says nothing."""
        require(self.x == a)
        require(a != 2)
        self.x = 0

    @action
    def other(self, a: N) -> None:
        """The order of the guards does not matter to what is possible."""
        require(a != 2 and self.x == a)
        self.x = 0


def taken(system: System, x: int) -> list[tuple[str, tuple[int, ...]]]:
    (_, first), *_ = system.initial()
    assert not isinstance(first, Cut)
    return [(step.name, step.arguments) for step, _ in system.successors(first.state._replace(shared=(x,)))]


def test_every_possible_step_is_taken() -> None:
    above = [("above", (a, b)) for a in range(4) for b in range(4) if a < b]
    assert taken(System(Choosy()), 1) == [*above, ("late", (1,)), ("other", (1,))]
    assert taken(System(Choosy()), 2) == above


def test_the_parameters_of_the_run_decide_too() -> None:
    assert taken(System(Choosy(top=0)), 0) == [("late", (0,)), ("other", (0,))]
