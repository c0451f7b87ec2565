"""What may happen to a message under way, declared once on the protocol."""

from __future__ import annotations

from dataclasses import dataclass

from .domains import Bound


@dataclass(frozen=True)
class MessageSet:
    """Sent messages stay, and receiving does not remove them (Lamport's `Paxos.tla`).

    Reordering, duplication and loss are inherent: a message may be received at any time, again, or never.
    """


@dataclass(frozen=True)
class Bag:
    """Messages under way have no order; receiving removes one copy.

    `copies` bounds how many equal messages are under way at a time: one more copy merges with the others,
    which is the same as losing it. By default every copy counts. `capacity` bounds the messages under way;
    a step that would pass it is *cut*. Up to `duplicates` deliveries in a run keep their copy. With `loses`,
    loss is a step of its own (a message that is never delivered is lost already, so this matters for
    deadlocks only).
    """

    duplicates: Bound = 0
    loses: bool = False
    copies: Bound | None = None
    capacity: Bound | None = None


@dataclass(frozen=True)
class Fifo:
    """One queue for each ordered pair of processes, as TCP gives.

    `capacity` bounds each queue; a step that would pass it is *cut*. With `loses`, a connection can break:
    a step drops any suffix of a queue. `self.disconnect(peer)` breaks one, both ways, as part of a step.
    """

    loses: bool = False
    capacity: Bound | None = None


Network = MessageSet | Bag | Fifo
