"""The outcome of a proof: what had to be shown, and what the solver said of each part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Literal

from ...traces import Trace

Part = Literal["initiation", "consecution", "implication"]
"""Initiation: true of the initial states. Consecution: kept by a step. Implication: it follows from the lemmas."""


class Answer(Enum):
    """What is known of an obligation, the worst last."""

    PROVED = "proved"
    UNKNOWN = "unknown"
    NOT_INDUCTIVE = "not inductive"


@dataclass(frozen=True)
class Obligation:
    """One thing to show: that `property` is true initially, or is kept by `action`, or follows from the lemmas.

    `action` names a kind of step, as `Step.title` does; it is empty where no step is taken.
    """

    part: Part
    property: str
    action: str = ""

    def __str__(self) -> str:
        match self.part:
            case "initiation":
                return f"{self.property} is true initially"
            case "consecution":
                return f"{self.action} keeps {self.property}"
        return f"{self.property} follows from the lemmas"

    def denied(self) -> str:
        """That it fails, in words."""
        match self.part:
            case "initiation":
                return f"{self.property} is not true of the initial states"
            case "consecution":
                return f"{self.action} does not keep {self.property}"
        return f"{self.property} does not follow from the lemmas"


@dataclass(frozen=True)
class Outcome:
    """The answer to one obligation, the seconds that it took, and how often the solver was asked.

    `reason` says why it is unknown, in the solver's words. `trace` shows an obligation that fails: an initial state,
    or for `consecution` states that satisfy every lemma and a step that breaks `property`; None if the failure was
    not found in a cluster small enough to show.
    """

    obligation: Obligation
    answer: Answer
    seconds: float
    reason: str = ""
    trace: Trace | None = None


@dataclass(frozen=True)
class Proof:
    """What became of a proof by induction.

    `unbounded` and `any` name the parameters without a bound and the groups of any number. `weakened` says which
    guards were left out because they have no symbolic meaning there: what is proved holds without them. `assumes` is
    what is believed and was not proved here, in words. `dropped` are the candidates that a search for the largest
    inductive subset left out of `lemmas`.
    """

    model: str
    parameters: Mapping[str, Any]
    invariants: tuple[str, ...]
    lemmas: tuple[str, ...]
    outcomes: tuple[Outcome, ...]
    elapsed_seconds: float
    unbounded: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    k: int = 1
    seed: int = 0
    weakened: tuple[str, ...] = ()
    assumes: tuple[str, ...] = ()
    dropped: Mapping[str, str] = field(default_factory=dict)
    interrupted: bool = False

    @property
    def answer(self) -> Answer:
        """Proved only if there are obligations and every one is; not inductive as soon as one is not."""
        answers = {outcome.answer for outcome in self.outcomes}
        if Answer.NOT_INDUCTIVE in answers:
            return Answer.NOT_INDUCTIVE
        return Answer.PROVED if answers == {Answer.PROVED} and not self.interrupted else Answer.UNKNOWN

    @property
    def failure(self) -> Outcome | None:
        """The first obligation that fails: an initial state before any step."""
        return next(iter(self.failures), None)

    @property
    def failures(self) -> tuple[Outcome, ...]:
        """The obligations that fail: initial states before steps."""
        failed = (o for o in self.outcomes if o.answer is Answer.NOT_INDUCTIVE)
        return tuple(sorted(failed, key=lambda outcome: outcome.obligation.part != "initiation"))
