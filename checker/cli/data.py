"""The result of a run as JSON, for programs."""

from __future__ import annotations

import json
from typing import Any

from ...traces import write
from .. import Result, Violation
from .parameters import plain

SCHEMA = "quorate.result/1"
"""The name and version of the format."""


def as_json(result: Result) -> str:
    """Everything that a run found, as a JSON object."""
    return json.dumps(as_data(result), indent=2)


def as_data(result: Result) -> dict[str, Any]:
    """Everything that a run found, as what JSON can hold."""
    return _about(result) | _verdicts(result) | _counted(result)


def _about(result: Result) -> dict[str, Any]:
    return {
        "schema": SCHEMA,
        "model": result.model,
        "parameters": {name: plain(value) for name, value in result.parameters.items()},
        "engine": result.engine,
        "symmetry": list(result.symmetry),
    }


def _verdicts(result: Result) -> dict[str, Any]:
    violations = [_violation(violation) for violation in result.violations]
    return {
        "verdict": result.verdict.value,
        "reason": result.reason,
        "exhaustive": result.exhaustive,
        "interrupted": result.interrupted,
        "properties": {name: verdict.value for name, verdict in result.properties.items()},
        "violation": violations[0] if violations else None,
        "violations": violations,
        "warnings": list(result.warnings),
    }


def _violation(violation: Violation) -> dict[str, Any]:
    trace = json.loads(write(violation.trace))
    return {"property": violation.name, "kind": violation.trace.kind, "length": violation.length, "trace": trace}


def _counted(result: Result) -> dict[str, Any]:
    return {
        "distinct_states": result.distinct_states,
        "generated_states": result.generated_states,
        "depth": result.depth,
        "cut": dict(result.cut),
        "elapsed_seconds": round(result.elapsed_seconds, 3),
        "threads": result.usage.threads,
        "memory_bytes": dict(result.usage.memory),
        "collision_probability": result.usage.collisions,
        "actions": dict(result.actions),
    }
