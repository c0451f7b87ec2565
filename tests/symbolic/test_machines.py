"""Proofs of drawn machines are those that induction, worked out state by state, gives; what is proved is true."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from quorate.checker import Answer, bmc, prove
from quorate.traces import verify

from .machines import Machine, machines


@pytest.mark.parametrize("k", [1, 2, 3])
@given(machine=machines())
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_proofs_are_as_by_hand(machine: Machine, k: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    protocol = machine.protocol(tmp_path_factory.mktemp("machine"))
    for name in ("holds", "steps"):
        proof = prove(protocol, [name], k=k, jobs=1)
        assert (proof.answer is Answer.PROVED) == machine.is_inductive(name, k)
        assert proof.answer is not Answer.PROVED or machine.is_true(name)
        for failed in proof.failures:
            assert failed.trace
            verify(failed.trace)


@given(machine=machines())
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_bounded_search_finds_the_shortest_violation(
    machine: Machine, tmp_path_factory: pytest.TempPathFactory
) -> None:
    protocol = machine.protocol(tmp_path_factory.mktemp("machine"))
    for name in ("holds", "steps"):
        found = bmc(protocol, 6, properties=[name]).violation
        assert (found is None) == machine.is_true(name)
        if found and found.length:
            assert not bmc(protocol, found.length - 1, properties=[name]).violations
