"""Whether the end of a run still shows what a trace says that it shows, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from ..models.language import ModelError
from ..models.language.protocol import near
from ..models.semantics import Judge, Property, PropertyFailed, State, Step, StepFailed, System, View
from ..models.semantics.properties import properties
from .trace import Kind, Reason, Trace
from .why import explain, explain_failure

Run = Sequence[tuple[Step, State]]
"""Steps, each with the state it led to; the first state first."""


def find_property(system: System, name: str) -> Property:
    """The property with this name. Errors: `ModelError` if the model has none."""
    found = {p.name: p for p in properties(system.shape)}
    if name not in found:
        model = type(system.protocol).__name__
        raise ModelError("unknown-property", f"{model} has no property {name}", instead=near(name, list(found)))
    return found[name]


class Assumption:
    """The properties that a counterexample to induction assumes. Errors: `ModelError` if the model lacks one."""

    def __init__(self, system: System, names: Iterable[str]) -> None:
        self._judge = Judge(system, [find_property(system, name).name for name in names])

    def broken(self, before: State | None, step: Step, after: State) -> Property | None:
        """The first of them that a state, or the step to it, violates. Errors: `PropertyFailed`."""
        of_step = iter(()) if before is None else self._judge.of_step(before, step, after)
        return next(of_step, None) or next(self._judge.broken(after), None)


class Charge:
    """What a trace accuses a model of, ready to be held against the states of a run."""

    def __init__(self, system: System, kind: Kind, violated: str) -> None:
        self._system = system
        self.kind = kind
        self.violated = violated
        if kind in ("invariant", "step invariant"):
            find_property(system, violated)
        self._judge = Judge(system, [violated]) if kind != "error" else _judge_of_all(system)

    @property
    def only_at_end(self) -> bool:
        """Whether only the last state can show it."""
        return self.kind in ("deadlock", "run", "error", "assertion")

    def shown(self, before: State | None, step: Step, after: State) -> bool:
        """Whether this step or the state it led to shows what the trace shows."""
        match self.kind:
            case "invariant":
                return any(True for _ in self._judge.of_state(after))
            case "step invariant":
                return before is not None and any(True for _ in self._judge.of_step(before, step, after))
            case "deadlock":
                return _is_stuck(self._system, after)
            case "error":
                return self._fails(before, step, after)
        return self.kind == "run"

    def fits(self, failed: StepFailed) -> bool:
        """Whether a step that failed in this way shows what the trace shows."""
        return self.kind == ("assertion" if isinstance(failed.cause, AssertionError) else "error")

    def _fails(self, before: State | None, step: Step, after: State) -> bool:
        try:
            if before is not None:
                list(self._judge.of_step(before, step, after))
            list(self._judge.of_state(after))
            self._system.within(after)
        except PropertyFailed:
            return True
        return False


def _judge_of_all(system: System) -> Judge:
    """A judge that asks the lemmas as well: any of them may be what failed."""
    return Judge(system, [p.name for p in properties(system.shape)])


def _is_stuck(system: System, state: State) -> bool:
    try:
        return not any(True for _ in system.successors(state))
    except StepFailed:
        return False


# -- why -----------------------------------------------------------------------------------------------------------


def explained(trace: Trace) -> Trace:
    """The same trace with the reasons why its end violates its property."""
    return replace(trace, why=_reasons(trace))


def _reasons(trace: Trace) -> tuple[Reason, ...]:
    system = trace.system
    before, last = (trace.moments[-2].state if trace.length else None), trace.moments[-1]
    if trace.kind in ("invariant", "step invariant") and last.state is not None:
        states = [last.state] if trace.kind == "invariant" or before is None else [before, last.state]
        return explain(find_property(system, trace.violated), *(_view(system, state) for state in states))
    if trace.kind in ("assertion", "error"):
        cause = _failure(system, before, last.step, last.state)
        return () if cause is None else explain_failure(cause)
    return ()


def _view(system: System, state: State) -> View:
    view = system.new_view()
    view.load(state)
    return view


def _failure(system: System, before: State | None, step: Step, after: State | None) -> Exception | None:
    """What the last step, or a property of the state it led to, raises."""
    try:
        if after is None:
            list(system.initial()) if before is None else system.take(before, step)
        else:
            judge = _judge_of_all(system)
            _ = [] if before is None else list(judge.of_step(before, step, after))
            list(judge.of_state(after))
            system.within(after)
    except (StepFailed, PropertyFailed) as failed:
        return failed.cause
    return None
