"""The decorators that say what a method or a function is for, and the guard."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


class Mark(Enum):
    """What a method is for."""

    ACTION = "action"
    RECEIVE = "receive"
    RESTART = "restart"
    INITIAL = "initial"
    HISTORY = "history"
    INVARIANT = "invariant"
    STEP_INVARIANT = "step invariant"
    LEMMA = "lemma"
    CONSTRAINT = "constraint"


def mark_of(method: object) -> Mark | None:
    """What this method was marked as, if anything."""
    found = getattr(method, "__quorate_mark__", None)
    return found if isinstance(found, Mark) else None


_HELPS = "__quorate_helps__"


def _marked(method: F, mark: Mark) -> F:
    vars(method)["__quorate_mark__"] = mark
    return method


def action(method: F) -> F:
    """A step that a process, or the protocol itself, can take on its own.

    The checker tries every value of each parameter's domain; `require` is the guard.
    """
    return _marked(method, Mark.ACTION)


def receive(method: F) -> F:
    """The handler of a message: `def on_vote(self, m: Vote, sender: Ref[Server])`; the sender may be left out.

    An unmet `require` leaves the message in the network.
    """
    return _marked(method, Mark.RECEIVE)


def restart(method: F) -> F:
    """The end of a crash, once the volatile fields are back at their defaults: `def recover(self) -> None`.

    It reads what is on disk, assigns fields and may send; the crash and the restart are one step. An unmet
    `require` means that there is no such crash. A process that stays down does not restart.
    """
    return _marked(method, Mark.RESTART)


def initial(method: F) -> F:
    """A method of a protocol that sets its shared fields in the initial states, one for each choice of parameters."""
    return _marked(method, Mark.INITIAL)


def history(method: F) -> F:
    """A method of a protocol, `def remember(self, before: Raft) -> None`, run after each step to keep its ghost fields.

    History variables (Abadi and Lamport, "The Existence of Refinement Mappings", 1991): they see both sides of
    the step and write only ghost fields of the protocol, so they cannot change what the protocol does.
    """
    return _marked(method, Mark.HISTORY)


def invariant(method: F) -> F:
    """A method of a protocol that must be true of every reachable state."""
    vars(method)[_HELPS] = mark_of(method) is Mark.LEMMA
    return _marked(method, Mark.INVARIANT)


def step_invariant(method: F) -> F:
    """A method of a protocol, `def stays(self, after: Raft) -> bool`, that must be true of every step taken."""
    return _marked(method, Mark.STEP_INVARIANT)


def lemma(method: F) -> F:
    """A method of a protocol that must be true of every reachable state, and is there to help a proof.

    A lemma is an invariant that an exploration judges only when it is named; the default check stays as fast as it is.
    A method that is marked `@invariant` too helps a proof and is judged in every run.
    """
    if mark_of(method) is not Mark.INVARIANT:
        return _marked(method, Mark.LEMMA)
    vars(method)[_HELPS] = True
    return method


def helps(method: object) -> bool:
    """Whether this invariant is marked as a lemma as well."""
    return bool(getattr(method, _HELPS, False))


def constraint(method: F) -> F:
    """A method of a protocol that bounds the exploration, as TLC's CONSTRAINT does.

    States where it is false are checked, but neither counted nor expanded.
    """
    return _marked(method, Mark.CONSTRAINT)


def vacuous_unless(witness: Callable[[Any], bool]) -> Callable[[F], F]:
    """Say when a property has something to say: it is *vacuous* if no reachable state satisfies `witness`."""

    def mark(function: F) -> F:
        vars(function)["__quorate_witness__"] = witness
        return function

    return mark


def quorum(method: F) -> F:
    """A helper of a protocol that says which sets are quorums: `def is_quorum(self, some: frozenset[Value]) -> bool`.

    It is a promise: any two sets that satisfy it have a member in common, and a set that contains such a set satisfies
    it. It depends on the set and on parameters, never on the state. A proof for any number of members knows nothing
    else of it; in a run the mark changes nothing. An override of a marked method is one, marked again or not.
    """
    vars(method)["__quorate_quorum__"] = True
    return method


def marks_quorum(method: object) -> bool:
    """Whether this method itself was marked as a rule of quorums."""
    return bool(getattr(method, "__quorate_quorum__", False))


def between_crashes(function: F) -> F:
    """Say that a step invariant is not asked of a crash, which loses what is volatile."""
    vars(function)["__quorate_between_crashes__"] = True
    return function


class Disabled(Exception):
    """The guard of the step is not met, so the step does not exist."""


def require(condition: bool) -> None:
    """The guard: unless `condition` is true, the step does not exist."""
    if not condition:
        raise Disabled
