"""Raft that adds and removes one server at a time (Ongaro, "Consensus: Bridging Theory and Practice", 2014, chapter 4).

Majorities of two configurations that differ by one server have a server in common, so a leader may go from one to the
next by a single entry. It must not have two of them on the way, though, nor begin before it has committed an entry of
its own term: an earlier leader's change may be in force elsewhere (Ongaro, "Bug in single-server membership changes",
raft-dev mailing list, 2015).
"""

from __future__ import annotations

from ..language import Cluster, Figures, Ref, Size, Sizes, action, cluster, require
from ._configurations import ConfiguredRaft, ConfiguredServer, Members
from .raft import Server, Value


class MembershipServer(ConfiguredServer):
    """A server that, as leader, adds and removes servers (section 4.1)."""

    @action
    def add(self, server: Ref[Server], value: Value) -> None:
        """Append a configuration with one more server."""
        require(server not in self.latest_members())
        self.change(self.latest_members() | {server}, value)

    @action
    def remove(self, server: Ref[Server], value: Value) -> None:
        """Append a configuration with one server less, which may be the leader itself (section 4.2.2)."""
        require(server in self.latest_members() and len(self.latest_members()) > 1)
        self.change(self.latest_members() - {server}, value)

    def change(self, members: Members, value: Value) -> None:
        """Append a configuration if this leader may."""
        require(self.leads() and self.is_settled() and self.is_established())
        self.appoint(members, value)

    def is_established(self) -> bool:
        """Whether this leader has committed an entry of its term, so that no other leader's entry can be any more."""
        return self.term_at(self.commit) == self.term


class MembershipRaft(ConfiguredRaft):
    """Raft whose leaders add and remove one server at a time; a log has at most `changes` configurations."""

    servers: Cluster[MembershipServer] = cluster(2)

    sizes: Sizes = (
        Size(
            "small",
            {"servers": 3, "terms": 2},
            Figures(2_616_544, 8_091_676, 53),
            symmetric=Figures(436_169, 1_348_897, 53),
        ),
        Size(
            "medium",
            {"servers": 3, "terms": 2, "crashes": 1},
            Figures(14_944_223, 50_515_213, 58),
            symmetric=Figures(2_491_565, 8_422_250, 58),
        ),
        Size("large", {"servers": 3, "terms": 2, "messages": 3}, symmetric=Figures(16_332_388, 67_135_498, 57)),
    )
