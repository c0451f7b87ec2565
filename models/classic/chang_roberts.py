"""Leader election in a ring: each initiator sends its number round, and only the least one comes back.

After Chang and Roberts, "An improved algorithm for decentralized extrema-finding in circular configurations of
processes" (1979), as specified in `ChangRoberts.tla` by Merz (tlaplus/Examples, chang_roberts).
"""

from __future__ import annotations

from enum import Enum
from typing import Annotated

from ..language import Map, Protocol, Range, action, every, initial, invariant, require, shared

Node = Annotated[int, Range(0, "nodes - 1")]
"""A node's place in the ring, which is its number as well."""


class Standing(Enum):
    """What a node believes about its chances (`state`)."""

    CANDIDATE, LOST, WON = range(3)


class ChangRoberts(Protocol):
    """Module ChangRoberts, with `Id` the numbers in the order of the ring."""

    nodes: int = 3

    inbox: Map[Node, frozenset[Node]] = shared(every(frozenset()))
    started: Map[Node, bool] = shared(every(False))
    initiator: Map[Node, bool] = shared(every(False))
    standing: Map[Node, Standing] = shared(every(Standing.LOST))

    @initial
    def choose_initiators(self, initiator: Map[Node, bool]) -> None:
        """Init: any nodes may want to lead."""
        self.initiator = initiator
        self.standing = Map({n: Standing.CANDIDATE if initiator[n] else Standing.LOST for n in range(self.nodes)})

    @action
    def start(self, n: Node) -> None:
        """n0: an initiator sends its number."""
        require(not self.started[n])
        self.started |= {n: True}
        if self.initiator[n]:
            self.pass_on(n, n)

    @action
    def receive(self, n: Node, number: Node) -> None:
        """n1: pass a number on if it beats one's own."""
        require(self.started[n])
        require(number in self.inbox[n])
        self.inbox |= {n: self.inbox[n] - {number}}
        if self.standing[n] is Standing.LOST:
            self.pass_on(n, number)
        elif number < n:
            self.standing |= {n: Standing.LOST}
            self.pass_on(n, number)
        elif number == n:
            self.standing |= {n: Standing.WON}

    def pass_on(self, n: Node, number: Node) -> None:
        """Send a number to the next node."""
        after = (n + 1) % self.nodes
        self.inbox |= {after: self.inbox[after] | {number}}

    @invariant
    def correct(self) -> bool:
        """Correctness: the winner is the least initiator, and everybody else has lost."""
        return all(self.rightly_won(n) for n in range(self.nodes) if self.standing[n] is Standing.WON)

    def rightly_won(self, n: Node) -> bool:
        """Whether this node may win."""
        return self.initiator[n] and all(
            self.standing[m] is Standing.LOST and (not self.initiator[m] or m > n) for m in range(self.nodes) if m != n
        )
