"""What a run has found, with the way there."""

from __future__ import annotations

from ....models.semantics import State
from ...search import Finding


class Done(Exception):
    """The finding that ends the run was made."""


class Findings:
    """The findings so far, one for each property; with `go_on` only a mistake in the model is the last."""

    def __init__(self, *, go_on: bool) -> None:
        self._go_on = go_on
        self._chains: dict[State, list[State]] = {}
        self.found: list[Finding] = []

    def report(self, finding: Finding, before: list[State]) -> None:
        """Add a finding, given the canonical states up to the one before it. Errors: `Done`."""
        if all(known.name != finding.name for known in self.found):
            self.found.append(finding)
            if finding.before is not None:
                self._chains[finding.before] = before
            if finding.after is not None and finding.sort == "invariant":
                self._chains[finding.after] = [*before, finding.after]
        if not self._go_on or finding.sort == "error":
            raise Done

    def chain(self, state: State | None) -> list[State]:
        """The canonical states on the first path to a state, the initial one first.

        It is known of the states before a finding, and of those that violate an invariant.
        """
        return [] if state is None else self._chains[state]
