"""Which property a state or a step violates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .properties import Property, asked_of, properties, witnesses
from .state import State
from .steps import Kind, Step
from .system import System


class Judge:
    """The invariants and step invariants of a system, or the properties that are named, applied to states and steps.

    A lemma is judged only if it is named. Step invariants come before invariants and these before lemmas, each kind in
    the order of declaration: that is the order in which violations of one step are reported.
    """

    def __init__(self, system: System, names: Iterable[str] | None = None) -> None:
        found = properties(system.shape)
        chosen = {p.name for p in found if not p.lemma} if names is None else set(names)
        self.properties: tuple[Property, ...] = tuple(p for p in found if p.name in chosen)
        self._before, self._after = before, after = system.new_view(), system.new_view()
        # what a property asks for is made of the objects of a view, which stay the same from state to state
        self._on_states = [(p, (p.argument(after),)) for p in self.properties if not p.on_step]
        self._on_steps = [(p, (p.argument(before), p.argument(after))) for p in self.properties if p.on_step]
        self._unseen = [w for w in witnesses(system.shape) if any(p.name == w.property for p in self.properties)]

    def broken(self, state: State) -> Iterator[Property]:
        """The invariants and lemmas that a state violates. Errors: `PropertyFailed`."""
        self._after.load(state)
        for p, arguments in self._on_states:
            if not asked_of(p.name, p.function, *arguments):
                yield p

    def of_state(self, state: State) -> Iterator[Property]:
        """As `broken`, and notes which properties the state gives something to say."""
        yield from self.broken(state)
        self._unseen = [w for w in self._unseen if not w.seen(self._after)]

    def of_step(self, before: State, step: Step, after: State) -> Iterator[Property]:
        """The step invariants that a step violates. Errors: `PropertyFailed`."""
        asked = [(p, a) for p, a in self._on_steps if not (p.between_crashes and step.kind is Kind.CRASH)]
        if asked:
            self._before.load(before)
            self._after.load(after)
        for p, arguments in asked:
            if not asked_of(p.name, p.function, *arguments):
                yield p

    def vacuous(self) -> tuple[str, ...]:
        """The properties that no state judged so far gave anything to say."""
        return tuple(w.property for w in self._unseen)
