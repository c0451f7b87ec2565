"""What must hold of any protocol that answers reads from a replicated log."""

from __future__ import annotations

import typing

from ..models.language import vacuous_unless


class AnswersReads(typing.Protocol):
    """A protocol that keeps as history how new the state was that a read returned, and how new it had to be."""

    def answers(self) -> frozenset[tuple[int, int]]:
        """The reads that were answered, each as two indices: what was committed when it was invoked, what it returned.

        The first is the last index committed anywhere at that time, the second the last one in the state returned.
        """
        ...


def _some_read_is_due(p: AnswersReads) -> bool:
    return any(committed > 0 for committed, _ in p.answers())


@vacuous_unless(_some_read_is_due)
def read_current(p: AnswersReads) -> bool:
    """A read returns a state at least as new as everything that was committed when it was invoked.

    The part of linearizability (Herlihy and Wing, "Linearizability", 1990) that reads add to that of a log: Ongaro,
    "Consensus: Bridging Theory and Practice", 2014, section 6.4: the result "must reflect a state of the system
    sometime after the read was initiated".
    """
    return all(returned >= committed for committed, returned in p.answers())
