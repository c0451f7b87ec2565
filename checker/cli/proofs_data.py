"""A proof as JSON, for programs."""

from __future__ import annotations

import json
from typing import Any

from ...traces import write
from ..symbolic.proof import Outcome, Proof
from .parameters import plain
from .proofs import Account, reason

SCHEMA = "quorate.proof/1"
"""The name and version of the format."""


def as_json(account: Account) -> str:
    """Everything that is known of a proof, as a JSON object."""
    return json.dumps(as_data(account), indent=2)


def as_data(account: Account) -> dict[str, Any]:
    """Everything that is known of a proof, as what JSON can hold."""
    return _about(account) | _outcomes(account.proof) | _rests_on(account.proof)


def _about(account: Account) -> dict[str, Any]:
    proof = account.proof
    return {
        "schema": SCHEMA,
        "model": proof.model,
        "parameters": {name: plain(value) for name, value in proof.parameters.items()},
        "unbounded": list(proof.unbounded),
        "any": list(proof.any),
        "invariants": list(proof.invariants),
        "lemmas": list(proof.lemmas),
        "dropped": list(proof.dropped),
        "meanings": dict(account.meanings),
    }


def _outcomes(proof: Proof) -> dict[str, Any]:
    failure = proof.failure
    return {
        "verdict": proof.answer.value,
        "reason": reason(proof),
        "interrupted": proof.interrupted,
        "failure": None if failure is None else _outcome(failure),
        "obligations": [_outcome(outcome) for outcome in proof.outcomes],
    }


def _outcome(outcome: Outcome) -> dict[str, Any]:
    return {
        "part": outcome.obligation.part,
        "property": outcome.obligation.property,
        "action": outcome.obligation.action or None,
        "answer": outcome.answer.value,
        "reason": outcome.reason,
        "seconds": round(outcome.seconds, 3),
        "trace": None if outcome.trace is None else json.loads(write(outcome.trace)),
    }


def _rests_on(proof: Proof) -> dict[str, Any]:
    return {
        "k": proof.k,
        "seed": proof.seed,
        "weakened": list(proof.weakened),
        "assumes": list(proof.assumes),
        "elapsed_seconds": round(proof.elapsed_seconds, 3),
    }
