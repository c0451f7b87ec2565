"""Drawn protocols with shared state, history, faults and two clusters, explored by two code paths."""

from __future__ import annotations

import tempfile

from hypothesis import HealthCheck, assume, given, settings

from quorate.checker import Verdict

from ..native.agreeing import check
from .family import TooMany
from .test_generated import protocol_of
from .wide import NaiveWide, Wide, wide_protocols


def explored(drawn: Wide) -> NaiveWide:
    try:
        return NaiveWide(drawn, most=400)
    except TooMany:
        assume(False)
        raise


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(wide_protocols())
def test_the_checker_agrees_with_a_naive_search(drawn: Wide) -> None:
    naive = explored(drawn)
    with tempfile.TemporaryDirectory() as folder:
        protocol = protocol_of(drawn, folder)
        result, merged = check(protocol), check(protocol, symmetry=True)
    if naive.violated is not None:
        assert result.violation is not None
        assert merged.violation is not None
        assert (result.violation.length, merged.violation.length) == (naive.violated, naive.violated)
    else:
        assert (result.verdict, merged.verdict) == (Verdict.HOLDS, Verdict.HOLDS)
        figures = (result.distinct_states, result.generated_states, result.depth, dict(result.cut))
        assert figures == (len(naive.inside), naive.generated, naive.depth, dict(naive.cut))
        assert (merged.distinct_states, merged.depth) == (naive.orbits(), naive.depth)
