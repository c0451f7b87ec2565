"""What must hold of a replicated log whose replicas lose all of it in a crash: others have it."""

from __future__ import annotations

import typing
from typing import Any

from ..models.language import Has, between_crashes, vacuous_unless
from .elections import Numbered
from .logs import Commits


class Operates(Numbered, typing.Protocol):
    """A process that is in a numbered epoch and, unless it recovers or changes epochs, in normal operation there."""

    @property
    def log(self) -> tuple[Any, ...]:
        """Its log; the first entry has index 1."""
        ...

    def is_normal(self) -> bool:
        """Whether it is in normal operation."""
        ...


def _two_operate(p: Has[Operates]) -> bool:
    return any(
        one.is_normal() and other.is_normal() and one.epoch() == other.epoch()
        for one in p.members
        if len(one.log) > 0
        for other in p.members
        if len(other.log) > 0 and other.id != one.id
    )


@vacuous_unless(_two_operate)
def logs_agree_within_epoch(p: Has[Operates]) -> bool:
    """Of the logs of any two processes in normal operation in one epoch, one is a prefix of the other.

    Liskov and Cowling, "Viewstamped Replication Revisited", 2012, section 4.1: the primary orders the requests of a
    view, and backups process them in that order.
    """
    return all(
        mine == theirs
        for one in p.members
        if one.is_normal()
        for other in p.members
        if other.is_normal() and one.epoch() == other.epoch()
        for mine, theirs in zip(one.log, other.log, strict=False)
    )


def _some_epoch_began(p: Has[Numbered]) -> bool:
    return any(process.epoch() > 0 for process in p.members)


@between_crashes
@vacuous_unless(_some_epoch_began)
def epoch_monotonic_between_crashes(before: Has[Numbered], after: Has[Numbered]) -> bool:
    """As long as it does not crash, no process returns to an earlier epoch.

    Liskov and Cowling 2012, section 4.2: views only advance.
    """
    pairs = zip(before.members, after.members, strict=True)
    return all(new.epoch() >= old.epoch() for old, new in pairs)


def _somebody_committed(p: Has[Commits]) -> bool:
    return any(process.commit > 0 for process in p.members)


@between_crashes
@vacuous_unless(_somebody_committed)
def committed_log_kept_between_crashes(before: Has[Commits], after: Has[Commits]) -> bool:
    """As long as it does not crash, what a process takes for committed stays in its log.

    Liskov and Cowling 2012, section 4.2: committed operations survive view changes, at their positions.
    """
    pairs = zip(before.members, after.members, strict=True)
    return all(new.log[: old.commit] == old.log[: old.commit] for old, new in pairs)
