"""Raft whose leaders let a server catch up before they add it (section 4.2.1 of the dissertation).

A server that joins with an empty log would count at once, and could acknowledge nothing for long. So it first receives
the leader's entries as a learner, which has no vote and is in no majority; once it has all of them, it can be added.
Who learns is the leader's business and in no log: the next leader begins anew.

The cluster starts with a configuration that has the first `founders` servers only. The others know of no configuration.
"""

from __future__ import annotations

from ..language import Cluster, Figures, Ref, Size, Sizes, action, cluster, parameter, rank, require, volatile
from ._configurations import Members
from .membership import MembershipRaft, MembershipServer
from .raft import Server, Value


class LearnerServer(MembershipServer):
    """A server that teaches others before it adds them."""

    founders: int = parameter("founders")
    learners: Members = volatile(frozenset())

    def initial_members(self) -> Members:
        """The founders know each other; whoever joins later knows nobody until a log tells."""
        founders = frozenset(server for server in self.members(Server) if rank(server) < self.founders)
        return founders if self.id in founders else frozenset()

    def timeout(self) -> None:
        """Start an election, unless nobody is known who could vote."""
        require(len(self.latest_members()) > 0)
        super().timeout()

    @action
    def teach(self, server: Ref[Server]) -> None:
        """Begin to send entries to a server that is no member."""
        require(self.leads() and server != self.id and server not in self.audience())
        self.learners |= {server}

    def audience(self) -> Members:
        """The members, and who learns."""
        return super().audience() | self.learners

    def add(self, server: Ref[Server], value: Value) -> None:
        """Add a server that has all entries."""
        require(server in self.learners and self.match_index[server] == self.last_index())
        self.learners -= {server}
        super().add(server, value)

    def follow(self) -> None:
        """Stop teaching."""
        super().follow()
        self.learners = frozenset()


class LearnersRaft(MembershipRaft):
    """Raft whose leaders let a server catch up before they add it; the first `founders` servers found the cluster."""

    servers: Cluster[LearnerServer] = cluster(2)
    founders: int = 1

    sizes: Sizes = (
        Size("small", {"servers": 3, "terms": 2}, Figures(370_001, 1_107_098, 52)),
        Size("medium", {"servers": 3, "founders": 2, "terms": 2}, Figures(1_976_225, 6_192_279, 53)),
        Size("large", {"servers": 3, "founders": 2, "terms": 2, "crashes": 1}, Figures(17_110_472, 56_986_714, 61)),
    )
