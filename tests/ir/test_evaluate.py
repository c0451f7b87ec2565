"""The evaluator against the Python itself: every action, handler, history and property, on states of random walks."""

import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest

from quorate.checker.frontend import compile_model
from quorate.checker.ir.evaluate import run
from quorate.checker.ir.world import World
from quorate.models.language import ModelError, Protocol, Ref
from quorate.models.language.marks import Disabled
from quorate.models.semantics import Cut, Kind, Outcome, State, Step, StepFailed, Stray, System
from quorate.models.semantics.domains import Named
from quorate.models.semantics.properties import properties

from ..traces.toys import Callers
from .bundled import bundled, some_mutants, title
from .kitchen import Kitchen

WALKS, LENGTH, ACTIONS = 4, 25, 60
MODELS = [*bundled(), *dict.fromkeys(mutant.protocol for mutant in some_mutants().values()), Kitchen]
RUN_CODE = (Kind.ACTION, Kind.RECEIVE, Kind.DUPLICATE)


class Twin:
    """A system, which runs the model's Python, and the program compiled from its source."""

    def __init__(self, protocol: Protocol) -> None:
        self.program = compile_model(protocol)
        self.system = System(protocol)
        self.shape = self.system.shape
        self.properties = properties(self.shape)
        program = self.program
        self.functions = {p.name: p.function for p in (*program.invariants, *program.step_invariants, *program.lemmas)}

    def world(self, state: State) -> World:
        """The state as the evaluator wants it."""
        fields = {ref: self.shape.shapes[ref.cluster].fields for ref in self.shape.refs}
        pairs = zip(self.shape.refs, state.processes, strict=True)
        processes = {ref: named(fields[ref], values) for ref, values in pairs}
        sent, under_way = (frozenset(map(tuple, ask(state))) for ask in (self.system.sent, self.system.under_way))
        shared = named(self.shape.fields, state.shared)
        return World(self.program, self.system.protocol.parameters, shared, processes, sent, under_way)

    def choices(self, ref: Ref[Any] | None) -> Iterator[Step]:
        """Every action of a process or the protocol with every choice of arguments, enabled or not."""
        for method in self.shape.actions if ref is None else self.shape.shapes[ref.cluster].actions:
            for arguments in itertools.product(*(tuple(p.domain.values()) for p in method.parameters)):
                yield Step(Kind.ACTION, method.name, ref, arguments)

    def evaluated(self, state: State, step: Step) -> tuple[World, list[Any]] | None:
        """What the evaluator makes of a step and the histories after it; None if the guard is not met."""
        before = self.world(state)
        cls = type(self.system.protocol) if step.process is None else self.shape.classes[step.process.cluster]
        try:
            effects = run(before, f"{cls.__name__}.{step.name}", step.process, step.arguments)
        except Disabled:
            return None
        sent = frozenset((step.process, to, m) for to, m in effects.sends)
        after = replace(with_fields(before, step.process, effects.fields), sent=before.sent | sent)
        for name in self.program.histories:
            after = with_fields(after, None, run(after, name, None, [before]).fields)
        return after, sorted(effects.sends, key=repr)

    def compare(self, state: State, step: Step, tried: Outcome | Cut | None) -> None:
        """The evaluator against what came of running the Python."""
        found = self.evaluated(state, step)
        assert (found is None) == (tried is None), f"{step}: one of the two guards is not met"
        if found is not None and isinstance(tried, Outcome):
            expected = self.world(tried.state)
            assert (found[0].shared, found[0].processes) == (expected.shared, expected.processes), step
            assert found[1] == sorted(((e.target, e.message) for e in tried.sent), key=repr), step

    def compare_failure(self, state: State, failed: StepFailed) -> None:
        """What the model raises, the evaluator raises; only the bounds of domains are not its business."""
        if isinstance(failed.cause, AssertionError):
            with pytest.raises(AssertionError):
                self.evaluated(state, failed.step)
        elif not isinstance(failed.cause, Stray | ModelError):
            with pytest.raises(ModelError):
                self.evaluated(state, failed.step)

    def compare_properties(self, before: State, after: State) -> None:
        """Each property on a step and the state that it leads to."""
        old, new = self.system.filled_view(before), self.system.filled_view(after)
        for prop in self.properties:
            states = [before, after] if prop.on_step else [after]
            worlds = list(map(self.world, states))
            function = self.functions[prop.name]
            owned = self.program.functions[function].owner is not None
            given = run(worlds[0], function, None, worlds[owned:]).result
            views = [old, new] if prop.on_step else [new]
            assert given == prop.function(*map(prop.argument, views)), prop.name

    def compare_state(self, state: State, chooser: random.Random) -> list[Outcome]:
        """Some actions and every delivery in a state; gives what the state leads to."""
        steps = [step for ref in (None, *self.shape.refs) for step in self.choices(ref)]
        for step in chooser.sample(steps, min(ACTIONS, len(steps))):
            try:
                tried = self.system.take(state, step)
            except StepFailed as failed:
                self.compare_failure(state, failed)
            else:
                self.compare(state, step, tried)
        return list(self._successors(state))

    def _successors(self, state: State) -> Iterator[Outcome]:
        try:
            for step, tried in self.system.successors(state):
                if step.kind in RUN_CODE:
                    self.compare(state, step, tried)
                if isinstance(tried, Outcome):
                    yield tried
        except StepFailed as failed:
            self.compare_failure(state, failed)


def named(fields: Sequence[Named], values: Sequence[Any]) -> dict[str, Any]:
    return dict(zip([f.name for f in fields], values, strict=True))


def with_fields(world: World, owner: Ref[Any] | None, fields: dict[str, Any]) -> World:
    changed = world.changing(owner)
    (changed.shared if owner is None else changed.processes[owner]).update(fields)
    return changed


@pytest.mark.parametrize("model", MODELS, ids=title)
def test_the_evaluator_agrees_with_python(model: type[Protocol]) -> None:
    twin, chooser = Twin(model()), random.Random(title(model))
    for _ in range(1 if title(model).startswith("mutants.") else WALKS):
        state = chooser.choice([t.state for _, t in twin.system.initial() if isinstance(t, Outcome)])
        for _ in range(LENGTH):
            reached = twin.compare_state(state, chooser)
            if not reached:
                break
            after = chooser.choice(reached).state
            twin.compare_properties(state, after)
            state = after


def test_whom_a_step_cuts_off() -> None:
    twin = Twin(Callers(callers=3))
    ((_, tried),) = twin.system.initial()
    assert isinstance(tried, Outcome)
    me, *others = twin.system.refs
    effects = run(twin.world(tried.state), "Caller.start", me, ())
    assert effects.cut == frozenset(others)
    assert run(twin.world(tried.state), "Caller.call", me, ()).cut == frozenset()
