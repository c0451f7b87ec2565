"""Every known mistake is found by the property that it breaks, at its length; what only looks like one is not."""

from __future__ import annotations

import pytest

from quorate.checker import Limits, Result, Verdict, check
from quorate.models.language import Protocol
from quorate.models.mutants import MUTANTS, Mutant
from quorate.models.paxos import Paxos
from quorate.models.raft import Raft
from quorate.models.semantics import Judge, Outcome, System
from quorate.traces import Trace

LONG = {
    "paxos-forgets-promise",
    "paxos-forgets-vote",
    "paxos-ignores-promise",
    "paxos-counts-old-promises",
    "raft-commits-whole-log",
}

BREAKING = [m for m in MUTANTS.values() if m.breaks]
QUICK = [m for m in BREAKING if m.name not in LONG]
CONTROLS = [m for m in MUTANTS.values() if not m.breaks]


def parameters(mutants: list[Mutant]) -> list[object]:
    return [pytest.param(m, id=m.name, marks=[pytest.mark.slow] if m.name in LONG else []) for m in mutants]


def original(mutant: Mutant) -> Protocol:
    base = Raft if issubclass(mutant.protocol, Raft) else Paxos
    return base(**mutant.parameters)


def judged(protocol: Protocol, mutant: Mutant, depth: int | None = None) -> Result:
    assert mutant.breaks
    return check(protocol, properties=[mutant.breaks], symmetry=True, limits=Limits(depth=depth))


def replays(trace: Trace, system: System) -> bool:
    """Whether the steps of a trace, taken again, lead through its states."""
    state = trace.moments[0].state
    for moment in trace.moments[1:]:
        assert state is not None
        outcome = system.take(state, moment.step)
        if not isinstance(outcome, Outcome) or outcome.state != moment.state:
            return False
        state = outcome.state
    return True


def test_there_are_many() -> None:
    assert len(BREAKING) >= 10
    assert all(m.length and m.source and m.summary.endswith(".") for m in BREAKING)


@pytest.mark.parametrize("mutant", parameters(BREAKING))
def test_found_at_its_length(mutant: Mutant) -> None:
    result = judged(mutant.instance(), mutant)
    assert result.verdict is Verdict.VIOLATED
    assert result.violation
    assert (result.violation.name, result.violation.length) == (mutant.breaks, mutant.length)
    trace = result.violation.trace
    system = System(mutant.instance())
    assert replays(trace, system)
    assert breaks_at_the_end(trace, Judge(system, [result.violation.name]))


def breaks_at_the_end(trace: Trace, judge: Judge) -> bool:
    before, last = trace.moments[-2].state, trace.moments[-1]
    assert before is not None
    assert last.state is not None
    return any(True for _ in judge.of_state(last.state)) or any(
        True for _ in judge.of_step(before, last.step, last.state)
    )


@pytest.mark.parametrize("mutant", parameters(QUICK))
def test_original_does_not_break_as_soon(mutant: Mutant) -> None:
    assert mutant.length
    result = judged(original(mutant), mutant, depth=mutant.length + 1)
    assert not result.violations


# where the first foreign vote decides, it makes no difference whether votes are counted or collected
ALIKE = {"raft-counts-each-vote-of-three"}


@pytest.mark.parametrize("mutant", parameters(CONTROLS))
def test_control_holds_and_is_no_copy(mutant: Mutant) -> None:
    changed, unchanged = (check(p, symmetry=True) for p in (mutant.instance(), original(mutant)))
    assert changed.verdict is unchanged.verdict is Verdict.HOLDS
    assert (changed.distinct_states == unchanged.distinct_states) == (mutant.name in ALIKE)


SMALL = [
    "paxos-counts-each-accepted",
    "paxos-rounds-down",
    "raft-clears-vote",
    "raft-forgets-term",
    "raft-forgets-vote",
    "raft-leads-on",
    "raft-takes-half-of-two",
    "raft-votes-for-any-log",
]


@pytest.mark.parametrize("name", SMALL)
def test_symmetry_changes_neither_verdict_nor_length(name: str) -> None:
    mutant = MUTANTS[name]
    result = check(mutant.instance(), properties=[mutant.breaks or ""])
    assert result.violation
    assert (result.violation.name, result.violation.length) == (mutant.breaks, mutant.length)


def test_a_step_invariant_over_pairs_is_explained_by_a_pair() -> None:
    result = check(MUTANTS["raft-forgets-vote"].instance(), properties=["vote_once"])
    assert result.violation
    (reason,) = result.violation.trace.why
    assert reason.expression == "new.vote() == old.vote()"
    assert [name for name, _ in reason.bindings] == ["old", "new"]
