"""Four gallons from a jug of five, a jug of three and a tap: the counterexample is the solution.

After the film "Die Hard with a Vengeance" (1995) and Lamport's `DieHard.tla` (tlaplus/Examples, DieHard).
"""

from __future__ import annotations

from typing import Annotated

from ..language import Protocol, Range, action, invariant, shared


class DieHard(Protocol):
    """Module DieHard."""

    big: Annotated[int, Range(0, 5)] = shared(0)
    small: Annotated[int, Range(0, 3)] = shared(0)

    @action
    def fill_small(self) -> None:
        """FillSmallJug."""
        self.small = 3

    @action
    def fill_big(self) -> None:
        """FillBigJug."""
        self.big = 5

    @action
    def empty_small(self) -> None:
        """EmptySmallJug."""
        self.small = 0

    @action
    def empty_big(self) -> None:
        """EmptyBigJug."""
        self.big = 0

    @action
    def small_to_big(self) -> None:
        """SmallToBig: until one is empty or the other full."""
        poured = min(self.small, 5 - self.big)
        self.small -= poured
        self.big += poured

    @action
    def big_to_small(self) -> None:
        """BigToSmall: until one is empty or the other full."""
        poured = min(self.big, 3 - self.small)
        self.big -= poured
        self.small += poured

    @invariant
    def not_solved(self) -> bool:
        """NotSolved: must fail."""
        return self.big != 4
