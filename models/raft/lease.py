"""Raft with reads under a lease (Ongaro, "Consensus: Bridging Theory and Practice", 2014, section 6.4.1).

A server that hears from a leader elects no other before its election timer has run out. So a leader that a quorum has
just acknowledged stays the only one for about that time, and until its lease ends it answers reads without any message.

There are no clocks. A voter's timer may run out at any time, and so may a leader's lease. That the lease ends first is
the protocol's assumption about clocks, and the constraint `leases_end_first`: nothing is explored beyond a state in
which a leader relies on a voter whose timer has run out since. So an acknowledgement that comes late never counts.
"""

from __future__ import annotations

from ..language import Cluster, Figures, Ref, Size, Sizes, action, cluster, constraint, durable, require, volatile
from .raft import RequestVote, Server, Term
from .reads import Confirm, Confirmed, Read, ReadIndexRaft, ReadIndexServer


class LeaseServer(ReadIndexServer):
    """A server that stands by its leader, and that answers reads on its own while a quorum stands by it."""

    # as if on disk: a server that restarts waits for an election timeout before it takes part in an election
    heard: frozenset[Term] = durable(frozenset())
    lease: frozenset[Ref[Server]] = volatile(frozenset())

    # -- a voter (section 4.2.3) ---------------------------------------------------------------------------------------

    def recognise_leader(self) -> None:
        """Start the election timer anew."""
        super().recognise_leader()
        self.heard |= {self.term}

    @action
    def timer_runs_out(self) -> None:
        """Hear from no leader for the shortest election timeout."""
        require(self.stands_by_leader())
        self.heard = frozenset()

    def stands_by_leader(self) -> bool:
        """Whether this server has heard from a leader since its timer last ran out."""
        return len(self.heard) > 0

    def timeout(self) -> None:
        """Start an election, but not while a leader is heard."""
        require(not self.stands_by_leader())
        super().timeout()

    def on_request_vote(self, m: RequestVote, sender: Ref[Server]) -> None:
        """Answer a candidate, but not while a leader is heard."""
        require(not self.stands_by_leader())
        super().on_request_vote(m, sender)

    # -- a leader ------------------------------------------------------------------------------------------------------

    @action
    def renew(self, voter: Ref[Server]) -> None:
        """Send a voter a heartbeat on which the lease can be renewed."""
        require(self.leads() and voter != self.id)
        self.send(voter, Confirm(self.term, 0))

    def on_confirmed(self, m: Confirmed, sender: Ref[Server]) -> None:
        """Rely on a voter, until its timer could have run out."""
        self.observe(m.term)
        if self.leads() and m.term == self.term:
            self.lease |= {sender}

    @action
    def lease_ends(self, voter: Ref[Server]) -> None:
        """Rely on a voter no longer, because its timer could soon run out."""
        require(voter in self.lease)
        self.lease -= {voter}

    def read(self) -> None:
        """Answer a client's read at once."""
        require(self.leads() and self.knows_commit() and self.is_quorum(self.lease | {self.id}))
        self.asked += 1
        self.answer(frozenset({Read(self.asked, self.commit)}))

    def follow(self) -> None:
        """Become a follower, without a lease."""
        super().follow()
        self.lease = frozenset()


class LeaseRaft(ReadIndexRaft):
    """Raft whose leaders answer reads under a lease."""

    servers: Cluster[LeaseServer] = cluster(2)
    messages: int = 1
    sizes: Sizes = (
        Size(
            "small",
            {"servers": 3, "messages": 2},
            Figures(960_151, 4_864_300, 43),
            symmetric=Figures(160_072, 810_980, 43),
        ),
        Size(
            "medium",
            {"servers": 3, "messages": 2, "entries": 2, "requests": 2},
            Figures(8_478_565, 44_434_924, 53),
            symmetric=Figures(1_413_228, 7_406_620, 53),
        ),
        Size(
            "large",
            {"servers": 3, "messages": 2, "entries": 2, "requests": 2, "batch": 2, "crashes": 1},
            symmetric=Figures(7_854_969, 45_470_224, 54),
        ),
    )

    @constraint
    def leases_end_first(self) -> bool:
        """No voter's timer has run out since it heard from a leader that relies on it."""
        return all(leader.term in self.servers[voter].heard for leader in self.servers for voter in leader.lease)
