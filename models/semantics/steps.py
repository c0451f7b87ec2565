"""A step from one state to the next, and what may come of trying it."""

from __future__ import annotations

from enum import Enum
from typing import Any, NamedTuple

from ..language import Ref
from .state import Envelope, State


class Kind(Enum):
    """What sort of step it is; the order here is the order in which steps are tried.

    `ASSUMED` is never tried: a trace that need not begin in an initial state begins with it.
    """

    INITIAL = "initial"
    ACTION = "action"
    RECEIVE = "receive"
    DUPLICATE = "duplicate"
    LOSE = "lose"
    CRASH = "crash"
    PARTITION = "partition"
    HEAL = "heal"
    ASSUMED = "assumed"


class Step(NamedTuple):
    """One step, named so that it can be taken again.

    `name` is the method that runs, or the kind of fault; `process` who takes it (None: the protocol itself, or
    the environment); `arguments` the values chosen for the method's parameters; `envelope` the message that is
    received, kept or lost.
    """

    kind: Kind
    name: str
    process: Ref[Any] | None = None
    arguments: tuple[Any, ...] = ()
    envelope: Envelope | None = None

    @property
    def title(self) -> str:
        """The name under which steps like this one are counted: `servers.timeout`, `crash`."""
        if self.process is None or self.kind is Kind.CRASH:
            return self.name
        suffix = " (duplicate)" if self.kind is Kind.DUPLICATE else ""
        return f"{self.process.cluster}.{self.name}{suffix}"


class Cut(NamedTuple):
    """The step was not taken: a value would have left a range that the parameter `bound` sets."""

    bound: str


class Outcome(NamedTuple):
    """The step was taken: the state it leads to, and what it sent."""

    state: State
    sent: tuple[Envelope, ...] = ()


Tried = Outcome | Cut
"""What comes of a step that is enabled."""


class StepFailed(Exception):
    """A step could not be carried out: `cause` is what the model raised, or the value that strayed.

    An `AssertionError` is a violated property; anything else is a mistake in the model.
    """

    def __init__(self, step: Step, cause: Exception) -> None:
        super().__init__(f"{step.name}: {cause!r}")
        self.step = step
        self.cause = cause
