"""Termination detection in a ring: a token goes round and finds out whether all nodes are passive.

After Dijkstra, Feijen and van Gasteren, "Derivation of a termination detection algorithm for distributed
computations" (EWD 840, 1983), as specified in `EWD840.tla` by Merz (tlaplus/Examples, ewd840).
"""

from __future__ import annotations

from enum import Enum
from typing import Annotated

from ..language import Map, Protocol, Range, action, every, initial, invariant, require, shared, vacuous_unless

Node = Annotated[int, Range(0, "nodes - 1")]
"""Nodes are numbered: the token goes from each to the one below, and from node 0 to the highest."""


class Color(Enum):
    """Black: a message may have gone where the token has been already."""

    WHITE, BLACK = range(2)


class Cause(Enum):
    """Why the token may leave: one case of a disjunction, chosen, because TLC counts each that is true."""

    PASSIVE_NODE, BLACK_NODE, BLACK_TOKEN = range(3)


def detected(p: EWD840) -> bool:
    """Node 0 knows that all is over (`terminationDetected`)."""
    return p.detects()


class EWD840(Protocol):
    """Module EWD840."""

    nodes: int = 3

    active: Map[Node, bool] = shared(every(False))
    color: Map[Node, Color] = shared(every(Color.WHITE))
    token: Node = shared(0)
    token_color: Color = shared(Color.BLACK)

    @initial
    def start(self, active: Map[Node, bool], color: Map[Node, Color], token: Node) -> None:
        """Init: anything, but a black token."""
        self.active = active
        self.color = color
        self.token = token

    @action
    def initiate_probe(self, cause: Cause) -> None:
        """InitiateProbe: node 0 sends the token round again if the last round was in vain."""
        require(self.token == 0)
        require(cause is not Cause.PASSIVE_NODE and self.holds(cause))
        self.token = self.nodes - 1
        self.token_color = Color.WHITE
        self.color |= {0: Color.WHITE}

    @action
    def pass_token(self, i: Node, cause: Cause) -> None:
        """PassToken(i): a node that has been black makes the token black."""
        require(i != 0 and self.token == i)
        require(self.holds(cause))
        self.token = i - 1
        if self.color[i] is Color.BLACK:
            self.token_color = Color.BLACK
        self.color |= {i: Color.WHITE}

    def holds(self, cause: Cause) -> bool:
        """Whether the node that has the token may let it go for this reason."""
        if cause is Cause.PASSIVE_NODE:
            return not self.active[self.token]
        if cause is Cause.BLACK_NODE:
            return self.color[self.token] is Color.BLACK
        return self.token_color is Color.BLACK

    @action
    def send_message(self, i: Node, j: Node) -> None:
        """SendMsg(i): wake another node; a message to a higher one may pass behind the token."""
        require(self.active[i])
        require(j != i)
        self.active |= {j: True}
        if j > i:
            self.color |= {i: Color.BLACK}

    @action
    def deactivate(self, i: Node) -> None:
        """Deactivate(i): become passive."""
        require(self.active[i])
        self.active |= {i: False}

    def detects(self) -> bool:
        """`terminationDetected`: what node 0 concludes from the token and its own state."""
        return (
            self.token == 0 and self.token_color is Color.WHITE and self.color[0] is Color.WHITE and not self.active[0]
        )

    @invariant
    @vacuous_unless(detected)
    def detects_only_termination(self) -> bool:
        """TerminationDetection: when node 0 concludes that all is over, it is."""
        return not self.detects() or not any(self.active.values())

    @invariant
    def dijkstras_invariant(self) -> bool:
        """Inv: behind the token all are passive, or a black node is ahead of it, or the token is black."""
        return (
            all(not self.active[i] for i in range(self.token + 1, self.nodes))
            or any(self.color[j] is Color.BLACK for j in range(self.token + 1))
            or self.token_color is Color.BLACK
        )
