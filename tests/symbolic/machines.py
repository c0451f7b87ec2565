"""Drawn machines of a few states, and what induction over k steps makes of them: worked out state by state."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise, product
from pathlib import Path

from hypothesis import strategies as st

from quorate.models.language import Protocol

from ..ir.test_expressions import load

State = tuple[int, int]
Step = tuple[State, State]
STATES: list[State] = list(product(range(3), range(2)))

HEAD = '''"""A drawn machine."""

from __future__ import annotations

from typing import Annotated

from quorate.models.language import Protocol, Range, action, initial, invariant, lemma, require, shared, step_invariant


class Machine(Protocol):
    x: Annotated[int, Range(0, 2)] = shared(0)
    y: Annotated[int, Range(0, 1)] = shared(0)

    @initial
    def begin(self, x: Annotated[int, Range(0, 2)], y: Annotated[int, Range(0, 1)]) -> None:
        require((x, y) in FIRST)
        self.x, self.y = x, y

    @lemma
    def helps(self) -> bool:
        return (self.x, self.y) in HELPS

    @invariant
    def holds(self) -> bool:
        return (self.x, self.y) in HOLDS

    @step_invariant
    def steps(self, after: Machine) -> bool:
        return (self.x, self.y, after.x, after.y) in STEPS
'''
ACTION = """
    @action
    def from_{0}_{1}(self, x: Annotated[int, Range(0, 2)], y: Annotated[int, Range(0, 1)]) -> None:
        require((self.x, self.y) == ({0}, {1}) and (x, y) in {2})
        self.x, self.y = x, y
"""


@dataclass(frozen=True)
class Machine:
    """Its initial states, where each state leads, and what a lemma, an invariant and a step invariant are true of."""

    first: frozenset[State]
    next: dict[State, frozenset[State]]
    helps: frozenset[State]
    holds: frozenset[State]
    steps: frozenset[Step]

    def protocol(self, folder: Path) -> Protocol:
        """The machine in the modelling language."""
        text = HEAD + "".join(ACTION.format(*state, _tuple(to)) for state, to in self.next.items() if to)
        flat = [(*before, *after) for before, after in self.steps]
        for name, values in (("FIRST", self.first), ("HELPS", self.helps), ("HOLDS", self.holds), ("STEPS", flat)):
            text = text.replace(name, _tuple(values))
        protocol = load(folder, text).Machine()
        assert isinstance(protocol, Protocol)
        return protocol

    # -- by hand ---------------------------------------------------------------------------------------------------

    def reachable(self) -> set[State]:
        """Every state that a run comes to."""
        found, new = set(self.first), set(self.first)
        while new:
            new = {to for state in new for to in self.next[state]} - found
            found |= new
        return found

    def is_true(self, name: str) -> bool:
        """Whether the invariant, or the step invariant, is never violated."""
        reached = self.reachable()
        if name == "holds":
            return reached <= self.holds
        return all((state, to) in self.steps for state in reached for to in self.next[state])

    def runs(self, within: frozenset[State], k: int) -> list[tuple[State, ...]]:
        """Every sequence of k states in a set, each of which leads to the next."""
        found: list[tuple[State, ...]] = [(state,) for state in STATES if state in within]
        for _ in range(k - 1):
            found = [(*run, to) for run in found for to in sorted(self.next[run[-1]]) if to in within]
        return found

    def starts(self, k: int) -> list[tuple[State, ...]]:
        """The runs of up to k states from an initial one."""
        found: list[tuple[State, ...]] = [(state,) for state in self.first]
        every = list(found)
        for _ in range(k - 1):
            found = [(*run, to) for run in found for to in self.next[run[-1]]]
            every += found
        return every

    def is_inductive(self, name: str, k: int) -> bool:
        """Whether induction over k steps proves this with the lemma."""
        wanted = [self.helps]
        if name == "holds" and not self.helps <= self.holds:
            wanted.append(self.holds)
        assumed = frozenset.intersection(*wanted)
        starts, runs = self.starts(k), self.runs(assumed, k)
        kept = all(run[-1] in assumed for run in starts) and all(self.next[run[-1]] <= assumed for run in runs)
        if name == "holds":
            return kept
        first = all(step in self.steps for run in starts for step in pairwise(run))
        return kept and first and all((run[-1], to) in self.steps for run in runs for to in self.next[run[-1]])


def _tuple(values: object) -> str:
    assert isinstance(values, frozenset | list)
    return "(" + "".join(f"{value}, " for value in sorted(values)) + ")" if values else "((9, 9),)"


@st.composite
def machines(draw: st.DrawFn) -> Machine:
    """A machine with a few steps from each state, whose properties are false of few states."""
    some = st.frozensets(st.sampled_from(STATES), max_size=2)
    reached = draw(st.frozensets(st.sampled_from(STATES), max_size=2))
    steps = {state: draw(some) for state in STATES}
    taken = sorted((state, to) for state, targets in steps.items() for to in targets)
    bad = draw(st.frozensets(st.sampled_from(taken), max_size=2)) if taken else frozenset()
    return Machine(
        frozenset({draw(st.sampled_from(STATES))}),
        steps,
        frozenset(STATES) - draw(some),
        frozenset(STATES) - reached,
        frozenset(taken) - bad,
    )
