"""What an engine reports before anyone has run it again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ...models.semantics import State, StepFailed

Sort = Literal["invariant", "step invariant", "assertion", "deadlock", "error"]


@dataclass(frozen=True)
class Finding:
    """A violated property or a mistake in the model, and the canonical states around the last step.

    `before` is the state that the last step starts from, None where an initial state is at fault; `after` is where it
    leads, None where it leads nowhere (a failed step, a deadlock). `cause` is what the model raised.
    """

    sort: Sort
    name: str
    before: State | None
    after: State | None = None
    cause: Exception | None = None


def failed_step(failed: StepFailed, before: State | None) -> Finding:
    """A failed step as a finding: an assertion of the model is a property, anything else a mistake in it."""
    if isinstance(failed.cause, AssertionError):
        return Finding("assertion", "assertion", before, None, failed.cause)
    return Finding("error", failed.step.title, before, None, failed.cause)
