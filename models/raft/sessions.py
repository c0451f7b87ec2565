"""Raft with client sessions (Ongaro, "Consensus: Bridging Theory and Practice", 2014, section 6.3).

A client that hears nothing sends its request again, perhaps to another leader, so a request may be in the log twice.
The client numbers its requests; the state machine keeps in a table what it has executed, and skips what it finds there.

A `Value` stands for a request: the client and the serial number. So two entries of the same value are one request, sent
twice. A client waits for the answer before it makes its next request; then the last serial number of each client, which
is what the dissertation keeps, says the same as the set of requests that were executed.
"""

from __future__ import annotations

from typing import Annotated

from ...invariants.sessions import at_most_once, effects_agree
from ..language import AtMost, Cluster, Figures, Invariants, Size, Sizes, action, cluster, require, volatile
from .raft import Index, Raft, Server, Value

Requests = Annotated[tuple[Value, ...], AtMost("entries")]


class SessionServer(Server):
    """A server with a state machine that executes each request once; a restart begins again with an empty one."""

    applied: Index = volatile(0)
    executed: Requests = volatile(())
    table: frozenset[Value] = volatile(frozenset())

    @action
    def apply(self) -> None:
        """Give the next committed entry to the state machine."""
        require(self.applied < self.commit)
        request = self.log[self.applied].value
        self.applied += 1
        if self.is_new(request):
            self.executed += (request,)
            self.table |= {request}

    def is_new(self, request: Value) -> bool:
        """Whether this request was not executed before."""
        return request not in self.table

    def requested(self) -> Requests:
        """The requests that the state machine was given."""
        return tuple(entry.value for entry in self.log[: self.applied])


class SessionRaft(Raft):
    """Raft whose clients may send their requests again."""

    servers: Cluster[SessionServer] = cluster(2)
    terms: int = 1
    entries: int = 2
    requests: int = 2
    sizes: Sizes = (
        Size(
            "small",
            {"servers": 3},
            Figures(257_281, 1_163_515, 32),
            symmetric=Figures(42_929, 194_140, 32),
        ),
        Size(
            "medium",
            {"servers": 3, "terms": 2, "crashes": 1},
            Figures(6_434_306, 32_552_401, 48),
            symmetric=Figures(1_072_769, 5_427_182, 48),
        ),
        Size(
            "large",
            {"servers": 3, "terms": 2, "entries": 3, "requests": 3, "values": 2},
            symmetric=Figures(9_116_787, 44_636_450, 60),
        ),
    )
    invariants: Invariants = (*Raft.invariants, at_most_once, effects_agree)
