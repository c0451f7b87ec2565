"""Two-phase commit with one thing wrong."""

from __future__ import annotations

from ..language import require
from ..two_phase_commit import Decision, Local, Manager, Order, TwoPhaseCommit
from .mutant import Mutant


class TwoPhaseCommitByMajority(TwoPhaseCommit):
    """The transaction manager commits when a majority is prepared, while another resource manager may still abort."""

    def commit(self) -> None:
        """TMCommit: most are prepared."""
        require(self.decision is Decision.OPEN)
        require(2 * len(self.ready) > self.managers)
        self.decision = Decision.COMMITTED
        self.orders |= {Order.COMMIT}


class TwoPhaseCommitTimesOut(TwoPhaseCommit):
    """A resource manager that is prepared gives up waiting and aborts, but the others are told to commit."""

    def choose_to_abort(self, rm: Manager) -> None:
        """RMChooseToAbort: alone, even when prepared."""
        require(self.local[rm] in (Local.WORKING, Local.PREPARED))
        self.local |= {rm: Local.ABORTED}


class TwoPhaseCommitChangesItsMind(TwoPhaseCommit):
    """The transaction manager aborts after it has decided to commit, and somebody has heard of the first decision."""

    def abort(self) -> None:
        """TMAbort: at any time."""
        self.decision = Decision.ABORTED
        self.orders |= {Order.ABORT}


PAPER = 'Gray and Lamport, "Consensus on Transaction Commit", 2006, section 3'

MUTANTS = (
    Mutant(
        "two-phase-commit-by-majority",
        TwoPhaseCommitByMajority,
        {"managers": 3},
        "commits_are_unanimous",
        6,
        f"{PAPER}: commit if all resource managers are prepared",
    ),
    Mutant(
        "two-phase-commit-times-out",
        TwoPhaseCommitTimesOut,
        {"managers": 2},
        "consistent",
        7,
        f"{PAPER}: a prepared resource manager waits for the decision, which is why the protocol blocks",
    ),
    Mutant(
        "two-phase-commit-changes-its-mind",
        TwoPhaseCommitChangesItsMind,
        {"managers": 2},
        "consistent",
        8,
        f"{PAPER}: the decision is final",
    ),
)
"""What is known of each."""
