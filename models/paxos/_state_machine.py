"""What replicas agree on and why: the commands of a state machine, one for each slot of a log."""

from __future__ import annotations

from typing import Annotated

from ..language import AtMost, Map, Process, Range, every, message, receive, record, require, volatile
from .paxos import Value

Slot = Annotated[int, Range(1, "slots")]
"""Positions in the log (the paper: instances), from 1."""

NextSlot = Annotated[int, Range(1, "slots + 1")]
"""A slot, or one past the last."""


@record
class Command:
    """What a slot is decided on: a client's command, or (None) the no-op that fills a hole."""

    value: Value | None


Log = Annotated[tuple[Command, ...], AtMost("slots")]


@message
class Commit:
    """The leader tells what a slot was decided on."""

    slot: Slot
    command: Command


class StateMachine(Process):
    """A learner that executes what it learns (section 3); all of it can be learned again after a crash."""

    decided: Map[Slot, Command | None] = volatile(every(None))
    executed: Log = volatile(())

    @receive
    def on_commit(self, m: Commit) -> None:
        """Learn what a slot was decided on."""
        require(self.decisions()[m.slot] is None)
        self.decide(m.slot, m.command)

    def decide(self, slot: Slot, command: Command) -> None:
        """Note a decision, and execute what can be."""
        self.decided |= {slot: command}
        self.execute()

    def execute(self) -> None:
        """Execute the commands that are decided, in the order of their slots and up to the first hole."""
        for slot in range(self.first_open(), len(self.decided) + 1):
            command = self.decided[slot]
            if slot == self.first_open() and command is not None:
                self.executed += (command,)

    def first_open(self) -> NextSlot:
        """The first slot whose command it has not executed."""
        return len(self.applied()) + 1

    def applied(self) -> Log:
        """All commands that led to the present state of its state machine."""
        return self.executed

    def decisions(self) -> Map[Slot, Command | None]:
        """What it takes each slot for decided on."""
        return self.decided
