"""Asking z3: whether formulas can be true together, with the same answer on every run and every machine.

z3's effort on one question varies a hundredfold with its seed, so a hard question is asked again and again, each time
with another seed and with more effort. Effort is counted in z3's own units, not in seconds: what a slice of it answers
does not depend on the machine.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import z3

from .logic import Formula, as_term

SLICE = 3_000_000
"""The effort of the first attempts, in z3's units: about half a second."""

CONFIGURATIONS: tuple[Mapping[str, Any], ...] = ({}, {"smt.mbqi.force_template": 0})
"""Ways to instantiate quantifiers that are tried in turn."""


CORE = 5.0
"""Seconds for finding out which hypotheses an instance needs."""


class Sat(Enum):
    """Whether the formulas can be true together."""

    NO = "unsat"
    YES = "sat"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Reply:
    """What the solver said, how often it was asked, and a model of the formulas if they have one."""

    sat: Sat
    attempts: int
    reason: str = ""
    model: z3.ModelRef | None = None


@dataclass(frozen=True)
class Effort:
    """How long a question may take, in seconds of wall-clock time, None for any; the seed; and which turns it has."""

    seconds: float | None = None
    seed: int = 0
    first: int = 0
    last: int | None = None


def ask(variants: Sequence[Sequence[Formula]], effort: Effort) -> Reply:
    """Whether these formulas can be true together.

    Each variant but the last leaves some of them out: what is impossible without those is impossible.
    """
    ends = None if effort.seconds is None else time.monotonic() + effort.seconds
    reason, attempts = "", 0
    for attempts, (formulas, configuration, seed, units) in enumerate(_schedule(variants, effort), 1):
        whole = formulas is variants[-1]
        reply = _attempt(formulas, configuration, seed, units, ends)
        if reply.sat is Sat.NO or (reply.sat is Sat.YES and whole):
            return Reply(reply.sat, attempts, "", reply.model)
        reason = reply.reason or reason
        if ends is not None and time.monotonic() >= ends:
            break
    return Reply(Sat.UNKNOWN, attempts, reason or "timeout")


def _schedule(
    variants: Sequence[Sequence[Formula]], effort: Effort
) -> Iterator[tuple[Sequence[Formula], Mapping[str, Any], int, int]]:
    """Every variant in every configuration, with more effort each time."""
    for turn in itertools.count(effort.first) if effort.last is None else range(effort.first, effort.last):
        for number, configuration in enumerate(CONFIGURATIONS):
            # what leaves the most out is the likeliest to be quick, but it may leave out too much
            for formulas in variants if number == 0 else variants[:1]:
                yield formulas, configuration, effort.seed + turn, SLICE * 2 ** (turn // 2)


def _attempt(
    formulas: Sequence[Formula], configuration: Mapping[str, Any], seed: int, units: int, ends: float | None
) -> Reply:
    solver = z3.Solver()
    solver.set("rlimit", units)
    solver.set("smt.random_seed", seed)
    for name, value in configuration.items():
        solver.set(name, value)
    if ends is not None:
        solver.set("timeout", max(1, int((ends - time.monotonic()) * 1000)))
    for formula in formulas:
        solver.add(as_term(formula))
    return _reply(solver)


def ask_bounded(formulas: Sequence[Formula], effort: Effort) -> Reply:
    """Whether formulas without anything open can be true together: a question for a propositional solver."""
    solver = _propositional(effort.seed, effort.seconds)
    for formula in formulas:
        solver.add(as_term(formula))
    return _reply(solver)


def _propositional(seed: int, seconds: float | None) -> z3.Solver:
    solver = z3.SolverFor("QF_FD")
    solver.set("random_seed", seed)
    if seconds is not None:
        solver.set("timeout", max(1, int(seconds * 1000)))
    return solver


def _reply(solver: z3.Solver) -> Reply:
    answer = solver.check()
    if answer == z3.sat:
        return Reply(Sat.YES, 1, "", solver.model())
    if answer == z3.unsat:
        return Reply(Sat.NO, 1)
    return Reply(Sat.UNKNOWN, 1, solver.reason_unknown())


def core(hypotheses: Mapping[str, Sequence[Formula]], rest: Sequence[Formula], seed: int) -> frozenset[str] | None:
    """Hypotheses, by name, that suffice to make the rest impossible, and none of which can be left out.

    None if all together do not, or the solver gives up. Only for formulas without quantifiers.
    """
    needed = _core(hypotheses, rest, seed)
    for name in sorted(needed or ()):
        if needed is not None and name in needed:
            fewer = _core({n: hypotheses[n] for n in needed if n != name}, rest, seed)
            needed = needed if fewer is None else fewer
    return needed


def _core(hypotheses: Mapping[str, Sequence[Formula]], rest: Sequence[Formula], seed: int) -> frozenset[str] | None:
    solver = _propositional(seed, CORE)
    for formula in rest:
        solver.add(as_term(formula))
    names = {name: z3.Bool(f"needs {name}") for name in hypotheses}
    for name, formulas in hypotheses.items():
        for formula in formulas:
            solver.add(z3.Implies(names[name], as_term(formula)))
    if solver.check(*names.values()) != z3.unsat:
        return None
    found = {str(each) for each in solver.unsat_core()}
    return frozenset(name for name, literal in names.items() if str(literal) in found)
