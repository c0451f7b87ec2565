"""Runs worth a look in which snapshots are taken and sent."""

from __future__ import annotations

from collections.abc import Mapping

from quorate.models.language import Invariants, Protocol, StepInvariants, invariant
from quorate.models.raft.compaction import RaftCompaction


class FollowerInstalls(RaftCompaction):
    """Until two servers have a snapshot."""

    invariants: Invariants = ()
    step_invariants: StepInvariants = ()

    @invariant
    def not_yet(self) -> bool:
        """At most one server has a snapshot."""
        return sum(server.snapshot > 0 for server in self.servers) < 2


class EntryFollows(RaftCompaction):
    """Until a server with a snapshot that it was sent has committed an entry behind it."""

    invariants: Invariants = ()
    step_invariants: StepInvariants = ()

    @invariant
    def not_yet(self) -> bool:
        """Not every server has a snapshot of one entry and has committed another one."""
        return not all(server.snapshot == 1 and server.commit == 2 for server in self.servers)


class LeaderRestarts(RaftCompaction):
    """Until a leader with a snapshot has crashed, for nothing else makes it a follower in its term."""

    invariants: Invariants = ()
    step_invariants: StepInvariants = ()

    @invariant
    def not_yet(self) -> bool:
        """Whoever led a term that it is still in, and has a snapshot, leads it now."""
        return all(
            server.leads() or server.snapshot == 0 or (server.term, server.id) not in self.led
            for server in self.servers
        )


GOALS: Mapping[str, Protocol] = {
    "raft-snapshot": FollowerInstalls(servers=3, terms=1, messages=2, crashes=0),
    "raft-entry-behind-snapshot": EntryFollows(servers=3, terms=1, entries=2, requests=2, messages=2, crashes=0),
    "raft-restart-from-snapshot": LeaderRestarts(servers=3, terms=1, messages=2, crashes=1),
}
