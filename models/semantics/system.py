"""A protocol instance as a transition system: the one interface that engines, replay and export see."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ..language import MessageSet, Protocol, Ref
from .asking import asks_for_sent
from .choices import choices
from .faults import Change, breakage
from .mail import Mail
from .moves import Effect, Move, Moves, ran, strayed
from .network import Full, carrier
from .properties import asked_of
from .shape import Method, Shape
from .state import Envelope, State
from .steps import Cut, Kind, Outcome, Step, StepFailed, Tried
from .views import View


class System:
    """What a protocol instance can do, on plain Python values.

    `initial` and `successors` give steps in a fixed order: the protocol's own actions, then each process's, each
    with its arguments in the order of their domains; then deliveries in the order of the ends, the message classes
    and the fields; then faults. Guards that are not met leave no trace; `Cut` says which bound was hit.
    """

    def __init__(self, protocol: Protocol) -> None:
        self.protocol = protocol
        self.shape = Shape(protocol)
        self.refs = self.shape.refs
        self._number = {ref: i for i, ref in enumerate(self.refs)}
        self._mail = Mail(self.shape)
        self.key = self._mail.key
        count = self.shape.resolver.count
        self.carrier = carrier(type(protocol).network, self.key, count)
        self.breakages = tuple(breakage(f, self.shape.members, count) for f in type(protocol).faults)
        self._asks_for_sent = asks_for_sent(type(protocol), tuple(self.shape.classes.values()))
        self._keeps_sent = self._asks_for_sent and not isinstance(type(protocol).network, MessageSet)
        self._running, self._before, self._after = self.new_view(), self.new_view(), self.new_view()
        self._own = [step for m in self.shape.actions for step in self._choices(Kind.ACTION, m)]
        self._moves = Moves(self.shape, self._running, self._mail)
        self.same = self._moves.same

    # -- states and steps ----------------------------------------------------------------------------------------

    def initial(self) -> Iterator[tuple[Step, Tried]]:
        """The initial states, each with the step that chooses it. Errors: `StepFailed`."""
        return _raised(self._chosen())

    def _chosen(self) -> Iterator[tuple[Step, Tried | StepFailed]]:
        blank = State(
            self.shape.initial,
            tuple(self.same(ref.cluster, self.shape.shapes[ref.cluster].initial) for ref in self.refs),
            self.carrier.empty(),
            tuple(b.fresh() for b in self.breakages),
            frozenset(),
        )
        if not self.shape.initials:
            yield Step(Kind.INITIAL, "initial"), Outcome(blank)
        for method in self.shape.initials:
            for step in self._choices(Kind.INITIAL, method):
                tried = self._on_protocol(blank, step)
                if tried is not None:
                    yield step, tried

    def successors(self, state: State) -> Iterator[tuple[Step, Tried]]:
        """Every step that can be taken in a state, in the fixed order. Errors: `StepFailed`."""
        return _raised(self.attempts(state))

    def attempts(self, state: State | None) -> Iterator[tuple[Step, Tried | StepFailed]]:
        """As `successors`, or `initial` for None, but those that fail come in their place and end nothing."""
        return self._chosen() if state is None else self._taken(state)

    def _taken(self, state: State) -> Iterator[tuple[Step, Tried | StepFailed]]:
        for step in self._own:
            yield from self._acted(state, step)
        for number, ref in enumerate(self.refs):
            if not self._is_down(state, ref):
                for move in self._moves.actions(number, state.processes[number]):
                    yield self._moved(state, number, move, state.network)
        for envelope in self.carrier.deliverable(state.network):
            yield from self._delivered(state, envelope)
        yield from self._failures(state)

    def take(self, state: State | None, step: Step) -> Tried | None:
        """Take one step from a state (None: from nowhere), None if it cannot be taken. Errors: `StepFailed`."""
        same = ((found, tried) for found, tried in self._like(state, step) if found == step)
        return next((tried for _, tried in _raised(same)), None)

    def _like(self, state: State | None, step: Step) -> Iterable[tuple[Step, Tried | StepFailed]]:
        """The steps of a state that might be this one; no other code of the model runs."""
        if state is None:
            return self._chosen()
        if step.kind is Kind.ACTION and step.process is None:
            return self._acted(state, step)
        if step.kind is Kind.ACTION and step.process is not None and not self._is_down(state, step.process):
            number = self._number[step.process]
            move = self._moves.action(step, number, state.processes[number])
            return [] if move is None else [self._moved(state, number, move, state.network)]
        if step.kind in (Kind.RECEIVE, Kind.DUPLICATE) and step.envelope is not None:
            there = step.envelope in self.carrier.deliverable(state.network)
            return self._delivered(state, step.envelope) if there else []
        return self._failures(state, step)

    def _choices(self, kind: Kind, method: Method) -> Iterator[Step]:
        return choices(kind, method, self._running.protocol, self.shape)

    def _acted(self, state: State, step: Step) -> Iterator[tuple[Step, Tried | StepFailed]]:
        tried = self._on_protocol(state, step)
        if tried is not None:
            yield step, self._remembered(step, state, tried) if isinstance(tried, Outcome) else tried

    def _on_protocol(self, state: State, step: Step) -> Tried | StepFailed | None:
        try:
            return self._run(state, step)
        except StepFailed as failed:
            return failed

    def _run(self, state: State, step: Step) -> Tried | None:
        view = self._running
        protocol = view.lend_protocol(state)
        if not ran(step, getattr(protocol, step.name), step.arguments):
            return None
        shared = view.shared()
        bound = strayed(step, self.shape.fields, state.shared, shared)
        return Cut(bound) if bound else Outcome(state._replace(shared=shared))

    def _moved(self, state: State, number: int, move: Move, network: Any) -> tuple[Step, Tried | StepFailed]:
        """What a process's move makes of a state, in which the network already holds `network`."""
        step, done = move
        if not isinstance(done, Effect):
            return step, done
        if done.cut:
            network = self.carrier.disconnected(network, self.refs[number], done.cut)
        try:
            network = self.carrier.send(network, done.sent)
        except Full as full:
            return step, Cut(full.bound)
        processes = (*state.processes[:number], done.fields, *state.processes[number + 1 :])
        sent = state.sent.union(done.sent) if self._keeps_sent else state.sent
        after = State(state.shared, processes, network, state.faults, sent)
        return step, self._remembered(step, state, Outcome(after, done.sent))

    def _remembered(self, step: Step, before: State, outcome: Outcome) -> Tried | StepFailed:
        """The end of a step with the ghost fields as the history variables leave them."""
        try:
            return self._looked_back(step, before, outcome) if self.shape.histories else outcome
        except StepFailed as failed:
            return failed

    def _looked_back(self, step: Step, before: State, outcome: Outcome) -> Tried:
        old, new = self._before.load(before), self._after.load(outcome.state)
        for name in self.shape.histories:
            ran(step, getattr(new, name), (old,))
        shared = self.same("", self._after.shared())
        bound = strayed(step, self.shape.fields, outcome.state.shared, shared)
        return Cut(bound) if bound else Outcome(outcome.state._replace(shared=shared), outcome.sent)

    # -- deliveries and faults -----------------------------------------------------------------------------------

    def _delivered(self, state: State, envelope: Envelope) -> Iterator[tuple[Step, Tried | StepFailed]]:
        if self._is_blocked(state, envelope):
            return
        number = self._number[envelope.target]
        move = self._moves.receipt(number, state.processes[number], envelope)
        if move is None:
            return
        yield self._moved(state, number, move, self.carrier.received(state.network, envelope))
        kept = self.carrier.kept(state.network)
        if kept is not None:
            again = (move[0]._replace(kind=Kind.DUPLICATE), move[1])
            yield self._moved(state, number, again, kept)

    def _is_blocked(self, state: State, envelope: Envelope) -> bool:
        faults = zip(self.breakages, state.faults, strict=True)
        return any(b.down(kept, envelope.target) or b.blocks(kept, envelope) for b, kept in faults)

    def _is_down(self, state: State, ref: Ref[Any]) -> bool:
        return any(b.down(kept, ref) for b, kept in zip(self.breakages, state.faults, strict=True))

    def _failures(self, state: State, only: Step | None = None) -> Iterator[tuple[Step, Tried | StepFailed]]:
        """The losses and faults; of faults, which may run code of the model, `only` this one if it is given."""
        for envelope, left in self.carrier.losses(state.network):
            step = Step(Kind.LOSE, "lose", None, (), envelope)
            yield step, self._remembered(step, state, Outcome(state._replace(network=left)))
        for i, (b, kept) in enumerate(zip(self.breakages, state.faults, strict=True)):
            for step, change in b.steps(kept):
                if only in (None, step):
                    yield from self._broken(state, step, i, change)

    def _broken(
        self, state: State, step: Step, fault: int, change: Change
    ) -> Iterator[tuple[Step, Tried | StepFailed]]:
        faults = (*state.faults[:fault], change.kept, *state.faults[fault + 1 :])
        worse = state._replace(faults=faults)
        if change.crashed is None:
            yield step, self._remembered(step, state, Outcome(worse))
            return
        number = self._number[change.crashed]
        # who is down for good, by another fault, does not restart
        restarts = change.restarts and not self._is_down(state, change.crashed)
        move = self._moves.crash(step, number, state.processes[number], restarts)
        if move is not None:
            yield self._moved(worse, number, move, state.network)

    # -- looking at states ---------------------------------------------------------------------------------------

    def new_view(self) -> View:
        """A view of this system, to be filled from any of its states."""
        return View(self.shape, self.sent, self.under_way)

    def filled_view(self, state: State) -> View:
        """A new view of one state."""
        view = self.new_view()
        view.load(state)
        return view

    def sent(self, state: State) -> frozenset[Envelope]:
        """Every envelope sent on the way to a state, if the model asks for that."""
        if self._keeps_sent or not self._asks_for_sent:
            return state.sent
        return self.under_way(state)

    def under_way(self, state: State) -> frozenset[Envelope]:
        """Every envelope that the network holds in a state, equal copies once."""
        return frozenset(self.carrier.contents(state.network))

    def within(self, state: State) -> bool:
        """Whether a state satisfies every constraint. Errors: `PropertyFailed`."""
        if not self.shape.constraints:
            return True
        protocol = self._after.load(state)
        return all(asked_of(name, getattr(protocol, name)) for name in self.shape.constraints)

    def step_names(self) -> tuple[str, ...]:
        """The names, as `Step.title` gives them, of everything that the model can do."""
        names = [m.name for m in self.shape.actions]
        for cluster, shape in self.shape.shapes.items():
            names += [f"{cluster}.{m.name}" for m in shape.actions]
            names += [f"{cluster}.{h.name}" for h in shape.handlers.values()]
        return tuple(names)

    def number(self, ref: Ref[Any]) -> int:
        """The position of a process in `State.processes`."""
        return self._number[ref]


def _raised(attempts: Iterable[tuple[Step, Tried | StepFailed]]) -> Iterator[tuple[Step, Tried]]:
    """The steps up to the first that fails, which is raised."""
    for step, tried in attempts:
        if isinstance(tried, StepFailed):
            raise tried
        yield step, tried
