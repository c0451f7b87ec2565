"""How a goal is reached: a protocol whose only invariant says that it is not reached yet."""

from __future__ import annotations

from quorate.checker import check
from quorate.models.language import Protocol


def steps_to(goal: Protocol) -> int | None:
    """The length of a shortest run to the goal, None if no run leads there."""
    result = check(goal, symmetry=True)
    return result.violation.length if result.violation else None
