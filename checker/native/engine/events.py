"""From an event that the machine code came back with to findings that the reference semantics confirms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ....models.semantics import Outcome, Property, PropertyFailed, State, Step, StepFailed, Tried
from ...search import Finding, SelfCheckFailed, failed_step
from ...search.finding import Sort
from .blocks import Item, Shelf
from .code import names_in
from .control import (
    BAD_STATE,
    BAD_STEP,
    DEADLOCKS,
    DISTINCT,
    ENTRY,
    ERROR,
    FAILED,
    KNOWN,
    KNOWN_STEPS,
    PARENT,
    POSITION,
    STATES_AT,
    STEP_ERROR,
    STEPS_AT,
    STUCK,
    VERDICT,
)
from .desk import Desk
from .findings import Findings
from .subject import Subject


class Events:
    """Makes findings of events, one at a time and in order, and moves the desk on behind each."""

    def __init__(self, subject: Subject, *, go_on: bool) -> None:
        self._subject = subject
        self._findings = Findings(go_on=go_on)
        self.found = self._findings.found
        self.chain = self._findings.chain

    def initial(self, finding: Finding) -> None:
        """Report what is wrong with an initial state. Errors: `Done` if that ends the run."""
        self._findings.report(finding, [])

    def event(self, shelf: Shelf, desk: Desk, item: Item, code: int) -> None:
        """Report what an event is about. Errors: `Done` if that ends the run, `SelfCheckFailed`."""
        words = shelf.path(item.block.first + desk.cells[POSITION] + desk.cells[PARENT])
        before = self._subject.code.decode(words[-1])
        tried = list(self._subject.system.attempts(before))
        chain = [self._subject.canonical(w) for w in words]
        event = Event(self._subject, desk, before, tried, lambda finding: self._findings.report(finding, chain))
        _HANDLERS[code](event)


class Event:
    """What is known of an event: the state before it, all that can be done there, and where to report it."""

    def __init__(
        self,
        subject: Subject,
        desk: Desk,
        before: State,
        tried: list[tuple[Step, Tried | StepFailed]],
        report: Callable[[Finding], None],
    ) -> None:
        self.subject = subject
        self.desk = desk
        self.before = before
        self.tried = tried
        self.report = report
        self.parent = subject.symmetry.canonical(before)

    def at_entry(self) -> tuple[Step, Tried | StepFailed]:
        """The step that the event is about. Errors: `SelfCheckFailed` if the reference semantics has no such step."""
        cells = self.desk.cells
        number = cells[ENTRY] - self.desk.end_of(cells[PARENT] - 1)
        if number >= len(self.tried):
            raise self.differs(f"a step number {number}", f"{len(self.tried)} steps")
        return self.tried[number]

    def outcome(self) -> tuple[Step, Outcome]:
        """The step that the event is about and where it leads. Errors: `SelfCheckFailed` if it leads nowhere."""
        step, tried = self.at_entry()
        if not isinstance(tried, Outcome):
            raise self.differs(f"a state after {step.title}", repr(tried))
        return step, tried

    def confirm(self, sort: Sort, broken: Iterable[Property], after: State, said: list[str] | None) -> None:
        """Report the properties that the reference semantics finds violated.

        They have to be those that the machine code said; None if it said that asking raises an error.
        Errors: `SelfCheckFailed` if they are not.
        """
        names = []
        try:
            for p in broken:
                names.append(p.name)
                if said is None or p.name in said:
                    self.report(Finding(sort, p.name, self.parent, after))
        except PropertyFailed as error:
            self.report(Finding("error", error.name, self.parent, after, error.cause))
        if said is None or set(names) != set(said):
            raise self.differs(", ".join(said or ["an error"]), ", ".join(names) or "nothing")

    def differs(self, native: str, reference: str) -> SelfCheckFailed:
        """That the machine code and the reference semantics say different things."""
        return SelfCheckFailed(
            f"the machine code found {native}, the reference semantics {reference}, in the state {self.before}"
        )


def _failed(event: Event) -> None:
    step, tried = event.at_entry()
    if not isinstance(tried, StepFailed):
        raise event.differs(f"that {step.title} fails", repr(tried))
    event.report(failed_step(tried, event.parent))
    event.desk.cells[ENTRY] += 1


def _bad_step(event: Event) -> None:
    step, outcome = event.outcome()
    tag = event.desk.tag(event.desk.cells[ENTRY])
    mask = tag >> STEPS_AT
    broken = event.subject.judge.of_step(event.before, step, outcome.state)
    after = event.subject.symmetry.canonical(outcome.state)
    said = None if tag & STEP_ERROR else names_in(mask, event.subject.code.step_properties)
    event.confirm("step invariant", broken, after, said)
    event.desk.cells[KNOWN_STEPS] |= mask


def _bad_state(event: Event) -> None:
    _, outcome = event.outcome()
    cells = event.desk.cells
    mask = cells[VERDICT] >> STATES_AT
    after = event.subject.symmetry.canonical(outcome.state)
    # without a violated invariant it was a witness that raised an error
    said = None if cells[VERDICT] & ERROR or not mask else names_in(mask, event.subject.code.properties)
    event.confirm("invariant", _broken(event, after), after, said)
    cells[KNOWN] |= mask
    cells[ENTRY] += 1


def _broken(event: Event, after: State) -> Iterator[Property]:
    within, cells = event.subject.system.within(after), event.desk.cells
    # a state that a property cannot be asked of was not counted yet
    cells[DISTINCT] += within and bool(cells[VERDICT] & ERROR)
    yield from event.subject.judge.of_state(after)


def _stuck(event: Event) -> None:
    if event.tried:
        raise event.differs("no step", f"{len(event.tried)} steps")
    event.report(Finding("deadlock", "deadlock", event.parent))
    event.desk.cells[DEADLOCKS] = 0


_HANDLERS = {FAILED: _failed, BAD_STEP: _bad_step, BAD_STATE: _bad_state, STUCK: _stuck}
