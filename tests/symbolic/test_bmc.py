"""Bounded model checking finds shortest violations, and those of the reference engine."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quorate.checker import Limits, ModelFailed, Result, Verdict, bmc, check
from quorate.models.language import Protocol
from quorate.models.mutants import MUTANTS
from quorate.traces import verify

from ..reference.family import Drawn, protocols
from ..reference.test_generated import protocol_of
from .bmc_toys import Apart, Clerks, Constrained, Dividing, Gone, Overflowing, Steps

QUICK = (
    "paxos-has-disjoint-quorums",
    "raft-forgets-own-vote",
    "raft-takes-half-of-two",
    "viewstamped-returns-to-earlier-view",
    "election-compares-loosely",
    "paxos-sets-tells-promise",
    "multi-paxos-reuses-slot",
    "two-phase-commit-by-majority",
    "two-phase-commit-times-out",
    "paxos-proposes-default",
    "paxos-counts-each-accepted",
    "raft-compacts-whole-log",
)


def found(result: Result) -> int | None:
    """The length of the violation, whose trace is run again."""
    if not result.violations:
        assert result.verdict is Verdict.INCONCLUSIVE
        return None
    violation = result.violations[0]
    verify(violation.trace)
    assert violation.trace.length == violation.length
    return violation.length


def in_reference(protocol: Protocol, depth: int, properties: list[str] | None = None) -> int | None:
    """The length of the violation that the reference engine finds in so many steps."""
    result = check(protocol, engine="reference", properties=properties, limits=Limits(depth=depth + 1))
    return next((v.length for v in result.violations if v.length <= depth), None)


@pytest.mark.parametrize("name", QUICK)
def test_mutants(name: str) -> None:
    mutant = MUTANTS[name]
    assert mutant.length is not None
    assert mutant.breaks
    assert found(bmc(mutant.instance(), mutant.length + 1, properties=[mutant.breaks])) == mutant.length
    if mutant.length:
        assert found(bmc(mutant.instance(), mutant.length - 1, properties=[mutant.breaks])) is None


LENGTHS: list[tuple[Protocol, str, int | None]] = [
    (Steps(), "not_one", 0),
    (Steps(), "not_six", 4),
    (Steps(), "not_seen_three", 2),
    (Steps(), "true", None),
    (Constrained(), "not_six", None),
    (Constrained(), "not_seen_three", 2),
    (Clerks(), "remembers", 4),
    (Clerks(), "never_forgets", 2),
    (Clerks(), "never_restarts", 1),
    (Clerks(), "restarts_once", None),
    (Clerks(), "nobody_knows_two", 2),
    (Clerks(), "not_both_without_notes", 2),
    (Apart(), "never_forgets", 4),
    (Apart(), "not_both_without_notes", 2),
    (Gone(), "never_restarts", None),
    (Gone(), "never_forgets", 2),
    (Gone(), "not_both_without_notes", 2),
]


@pytest.mark.parametrize(("protocol", "name", "length"), LENGTHS)
def test_lengths(protocol: Protocol, name: str, length: int | None) -> None:
    depth = 4 if length is None else length
    assert found(bmc(protocol, depth, properties=[name])) == length
    assert in_reference(protocol, depth, [name]) == length


def test_an_assertion_that_fails() -> None:
    assert found(bmc(Steps(), 4, properties=["true"])) is None
    result = bmc(Steps(), 5, properties=["true"])
    assert (found(result), result.violations[0].name) == (5, "assertion")


@pytest.mark.parametrize(("protocol", "length", "what"), [(Dividing(), 2, "division"), (Overflowing(), 3, "few")])
def test_a_model_that_fails(protocol: Protocol, length: int, what: str) -> None:
    assert found(bmc(protocol, length - 1, properties=["true"])) is None
    with pytest.raises(ModelFailed, match=what):
        bmc(protocol, length, properties=["true"])


def test_a_search_that_takes_too_long() -> None:
    result = bmc(MUTANTS["raft-forgets-vote"].instance(), 7, time_limit=0.01)
    assert (result.verdict, result.violations) == (Verdict.INCONCLUSIVE, ())
    assert result.reason.startswith("the time limit of 0.01 s was reached before runs of ")


def test_a_search_is_interrupted() -> None:
    def interrupt(statistics: Any) -> None:
        if statistics.depth == 2:
            raise KeyboardInterrupt

    result = bmc(Steps(), 4, properties=["not_six"], progress=interrupt)
    assert (result.verdict, result.violations) == (Verdict.INCONCLUSIVE, ())


@given(protocols(), st.integers(1, 4))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_drawn_protocols(drawn: Drawn, depth: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        protocol = protocol_of(replace(drawn, limit=2), folder)
        assert found(bmc(protocol, depth)) == in_reference(protocol, depth)
