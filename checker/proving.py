"""Prove properties of a protocol: the front end, the symbolic engine, and the outcome."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from functools import partial

from ..models.language import Protocol
from ..models.semantics import Judge, System
from .check import check, known_properties
from .frontend import compile_model, unused
from .ir import Program
from .reference import state_graph
from .search import Limits, Progress, Result, Run, symmetry_of
from .symbolic.proof import Obligation, Proof

PATIENCE = 60.0
"""Seconds for an obligation, unless told otherwise."""

SOON = Limits(states=100_000, seconds=10.0)
"""How far states are explored to refute candidates."""


def prove(
    protocol: Protocol,
    invariants: Sequence[str],
    lemmas: Sequence[str] | None = None,
    *,
    unbounded: Sequence[str] = (),
    any: Sequence[str] = (),
    k: int = 1,
    time_limit: float | None = None,
    seed: int = 0,
    jobs: int | None = None,
    houdini: Sequence[str] = (),
    progress: Callable[[int, int, Obligation], None] = lambda done, total, obligation: None,
) -> Proof:
    """Prove by induction that invariants hold in every reachable state: `prove(Raft(), ["single_leader_per_epoch"])`.

    `lemmas` are invariants that help, by default all that the protocol declares. The bounds that the parameters
    `unbounded` set are left away, and there is any number of those whose number the parameters `any` set. The
    induction goes over `k` steps. Each obligation takes at most `time_limit` seconds, by default a minute; `seed` is
    the solver's, and so many `jobs` run at once, by default one for each core. Of the candidates `houdini`, those are
    kept as lemmas that are inductive together.
    Errors: `ModelError` if something has no symbolic meaning; `SelfCheckFailed` if a counterexample to induction does
    not replay, which is our own fault.
    """
    # z3 takes a third of a second to load, which no other command should pay
    from .symbolic.houdini import prove_with_candidates
    from .symbolic.prove import Prover, Wishes

    program = compile_model(protocol)
    limit = PATIENCE if time_limit is None else time_limit
    wishes = Wishes(tuple(unbounded), tuple(any), k, limit, seed, jobs or os.cpu_count() or 1, progress)
    prover = Prover(protocol, program, wishes)
    fixed = [name for name in helpful(program) if name not in houdini] if lemmas is None else lemmas
    return prove_with_candidates(prover, invariants, fixed, houdini, refuted(protocol, houdini))


def refuted(protocol: Protocol, names: Sequence[str]) -> list[str]:
    """Which of these properties a state violates that is reached soon: it costs a moment, and spares the solver."""
    if not names:
        return []
    found = check(protocol, properties=names, go_on=True, limits=SOON)
    return [violation.name for violation in found.violations]


def bmc(
    protocol: Protocol,
    depth: int,
    *,
    properties: Iterable[str] | None = None,
    time_limit: float | None = None,
    seed: int = 0,
    progress: Progress = lambda statistics: None,
) -> Result:
    """Look for a run of up to `depth` steps that violates a property: `bmc(Raft(terms=1), 8)`.

    `properties` names those to check, by default all but the lemmas. A violation comes with a shortest counterexample;
    otherwise the result is *inconclusive*, for a longer run may violate one. The search takes at most `time_limit`
    seconds. Errors: as `prove`, and `ModelFailed`, with a trace, if the model fails while it runs.
    """
    from .symbolic.bmc import Unrolled

    program, system = compile_model(protocol), System(protocol)
    judge = Judge(system, known_properties(system, properties))
    unrolled = Unrolled(protocol, program, judge, seed)
    ended = unrolled.search(depth, time_limit, progress)
    alone = symmetry_of(system, (), False)
    found = Run(
        "symbolic",
        system,
        judge,
        alone,
        unrolled.statistics,
        tuple(unrolled.findings),
        unrolled.chain,
        ended,
        partial(state_graph, protocol),
    )
    return found.result(unused(program))


def helpful(program: Program) -> list[str]:
    """The lemmas of a protocol, and those of its invariants that are marked as lemmas too."""
    return [*(p.name for p in program.invariants if p.helps), *(p.name for p in program.lemmas)]
