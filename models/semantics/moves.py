"""What a process does in one step, which depends on its own fields and on what it is given, and on nothing else."""

from __future__ import annotations

import itertools
from bdb import BdbQuit
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from ..language import ModelError, Ref
from ..language.marks import Disabled
from .domains import Named, Stray
from .mail import Mail
from .shape import Shape
from .state import Envelope, Locals
from .steps import Cut, Kind, Step, StepFailed
from .views import View


class Effect(NamedTuple):
    """What a step of a process leaves behind: its fields, what it sent, and from whom it disconnected."""

    fields: Locals
    sent: tuple[Envelope, ...] = ()
    cut: tuple[Ref[Any], ...] = ()


Move = tuple[Step, Effect | Cut | StepFailed]


class Moves:
    """Runs the methods of processes.

    What a process can do with given fields is found out once and remembered: processes see nothing else, and most
    states of a system differ in few processes.
    """

    def __init__(self, shape: Shape, view: View, mail: Mail) -> None:
        self._shape = shape
        self._view = view
        self._mail = mail
        self._shapes = [shape.shapes[ref.cluster] for ref in shape.refs]
        self._numbers = {ref: number for number, ref in enumerate(shape.refs)}
        self._choices = [list(self._actions_of(number)) for number in range(len(shape.refs))]
        self._actions: list[dict[Locals, tuple[Move, ...]]] = [{} for _ in shape.refs]
        self._receipts: dict[tuple[Envelope, Locals], Move | None] = {}
        self._restarts: dict[tuple[int, Locals], Effect | Cut | StepFailed | None] = {}
        self._known: dict[str, dict[Locals, Locals]] = {}

    def _actions_of(self, number: int) -> Iterator[Step]:
        for method in self._shapes[number].actions:
            for arguments in itertools.product(*(tuple(p.domain.values()) for p in method.parameters)):
                yield Step(Kind.ACTION, method.name, self._shape.refs[number], arguments)

    def actions(self, number: int, fields: Locals) -> tuple[Move, ...]:
        """Every action that a process with these fields can take or fail to take, in order."""
        known = self._actions[number].get(fields)
        if known is None:
            tried = ((step, self._try(step, number, fields)) for step in self._choices[number])
            known = self._actions[number][fields] = tuple([(step, done) for step, done in tried if done is not None])
        return known

    def action(self, step: Step, number: int, fields: Locals) -> Move | None:
        """One action of a process with these fields, None if its guard is not met."""
        done = self._try(step, number, fields)
        return None if done is None else (step, done)

    def receipt(self, number: int, fields: Locals, envelope: Envelope) -> Move | None:
        """The handling of a message by a process with these fields, None if its guard refuses."""
        if (envelope, fields) not in self._receipts:
            handler = self._shapes[number].handlers[type(envelope.message)]
            given = (envelope.message, envelope.source) if handler.wants_sender else (envelope.message,)
            step = Step(Kind.RECEIVE, handler.name, envelope.target, given, envelope)
            done = self._try(step, number, fields)
            self._receipts[envelope, fields] = None if done is None else (step, done)
        return self._receipts[envelope, fields]

    def crash(self, step: Step, number: int, fields: Locals, restarts: bool) -> Move | None:
        """The loss of what is volatile, and the restart if there is one; None if its guard refuses."""
        shape = self._shapes[number]
        left = self.same(self._shape.refs[number].cluster, shape.crashed(fields))
        if shape.restart is None or not restarts:
            return step, Effect(left)
        if (number, left) not in self._restarts:
            self._restarts[number, left] = self._try(step, number, left, shape.restart)
        done = self._restarts[number, left]
        return None if done is None else (step, done)

    def _try(self, step: Step, number: int, fields: Locals, method: str = "") -> Effect | Cut | StepFailed | None:
        """What a method does, that of the step's own name unless said otherwise; None if its guard is not met."""
        try:
            return self._run(step, number, fields, method or step.name)
        except StepFailed as failed:
            return failed

    def _run(self, step: Step, number: int, fields: Locals, method: str) -> Effect | Cut | None:
        process = self._view.lend(number, fields)
        outbox, cut = process._seat.outbox, process._seat.cut
        outbox.clear()
        cut.clear()
        if not ran(step, getattr(process, method), step.arguments):
            return None
        after = self.same(self._shape.refs[number].cluster, self._view.locals(number))
        # a loop over a set sends in any order; what goes to one receiver keeps its own
        outbox.sort(key=lambda posted: self._numbers[posted[0]])
        sent = tuple([Envelope(process._seat.id, to, m) for to, m in outbox])
        bound = strayed(step, self._shapes[number].fields, fields, after) or self._refused(step, sent)
        return Cut(bound) if bound else Effect(after, sent, tuple(sorted(cut, key=self._numbers.__getitem__)))

    def same(self, owner: str, fields: Locals) -> Locals:
        """One object for all equal fields of an owner: states and what is remembered of them compare by identity first.

        `owner` is a cluster, or empty for the protocol: to Python the fields `(0,)` of one equal `(False,)` of another.
        """
        return self._known.setdefault(owner, {}).setdefault(fields, fields)

    def _refused(self, step: Step, sent: tuple[Envelope, ...]) -> str | None:
        try:
            return next((bound for bound in map(self._mail.refused, sent) if bound is not None), None)
        except (Stray, ModelError) as cause:
            raise StepFailed(step, cause) from cause


def ran(step: Step, method: Callable[..., None], arguments: tuple[Any, ...]) -> bool:
    """Run a method of the model; False if its guard is not met. Errors: `StepFailed` for anything else it raises."""
    try:
        method(*arguments)
    except Disabled:
        return False
    except BdbQuit as quitting:
        raise KeyboardInterrupt from quitting
    except Exception as cause:
        raise StepFailed(step, cause) from cause
    return True


def strayed(step: Step, fields: Sequence[Named], old: Locals, new: Locals) -> str | None:
    """The first bound that a changed field leaves. Errors: `StepFailed` if a value can never be in its field."""
    for named, before, after in zip(fields, old, new, strict=True):
        if after is not before:
            try:
                bound = named.domain.check(after)
            except Stray as stray:
                stray.where = f"{step.process}.{named.name}" if step.process else named.name
                stray.field = named.name
                raise StepFailed(step, stray) from stray
            if bound is not None:
                return bound
    return None
