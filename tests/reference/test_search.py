"""The search, on graphs of a few states."""

from __future__ import annotations

from bdb import BdbQuit

import pytest

from quorate.checker import Limits, ModelFailed, Result, Verdict
from quorate.models.language import ModelError, Protocol
from quorate.models.semantics import State, System

from ..native.agreeing import check
from .graphs import (
    Asserting,
    AssertingAll,
    AssertingDeep,
    BadFence,
    BadStart,
    BadWitness,
    Both,
    Claim,
    Counter,
    Down,
    Empty,
    Fenced,
    FencedBad,
    FencedOff,
    NeverBack,
    NoStart,
    NotFour,
    Stumbling,
    Walk,
)


def path(result: Result) -> list[int]:
    assert result.violation is not None
    states = [m.state for m in result.violation.trace.moments]
    return [s.shared[0] for s in states if s is not None]


def test_every_state_is_counted_once_and_every_step_each_time() -> None:
    result = check(Walk())
    assert result.verdict is Verdict.HOLDS
    assert (result.distinct_states, result.generated_states, result.depth) == (6, 8, 5)
    assert result.actions == {"go": 7}


def test_the_counterexample_is_the_least_of_the_shortest() -> None:
    result = check(NotFour())
    assert result.verdict is Verdict.VIOLATED
    assert path(result) == [0, 1, 3, 4]
    assert result.violation is not None
    assert (result.violation.name, result.violation.length) == ("off_four", 3)


def test_a_step_to_a_known_state_can_break_a_step_invariant() -> None:
    assert path(check(NeverBack())) == [0, 1, 3, 4, 0]


def test_an_initial_state_can_break_an_invariant() -> None:
    result = check(BadStart())
    assert path(result) == [0]
    assert result.violation is not None
    assert result.violation.length == 0


def test_the_run_stops_at_the_first_violation() -> None:
    result = check(Both())
    assert result.properties == {"off_five": Verdict.INCONCLUSIVE, "off_three": Verdict.VIOLATED}
    assert len(result.violations) == 1


def test_told_to_go_on_it_finds_a_shortest_counterexample_for_each_property() -> None:
    result = check(Both(), go_on=True)
    assert {v.name: v.length for v in result.violations} == {"off_three": 2, "off_five": 4}
    assert result.distinct_states == 6


def test_only_the_named_properties_are_checked() -> None:
    result = check(Both(), properties=["off_five"])
    assert result.properties == {"off_five": Verdict.VIOLATED}


def test_an_unknown_property_lists_near_matches() -> None:
    with pytest.raises(ModelError, match="Both has no property off_thre") as caught:
        check(Both(), properties=["off_thre"])
    assert caught.value.instead == "did you mean off_three or off_five?"


def test_states_outside_a_constraint_are_not_counted_or_expanded() -> None:
    result = check(Fenced())
    assert (result.distinct_states, result.generated_states, result.depth) == (3, 5, 2)
    assert result.verdict is Verdict.HOLDS


def test_states_outside_a_constraint_are_checked() -> None:
    assert path(check(FencedBad())) == [0, 1, 3]


def test_a_deadlock_is_reported_when_asked_for() -> None:
    assert check(Walk()).verdict is Verdict.HOLDS
    result = check(Walk(), deadlock=True)
    assert result.violation is not None
    assert result.violation.name == "deadlock"
    assert path(result) == [0, 1, 3, 4, 5]


def test_a_step_that_is_cut_is_no_deadlock() -> None:
    result = check(Counter(), deadlock=True)
    assert result.verdict is Verdict.HOLDS
    assert result.cut == {"top": 1}


def test_an_assertion_is_a_property() -> None:
    result = check(Asserting())
    assert result.violation is not None
    assert result.violation.name == "assertion"
    assert path(result) == [0, 1, 3]
    assert result.violation.trace.moments[-1].step.name == "look"


def test_a_mistake_that_shows_while_running_comes_with_its_place_and_trace() -> None:
    with pytest.raises(ModelFailed) as caught:
        check(Stumbling())
    assert caught.value.what == "stumble raised IndexError: tuple index out of range"
    assert caught.value.place is not None
    assert caught.value.place.source().strip() == "self.at = EDGES[self.at + 10][0]"
    assert [m.step.name for m in caught.value.trace.moments] == ["initial", "go", "go", "stumble"]


def test_leaving_a_literal_range_is_a_mistake() -> None:
    with pytest.raises(ModelFailed) as caught:
        check(Claim())
    assert caught.value.code == "outside-domain"
    assert caught.value.what == "small becomes 3, which is not an int from 0 to 2"
    assert caught.value.trace.length == 3


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (Limits(depth=3), "the depth limit of 3 was reached"),
        (Limits(states=4), "the limit of 4 states was reached"),
        (Limits(seconds=0), "the time limit of 0 s was reached"),
        (Limits(memory=2**20), "the memory limit of 1 MiB was reached"),
    ],
)
def test_a_limit_ends_the_run_inconclusive(limits: Limits, reason: str) -> None:
    result = check(Walk(), limits=limits)
    assert (result.verdict, result.reason) == (Verdict.INCONCLUSIVE, reason)
    assert result.distinct_states < 6 + 1


def test_a_depth_limit_that_the_states_fit_in_leaves_the_verdict_alone() -> None:
    assert check(Walk(), limits=Limits(depth=5)).verdict is Verdict.HOLDS
    assert check(Walk(), limits=Limits(depth=4)).verdict is Verdict.INCONCLUSIVE


def test_a_violation_within_a_limit_counts() -> None:
    assert check(NotFour(), limits=Limits(depth=4)).verdict is Verdict.VIOLATED


def test_an_action_that_was_never_taken_is_a_warning() -> None:
    assert "never was never taken" in check(Counter()).warnings


def test_a_property_with_nothing_to_say_is_a_warning() -> None:
    assert "fine is vacuous: no state gave it anything to say" in check(Empty()).warnings


def test_an_interrupted_run_keeps_its_figures() -> None:
    def interrupt(statistics: object) -> None:
        if getattr(statistics, "distinct", 0) >= 4:
            raise KeyboardInterrupt

    result = check(Walk(), progress=interrupt)
    assert result.interrupted
    assert result.verdict is Verdict.INCONCLUSIVE
    assert result.distinct_states == 4


def test_the_state_graph_has_every_state_and_step() -> None:
    graph = check(Walk()).state_graph()
    assert (graph.number_of_nodes(), graph.number_of_edges()) == (6, 7)
    assert [n for n, data in graph.nodes(data=True) if data["initial"]] == [0]
    with pytest.raises(ValueError, match="more than 3 states"):
        check(Walk()).state_graph(max_states=3)


@pytest.mark.parametrize("protocol", [Walk(), NotFour(), Both(), Fenced(), Counter()])
def test_two_runs_are_the_same(protocol: Protocol) -> None:
    def states(result: Result) -> list[State | None]:
        return [m.state for v in result.violations for m in v.trace.moments]

    first, second = check(protocol), check(protocol)
    assert states(first) == states(second)
    assert first.generated_states == second.generated_states


@pytest.mark.parametrize(("protocol", "name", "steps"), [(BadFence(), "near", 2), (BadWitness(), "fine", 2)])
def test_a_constraint_or_witness_that_raises_is_a_mistake(protocol: Protocol, name: str, steps: int) -> None:
    with pytest.raises(ModelFailed) as caught:
        check(protocol)
    assert caught.value.what == f"{name} raised IndexError: tuple index out of range"
    assert caught.value.trace.length == steps


def test_told_to_go_on_it_goes_on_after_an_assertion() -> None:
    result = check(AssertingAll(), go_on=True)
    assert {v.name: v.length for v in result.violations} == {"assertion": 0, "below": 1}
    assert (result.distinct_states, result.exhaustive) == (3, True)


def test_an_assertion_at_the_depth_limit_is_not_lost() -> None:
    result = check(AssertingDeep(), limits=Limits(depth=2))
    assert result.violation is not None
    assert (result.violation.name, result.violation.length) == ("assertion", 2)


@pytest.mark.parametrize("protocol", [NoStart(), FencedOff()])
def test_nothing_holds_where_there_is_no_initial_state(protocol: Protocol) -> None:
    with pytest.raises(ModelError, match=f"{type(protocol).__name__} has no initial state"):
        check(protocol)


def test_the_literal_end_of_a_range_is_a_claim_and_the_other_a_bound() -> None:
    with pytest.raises(ModelFailed, match="n becomes -1, which is not an int from 0 to 3") as caught:
        check(Down())
    assert caught.value.place is not None
    assert caught.value.place.source().strip() == "self.n -= 1"


def test_leaving_the_debugger_interrupts_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def quit_debugger(self: Walk, to: int) -> None:
        raise BdbQuit

    system = System(Walk())
    monkeypatch.setattr(Walk, "go", quit_debugger)
    with pytest.raises(KeyboardInterrupt):
        list(system.successors(State((0,), (), (0, ()), (), frozenset())))
