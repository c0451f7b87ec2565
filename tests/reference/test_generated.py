"""Drawn protocols, explored by two code paths that share nothing."""

from __future__ import annotations

import importlib.util
import itertools
import sys
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, assume, given, settings

from quorate.checker import Verdict
from quorate.models.language import Protocol

from ..native.agreeing import check
from .family import Drawn, Naive, TooMany, protocols
from .wide import Wide

NUMBERS = itertools.count()


def protocol_of(drawn: Drawn | Wide, folder: str) -> Protocol:
    name = f"drawn_{next(NUMBERS)}"
    path = Path(folder) / f"{name}.py"
    path.write_text(drawn.source())
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    protocol = module.Drawn()
    assert isinstance(protocol, Protocol)
    return protocol


def explored(drawn: Drawn) -> Naive:
    try:
        return Naive(drawn, most=3000)
    except TooMany:
        assume(False)
        raise


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(protocols())
def test_the_checker_agrees_with_a_naive_search(drawn: Drawn) -> None:
    naive = explored(drawn)
    with tempfile.TemporaryDirectory() as folder:
        result = check(protocol_of(drawn, folder))
    if naive.violation is not None:
        assert result.verdict is Verdict.VIOLATED
        assert result.violation is not None
        assert (result.violation.name, result.violation.length) == naive.violation
        assert result.generated_states == naive.generated
    else:
        assert result.verdict is Verdict.HOLDS
        figures = (result.distinct_states, result.generated_states, result.depth, dict(result.cut))
        assert figures == (len(naive.seen), naive.generated, naive.depth, dict(naive.cut))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(protocols())
def test_symmetry_changes_no_verdict_and_counts_orbits(drawn: Drawn) -> None:
    naive = explored(drawn)
    with tempfile.TemporaryDirectory() as folder:
        result = check(protocol_of(drawn, folder), symmetry=True)
    if naive.violation is None:
        assert result.verdict is Verdict.HOLDS
        assert (result.distinct_states, result.depth) == (naive.orbits(), naive.depth)
    else:
        assert result.violation is not None
        assert result.violation.length == naive.violation[1]
