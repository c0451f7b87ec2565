"""Symmetry reduction: of all states that a renaming turns into each other, one stands for all.

Identities and symbols can only be compared for equality, so renaming them in a state gives a state with the same
future (Ip and Dill, "Better Verification Through Symmetry", 1996). The canonical form of a state is the least of those
of its images in which the members of each orbit stand in the order of their traits (module `orbits`).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from ...models.semantics import Cut, State, System
from .images import Image, Order
from .orbits import MOST, orbits_of, symbols_of
from .selfcheck import SelfCheckFailed


class Symmetry:
    """The renamings of a system's clusters and symbols, those in `asymmetric` left alone.

    `names` are the clusters and symbols that are renamed, `dropped` those that are too large for it; `orbits` what is
    renamed, in the order in which that is done.
    """

    def __init__(self, system: System, asymmetric: Iterable[str] = ()) -> None:
        self._system = system
        self._checked = 0
        self.orbits, self.names, self.dropped = orbits_of(system, asymmetric)
        self._least = Order(system).least
        self._image = lru_cache(MOST)(self._new_image)

    def canonical(self, state: State) -> State:
        """The least image of a state."""
        images = [state]
        for number, orbit in enumerate(self.orbits):
            images = [self._ordered(number, order, one) for one in images for order in orbit.orders(one)]
        return images[0] if len(images) == 1 else self._least(images)

    def _ordered(self, number: int, order: tuple[int, ...], state: State) -> State:
        """The image of a state in which these members of an orbit take its places."""
        return state if order == self.orbits[number].unchanged else self._image(number, order).of(state)

    def _new_image(self, number: int, order: tuple[int, ...]) -> Image:
        members = self.orbits[number].members
        pairs = ((members[old], members[new]) for new, old in enumerate(order) if old != new)
        return Image(self._system, dict(pairs))

    def check(self, state: State) -> None:
        """Compare what a state can do with what one of its images can do. Errors: `SelfCheckFailed` if they differ."""
        if self.orbits:
            self._checked += 1
            if self._futures(state) != self._futures(self._some_image(state)):
                raise SelfCheckFailed(
                    f"renaming {', '.join(self.names)} changes what a state can do, so the symmetry is none; "
                    "run without it"
                )

    def _some_image(self, state: State) -> State:
        """An image of a state, each time under another renaming."""
        turn = self._checked % math.prod(math.factorial(len(orbit.members)) for orbit in self.orbits)
        for number, orbit in enumerate(self.orbits):
            turn, order = divmod(turn, math.factorial(len(orbit.members)))
            state = self._ordered(number, orbit.nth(order), state)
        return state

    def _futures(self, state: State) -> Counter[object]:
        ends = (tried for _, tried in self._system.successors(state))
        return Counter(tried if isinstance(tried, Cut) else self.canonical(tried.state) for tried in ends)


def symmetry_of(system: System, asymmetric: Iterable[str] = (), wanted: bool = True) -> Symmetry:
    """The symmetry of a system; with `wanted` false the trivial one, under which each state stands for itself."""
    everything = [*system.shape.classes, *(cls.__name__ for cls in symbols_of(system))]
    return Symmetry(system, asymmetric if wanted else everything)
