"""The named sizes of the bundled protocols: the recorded figures are those that the checker finds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from quorate.checker import Result, Verdict, check
from quorate.checker.cli.bundled import everything
from quorate.models.language import Figures, Protocol, Size

QUICK = 300_000
"""A run over so many states is quick."""


MOST = 4_000_000
"""Larger sizes are left to `python -m benchmarks.protocols`, which compares their figures as well."""


def states(size: Size) -> int:
    """How many states the test of a size explores."""
    return (size.symmetric or size.figures or Figures(0, 0, 0)).distinct


def sized(*names: str) -> Iterator[object]:
    for model in everything():
        for size in model.model.sizes:
            if size.name in names and states(size) <= MOST:
                slow = max((f.distinct for f in (size.figures, size.symmetric) if f), default=0) > QUICK
                yield pytest.param(model.model, size, id=f"{model.name}-{size.name}", marks=[pytest.mark.slow] * slow)


def figures(result: Result) -> tuple[int, int, int]:
    return result.distinct_states, result.generated_states, result.depth


@pytest.mark.parametrize(("model", "size"), list(sized("small")))
def test_small(model: type[Protocol], size: Size) -> None:
    for symmetry, recorded in ((False, size.figures), (True, size.symmetric)):
        if recorded is not None:
            result = check(model.sized(size.name), symmetry=symmetry)
            assert result.verdict is Verdict.HOLDS
            assert figures(result) == recorded
    assert size.figures or size.symmetric


@pytest.mark.slow
@pytest.mark.parametrize(("model", "size"), list(sized("medium")))
def test_at_medium_everything_happens(model: type[Protocol], size: Size) -> None:
    result = check(model.sized(size.name), symmetry=size.symmetric is not None)
    assert result.verdict is Verdict.HOLDS
    assert figures(result) == (size.symmetric or size.figures)
    assert not [warning for warning in result.warnings if "never taken" in warning or "vacuous" in warning]


def test_sizes_are_in_order_and_differ() -> None:
    for model in everything():
        names = [size.name for size in model.model.sizes]
        assert names == [name for name in ("small", "medium", "large") if name in names]
        chosen = [dict(size.parameters) for size in model.model.sizes]
        assert all(one not in chosen[:i] for i, one in enumerate(chosen))
