"""The steps of a state by the reference semantics and by the symbolic engine: they must be the same."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import z3

from quorate.checker.frontend import compile_model
from quorate.checker.symbolic.decoding import Evaluate, evaluator, state_of
from quorate.checker.symbolic.fresh import Source
from quorate.checker.symbolic.logic import Formula, all_of, as_term, iff, neg
from quorate.checker.symbolic.moves import Move, Moves, Taken
from quorate.checker.symbolic.setting import Setting
from quorate.checker.symbolic.unrolling import merged_worlds
from quorate.checker.symbolic.worlds import World
from quorate.models.language import Protocol
from quorate.models.semantics import Outcome, State, StepFailed, System

from .lifted import lifted

Read = TypeVar("Read")
Steps = dict[str, set[State | None]]
"""The states that steps of each title lead to; None for a step that fails."""


class Both:
    """A protocol by the reference semantics and by the symbolic engine."""

    def __init__(self, protocol: Protocol) -> None:
        program = compile_model(protocol)
        self.system = System(protocol)
        self.setting = Setting(program, dict(protocol.parameters))
        self.moves = tuple(Moves(self.setting, program.histories).all())

    def agree(self, states: Sequence[State]) -> None:
        """The steps from each of these states are the same; the symbolic engine is not told which one it is in."""
        world, here = self.any_of(states)
        taken = list(self._taken(world))
        for state, guard in zip(states, here, strict=True):
            assert self._symbolic(taken, guard) == self._concrete(state)

    def any_of(self, states: Sequence[State]) -> tuple[World, list[Formula]]:
        """A symbolic state that is one of these, and for each when it is that one."""
        which = Source(self.setting).one_of(range(len(states)), "which")
        here = [which.of[i] for i in range(len(states))]
        worlds = [lifted(self.setting, self.system, state) for state in states]
        return merged_worlds(list(zip(worlds, here, strict=True))), here

    def _concrete(self, state: State) -> Steps:
        """What the reference semantics can do; what was ever sent, symbolic states do not keep."""
        found: Steps = defaultdict(set)
        for step, tried in self.system.attempts(state):
            if isinstance(tried, Outcome):
                found[step.title].add(tried.state._replace(sent=frozenset()))
            elif isinstance(tried, StepFailed):
                found[step.title].add(None)
        return found

    def _taken(self, world: World) -> Iterator[tuple[Move, Taken]]:
        for i, move in enumerate(self.moves):
            taken = move.take(world, f"step {i} ")
            if taken is not None:
                yield move, taken

    def _symbolic(self, steps: Sequence[tuple[Move, Taken]], here: Formula) -> Steps:
        """What the symbolic engine can do where this is true."""
        found: Steps = defaultdict(set)
        for move, taken in steps:
            if after := set(self._after(taken, here)):
                found[move.title] |= after
        return found

    def _after(self, taken: Taken, here: Formula) -> Iterator[State | None]:
        solver = solver_of(here, *taken.facts)
        if solver.check(as_term(taken.failed)) == z3.sat:
            yield None
        solver.add(as_term(taken.enabled))
        yield from readings(solver, lambda evaluate: state_of(self.system, taken.world, evaluate))

    def walk(self, rng: random.Random, length: int) -> list[State]:
        """The states of a random run, until it gets stuck."""
        run: list[State] = []
        while len(run) < length:
            attempts = self.system.attempts(run[-1] if run else None)
            following = [tried.state for _, tried in attempts if isinstance(tried, Outcome)]
            if not following:
                break
            run.append(rng.choice(following))
        return run


def solver_of(*formulas: Formula) -> z3.Solver:
    """A solver that assumes these."""
    solver = z3.Solver()
    solver.add(*map(as_term, formulas))
    return solver


def readings(solver: z3.Solver, read: Callable[[Evaluate], Read]) -> Iterator[Read]:
    """What is read in some model of what the solver assumes, once for all models that are read alike."""
    while solver.check() == z3.sat:
        seen: list[Formula] = []
        yield read(_noting(evaluator(solver.model()), seen))
        solver.add(as_term(neg(all_of(seen))))


def _noting(evaluate: Evaluate, seen: list[Formula]) -> Evaluate:
    def noting(formula: Formula) -> bool:
        answer = evaluate(formula)
        seen.append(iff(formula, answer))
        return answer

    return noting
