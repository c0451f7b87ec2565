"""Raft's client sessions with one thing wrong."""

from __future__ import annotations

from ..language import Cluster, action, cluster, require
from ..raft import Value
from ..raft.sessions import SessionRaft, SessionServer
from .mutant import Mutant


class KeepsNoTable(SessionServer):
    """Executes whatever is committed."""

    def is_new(self, request: Value) -> bool:
        """Take every entry for a request of its own."""
        return True


class RaftKeepsNoTable(SessionRaft):
    """A request that its client sent again takes effect twice."""

    servers: Cluster[KeepsNoTable] = cluster(3)


class ExpiresByClock(SessionServer):
    """Forgets about a client when it finds that the session is old enough."""

    @action
    def expire(self, request: Value) -> None:
        """Drop a session at a time of its own, not at a place in the log."""
        require(request in self.table)
        self.table -= {request}


class RaftExpiresByClock(SessionRaft):
    """One server has dropped a session and another has not, so only one executes a request that was sent again."""

    servers: Cluster[ExpiresByClock] = cluster(3)


DISSERTATION = 'Ongaro, "Consensus: Bridging Theory and Practice", 2014'

MUTANTS = (
    Mutant(
        "raft-keeps-no-table",
        RaftKeepsNoTable,
        {"servers": 3, "terms": 1, "entries": 2, "requests": 2, "messages": 2},
        "at_most_once",
        13,
        f"{DISSERTATION}, section 6.3: linearizable semantics",
    ),
    Mutant(
        "raft-expires-by-clock",
        RaftExpiresByClock,
        {"servers": 3, "terms": 1, "entries": 2, "requests": 2, "messages": 2},
        "effects_agree",
        18,
        f"{DISSERTATION}, section 6.3: servers must agree on when to expire a client's session",
    ),
)
"""What is known of each."""
