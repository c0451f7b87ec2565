"""Both engines at once: what they say must be the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from quorate.checker import Limits, ModelFailed, Result
from quorate.checker import check as check_by
from quorate.models.language import Protocol


def told(result: Result) -> dict[str, Any]:
    """All that the two engines must agree on."""
    return {
        "verdict": result.verdict,
        "reason": result.reason,
        "distinct": result.distinct_states,
        "generated": result.generated_states,
        "depth": result.depth,
        "cut": dict(result.cut),
        "actions": dict(result.actions),
        "properties": dict(result.properties),
        "violations": [(v.name, v.trace.kind, v.trace.moments) for v in result.violations],
        "warnings": result.warnings,
        "symmetry": result.symmetry,
        "exhaustive": result.exhaustive,
    }


def check(protocol: Protocol, *, threads: Sequence[int] = (2,), **wishes: Any) -> Result:
    """What the reference engine says, after the native one said the same with each number of threads.

    Errors: as the reference engine's.
    """
    try:
        expected = check_by(protocol, engine="reference", **wishes)
    except ModelFailed as failed:
        _fails_alike(failed, protocol, threads=threads[0], **wishes)
        raise
    if "progress" in wishes:
        return expected  # who looks on may interfere, and when he looks is each engine's own affair
    for count in threads:
        native = check_by(protocol, engine="native", threads=count, cached=False, **wishes)
        if _is_timed(wishes.get("limits", Limits())):
            assert (native.verdict, native.reason) == (expected.verdict, expected.reason)
        else:
            assert told(native) == told(expected)
    return expected


def _is_timed(limits: Limits) -> bool:
    """Whether where a run ends depends on more than the model."""
    return limits.seconds is not None or limits.memory is not None


def _fails_alike(failed: ModelFailed, protocol: Protocol, **wishes: Any) -> None:
    with pytest.raises(ModelFailed) as again:
        check_by(protocol, engine="native", cached=False, **wishes)
    assert str(again.value) == str(failed)
    assert again.value.trace.moments == failed.trace.moments
