"""What must hold of any protocol that decides the slots of a replicated log one by one: Multi-Paxos and its kin."""

from __future__ import annotations

import typing
from typing import Any

from ..models.language import Has, Map, Member, between_crashes, vacuous_unless
from .elections import Numbered


class ChoosesBySlot(typing.Protocol):
    """A protocol in which slots get decided, whether or not any process knows."""

    def chosen(self) -> frozenset[tuple[int, Any]]:
        """Every slot and command chosen for it: judged from what every process has done, not from one's opinion."""
        ...


class ExecutesChosen(ChoosesBySlot, typing.Protocol):
    """A protocol that also tells what its processes have executed."""

    def applied_logs(self) -> tuple[tuple[Any, ...], ...]:
        """For each process the commands that it has executed, in their order."""
        ...


class RemembersVotes(typing.Protocol):
    """A protocol that keeps as history every vote."""

    def votes_ever(self) -> frozenset[Any]:
        """Every vote that was ever cast: by which `replica`, for which `slot`, `ballot` and `command`."""
        ...


class Recovers(RemembersVotes, typing.Protocol):
    """A protocol whose later ballots must find, for each slot, what an earlier one may have chosen."""

    def commands(self) -> frozenset[Any]:
        """Every command that may be voted for."""
        ...

    def may_choose(self, slot: Any, ballot: Any, command: Any) -> bool:
        """Whether a ballot has chosen a command for a slot, or may yet."""
        ...


class VotesBySlot(Numbered, typing.Protocol):
    """A process that votes in numbered ballots, for each slot of the log."""

    @property
    def votes(self) -> Map[int, Any]:
        """Its last vote for each slot, None before the first."""
        ...


class Executes(Member, typing.Protocol):
    """A process that learns what slots are decided on, and executes their commands."""

    def decisions(self) -> Map[int, Any]:
        """For each slot the command that it takes for decided, None if it knows of none."""
        ...

    def applied(self) -> tuple[Any, ...]:
        """The commands that it has executed, in their order."""
        ...


def _something_chosen(p: ChoosesBySlot) -> bool:
    return len(p.chosen()) > 0


@vacuous_unless(_something_chosen)
def slot_agreement(p: ChoosesBySlot) -> bool:
    """No two commands are chosen for a slot.

    Lamport, "Paxos Made Simple", 2001, section 2.1 ("only a single value is chosen") for each instance of section 3.
    """
    return all(
        command == another
        for slot, command in p.chosen()
        for another_slot, another in p.chosen()
        if slot == another_slot
    )


def _something_executed(p: ExecutesChosen) -> bool:
    return any(len(log) > 0 for log in p.applied_logs())


@vacuous_unless(_something_executed)
def executed_is_chosen(p: ExecutesChosen) -> bool:
    """Whatever a process executed first, second and so on is chosen for the first slot, the second and so on.

    Lamport, "Paxos Made Simple", 2001, section 3: "the value chosen by the ith instance is the ith state machine
    command in the sequence".
    """
    return all((slot, command) in p.chosen() for log in p.applied_logs() for slot, command in enumerate(log, 1))


def _somebody_executed(p: Has[Executes]) -> bool:
    return any(len(process.applied()) > 0 for process in p.members)


@vacuous_unless(_somebody_executed)
def executed_in_slot_order(p: Has[Executes]) -> bool:
    """A process executes what it knows to be decided, slot by slot, and nothing beyond a slot that it does not know.

    Lamport, "Paxos Made Simple", 2001, section 3: a command cannot be executed before those of all lower slots are
    known. Reading a decision by its slot and a log by position ties the two together.
    """
    return all(
        process.decisions()[slot] == command
        for process in p.members
        for slot, command in enumerate(process.applied(), 1)
    )


def _two_executed(p: Has[Executes]) -> bool:
    return any(
        len(one.applied()) > 0 and len(other.applied()) > 0
        for one in p.members
        for other in p.members
        if one.id != other.id
    )


@vacuous_unless(_two_executed)
def executed_logs_agree(p: Has[Executes]) -> bool:
    """Of any two processes' executed commands, one's are a prefix of the other's.

    van Renesse and Altinbuken, "Paxos Made Moderately Complex", 2015: replicas execute the same commands
    in the same order.
    """
    return all(
        mine == theirs
        for one in p.members
        for other in p.members
        for mine, theirs in zip(one.applied(), other.applied(), strict=False)
    )


@between_crashes
@vacuous_unless(_somebody_executed)
def executed_append_only(before: Has[Executes], after: Has[Executes]) -> bool:
    """Between crashes, what a process has executed stays executed.

    A state machine cannot undo a command (van Renesse and Altinbuken 2015).
    """
    pairs = zip(before.members, after.members, strict=True)
    return all(new.applied()[: len(old.applied())] == old.applied() for old, new in pairs)


def _somebody_knows(p: Has[Executes]) -> bool:
    return any(command is not None for process in p.members for command in process.decisions().values())


@between_crashes
@vacuous_unless(_somebody_knows)
def decided_slot_stable(before: Has[Executes], after: Has[Executes]) -> bool:
    """Between crashes, a process never changes or forgets what a slot was decided on.

    A decision is final (Lynch, "Distributed Algorithms", 1996, section 6.1), in each slot.
    """
    pairs = zip(before.members, after.members, strict=True)
    return all(
        new.decisions()[slot] == command
        for old, new in pairs
        for slot, command in old.decisions().items()
        if command is not None
    )


def _somebody_voted(p: RemembersVotes) -> bool:
    return len(p.votes_ever()) > 0


@vacuous_unless(_somebody_voted)
def one_command_per_slot_and_ballot(p: RemembersVotes) -> bool:
    """All votes for a slot in a ballot are for the same command.

    `OneValuePerBallot` of Lamport's `Voting.tla`, for each instance.
    """
    return all(
        vote.command == another.command
        for vote in p.votes_ever()
        for another in p.votes_ever()
        if vote.slot == another.slot and vote.ballot == another.ballot
    )


def _some_later_vote(p: Recovers) -> bool:
    return any(vote.ballot > 0 for vote in p.votes_ever())


@vacuous_unless(_some_later_vote)
def slot_votes_safe(p: Recovers) -> bool:
    """When a command is voted for, no other one was chosen for its slot in a lower ballot, and none can be any more.

    `VotesSafe` of Lamport's `Voting.tla`, for each instance.
    """
    return all(
        not p.may_choose(vote.slot, ballot, other)
        for vote in p.votes_ever()
        for ballot in range(vote.ballot)
        for other in p.commands()
        if other != vote.command
    )


def _some_last_vote(p: Has[VotesBySlot]) -> bool:
    return any(vote is not None for process in p.members for vote in process.votes.values())


@vacuous_unless(_some_last_vote)
def slot_votes_keep_promises(p: Has[VotesBySlot]) -> bool:
    """No process has voted, in any slot, in a ballot above the one that it takes part in.

    Lamport, "The Part-Time Parliament", 1998, section 2.3 (`prevVote` is never later than `nextBal`).
    """
    return all(
        vote.ballot <= process.epoch() for process in p.members for vote in process.votes.values() if vote is not None
    )
