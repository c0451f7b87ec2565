"""Every known mistake is found by the property that it breaks, at its length; what only looks like one is not."""

from __future__ import annotations

import pytest

from quorate.checker import Limits, Result, Verdict, check
from quorate.checker.cli.bundled import Bundled, everything
from quorate.models.language import Protocol
from quorate.models.mutants import MUTANTS, Mutant
from quorate.models.semantics import Judge, Outcome, System
from quorate.traces import Trace

SOON = 20
"""Counterexamples of up to so many steps are quick to find."""

MOST = 1_000_000
"""An original is explored up to so many states, which is all of them for most."""

BREAKING = [m for m in MUTANTS.values() if m.breaks]
CONTROLS = [m for m in MUTANTS.values() if not m.breaks]


def parameters(mutants: list[Mutant]) -> list[object]:
    return [pytest.param(m, id=m.name, marks=[pytest.mark.slow] * ((m.length or 0) > SOON)) for m in mutants]


def judged(protocol: Protocol, *breaks: str) -> Result:
    return check(protocol, properties=breaks, symmetry=True)


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
    assert all(m.length is not None and m.source and m.summary.endswith(".") for m in BREAKING)


WRONG = ("quorate.models.classic", "quorate.models.toys")
SOUND = [found for found in everything() if not found.model.__module__.startswith(WRONG)]


def family(protocol: type[Protocol]) -> str:
    """Where a protocol and its kin are: a folder of `models`, or the file of one that stands alone."""
    return ".".join(protocol.__module__.split(".")[:3])


@pytest.mark.parametrize("bundled", SOUND, ids=lambda bundled: bundled.name)
def test_every_property_of_a_protocol_has_a_mutant_that_breaks_it(bundled: Bundled) -> None:
    """A mutant of the protocol itself, or of one of its family."""
    kin = [mutant for mutant in BREAKING if family(mutant.original) == family(bundled.model)]
    assert {p.name for p in Judge(System(bundled.model())).properties} <= {m.breaks for m in kin}


@pytest.mark.parametrize("mutant", parameters(BREAKING))
def test_found_at_its_length(mutant: Mutant) -> None:
    assert mutant.breaks
    result = judged(mutant.instance(), mutant.breaks)
    assert result.verdict is Verdict.VIOLATED
    assert result.violation
    assert (result.violation.name, result.violation.length) == (mutant.breaks, mutant.length)
    trace = result.violation.trace
    system = System(mutant.instance())
    assert replays(trace, system)
    assert breaks_at_the_end(trace, Judge(system, [result.violation.name]))


def breaks_at_the_end(trace: Trace, judge: Judge) -> bool:
    before, last = trace.moments[-2].state if trace.length else None, trace.moments[-1]
    assert last.state is not None
    of_step = [] if before is None else list(judge.of_step(before, last.step, last.state))
    return bool([*judge.of_state(last.state), *of_step])


def originals() -> dict[str, tuple[Protocol, list[Mutant]]]:
    """The protocols that mutants differ from, at the bounds of each, and the mutants that break there."""
    found: dict[str, tuple[Protocol, list[Mutant]]] = {}
    for mutant in BREAKING:
        protocol = mutant.original(**mutant.parameters)
        title = ",".join([type(protocol).__name__, *(f"{k}={v}" for k, v in sorted(mutant.parameters.items()))])
        found.setdefault(title, (protocol, []))[1].append(mutant)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("title", originals())
def test_the_original_holds_at_the_same_bounds(title: str) -> None:
    protocol, mutants = originals()[title]
    breaks = dict.fromkeys(mutant.breaks or "" for mutant in mutants)
    result = check(protocol, properties=breaks, symmetry=True, limits=Limits(states=MOST))
    if result.verdict is Verdict.INCONCLUSIVE:
        # too many states for a test, so at least as far as the mutants do not hold, and a step beyond
        longest = max(mutant.length or 0 for mutant in mutants)
        result = check(protocol, properties=breaks, symmetry=True, limits=Limits(depth=longest + 2))
        assert result.depth == longest + 2
    assert not result.violations


# where one foreign vote decides it is the same whether votes are counted or collected; where there is one read,
# every round belongs to it; over one connection comes only the epoch that was promised; one follower makes a quorum
ALIKE = {
    "raft-counts-each-vote-of-three",
    "raft-counts-earlier-round-of-one-read",
    "zab-trusts-new-leader",
    "zab-proposes-epoch-at-once",
}


@pytest.mark.parametrize("mutant", parameters(CONTROLS))
def test_control_holds_and_is_no_copy(mutant: Mutant) -> None:
    unchanged = check(mutant.original(**mutant.parameters), symmetry=True)
    changed = check(mutant.instance(), symmetry=True)
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
