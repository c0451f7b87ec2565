"""Zab (Junqueira, Reed and Serafini, "Zab: High-performance broadcast for primary-backup systems", DSN 2011).

Discovery, synchronisation and broadcast, each message a delivery of its own, with crashes, restarts and time-outs. Any
oracle elects: whoever looks for a leader may be named one at any time, and whoever hears of it may follow. `Server` is
what a server does; here is what it runs on, and what must hold.
"""

from __future__ import annotations

from typing import Annotated

from ...invariants import (
    commit_monotonic,
    committed_log_append_only,
    epoch_monotonic,
    leader_append_only,
    leader_completeness,
    single_leader_per_epoch,
    single_leader_per_epoch_ever,
    state_machine_safety,
)
from ...invariants.primary_order import (
    broadcast_agreement,
    global_primary_order,
    integrity,
    local_primary_order,
    prefix_consistency,
    primary_integrity,
    total_order,
)
from ..language import (
    Cluster,
    Crash,
    Faults,
    Fifo,
    Figures,
    Invariants,
    Network,
    Protocol,
    Range,
    Ref,
    Size,
    Sizes,
    StepInvariants,
    cluster,
    ghost,
    history,
    invariant,
    record,
    vacuous_unless,
)
from ._complaints import Complaint, acks_in_order, commits_in_order, proposals_in_order
from ._messages import Epoch, Index, Log, Txn
from ._server import Phase, Server


@record
class Committed:
    """The transaction that was first committed at an index, and the epoch of the leader that committed it."""

    index: Index
    entry: Txn
    term: Epoch


@record
class Broadcast:
    """A transaction, and the server that broadcast it as leader of the transaction's epoch."""

    primary: Ref[Server]
    txn: Txn


def _something_committed(p: Zab) -> bool:
    return len(p.committed) > 0


class Zab(Protocol):
    """Zab: servers that follow an elected leader and deliver what it broadcasts, in one order.

    `epochs` is the last epoch; clients make at most `transactions` requests, each with one of `values`. In all, servers
    crash and restart up to `crashes` times, and lose patience with a leader or with followers up to `timeouts` times.
    """

    servers: Cluster[Server] = cluster(3)
    epochs: int = 1
    transactions: int = 1
    values: int = 1
    crashes: int = 0
    timeouts: int = 0

    sizes: Sizes = (
        Size(
            "small",
            {"epochs": 2, "crashes": 1, "timeouts": 1},
            Figures(1_314_141, 3_442_174, 39),
            symmetric=Figures(219_474, 575_228, 39),
        ),
        Size(
            "medium",
            {"epochs": 2, "transactions": 2, "crashes": 1, "timeouts": 1},
            Figures(6_062_469, 15_699_841, 44),
            symmetric=Figures(1_011_617, 2_620_667, 44),
        ),
        Size(
            "large",
            {"epochs": 2, "transactions": 2, "crashes": 1, "timeouts": 2},
            symmetric=Figures(5_696_724, 19_435_648, 49),
        ),
    )

    network: Network = Fifo()
    faults: Faults = (Crash(times="crashes"),)
    invariants: Invariants = (
        single_leader_per_epoch,
        single_leader_per_epoch_ever,
        leader_completeness,
        state_machine_safety,
        prefix_consistency,
        integrity,
        total_order,
        broadcast_agreement,
        local_primary_order,
        global_primary_order,
        proposals_in_order,
        acks_in_order,
        commits_in_order,
    )
    step_invariants: StepInvariants = (
        leader_append_only,
        committed_log_append_only,
        commit_monotonic,
        epoch_monotonic,
        primary_integrity,
    )

    requested: Annotated[int, Range(0, "transactions")] = ghost(0)
    lost_patience: Annotated[int, Range(0, "timeouts")] = ghost(0)
    led: frozenset[tuple[Epoch, Ref[Server]]] = ghost(frozenset())
    committed: frozenset[Committed] = ghost(frozenset())
    broadcast: frozenset[Broadcast] = ghost(frozenset())

    @history
    def remember(self, before: Zab) -> None:
        """Count requests and time-outs; remember who led which epoch, what was broadcast, and what was committed."""
        pairs = tuple(zip(before.servers, self.servers, strict=True))
        self.lost_patience += sum(1 for old, new in pairs if new.timed_out and not old.timed_out)
        self.led |= frozenset((server.current_epoch, server.id) for server in self.servers if server.leads())
        self.broadcast |= frozenset(
            Broadcast(new.id, txn)
            for old, new in pairs
            if old.leads() and old.phase is Phase.BROADCAST
            for txn in new.log[len(old.log) :]
        )
        self.requested = len(self.broadcast)
        self.committed |= frozenset(
            Committed(index, txn, server.current_epoch)
            for server in self.servers
            for index, txn in enumerate(server.log[: server.commit], 1)
            if not self.was_committed(index)
        )

    @invariant
    @vacuous_unless(_something_committed)
    def committed_is_durable(self) -> bool:
        """What was ever committed is on the disks of a quorum."""
        return all(2 * self.holders(committed) > len(self.servers) for committed in self.committed)

    def holders(self, committed: Committed) -> int:
        """How many servers have a transaction in its place."""
        at = committed.index
        return sum(1 for server in self.servers if server.log[at - 1 : at] == (committed.entry,))

    def was_committed(self, index: Index) -> bool:
        """Whether anything was ever committed at an index."""
        return any(committed.index == index for committed in self.committed)

    def complaints(self) -> frozenset[Complaint]:
        """What some server has found wrong with a message."""
        return frozenset(server.complaint for server in self.servers if server.complaint is not None)

    def leaders_ever(self) -> frozenset[tuple[Epoch, Ref[Server]]]:
        """Who ever led which epoch."""
        return self.led

    def broadcasts(self) -> frozenset[Broadcast]:
        """What was ever broadcast, and by whom."""
        return self.broadcast

    def delivered_by(self, process: Ref[Server]) -> Log:
        """What a server has delivered."""
        server = self.servers[process]
        return server.log[: server.commit]

    def commitments(self) -> frozenset[Committed]:
        """What was first committed at each index, and in which epoch."""
        return self.committed

    def leader_logs(self) -> tuple[tuple[Epoch, Log], ...]:
        """The epochs and histories of the servers that lead."""
        return tuple((server.current_epoch, server.log) for server in self.servers if server.leads())

    def committed_logs(self) -> tuple[Log, ...]:
        """What each server has delivered."""
        return tuple(server.log[: server.commit] for server in self.servers)
