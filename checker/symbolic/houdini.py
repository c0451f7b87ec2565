"""Houdini: the largest inductive subset of candidate lemmas (Flanagan and Leino, FME 2001)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .. import ir
from .proof import Answer, Proof
from .prove import Prover


def prove_with_candidates(
    prover: Prover,
    invariants: Sequence[str],
    lemmas: Sequence[str],
    candidates: Sequence[str],
    refuted: Sequence[str] = (),
) -> Proof:
    """Prove invariants with lemmas and with those of the candidates that are inductive together with them.

    Those that are `refuted` by a state that can be reached are not tried.
    """
    wanted, fixed, tried = prover.named(invariants), prover.named(lemmas), prover.named(candidates)
    dropped = {name: "is false of a state that can be reached" for name in refuted}
    while True:
        kept = [p for p in tried if p.name not in dropped]
        proof = prover.prove(wanted, _distinct([*fixed, *kept]))
        bad = [name for name in _failing(proof) if any(p.name == name for p in kept)]
        if not bad or proof.interrupted:
            return replace(proof, dropped=dropped)
        dropped |= {name: _why(proof, name) for name in bad}


def _why(proof: Proof, name: str) -> str:
    answers = {o.answer for o in proof.outcomes if o.obligation.property == name}
    return "is not kept" if Answer.NOT_INDUCTIVE in answers else "is not known to be kept"


def _distinct(properties: Sequence[ir.Property]) -> list[ir.Property]:
    return list({p.name: p for p in properties}.values())


def _failing(proof: Proof) -> list[str]:
    """The properties that are not known to be kept, each once."""
    broken = (o.obligation.property for o in proof.outcomes if o.answer is not Answer.PROVED)
    return list(dict.fromkeys(broken))
