"""A counterexample is run again before it is shown: any difference is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from quorate.models.semantics import Step, System
from quorate.traces import DoesNotReplay, Moment, Trace, verify

from .toys import Election, Faulty, Queued, Ticks, TwoLeaders, find, walk


@pytest.fixture(scope="module")
def violation() -> Trace:
    return find(TwoLeaders())


def edited(trace: Trace, number: int, change: Callable[[Moment], Moment]) -> Trace:
    moments = [change(m) if i == number else m for i, m in enumerate(trace.moments)]
    return replace(trace, moments=tuple(moments))


def other_step(trace: Trace, number: int) -> Step:
    before = trace.moments[number - 1].state
    assert before is not None
    return next(step for step, _ in trace.system.successors(before) if step != trace.moments[number].step)


def test_a_true_counterexample_passes(violation: Trace) -> None:
    verify(violation)


@pytest.mark.parametrize("protocol", [Faulty, Queued, Ticks])
@pytest.mark.parametrize("seed", range(8))
def test_every_walk_passes(protocol: type[Faulty] | type[Queued] | type[Ticks], seed: int) -> None:
    verify(walk(protocol(), seed, 20))


@pytest.mark.parametrize("number", range(1, 6))
def test_another_state_is_found(violation: Trace, number: int) -> None:
    wrong = edited(violation, number, lambda m: replace(m, state=violation.moments[number - 1].state))
    with pytest.raises(DoesNotReplay, match=f"step {number}: .* leads to another state"):
        verify(wrong)


@pytest.mark.parametrize("number", range(1, 7))
def test_another_step_is_found(violation: Trace, number: int) -> None:
    step = other_step(violation, number)
    with pytest.raises(DoesNotReplay, match=f"step {number}: "):
        verify(edited(violation, number, lambda m: replace(m, step=step)))


def test_a_step_that_is_not_enabled_is_found(violation: Trace) -> None:
    last = violation.moments[-1].step
    with pytest.raises(DoesNotReplay, match="step 1: on_grant cannot be taken"):
        verify(edited(violation, 1, lambda m: replace(m, step=last)))


def test_something_else_sent_is_found(violation: Trace) -> None:
    with pytest.raises(DoesNotReplay, match=r"step 1: stand sends \(.*\), not \(\)"):
        verify(edited(violation, 1, lambda m: replace(m, sent=())))


def test_another_initial_state_is_found(violation: Trace) -> None:
    with pytest.raises(DoesNotReplay, match="step 0: "):
        verify(edited(violation, 0, lambda m: replace(m, state=violation.moments[1].state)))


def test_an_end_that_shows_nothing_is_found(violation: Trace) -> None:
    with pytest.raises(DoesNotReplay, match="step 5: the end of the trace does not show the invariant one_leader"):
        verify(replace(violation, moments=violation.moments[:-1]))


def test_a_step_cut_by_a_bound_is_found() -> None:
    with pytest.raises(DoesNotReplay, match="step 1: tick is cut by the bound ticks"):
        verify(replace(walk(Ticks(), 0, 5), system=System(Ticks(ticks=0))))


def test_another_model_is_found(violation: Trace) -> None:
    with pytest.raises(DoesNotReplay, match="step 3: "):
        verify(replace(violation, system=System(Election())))


def test_a_failure_that_does_not_happen_is_found(violation: Trace) -> None:
    wrong = edited(violation, 6, lambda m: replace(m, state=None))
    with pytest.raises(DoesNotReplay, match="step 6: the step that failed does not fail"):
        verify(replace(wrong, kind="assertion"))


def test_a_deadlock_that_is_none_is_found(violation: Trace) -> None:
    with pytest.raises(DoesNotReplay, match="does not show the deadlock"):
        verify(replace(violation, kind="deadlock", violated="deadlock"))
