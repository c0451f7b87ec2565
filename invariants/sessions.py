"""What must hold of any protocol whose clients may send a request again until they hear of it."""

from __future__ import annotations

import typing
from typing import Any

from ..models.language import Has, Member, vacuous_unless


class Executes(Member, typing.Protocol):
    """A process with a state machine."""

    def requested(self) -> tuple[Any, ...]:
        """The requests that its state machine was given, in order; the same one may be among them twice."""
        ...

    @property
    def executed(self) -> tuple[Any, ...]:
        """The requests that took effect, in order."""
        ...


def _some_request_came_twice(p: Has[Executes]) -> bool:
    return any(len(process.requested()) > len(frozenset(process.requested())) for process in p.members)


@vacuous_unless(_some_request_came_twice)
def at_most_once(p: Has[Executes]) -> bool:
    """No request takes effect twice, however often it was sent.

    Ongaro, "Consensus: Bridging Theory and Practice", 2014, section 6.3: each command takes effect exactly once.
    """
    return all(len(frozenset(process.executed)) == len(process.executed) for process in p.members)


def _two_have_executed(p: Has[Executes]) -> bool:
    return any(
        len(one.executed) > 0 and len(other.executed) > 0
        for one in p.members
        for other in p.members
        if one.id != other.id
    )


@vacuous_unless(_two_have_executed)
def effects_agree(p: Has[Executes]) -> bool:
    """State machines that were given as many requests have executed the same ones.

    Schneider, "Implementing Fault-Tolerant Services Using the State Machine Approach", 1990: replicas that start
    alike and execute the same requests in the same order go through the same states.
    """
    return all(
        one.executed == other.executed
        for one in p.members
        for other in p.members
        if len(one.requested()) == len(other.requested())
    )
