"""Raft with log compaction (Ongaro, "Consensus: Bridging Theory and Practice", 2014, chapter 5).

A server replaces the beginning of its log by a snapshot of its state machine, and sends the snapshot to a follower
that lacks entries which are no longer in the log. The state machine of the model is the list of the entries that it has
applied, so that properties can compare snapshots with logs. The field `log` is that list, up to `snapshot`, followed by
the entries that the server still has. The protocol never looks at an entry before the snapshot's last one, which
`term_at` asserts.
"""

from __future__ import annotations

from ...invariants.snapshots import snapshot_sound
from ..language import (
    Cluster,
    Figures,
    Invariants,
    Ref,
    Size,
    Sizes,
    action,
    cluster,
    durable,
    message,
    receive,
    require,
    restart,
)
from .raft import AppendEntries, AppendReply, Index, Log, Raft, Server, Term


@message
class InstallSnapshot:
    """A leader's snapshot. The list of what was applied also tells the index and the term of its last entry."""

    term: Term
    state: Log


class CompactingServer(Server):
    """A server that takes snapshots."""

    snapshot: Index = durable(0)

    @action
    def compact(self, index: Index) -> None:
        """Take a snapshot of what is applied up to an index, and discard the entries up to there (section 5.1)."""
        require(self.snapshot < index <= self.applied())
        self.snapshot = index

    def applied(self) -> Index:
        """How far the state machine is; in the model it applies an entry as soon as that is committed."""
        return self.commit

    @restart
    def recover(self) -> None:
        """Load the snapshot: what it covers is committed, whatever else was lost (section 5.1)."""
        self.commit = self.snapshot

    # -- the leader's side (section 5.3) -------------------------------------------------------------------------------

    @action
    def send_snapshot(self, to: Ref[Server]) -> None:
        """Send the snapshot to a server that lacks entries which are discarded."""
        require(self.leads() and to != self.id and self.needs_snapshot(to))
        self.send(to, InstallSnapshot(self.term, self.log[: self.snapshot]))

    def needs_snapshot(self, to: Ref[Server]) -> bool:
        """Whether the next entry that a server may lack is discarded."""
        return self.next_index[to] <= self.snapshot

    def send_entries(self, to: Ref[Server], count: int) -> None:
        """Send entries that are still there."""
        require(not self.needs_snapshot(to))
        super().send_entries(to, count)

    # -- the follower's side -------------------------------------------------------------------------------------------

    @receive
    def on_install_snapshot(self, m: InstallSnapshot, sender: Ref[Server]) -> None:
        """Take over the leader's snapshot, unless the own one covers as much (figure 5.3)."""
        self.observe(m.term)
        if m.term < self.term:
            self.send(sender, AppendReply(self.term, False, 0))
        else:
            self.recognise_leader()
            if len(m.state) > self.snapshot:
                self.install(m)
            self.send(sender, AppendReply(self.term, True, len(m.state)))

    def install(self, m: InstallSnapshot) -> None:
        """Reset the state machine to the snapshot, and keep the entries that follow it."""
        self.log = m.state + self.following(m)
        self.snapshot = len(m.state)
        self.commit = max(self.commit, self.snapshot)

    def following(self, m: InstallSnapshot) -> Log:
        """The entries after the snapshot's last one if the log has that; if not, no entry is worth keeping."""
        last = len(m.state)
        return self.log[last:] if self.has(last, m.state[last - 1]) else ()

    def agrees(self, m: AppendEntries) -> bool:
        """The consistency check; what a snapshot covers is committed, so it agrees with any leader's log."""
        return m.previous < self.snapshot or super().agrees(m)

    def merge(self, m: AppendEntries) -> None:
        """Leave out the entries that the snapshot covers, and merge the others."""
        covered = max(0, self.snapshot - m.previous)
        super().merge(AppendEntries(m.term, m.previous + covered, m.previous_term, m.entries[covered:], m.commit))

    def term_at(self, index: Index) -> Term:
        """The term of an entry that is still in the log, or of the snapshot's last one."""
        assert index >= self.snapshot, "the entry is discarded"
        return super().term_at(index)


class RaftCompaction(Raft):
    """Raft whose servers take snapshots and install those of their leaders."""

    servers: Cluster[CompactingServer] = cluster(2)
    crashes: int = 1
    sizes: Sizes = (
        Size(
            "small",
            {"servers": 3, "terms": 1, "entries": 2, "requests": 2, "values": 2, "crashes": 0},
            Figures(1_106_704, 5_433_112, 29),
            symmetric=Figures(92_320, 453_231, 29),
        ),
        Size(
            "medium",
            {"servers": 3, "messages": 3},
            Figures(11_603_834, 60_405_100, 44),
            symmetric=Figures(1_934_120, 10_068_213, 44),
        ),
        Size(
            "large",
            {"servers": 3, "entries": 2, "requests": 3, "messages": 3, "crashes": 0},
            symmetric=Figures(17_288_601, 101_750_775, 50),
        ),
    )
    invariants: Invariants = (*Raft.invariants, snapshot_sound)

    def snapshots(self) -> tuple[Log, ...]:
        """What each server's snapshot holds."""
        return tuple(server.log[: server.snapshot] for server in self.servers)
