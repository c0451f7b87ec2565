"""Raft with linearizable reads that do not enter the log.

Ongaro, "Consensus: Bridging Theory and Practice", 2014, section 6.4. A leader that is asked to read notes its commit
index, begins a round of heartbeats, and answers from the state at that index once a quorum has acknowledged the round:
then no later leader had committed anything when the read was invoked. Implementations call this ReadIndex.

A heartbeat for reads is a message of its own, with the number of the read for which the round was begun; an
acknowledgement confirms that read and the ones before it. The state machine is never behind the commit index here, so
no read has to wait for it.
"""

from __future__ import annotations

from typing import Annotated

from ...invariants.reads import read_current
from ..language import (
    Cluster,
    Figures,
    Invariants,
    Map,
    Range,
    Ref,
    Size,
    Sizes,
    action,
    cluster,
    every,
    ghost,
    history,
    message,
    receive,
    record,
    require,
    volatile,
)
from .raft import Index, Raft, Server, Term

Number = Annotated[int, Range(0, "reads + 1")]
"""Reads are numbered from 1 while a server leads; 0 is before the first. One too many is cut by the budget for all."""


@record
class Read:
    """A read, and the commit index when it was asked for."""

    number: Number
    index: Index


@record
class Floor:
    """How far anything was committed when a server was asked for a read."""

    server: Ref[Server]
    number: Number
    index: Index


@message
class Confirm:
    """A heartbeat that asks whether the sender still leads; the round was begun for the read of this number."""

    term: Term
    number: Number


@message
class Confirmed:
    """The answer: in this term it did, up to the round of this number."""

    term: Term
    number: Number


class ReadIndexServer(Server):
    """A server that makes sure that it leads before it answers a read."""

    asked: Number = volatile(0)
    reads: frozenset[Read] = volatile(frozenset())
    answered: frozenset[Read] = volatile(frozenset())
    acknowledged: Map[Ref[Server], Number] = volatile(every(0))

    @action
    def read(self) -> None:
        """Note the commit index for a client's read, and begin a round of heartbeats (steps 1 to 3)."""
        require(self.leads() and self.knows_commit())
        self.asked += 1
        self.reads |= {Read(self.asked, self.commit)}
        self.broadcast(Confirm(self.term, self.asked))
        self.answer_confirmed()

    def knows_commit(self) -> bool:
        """Whether the commit index is not behind: an entry of the leader's own term is committed (step 1)."""
        return self.commit > 0 and self.term_at(self.commit) == self.term

    @receive
    def on_confirm(self, m: Confirm, sender: Ref[Server]) -> None:
        """Confirm that the sender leads, or tell it that its term is over."""
        self.observe(m.term)
        if m.term == self.term:
            self.recognise_leader()
            self.send(sender, Confirmed(self.term, m.number))
        else:
            self.send(sender, Confirmed(self.term, 0))

    @receive
    def on_confirmed(self, m: Confirmed, sender: Ref[Server]) -> None:
        """Note which round a follower has acknowledged."""
        self.observe(m.term)
        if self.leads() and m.term == self.term:
            self.acknowledged |= {sender: max(self.acknowledged[sender], m.number)}
            self.answer_confirmed()

    def answer_confirmed(self) -> None:
        """Answer every read that is confirmed (steps 4 and 5)."""
        self.answer(frozenset(read for read in self.reads if self.is_confirmed(read)))

    def is_confirmed(self, read: Read) -> bool:
        """Whether a quorum has acknowledged a round that began no earlier than the read."""
        return self.is_quorum(frozenset(s for s in self.peers if self.acknowledged[s] >= read.number) | {self.id})

    def answer(self, reads: frozenset[Read]) -> None:
        """Return to the clients the state at the index of each read."""
        self.reads -= reads
        self.answered |= reads

    def follow(self) -> None:
        """Become a follower, and leave the reads unanswered."""
        super().follow()
        self.asked = 0
        self.reads = frozenset()
        self.answered = frozenset()
        self.acknowledged = Map({server: 0 for server in self.members(Server)})


class ReadIndexRaft(Raft):
    """Raft whose leaders answer reads; clients ask for at most `reads` of them."""

    servers: Cluster[ReadIndexServer] = cluster(2)
    reads: int = 1
    sizes: Sizes = (
        Size(
            "small",
            {"servers": 3, "messages": 3},
            Figures(1_393_855, 5_298_607, 42),
            symmetric=Figures(232_326, 883_170, 42),
        ),
        Size(
            "medium",
            {"servers": 3, "messages": 3, "reads": 2, "crashes": 1},
            Figures(9_261_518, 40_061_848, 52),
            symmetric=Figures(1_543_737, 6_677_585, 52),
        ),
        Size(
            "large",
            {"servers": 3, "messages": 3, "reads": 2, "entries": 2, "requests": 2, "batch": 2},
            symmetric=Figures(7_119_841, 28_401_794, 55),
        ),
    )
    invariants: Invariants = (*Raft.invariants, read_current)

    invoked: Annotated[int, Range(0, "reads")] = ghost(0)
    floors: frozenset[Floor] = ghost(frozenset())

    @history
    def remember_reads(self, before: ReadIndexRaft) -> None:
        """Count the reads, and remember what was committed when each was asked for."""
        committed = max((committed.index for committed in before.committed), default=0)
        begun = frozenset(
            Floor(new.id, new.asked, committed)
            for old, new in zip(before.servers, self.servers, strict=True)
            if new.asked > old.asked
        )
        self.invoked += len(begun)
        self.floors = begun | frozenset(f for f in self.floors if f.number <= self.servers[f.server].asked)

    def answers(self) -> frozenset[tuple[Index, Index]]:
        """What was committed when a read was invoked, and what it returned, for the reads of those that still lead."""
        return frozenset(
            (floor.index, read.index)
            for floor in self.floors
            for read in self.servers[floor.server].answered
            if read.number == floor.number
        )
