"""A proof from the command line: what its properties mean, how it is told, and the exit status it becomes."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from ...models.language import Protocol
from ...models.semantics import System
from ...models.semantics.properties import properties
from ..symbolic.proof import Answer, Outcome, Proof
from . import keeping
from .failures import Status
from .proofs import Account, counterexamples, report, summary
from .proofs_data import as_json
from .running import Telling, from_here

_STATUSES = {
    Answer.PROVED: Status.HOLDS,
    Answer.NOT_INDUCTIVE: Status.VIOLATED,
    Answer.UNKNOWN: Status.INCONCLUSIVE,
}


def account(proof: Proof, protocol: Protocol) -> Account:
    """A proof with what each of its properties means."""
    named = {p.name: _first_sentence(p.documentation) for p in properties(System(protocol).shape)}
    return Account(proof, {name: named.get(name, "") for name in (*proof.invariants, *proof.lemmas)})


def _first_sentence(documentation: str) -> str:
    paragraph = " ".join(documentation.strip().partition("\n\n")[0].split())
    return re.split(r"(?<=[.!?:]) (?=[A-Z`])", paragraph, maxsplit=1)[0]


def status(account: Account) -> Status:
    """The exit status of a proof: an obligation that fails counts even if the proof was interrupted after it."""
    proof = account.proof
    if proof.interrupted and proof.answer is not Answer.NOT_INDUCTIVE:
        return Status.INTERRUPTED
    return _STATUSES[proof.answer]


def _named(account: Account, model: str) -> Account:
    """The proof, with the model named as it was on the command line and places seen from the current folder."""
    proof = account.proof
    return replace(
        account,
        proof=replace(
            proof,
            model=model,
            outcomes=tuple(_renamed(outcome, model) for outcome in proof.outcomes),
            weakened=tuple(map(from_here, proof.weakened)),
            assumes=tuple(map(from_here, proof.assumes)),
        ),
    )


def _renamed(outcome: Outcome, model: str) -> Outcome:
    trace = None if outcome.trace is None else replace(outcome.trace, model=model)
    return replace(outcome, trace=trace)


def _keep(account: Account, path: Path | None) -> list[str]:
    return keeping.keep(counterexamples(account.proof), path)


PROOF = Telling(_named, report, summary, as_json, _keep, status, "unknown")
"""How a proof is told."""
