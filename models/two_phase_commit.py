"""Two-phase commit: a transaction manager asks resource managers to commit.

After `TwoPhase.tla` (Gray and Lamport, "Consensus on Transaction Commit", 2006; tlaplus/Examples,
transaction_commit): messages stay in a set for ever, and prepare requests and refusals are left out, because a
manager may do by itself what they would make it do.
"""

from __future__ import annotations

from enum import Enum

from .language import (
    Figures,
    Map,
    Protocol,
    Size,
    Sizes,
    Symbol,
    action,
    every,
    invariant,
    lemma,
    record,
    require,
    shared,
)


class Manager(Symbol, size="managers"):
    """A resource manager (`RM`)."""


class Local(Enum):
    """Where a resource manager stands (`rmState`)."""

    WORKING, PREPARED, COMMITTED, ABORTED = range(4)


class Decision(Enum):
    """Where the transaction manager stands (`tmState`)."""

    OPEN, COMMITTED, ABORTED = range(3)


class Order(Enum):
    """What the transaction manager tells everybody: the messages without fields."""

    COMMIT, ABORT = range(2)


@record
class Prepared:
    """`sender` can commit."""

    sender: Manager


class TwoPhaseCommit(Protocol):
    """Module TwoPhase; its `msgs` is kept as one set for each type of message."""

    managers: int = 3

    sizes: Sizes = (
        Size("small", {"managers": 5}, Figures(8_832, 58_146, 17), Figures(314, 2_048, 17)),
        Size("medium", {"managers": 8}, Figures(1_745_408, 18_507_778, 26), Figures(1_461, 15_287, 26)),
        Size("large", {"managers": 10}, Figures(61_515_776, 817_760_258, 32), Figures(3_300, 43_298, 32)),
    )

    local: Map[Manager, Local] = shared(every(Local.WORKING))
    decision: Decision = shared(Decision.OPEN)
    ready: frozenset[Manager] = shared(frozenset())
    prepared: frozenset[Prepared] = shared(frozenset())
    orders: frozenset[Order] = shared(frozenset())

    @action
    def commit(self) -> None:
        """TMCommit: everybody is prepared."""
        require(self.decision is Decision.OPEN)
        require(len(self.ready) == self.managers)
        self.decision = Decision.COMMITTED
        self.orders |= {Order.COMMIT}

    @action
    def abort(self) -> None:
        """TMAbort: at any time before the decision."""
        require(self.decision is Decision.OPEN)
        self.decision = Decision.ABORTED
        self.orders |= {Order.ABORT}

    @action
    def on_prepared(self, m: Prepared) -> None:
        """TMRcvPrepared: the transaction manager notes who is prepared."""
        require(self.decision is Decision.OPEN)
        require(m in self.prepared)
        self.ready |= {m.sender}

    @action
    def prepare(self, rm: Manager) -> None:
        """RMPrepare: from here on the manager must wait for the decision."""
        require(self.local[rm] is Local.WORKING)
        self.local |= {rm: Local.PREPARED}
        self.prepared |= {Prepared(rm)}

    @action
    def choose_to_abort(self, rm: Manager) -> None:
        """RMChooseToAbort: alone, while that is still possible."""
        require(self.local[rm] is Local.WORKING)
        self.local |= {rm: Local.ABORTED}

    @action
    def on_commit(self, rm: Manager) -> None:
        """RMRcvCommitMsg: a manager is told to commit."""
        require(Order.COMMIT in self.orders)
        self.local |= {rm: Local.COMMITTED}

    @action
    def on_abort(self, rm: Manager) -> None:
        """RMRcvAbortMsg: a manager is told to abort."""
        require(Order.ABORT in self.orders)
        self.local |= {rm: Local.ABORTED}

    @invariant
    def consistent(self) -> bool:
        """TCConsistent of module TCommit: nobody commits what another one aborts."""
        outcomes = frozenset(self.local.values())
        return not (Local.COMMITTED in outcomes and Local.ABORTED in outcomes)

    @invariant
    def commits_are_unanimous(self) -> bool:
        """Nobody commits before everybody was prepared."""
        return all(
            len(self.prepared) == self.managers for rm in self.domain(Manager) if self.local[rm] is Local.COMMITTED
        )

    # -- the inductive invariant -----------------------------------------------------------------------------------

    @lemma
    def orders_tell_the_decision(self) -> bool:
        """Everybody is told to commit, or to abort, only when that is what was decided; and the decision is final."""
        return (Order.COMMIT not in self.orders or self.decision is Decision.COMMITTED) and (
            Order.ABORT not in self.orders or self.decision is Decision.ABORTED
        )

    @lemma
    def commits_are_ordered(self) -> bool:
        """No manager commits before it was told to."""
        return Order.COMMIT in self.orders or all(self.local[rm] is not Local.COMMITTED for rm in self.domain(Manager))

    @lemma
    def the_decision_to_commit_is_unanimous(self) -> bool:
        """If it was decided to commit, the transaction manager has noted that everybody is prepared."""
        return self.decision is not Decision.COMMITTED or all(rm in self.ready for rm in self.domain(Manager))

    @lemma
    def ready_managers_were_prepared(self) -> bool:
        """Whom the transaction manager takes for prepared has said so."""
        return all(Prepared(rm) in self.prepared for rm in self.ready)

    @lemma
    def prepared_managers_wait(self) -> bool:
        """Who has said that it is prepared does not go back to work, and aborts only if told to."""
        return all(
            self.local[m.sender] is not Local.WORKING
            and (self.local[m.sender] is not Local.ABORTED or Order.ABORT in self.orders)
            for m in self.prepared
        )
