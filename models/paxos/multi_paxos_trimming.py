"""Multi-Paxos whose replicas drop the beginning of their logs: a snapshot of the state machine stands for it.

Chandra, Griesemer and Redstone, "Paxos Made Live", 2007, on snapshots; van Renesse and Altinbuken, "Paxos Made
Moderately Complex", 2015, on garbage collection. Once a replica has its state machine on stable storage, it drops the
votes that led there. A promise says so, and a leader that needs a dropped slot fetches the snapshot before it leads.
The state of the state machine is the sequence of the commands that it has executed.
"""

from __future__ import annotations

from typing import Annotated

from ..language import (
    Cluster,
    Figures,
    Map,
    Range,
    Ref,
    Size,
    Sizes,
    action,
    cluster,
    durable,
    message,
    receive,
    require,
    volatile,
)
from ._state_machine import Command, Commit, Log, Slot
from .multi_paxos import MultiPaxos, Prepare, Replica, Role, Vote
from .paxos import Ballot


@message
class Trimmed:
    """Phase 1b of a replica that has dropped the votes for some of the slots, up to and including `last`."""

    ballot: Ballot
    last: Slot
    votes: Map[Slot, Vote | None]


@message
class Fetch:
    """A replica asks for a snapshot."""


@message
class Snapshot:
    """The state of a state machine."""

    state: Log


class TrimmingReplica(Replica):
    """A replica that takes snapshots."""

    snapshot: Log = durable(())
    # the last slot that only a snapshot can tell, as promises say; lost in a crash
    dropped: Annotated[int, Range(0, "slots")] = volatile(0)

    @action
    def trim(self) -> None:
        """Put the state machine on stable storage, and drop the votes for what it has executed."""
        require(len(self.executed) > 0)
        self.install(self.applied())

    def install(self, state: Log) -> None:
        """Make a state the present one, on stable storage, and drop all that led there."""
        self.snapshot = state
        self.executed = ()
        self.votes = Map({slot: vote if slot > len(state) else None for slot, vote in self.votes.items()})
        self.voters = Map({slot: who if slot > len(state) else frozenset() for slot, who in self.voters.items()})

    def applied(self) -> Log:
        """The commands of the snapshot, and those executed since."""
        return self.snapshot + self.executed

    def decisions(self) -> Map[Slot, Command | None]:
        """What it takes each slot for decided on; the snapshot tells the first ones."""
        kept = len(self.snapshot)
        return Map({slot: self.snapshot[slot - 1] if slot <= kept else c for slot, c in self.decided.items()})

    # -- phase 1 -------------------------------------------------------------------------------------------------------

    def promise(self, m: Prepare, sender: Ref[Replica]) -> None:
        """Say so if votes that were asked for are gone."""
        if m.first > len(self.snapshot):
            super().promise(m, sender)
        else:
            self.send(sender, Trimmed(m.ballot, len(self.snapshot), self.votes_from(m.first)))

    @receive
    def on_trimmed(self, m: Trimmed, sender: Ref[Replica]) -> None:
        """Collect a promise, and ask for the snapshot if it is needed."""
        require(self.role is Role.PREPARING and m.ballot == self.ballot)
        self.note_promise(sender, m.votes)
        self.dropped = max(self.dropped, m.last)
        if m.last >= self.first_open():
            self.send(sender, Fetch())
        self.try_to_lead()

    def try_to_lead(self) -> None:
        """Lead only when all that was dropped elsewhere is executed here."""
        if self.first_open() > self.dropped:
            super().try_to_lead()

    def forget_promises(self) -> None:
        """Drop what only the choice of commands needs."""
        super().forget_promises()
        self.dropped = 0

    def on_commit(self, m: Commit) -> None:
        """Learn what a slot was decided on; it may have been the last one that kept this replica from leading."""
        super().on_commit(m)
        self.try_to_lead()

    # -- snapshots -----------------------------------------------------------------------------------------------------

    @receive
    def on_fetch(self, m: Fetch, sender: Ref[Replica]) -> None:
        """Send the snapshot."""
        self.send(sender, Snapshot(self.snapshot))

    @receive
    def on_snapshot(self, m: Snapshot) -> None:
        """Take over a state that is ahead of the own one."""
        require(len(m.state) > len(self.applied()))
        self.install(m.state)
        self.execute()
        self.try_to_lead()


class MultiPaxosTrimming(MultiPaxos):
    """Multi-Paxos whose replicas drop the beginning of their logs."""

    replicas: Cluster[TrimmingReplica] = cluster(3)
    sizes: Sizes = (
        Size(
            "small",
            {"values": 2, "messages": 8, "crashes": 1},
            Figures(559_294, 1_507_521, 23),
            symmetric=Figures(279_780, 754_208, 23),
        ),
        Size(
            "medium",
            {"slots": 2, "values": 2, "messages": 7},
            Figures(5_186_785, 16_576_131, 30),
            symmetric=Figures(2_593_433, 8_288_185, 30),
        ),
        Size(
            "large",
            {"slots": 2, "values": 2, "messages": 7, "crashes": 1},
            symmetric=Figures(20_231_024, 65_448_986, 34),
        ),
    )
