"""Protocols of a few states, drawn by hand, to test the search on."""

from __future__ import annotations

from typing import Annotated

from quorate.models.language import (
    Protocol,
    Range,
    action,
    constraint,
    initial,
    invariant,
    require,
    shared,
    step_invariant,
    vacuous_unless,
)

Node = Annotated[int, Range(0, "last")]
Small = Annotated[int, Range(0, 2)]

# 0 is the start; two ways lead to 3, the one through 1 being the least; 5 is a dead end and 6 is unreachable
EDGES = ((0, 2), (0, 1), (1, 3), (2, 3), (3, 4), (4, 0), (4, 5), (6, 0))


class Walk(Protocol):
    """A walk along the edges."""

    last: int = 6
    at: Node = shared(0)

    @action
    def go(self, to: Node) -> None:
        """Follow an edge."""
        require((self.at, to) in EDGES)
        self.at = to


class NotFour(Walk):
    """The walk must stay off a node that it reaches in three steps."""

    @invariant
    def off_four(self) -> bool:
        """Not on 4."""
        return self.at != 4


class NeverBack(Walk):
    """A step invariant that only a step to a known state breaks."""

    @step_invariant
    def not_to_start(self, after: NeverBack) -> bool:
        """No step leads to 0."""
        return after.at != 0


class Both(Walk):
    """Two properties that break at different depths."""

    @invariant
    def off_five(self) -> bool:
        """Not on 5."""
        return self.at != 5

    @invariant
    def off_three(self) -> bool:
        """Not on 3."""
        return self.at != 3


class BadStart(Walk):
    """A property that the initial state breaks."""

    @invariant
    def off_zero(self) -> bool:
        """Not on 0."""
        return self.at != 0


class Fenced(Walk):
    """States from 3 on are outside the constraint: checked, not counted, not expanded."""

    @constraint
    def near(self) -> bool:
        """Before 3."""
        return self.at < 3

    @invariant
    def off_four(self) -> bool:
        """Not on 4."""
        return self.at != 4


class FencedBad(Fenced):
    """The property breaks on the first state outside the constraint."""

    @invariant
    def off_three(self) -> bool:
        """Not on 3."""
        return self.at != 3


class Asserting(Walk):
    """An assertion in the model is a property."""

    @action
    def look(self) -> None:
        """Fails on 3."""
        require(self.at > 1)
        assert self.at != 3


class Stumbling(Walk):
    """A mistake that shows only on 3."""

    @action
    def stumble(self) -> None:
        """Indexes past the end."""
        require(self.at == 3)
        self.at = EDGES[self.at + 10][0]


class Claim(Walk):
    """A literal range is a claim."""

    small: Small = shared(0)

    @action
    def grow(self) -> None:
        """Leaves the range on the third call."""
        self.small += 1


class Counter(Protocol):
    """Counts up to a bound."""

    top: int = 3
    n: Annotated[int, Range(0, "top")] = shared(0)

    @action
    def up(self) -> None:
        """One more."""
        self.n += 1

    @action
    def never(self) -> None:
        """An action without a chance."""
        require(self.n > 3 and self.n < 3)
        self.n = 0


def _beyond(p: Counter) -> bool:
    return p.n > 99


class Empty(Counter):
    """A property that no state gives anything to say."""

    @invariant
    @vacuous_unless(_beyond)
    def fine(self) -> bool:
        """Always true."""
        return True


class BadFence(Walk):
    """A constraint that cannot be evaluated on 3."""

    @constraint
    def near(self) -> bool:
        """Indexes past the end."""
        return EDGES[self.at * 2][0] < 9 if self.at < 3 else EDGES[self.at + 10][0] < 9


def _stumbles(p: Walk) -> bool:
    return EDGES[p.at * 3][0] > 99


class BadWitness(Walk):
    """A property whose witness cannot be evaluated on 3."""

    @invariant
    @vacuous_unless(_stumbles)
    def fine(self) -> bool:
        """Always true."""
        return True


class AssertingAll(Protocol):
    """An assertion fails before anything else can be done, in an initial state and in a step."""

    n: Annotated[int, Range(0, 9)] = shared(0)

    @initial
    def start(self, n: Small) -> None:
        """From 1 or 2, but not from 0."""
        assert n > 0
        self.n = n

    @action
    def one(self) -> None:
        """Not from 2."""
        assert self.n != 2
        self.n = 2

    @action
    def two(self) -> None:
        """Goes on to 3."""
        require(self.n == 2)
        self.n = 3

    @invariant
    def below(self) -> bool:
        """Below 3."""
        return self.n < 3


class AssertingDeep(Protocol):
    """An assertion fails in the second state, which is the last one."""

    n: Small = shared(0)

    @action
    def one(self) -> None:
        """Only once."""
        assert self.n == 0
        self.n = 1


class NoStart(Protocol):
    """The guard of the initial states is never met."""

    n: Small = shared(0)

    @initial
    def start(self, n: Small) -> None:
        """Never."""
        require(n > 2)
        self.n = n


class FencedOff(Walk):
    """The constraint is false of the initial state."""

    @constraint
    def gone(self) -> bool:
        """Not on 0."""
        return self.at > 0


class Down(Counter):
    """Counts down past the literal end of its range."""

    @action
    def down(self) -> None:
        """One less, below zero too."""
        self.n -= 1
