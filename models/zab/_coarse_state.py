"""The state of Zab with election and discovery in one step, and what must hold of it."""

from __future__ import annotations

from typing import Annotated

from ...invariants import leader_completeness, single_leader_per_epoch_ever, state_machine_safety
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
    Invariants,
    Map,
    Protocol,
    Range,
    StepInvariants,
    every,
    ghost,
    history,
    invariant,
    shared,
    vacuous_unless,
)
from ._complaints import Complaint, acks_in_order, commits_in_order, proposals_in_order
from ._messages import Epoch, Index, Log, Zxid
from ._orders import Answers, Delivered, Orders, Peer, Sent


def _something_committed(p: CoarseState) -> bool:
    return len(p.committed) > 0


class CoarseState(Protocol):
    """What all servers have on disk and in memory, and what is under way between them."""

    servers: int = 3
    epochs: int = 1
    transactions: int = 1
    values: int = 1
    crashes: int = 0
    timeouts: int = 0

    # on disk
    accepted_epoch: Map[Peer, Epoch] = shared(every(0))
    current_epoch: Map[Peer, Epoch] = shared(every(0))
    log: Map[Peer, Log] = shared(every(()))
    # in memory
    commit: Map[Peer, Index] = shared(every(0))
    leader: Map[Peer, Peer | None] = shared(every(None))
    established: Map[Peer, bool] = shared(every(False))
    """Whether the server is past synchronisation."""
    # of a follower's connection with its leader
    connected: Map[Peer, bool] = shared(every(False))
    synced: Map[Peer, bool] = shared(every(False))
    """Whether the leader knows that the follower has the initial history."""
    acked: Map[Peer, Index] = shared(every(0))
    """How far the leader knows the follower's history to reach."""
    orders: Map[Peer, Orders] = shared(every(()))
    answers: Map[Peer, Answers] = shared(every(()))
    # bounds
    requested: Annotated[int, Range(0, "transactions")] = shared(0)
    crashed: Annotated[int, Range(0, "crashes")] = shared(0)
    timed_out: Annotated[int, Range(0, "timeouts")] = shared(0)

    led: frozenset[tuple[Epoch, Peer]] = ghost(frozenset())
    broadcast: frozenset[Sent] = ghost(frozenset())
    committed: frozenset[Delivered] = ghost(frozenset())
    complaint: Complaint | None = ghost(None)

    invariants: Invariants = (
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
    step_invariants: StepInvariants = (primary_integrity,)

    def is_quorum(self, some: frozenset[Peer]) -> bool:
        """Whether these are more than half of the servers."""
        return 2 * len(some) > self.servers

    # -- looking at histories ------------------------------------------------------------------------------------------

    def last_zxid(self, log: Log) -> Zxid:
        """The identity of the last transaction; (0, 0) if there is none."""
        return log[len(log) - 1].zxid if log else Zxid(0, 0)

    def index_of(self, i: Peer, zxid: Zxid) -> Index:
        """Where a transaction is in a server's history, 0 if it is not there."""
        return max((index for index, txn in enumerate(self.log[i], 1) if txn.zxid == zxid), default=0)

    # -- properties ----------------------------------------------------------------------------------------------------

    @history
    def remember(self, before: CoarseState) -> None:
        """Remember who led which epoch, what was broadcast, and what was committed."""
        self.led |= frozenset((self.current_epoch[i], i) for i in self.domain(Peer) if self.leader[i] == i)
        self.broadcast |= frozenset(
            Sent(i, txn)
            for i in self.domain(Peer)
            if self.requested > before.requested and self.leader[i] == i
            for txn in self.log[i][len(before.log[i]) :]
        )
        self.committed |= frozenset(
            Delivered(index, txn, self.current_epoch[i])
            for i in self.domain(Peer)
            for index, txn in enumerate(self.delivered_by(i), 1)
            if all(delivered.index != index for delivered in self.committed)
        )

    @invariant
    @vacuous_unless(_something_committed)
    def committed_is_durable(self) -> bool:
        """What was ever committed is on the disks of a quorum."""
        return all(
            self.is_quorum(frozenset(i for i in self.domain(Peer) if self.log[i][c.index - 1 : c.index] == (c.entry,)))
            for c in self.committed
        )

    def complaints(self) -> frozenset[Complaint]:
        """What some server has found wrong with a message."""
        return frozenset() if self.complaint is None else frozenset({self.complaint})

    def leaders_ever(self) -> frozenset[tuple[Epoch, Peer]]:
        """Who ever led which epoch."""
        return self.led

    def broadcasts(self) -> frozenset[Sent]:
        """What was ever broadcast, and by whom."""
        return self.broadcast

    def commitments(self) -> frozenset[Delivered]:
        """What was first committed at each index, and in which epoch."""
        return self.committed

    def leader_logs(self) -> tuple[tuple[Epoch, Log], ...]:
        """The epochs and histories of the servers that lead."""
        return tuple((self.current_epoch[i], self.log[i]) for i in self.domain(Peer) if self.leader[i] == i)

    def committed_logs(self) -> tuple[Log, ...]:
        """What each server has delivered."""
        return tuple(self.delivered_by(i) for i in self.domain(Peer))

    def delivered_by(self, process: Peer) -> Log:
        """What a server has delivered."""
        return self.log[process][: self.commit[process]]
