"""What must hold of a primary-order broadcast: Zab's properties of order, and those of atomic broadcast below them."""

from __future__ import annotations

import typing
from typing import Any

from ..models.language import vacuous_unless


class Delivers(typing.Protocol):
    """A protocol whose processes deliver transactions, each with a `zxid`: an `epoch` and a `counter`."""

    def committed_logs(self) -> tuple[tuple[Any, ...], ...]:
        """For each process what it has delivered, in order."""
        ...


class Broadcasts(Delivers, typing.Protocol):
    """A protocol that also keeps as history what was broadcast."""

    def broadcasts(self) -> frozenset[Any]:
        """Every `txn` ever broadcast, and the `primary` that did it, as leader of the transaction's epoch."""
        ...


class Remembers(Broadcasts, typing.Protocol):
    """A protocol that also keeps as history what was delivered."""

    def commitments(self) -> frozenset[Any]:
        """Each `entry` ever delivered by anyone."""
        ...

    def delivered_by(self, process: Any) -> tuple[Any, ...]:
        """What a process has delivered, in order."""
        ...


def _somebody_delivered(p: Delivers) -> bool:
    return any(len(log) > 0 for log in p.committed_logs())


def _two_delivered(p: Delivers) -> bool:
    return sum(1 for log in p.committed_logs() if log) > 1


def _delivered_two_of_one_epoch(p: Delivers) -> bool:
    return any(log[at].zxid.epoch == log[at + 1].zxid.epoch for log in p.committed_logs() for at in range(len(log) - 1))


def _delivered_of_two_epochs(p: Delivers) -> bool:
    return any(one.zxid.epoch != two.zxid.epoch for log in p.committed_logs() for one in log for two in log)


@vacuous_unless(_somebody_delivered)
def integrity(p: Broadcasts) -> bool:
    """Whatever is delivered was broadcast by some primary.

    Integrity (Junqueira, Reed and Serafini, DSN 2011, section 3).
    """
    return all(any(sent.txn == txn for sent in p.broadcasts()) for log in p.committed_logs() for txn in log)


@vacuous_unless(_two_delivered)
def prefix_consistency(p: Delivers) -> bool:
    """Of what any two processes have delivered, one is a prefix of the other.

    What the paper's properties come to for processes that deliver from the start: `PrefixConsistency` of the
    specifications kept with ZooKeeper.
    """
    return all(
        mine == theirs
        for one in p.committed_logs()
        for other in p.committed_logs()
        for mine, theirs in zip(one, other, strict=False)
    )


@vacuous_unless(_two_delivered)
def total_order(p: Delivers) -> bool:
    """If anyone delivers one transaction before another, whoever delivers the latter has delivered the former first.

    Total order (Junqueira, Reed and Serafini, DSN 2011, section 3).
    """
    return all(
        any(theirs[earlier] == one[first] for earlier in range(position))
        for one in p.committed_logs()
        for last in range(len(one))
        for first in range(last)
        for theirs in p.committed_logs()
        for position in range(len(theirs))
        if theirs[position] == one[last]
    )


@vacuous_unless(_two_delivered)
def broadcast_agreement(p: Delivers) -> bool:
    """Of two transactions that two processes deliver, one of the processes delivers both.

    Agreement (Junqueira, Reed and Serafini, DSN 2011, section 3).
    """
    return all(
        any(txn == mine for txn in other) or any(txn == theirs for txn in one)
        for one in p.committed_logs()
        for other in p.committed_logs()
        for mine in one
        for theirs in other
    )


@vacuous_unless(_delivered_two_of_one_epoch)
def local_primary_order(p: Broadcasts) -> bool:
    """What a primary broadcasts in an epoch is delivered in that order, and without holes.

    Local primary order (Junqueira, Reed and Serafini, DSN 2011, section 3), for every two transactions: that there are
    two of which it is so would hold of any run.
    """
    return all(
        any(log[earlier] == former.txn for earlier in range(position))
        for former in p.broadcasts()
        for latter in p.broadcasts()
        if former.primary == latter.primary
        and former.txn.zxid.epoch == latter.txn.zxid.epoch
        and former.txn.zxid.counter < latter.txn.zxid.counter
        for log in p.committed_logs()
        for position in range(len(log))
        if log[position] == latter.txn
    )


@vacuous_unless(_delivered_of_two_epochs)
def global_primary_order(p: Delivers) -> bool:
    """No process delivers a transaction of an earlier epoch after one of a later epoch.

    Global primary order (Junqueira, Reed and Serafini, DSN 2011, section 3).
    """
    return all(
        log[first].zxid.epoch <= log[last].zxid.epoch
        for log in p.committed_logs()
        for last in range(len(log))
        for first in range(last)
    )


def _something_delivered_ever(p: Remembers) -> bool:
    return len(p.commitments()) > 0


@vacuous_unless(_something_delivered_ever)
def primary_integrity(before: Remembers, after: Remembers) -> bool:
    """A primary has delivered, before it broadcasts, whatever anybody ever delivers of the epochs before its own.

    Primary integrity (Junqueira, Reed and Serafini, DSN 2011, section 3). What is delivered after the broadcast is
    caught when it is delivered for the first time.
    """
    return all(
        any(txn == delivered.entry for txn in before.delivered_by(sent.primary))
        for sent in after.broadcasts()
        if sent not in before.broadcasts()
        for delivered in before.commitments()
        if delivered.entry.zxid.epoch < sent.txn.zxid.epoch
    ) and all(
        delivered.entry.zxid.epoch >= sent.txn.zxid.epoch
        for delivered in after.commitments()
        if delivered not in before.commitments()
        for sent in before.broadcasts()
    )
