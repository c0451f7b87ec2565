"""Multi-Paxos: a replicated log, each slot of which is decided by Paxos under a stable leader.

Lamport, "Paxos Made Simple", 2001, section 3, with the names of van Renesse and Altinbuken, "Paxos Made Moderately
Complex", 2015. Every replica is acceptor and learner and may lead; one ballot covers all slots. One step is the start
of a ballot, a client's command, or the whole handling of one message: a leader votes for its own proposals when it
makes them, goes on to phase 2 with the promise that completes its quorum, and decides with the vote that completes one.
"""

from __future__ import annotations

from dataclasses import replace
from enum import Enum

from ...invariants import (
    epoch_monotonic,
    learned_is_chosen,
    single_leader_per_epoch,
    single_leader_per_epoch_ever,
)
from ...invariants.replicated_slots import (
    decided_slot_stable,
    executed_append_only,
    executed_in_slot_order,
    executed_is_chosen,
    executed_logs_agree,
    one_command_per_slot_and_ballot,
    slot_agreement,
    slot_votes_keep_promises,
    slot_votes_safe,
)
from ..language import (
    Bag,
    Cluster,
    Crash,
    Faults,
    Figures,
    Invariants,
    Map,
    Network,
    Protocol,
    Ref,
    Size,
    Sizes,
    StepInvariants,
    action,
    cluster,
    durable,
    every,
    ghost,
    history,
    message,
    parameter,
    rank,
    receive,
    record,
    require,
    volatile,
)
from ._state_machine import Command, Commit, Log, NextSlot, Slot, StateMachine
from .paxos import Ballot, LastBallot, Value


@record
class Vote:
    """The last proposal accepted for a slot: in which ballot, for which command."""

    ballot: Ballot
    command: Command


@record
class Cast:
    """A vote as history keeps it: whose, and for which slot, too."""

    replica: Ref[Replica]
    slot: Slot
    ballot: Ballot
    command: Command


@message
class Prepare:
    """Phase 1a for all slots from `first` on: a replica that wants to lead asks for promises."""

    ballot: Ballot
    first: NextSlot


@message
class Promise:
    """Phase 1b: the replica will accept nothing in lower ballots, and reports its last vote for each slot."""

    ballot: Ballot
    votes: Map[Slot, Vote | None]


@message
class Accept:
    """Phase 2a: a leader asks for votes for a command in a slot."""

    ballot: Ballot
    slot: Slot
    command: Command


@message
class Accepted:
    """Phase 2b: the replica has voted for what the leader of the ballot proposed for the slot."""

    ballot: Ballot
    slot: Slot


class Role(Enum):
    """What a replica is doing in its ballot."""

    FOLLOWING, PREPARING, LEADING = range(3)


class Replica(StateMachine):
    """A replica of the state machine (section 3)."""

    leaders: int = parameter("leaders")
    # on stable storage before any message that depends on it leaves
    ballot: LastBallot = durable(-1)
    votes: Map[Slot, Vote | None] = durable(every(None))
    # lost in a crash
    role: Role = volatile(Role.FOLLOWING)
    promises: frozenset[Ref[Replica]] = volatile(frozenset())
    newest: Map[Slot, Vote | None] = volatile(every(None))
    next_slot: NextSlot = volatile(1)
    voters: Map[Slot, frozenset[Ref[Replica]]] = volatile(every(frozenset()))

    # -- phase 1, once for all slots -----------------------------------------------------------------------------------

    @action
    def prepare(self, ballot: Ballot) -> None:
        """Phase 1a: start a ballot of its own, for all slots that it has not executed yet."""
        require(ballot > self.ballot and self.owns(ballot))
        self.follow(ballot)
        self.role = Role.PREPARING
        self.note_promise(self.id, self.votes_from(self.first_open()))
        self.broadcast(Prepare(ballot, self.first_open()))
        self.try_to_lead()

    def owns(self, ballot: Ballot) -> bool:
        """Whether a ballot is this replica's: those that may lead take turns, so no two use the same."""
        return ballot % self.leaders == rank(self.id)

    @receive
    def on_prepare(self, m: Prepare, sender: Ref[Replica]) -> None:
        """Phase 1b: promise a ballot higher than any seen, and report the last vote for each slot."""
        require(m.ballot > self.ballot)
        self.follow(m.ballot)
        self.promise(m, sender)

    def promise(self, m: Prepare, sender: Ref[Replica]) -> None:
        """Answer with the votes that were asked for."""
        self.send(sender, Promise(m.ballot, self.votes_from(m.first)))

    def votes_from(self, first: NextSlot) -> Map[Slot, Vote | None]:
        """The last vote for each slot from `first` on."""
        return Map({slot: vote if slot >= first else None for slot, vote in self.votes.items()})

    @receive
    def on_promise(self, m: Promise, sender: Ref[Replica]) -> None:
        """Collect promises for the current ballot; with a quorum of them, lead."""
        require(self.role is Role.PREPARING and m.ballot == self.ballot)
        self.note_promise(sender, m.votes)
        self.try_to_lead()

    def note_promise(self, sender: Ref[Replica], votes: Map[Slot, Vote | None]) -> None:
        """Count a promise, and keep for each slot the vote of the highest ballot."""
        self.promises |= {sender}
        self.newest = Map({slot: self.newer(self.newest[slot], vote) for slot, vote in votes.items()})

    def newer(self, known: Vote | None, reported: Vote | None) -> Vote | None:
        """The vote of the higher ballot."""
        if known is None or (reported is not None and reported.ballot > known.ballot):
            return reported
        return known

    # -- phase 2, for each slot ----------------------------------------------------------------------------------------

    def try_to_lead(self) -> None:
        """Lead with the promises of a quorum."""
        if self.is_quorum(self.promises):
            self.lead()

    def lead(self) -> None:
        """Propose again what may be decided already, with no-ops for the holes; new commands come after that."""
        first, newest = self.first_open(), self.newest
        self.role = Role.LEADING
        self.next_slot = max(
            (slot + 1 for slot, vote in newest.items() if vote is not None and slot >= first), default=first
        )
        self.forget_promises()
        for slot in range(first, self.next_slot):
            self.ask_votes(slot, self.safe_command(newest[slot]))

    def safe_command(self, newest: Vote | None) -> Command:
        """The command of the newest vote that was reported for a slot; a no-op if there is none."""
        return Command(None) if newest is None else newest.command

    @action
    def propose(self, value: Value) -> None:
        """Phase 2a: propose a client's command for the next slot, without waiting for those before it."""
        require(self.role is Role.LEADING and self.next_slot <= len(self.votes))
        self.next_slot += 1
        self.ask_votes(self.next_slot - 1, Command(value))

    def ask_votes(self, slot: Slot, command: Command) -> None:
        """Propose a command for a slot, and vote for it."""
        self.votes |= {slot: Vote(self.ballot, command)}
        self.broadcast(Accept(self.ballot, slot, command))
        self.count_vote(slot, self.id)

    @receive
    def on_accept(self, m: Accept, sender: Ref[Replica]) -> None:
        """Phase 2b: vote, unless a higher ballot was promised."""
        require(m.ballot >= self.ballot)
        if m.ballot > self.ballot:
            self.follow(m.ballot)
        self.votes |= {m.slot: Vote(m.ballot, m.command)}
        self.send(sender, Accepted(m.ballot, m.slot))

    @receive
    def on_accepted(self, m: Accepted, sender: Ref[Replica]) -> None:
        """Count a vote for a proposal of the current ballot that has no quorum yet."""
        require(self.role is Role.LEADING and m.ballot == self.ballot and len(self.voters[m.slot]) > 0)
        self.count_vote(m.slot, sender)

    def count_vote(self, slot: Slot, voter: Ref[Replica]) -> None:
        """Add a vote; with those of a quorum, the slot is decided and everybody is told."""
        self.voters |= {slot: self.voters[slot] | {voter}}
        vote = self.votes[slot]
        if vote is not None and self.is_quorum(self.voters[slot]):
            self.voters |= {slot: frozenset()}
            self.broadcast(Commit(slot, vote.command))
            self.decide(slot, vote.command)

    def follow(self, ballot: Ballot) -> None:
        """Enter a higher ballot, and drop what only its leader keeps."""
        self.ballot = ballot
        self.role = Role.FOLLOWING
        self.forget_promises()
        self.next_slot = 1
        self.voters = Map({slot: frozenset() for slot in self.voters})

    def forget_promises(self) -> None:
        """Drop what only the choice of commands needs."""
        self.promises = frozenset()
        self.newest = Map({slot: None for slot in self.newest})

    # -- what the shared properties ask for ----------------------------------------------------------------------------

    def leads(self) -> bool:
        """Whether it takes itself for the leader of its ballot."""
        return self.role is Role.LEADING

    def epoch(self) -> LastBallot:
        """The highest ballot that it takes part in."""
        return self.ballot


class MultiPaxos(Protocol):
    """Multi-Paxos: replicas that agree on a log of commands.

    There are `ballots` ballots, which the first `leaders` replicas own in turn, `slots` slots and `values` different
    commands. At most `messages` are under way at a time, equal ones counted once, and the network delivers up to
    `duplicates` of them once more; replicas crash and restart up to `crashes` times in all. A message that its receiver
    has no use for stays under way, which is as good as losing it.
    """

    replicas: Cluster[Replica] = cluster(3)
    leaders: int = 2
    ballots: int = 2
    slots: int = 1
    values: int = 1
    messages: int = 4
    crashes: int = 0
    duplicates: int = 0

    network: Network = Bag(copies=1, duplicates="duplicates", capacity="messages")
    faults: Faults = (Crash(times="crashes"),)
    invariants: Invariants = (
        slot_agreement,
        learned_is_chosen,
        executed_is_chosen,
        executed_in_slot_order,
        executed_logs_agree,
        one_command_per_slot_and_ballot,
        slot_votes_safe,
        slot_votes_keep_promises,
        single_leader_per_epoch,
        single_leader_per_epoch_ever,
    )
    step_invariants: StepInvariants = (epoch_monotonic, decided_slot_stable, executed_append_only)
    sizes: Sizes = (
        Size(
            "small",
            {"slots": 2, "values": 2, "messages": 7, "crashes": 1},
            Figures(1_026_290, 2_763_171, 26),
            symmetric=Figures(513_278, 1_382_033, 26),
        ),
        Size(
            "medium",
            {"slots": 2, "values": 2, "messages": 9, "crashes": 1},
            Figures(5_536_398, 16_999_689, 30),
            symmetric=Figures(2_768_332, 8_500_292, 30),
        ),
        Size(
            "large",
            {"ballots": 3, "slots": 2, "values": 2, "messages": 10},
            symmetric=Figures(9_065_401, 23_135_053, 30),
        ),
    )

    cast: frozenset[Cast] = ghost(frozenset())
    led: frozenset[tuple[Ballot, Ref[Replica]]] = ghost(frozenset())

    @history
    def remember(self, before: MultiPaxos) -> None:
        """Remember every vote, and who led which ballot."""
        self.led |= frozenset((replica.ballot, replica.id) for replica in self.replicas if replica.leads())
        for replica in self.replicas:
            for slot, vote in replica.votes.items():
                if vote is not None:
                    self.cast |= {Cast(replica.id, slot, vote.ballot, vote.command)}

    def leaders_ever(self) -> frozenset[tuple[Ballot, Ref[Replica]]]:
        """Who ever led which ballot."""
        return self.led

    def votes_ever(self) -> frozenset[Cast]:
        """Every vote that was ever cast."""
        return self.cast

    def chosen(self) -> frozenset[tuple[Slot, Command]]:
        """The commands for which a quorum voted in one ballot, with their slots."""
        return frozenset((vote.slot, vote.command) for vote in self.cast if self.is_chosen(vote))

    def is_chosen(self, vote: Cast) -> bool:
        """Whether the replicas that cast this vote are a quorum."""
        return self.would_choose(frozenset(r.id for r in self.replicas if replace(vote, replica=r.id) in self.cast))

    def would_choose(self, voters: frozenset[Ref[Replica]]) -> bool:
        """Whether the votes of these replicas choose a command."""
        return any(replica.is_quorum(voters) for replica in self.replicas)

    def may_choose(self, slot: Slot, ballot: Ballot, command: Command) -> bool:
        """Whether a ballot has chosen a command for a slot or may yet, as far as replicas still vote in it."""
        cast = frozenset(v for v in self.cast if v.slot == slot and v.ballot == ballot)
        for_it = frozenset(vote.replica for vote in cast if vote.command == command)
        open_to_it = frozenset(r.id for r in self.replicas if r.ballot <= ballot)
        return self.would_choose(for_it | (open_to_it - frozenset(vote.replica for vote in cast)))

    def commands(self) -> frozenset[Command]:
        """Every command that may be voted for."""
        return frozenset(Command(value) for value in self.domain(Value)) | {Command(None)}

    def learned(self) -> frozenset[tuple[Slot, Command]]:
        """What replicas take slots for decided on."""
        return frozenset((slot, c) for r in self.replicas for slot, c in r.decisions().items() if c is not None)

    def applied_logs(self) -> tuple[Log, ...]:
        """The commands that each replica has executed."""
        return tuple(replica.applied() for replica in self.replicas)
