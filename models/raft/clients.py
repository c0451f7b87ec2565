"""Raft as its clients see it: a list that they append to and read, as if there were one copy of it.

Every request and every read is an operation that begins when a leader is asked and ends when it answers: an append once
its entry is committed while that leader still leads, a read (Ongaro, "Consensus: Bridging Theory and Practice", 2014,
section 6.4) with the log up to the index that was confirmed. The history of operations is linearizable; that follows
from state machine safety and current reads, and asks for neither.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from ...invariants.linearizability import linearizable_log
from ..language import (
    AtMost,
    Cluster,
    Figures,
    Invariants,
    Range,
    Ref,
    Size,
    Sizes,
    cluster,
    ghost,
    history,
    record,
)
from .raft import Index, Term
from .reads import Number, ReadIndexRaft, ReadIndexServer

Moment = Annotated[int, Range(0, "2 * requests + 2 * reads")]
"""How many operations have begun or ended before."""


@record
class Stamp:
    """What tells an entry from all others: the term and the index that its leader gave it."""

    term: Term
    index: Index


@record
class Operation:
    """An append or a read that the clients of a leader asked for; reads are numbered, appends have the number 0."""

    client: Ref[ReadIndexServer]
    term: Term
    writes: bool
    number: Number
    value: Stamp | None
    seen: Annotated[tuple[Stamp, ...], AtMost("entries")]
    begun: Moment
    ended: Moment | None


class ClientsRaft(ReadIndexRaft):
    """Raft with reads, and the history of what its clients asked for and were told."""

    servers: Cluster[ReadIndexServer] = cluster(2)
    reads: int = 1
    invariants: Invariants = (linearizable_log,)
    sizes: Sizes = (
        Size("small", {"servers": 3, "messages": 3}, Figures(1_419_883, 5_398_855, 42)),
        Size(
            "medium",
            {"servers": 3, "entries": 2, "requests": 2, "reads": 2, "crashes": 1},
            Figures(9_472_955, 30_932_353, 52),
        ),
    )

    past: Annotated[tuple[Operation, ...], AtMost("requests + reads")] = ghost(())

    @history
    def note(self, before: ClientsRaft) -> None:
        """Note what began and what ended in this step."""
        now = max((max(o.begun, -1 if o.ended is None else o.ended) for o in self.past), default=-1) + 1
        for old, new in zip(before.servers, self.servers, strict=True):
            if new.leads() and len(new.log) > len(old.log):
                stamp = Stamp(new.term, len(new.log))
                self.past += (Operation(new.id, new.term, True, 0, stamp, (), now, None),)
            if new.asked > old.asked:
                self.past += (Operation(new.id, new.term, False, new.asked, None, (), now, None),)
        self.past = tuple(self.told(operation, now) for operation in self.past)

    def told(self, operation: Operation, now: Moment) -> Operation:
        """The operation, with its end if its client has an answer."""
        server = self.servers[operation.client]
        if operation.ended is not None or not server.leads() or operation.term != server.term:
            return operation
        if operation.value is not None:
            return replace(operation, ended=now) if operation.value.index <= server.commit else operation
        read = max((read.index for read in server.answered if read.number == operation.number), default=-1)
        seen = tuple(Stamp(entry.term, index) for index, entry in enumerate(server.log, 1) if index <= read)
        return replace(operation, seen=seen, ended=now) if read >= 0 else operation

    def past_operations(self) -> tuple[Operation, ...]:
        """What clients asked for and were told."""
        return self.past
