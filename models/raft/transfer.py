"""Leadership transfer (Ongaro, "Consensus: Bridging Theory and Practice", 2014, section 3.10).

A leader that wants to go takes no more requests, brings one other server up to date and tells it to stand for election
at once. If that does not work out within an election timeout, the leader goes on. It leads until it hears of the next
term, and voters compare logs as always: a transfer can fail, but it cannot do harm.
"""

from __future__ import annotations

from ..language import Cluster, Figures, Ref, Size, Sizes, action, cluster, message, receive, require, volatile
from .raft import Raft, Role, Server, Term, Value


@message
class TimeoutNow:
    """A leader asks a server to stand for election at once."""

    term: Term


class TransferServer(Server):
    """A server that can hand over to another while it leads."""

    successor: Ref[Server] | None = volatile(None)

    @action
    def begin_transfer(self, to: Ref[Server]) -> None:
        """Decide who is to lead next; from now on no request is taken."""
        require(self.role is Role.LEADER and to != self.id and self.successor is None)
        self.successor = to

    def client_request(self, value: Value) -> None:
        """Append a client's command unless on the way out."""
        require(self.successor is None)
        super().client_request(value)

    @action
    def hand_over(self, to: Ref[Server]) -> None:
        """Tell the successor to stand, once it has the whole log."""
        require(self.successor == to and self.is_ready(to))
        self.send(to, TimeoutNow(self.term))

    def is_ready(self, server: Ref[Server]) -> bool:
        """Whether a server has everything that the leader has."""
        return self.match_index[server] == self.last_index()

    @action
    def abort_transfer(self) -> None:
        """Go on leading: no successor was elected in time."""
        require(self.successor is not None)
        self.successor = None

    @receive
    def on_timeout_now(self, m: TimeoutNow) -> None:
        """Stand for election without waiting for the timer."""
        self.observe(m.term)
        if m.term == self.term and self.role is not Role.LEADER:
            self.succeed()

    def succeed(self) -> None:
        """Start the election that the leader asked for."""
        self.campaign()

    def follow(self) -> None:
        """Become a follower, with nothing to hand over."""
        self.successor = None
        super().follow()


class TransferRaft(Raft):
    """Raft whose leaders can hand over to another server."""

    servers: Cluster[TransferServer] = cluster(2)

    sizes: Sizes = (
        Size("small", {"servers": 3}, Figures(110_998, 449_434, 33), symmetric=Figures(18_510, 74_953, 33)),
        Size(
            "medium",
            {"servers": 3, "messages": 3},
            Figures(3_422_179, 17_392_588, 39),
            symmetric=Figures(570_377, 2_898_843, 39),
        ),
        Size("large", {"servers": 3, "messages": 4}, symmetric=Figures(9_042_676, 55_002_490, 43)),
    )
