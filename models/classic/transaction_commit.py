"""Transaction commit: what any commit protocol must do, without saying how.

After `TCommit.tla` (Gray and Lamport, "Consensus on Transaction Commit", 2006; tlaplus/Examples,
transaction_commit): each resource manager may look at all others.
"""

from __future__ import annotations

from enum import Enum

from ..language import Map, Protocol, Symbol, action, every, invariant, require, shared


class Manager(Symbol, size="managers"):
    """A resource manager (`RM`)."""


class Local(Enum):
    """Where a resource manager stands (`rmState`)."""

    WORKING, PREPARED, COMMITTED, ABORTED = range(4)


class TransactionCommit(Protocol):
    """Module TCommit."""

    managers: int = 3

    local: Map[Manager, Local] = shared(every(Local.WORKING))

    @action
    def prepare(self, rm: Manager) -> None:
        """Prepare(rm): give up the right to abort alone."""
        require(self.local[rm] is Local.WORKING)
        self.local |= {rm: Local.PREPARED}

    @action
    def commit(self, rm: Manager) -> None:
        """Decide(rm), first case: commit once everybody can (`canCommit`)."""
        require(self.local[rm] is Local.PREPARED)
        require(all(state in (Local.PREPARED, Local.COMMITTED) for state in self.local.values()))
        self.local |= {rm: Local.COMMITTED}

    @action
    def abort(self, rm: Manager) -> None:
        """Decide(rm), second case: abort while nobody has committed (`notCommitted`)."""
        require(self.local[rm] in (Local.WORKING, Local.PREPARED))
        require(all(state is not Local.COMMITTED for state in self.local.values()))
        self.local |= {rm: Local.ABORTED}

    @invariant
    def consistent(self) -> bool:
        """TCConsistent: nobody commits what another one aborts."""
        outcomes = frozenset(self.local.values())
        return not (Local.COMMITTED in outcomes and Local.ABORTED in outcomes)
