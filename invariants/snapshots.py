"""What must hold of any protocol that replaces the beginning of its logs by snapshots."""

from __future__ import annotations

import typing
from typing import Any

from ..models.language import vacuous_unless
from .logs import RemembersCommits


class TakesSnapshots(RemembersCommits, typing.Protocol):
    """A protocol whose processes keep snapshots."""

    def snapshots(self) -> tuple[tuple[Any, ...], ...]:
        """For each process the entries, from index 1, whose effect its snapshot holds."""
        ...


def _some_snapshot(p: TakesSnapshots) -> bool:
    return any(len(snapshot) > 0 for snapshot in p.snapshots())


@vacuous_unless(_some_snapshot)
def snapshot_sound(p: TakesSnapshots) -> bool:
    """A snapshot holds the effect of committed entries, of all of them up to its last one, and of nothing else.

    Ongaro, "Consensus: Bridging Theory and Practice", 2014, section 5.1: each server takes snapshots independently,
    "covering just the committed entries in its log".
    """
    return all(
        any(committed.index == index and committed.entry == entry for committed in p.commitments())
        for snapshot in p.snapshots()
        for index, entry in enumerate(snapshot, 1)
    )
