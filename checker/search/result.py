"""The outcome of a run: one verdict, what it rests on, and the counterexample if there is one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

from ...traces import Trace

if TYPE_CHECKING:
    import networkx

Draw = Callable[[int], "networkx.MultiDiGraph[int]"]
"""Makes the graph of all states, if there are at most so many."""


class Verdict(Enum):
    """What a run says; never anything between."""

    HOLDS = "holds"
    VIOLATED = "violated"
    INCONCLUSIVE = "inconclusive"


@dataclass(frozen=True)
class Usage:
    """What a run took: `threads`, and at its peak the bytes of `memory` outside Python, by what they were for.

    An engine that tells states apart by fingerprints may take two for one; `collisions` is the probability that it did.
    """

    threads: int = 1
    memory: Mapping[str, int] = field(default_factory=dict)
    collisions: float = 0.0


@dataclass(frozen=True)
class Violation:
    """A property that is violated, by its name, and the shortest trace that shows it."""

    name: str
    trace: Trace

    @property
    def length(self) -> int:
        """The number of steps of the trace, the choice of the initial state not counted."""
        return self.trace.length


@dataclass(frozen=True)
class Result:
    """What a run found.

    `verdict` is *holds* only if every state within the bounds was seen; `cut` says which bounds were hit, as
    transitions not taken. `reason` says what ended an inconclusive run. `properties` has the verdict of each property:
    after a violation the others are inconclusive, unless the run was told to go on. `violation` is the first one,
    `violations` all that were found. `symmetry` names the clusters and symbols over which states were merged.
    `interrupted` tells a run that the user ended, `exhaustive` one that saw every state within the bounds. `usage` is
    what the run took.
    """

    model: str
    parameters: Mapping[str, Any]
    engine: str
    verdict: Verdict
    reason: str
    distinct_states: int
    generated_states: int
    depth: int
    cut: Mapping[str, int]
    elapsed_seconds: float
    properties: Mapping[str, Verdict]
    violations: tuple[Violation, ...]
    actions: Mapping[str, int]
    warnings: tuple[str, ...] = ()
    symmetry: tuple[str, ...] = ()
    interrupted: bool = False
    exhaustive: bool = False
    usage: Usage = field(default_factory=Usage)
    draw: Draw | None = field(default=None, repr=False, compare=False)

    @property
    def violation(self) -> Violation | None:
        """The first violation: of the shortest ones, the least in the fixed order of steps."""
        return self.violations[0] if self.violations else None

    def state_graph(self, max_states: int = 10_000) -> networkx.MultiDiGraph[int]:
        """Every state of the model within its bounds and every step between two of them, explored again.

        Nodes count from 0 in the order of discovery and carry `state` (nested, by the names of the fields) and
        `initial`; edges carry `action`. Errors: `ValueError` if there are more than `max_states` states.
        """
        if self.draw is None:
            raise ValueError("the run that gave this result cannot draw its states")
        return self.draw(max_states)
