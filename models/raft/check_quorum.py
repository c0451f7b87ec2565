"""Leaders that last (Ongaro, "Consensus: Bridging Theory and Practice", 2014, sections 4.2.3 and 6.2).

A server that has heard from a leader within the shortest election timeout ignores candidates, so that a server which
is out of date, cut off or no longer a member cannot depose a leader that the others hear. In return a leader that has
not heard from a quorum within an election timeout steps down (the name in etcd is CheckQuorum).

There are no clocks. `heard` says that the election timer has not run out since the leader was last heard, and any
server's timer may run out at any time, which covers every speed of every clock.
"""

from __future__ import annotations

from ..language import (
    Cluster,
    Figures,
    Ref,
    Size,
    Sizes,
    action,
    cluster,
    require,
    step_invariant,
    vacuous_unless,
    volatile,
)
from .raft import AppendReply, Raft, RequestVote, Role, Server


class CheckQuorumServer(Server):
    """A server that stands by its leader, and as leader makes sure that it is heard."""

    heard: bool = volatile(False)
    heard_from: frozenset[Ref[Server]] = volatile(frozenset())

    # -- a follower ----------------------------------------------------------------------------------------------------

    def recognise_leader(self) -> None:
        """Start the election timer anew."""
        super().recognise_leader()
        self.heard = True

    @action
    def election_timer_expires(self) -> None:
        """Hear nothing from the leader for as long as the shortest election timeout."""
        require(self.heard)
        self.heard = False

    def timeout(self) -> None:
        """Start an election, but not while a leader is heard."""
        require(not self.heard)
        super().timeout()

    def on_request_vote(self, m: RequestVote, sender: Ref[Server]) -> None:
        """Answer a candidate, or ignore it and its term."""
        if not self.is_led():
            super().on_request_vote(m, sender)

    def is_led(self) -> bool:
        """Whether this server leads, or has heard from its leader of late."""
        return self.heard or self.role is Role.LEADER

    # -- a leader ------------------------------------------------------------------------------------------------------

    def on_append_reply(self, m: AppendReply, sender: Ref[Server]) -> None:
        """Note who is still there."""
        super().on_append_reply(m, sender)
        if self.role is Role.LEADER and m.term == self.term:
            self.heard_from |= {sender}

    @action
    def check_quorum(self) -> None:
        """Go on for another election timeout if a quorum was heard in this one, or else step down."""
        require(self.role is Role.LEADER)
        if self.is_quorum(self.heard_from | {self.id}):
            self.heard_from = frozenset()
        else:
            self.follow()

    def follow(self) -> None:
        """Become a follower that has yet to hear from a leader."""
        self.heard = False
        self.heard_from = frozenset()
        super().follow()


def _somebody_is_led(p: CheckQuorumRaft) -> bool:
    return any(server.heard for server in p.servers)


class CheckQuorumRaft(Raft):
    """Raft whose servers ignore candidates while they hear a leader, which steps down if no quorum hears it."""

    servers: Cluster[CheckQuorumServer] = cluster(2)
    terms: int = 1

    sizes: Sizes = (
        Size(
            "small",
            {"servers": 3, "messages": 3},
            Figures(1_153_945, 6_332_416, 27),
            symmetric=Figures(192_379, 1_055_669, 27),
        ),
        Size("medium", {"servers": 3, "terms": 2, "messages": 3}, symmetric=Figures(7_712_532, 41_840_436, 45)),
    )

    @step_invariant
    @vacuous_unless(_somebody_is_led)
    def no_vote_while_led(self, after: CheckQuorumRaft) -> bool:
        """A server that hears its leader, or leads, gives its vote to nobody else.

        The dissertation, section 4.2.3: it neither updates its term nor grants its vote.
        """
        return all(
            new.voted_for == old.voted_for or new.voted_for is None
            for old, new in zip(self.servers, after.servers, strict=True)
            if old.is_led()
        )
