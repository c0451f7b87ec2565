"""What a server of Zab may find wrong with a message."""

from __future__ import annotations

import typing
from enum import Enum
from typing import Any

from ..language import vacuous_unless


class Complaint(Enum):
    """What is wrong: none of it ever happens if the protocol is right."""

    PROPOSAL_OUT_OF_ORDER, ACK_OUT_OF_ORDER, COMMIT_OUT_OF_ORDER = range(3)


class Complains(typing.Protocol):
    """A protocol that keeps the complaints of its servers, and what was broadcast."""

    def complaints(self) -> frozenset[Complaint]:
        """What some server has found wrong."""
        ...

    def broadcasts(self) -> frozenset[Any]:
        """What was ever broadcast."""
        ...


def _something_broadcast(p: Complains) -> bool:
    return len(p.broadcasts()) > 0


@vacuous_unless(_something_broadcast)
def proposals_in_order(p: Complains) -> bool:
    """The proposal that a follower receives is the next transaction of its history."""
    return Complaint.PROPOSAL_OUT_OF_ORDER not in p.complaints()


@vacuous_unless(_something_broadcast)
def acks_in_order(p: Complains) -> bool:
    """What a follower acknowledges is first the initial history, and then the next transaction of the leader's."""
    return Complaint.ACK_OUT_OF_ORDER not in p.complaints()


@vacuous_unless(_something_broadcast)
def commits_in_order(p: Complains) -> bool:
    """The commit that a follower receives is of the next transaction of its history that it has not delivered."""
    return Complaint.COMMIT_OUT_OF_ORDER not in p.complaints()
