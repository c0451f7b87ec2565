"""A trace: the steps of one run of a model, with the state after each, and what it shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from ..models.semantics import Envelope, State, Step, System
from ..models.semantics import Kind as StepKind

if TYPE_CHECKING:
    import networkx

Kind = Literal["invariant", "step invariant", "assertion", "deadlock", "error", "run"]
"""What a trace shows: a violated property of a sort, a mistake in the model, or (`run`) nothing in particular."""


ASSUMED = Step(StepKind.ASSUMED, "assumed")
"""How a trace begins whose first state is not initial, but any that satisfies some properties."""


@dataclass(frozen=True)
class Moment:
    """A step, what it sent, and the state it led to: None if the step failed, which only the last one can."""

    step: Step
    sent: tuple[Envelope, ...]
    state: State | None


@dataclass(frozen=True)
class Reason:
    """One link in why a property is false: an expression of the source, and the values of its quantified variables."""

    expression: str
    file: str
    line: int
    bindings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Trace:
    """The moments of a run, the initial state first, and the property that its end violates.

    `violated` is the name of the property; for an assertion or a mistake in the model, the place in the source.
    `model` is how the model was named on the command line, empty if it was not.

    A counterexample to induction begins with the step `ASSUMED` instead, in a state that need not be reachable.
    `assumes` names the properties that it then satisfies, as does every other state but the last.
    """

    system: System
    moments: tuple[Moment, ...]
    kind: Kind = "run"
    violated: str = ""
    why: tuple[Reason, ...] = ()
    model: str = ""
    assumes: tuple[str, ...] = ()

    @property
    def from_anywhere(self) -> bool:
        """Whether the first state is any that satisfies the assumed properties, and need not be reachable."""
        return self.moments[0].step == ASSUMED

    @property
    def length(self) -> int:
        """The number of steps, the choice of the first state not counted."""
        return len(self.moments) - 1

    @property
    def module(self) -> str:
        """The module that the protocol is defined in."""
        return type(self.system.protocol).__module__

    @property
    def name(self) -> str:
        """How to name the model on the command line: as it was, or `module:Class`."""
        return self.model or f"{self.module}:{type(self.system.protocol).__qualname__}"

    def to_networkx(self, flat: bool = False) -> networkx.MultiDiGraph[int]:
        """The path of states as a graph: nodes are step numbers, edges are steps.

        With `flat` every attribute is a string, a number or a bool, as GraphML and its kin need.
        """
        from .graph import path

        return path(self, flat)

    def causality(self) -> networkx.MultiDiGraph[int]:
        """The happens-before graph (Lamport, "Time, Clocks, and the Ordering of Events", 1978).

        Nodes are steps; edges lead from each event of a process to its next, and from sending to receiving.
        """
        from .graph import causality

        return causality(self)
