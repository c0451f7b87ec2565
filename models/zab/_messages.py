"""The values and messages of Zab, by the names of the paper (Junqueira, Reed and Serafini, DSN 2011)."""

from __future__ import annotations

from typing import Annotated

from ..language import AtMost, Range, Symbol, message, record

Epoch = Annotated[int, Range(0, "epochs")]
"""Epochs number leaders, from 1; 0 is before the first."""

Counter = Annotated[int, Range(0, "transactions")]
"""Transactions of an epoch are numbered from 1; 0 is before the first."""

Index = Annotated[int, Range(0, "transactions")]
"""Positions in a history, from 1; 0 is before the first."""


class Value(Symbol, size="values"):
    """What a client wants to be done."""


@record
class Zxid:
    """The identity of a transaction: the epoch of the primary that broadcast it, and its number there."""

    epoch: Epoch
    counter: Counter


@record
class Txn:
    """A transaction."""

    zxid: Zxid
    value: Value


Log = Annotated[tuple[Txn, ...], AtMost("transactions")]
"""A history: the transactions that a server has accepted, in order."""


@record
class Record:
    """A history, and the epoch of the leader that last established it (f.a in the paper)."""

    epoch: Epoch
    log: Log


@message
class Elected:
    """The sender was named leader; whoever looks for one may follow it."""


@message
class Closed:
    """The connection is gone: the sender gave it up, or crashed."""


@message
class CEpoch:
    """CEPOCH: a follower tells the last epoch that it promised (f.p)."""

    epoch: Epoch


@message
class NewEpoch:
    """NEWEPOCH: a leader proposes an epoch that is newer than all that a quorum promised."""

    epoch: Epoch


@message
class AckEpoch:
    """ACK-E: a follower joins the epoch, and hands over its history.

    `promises` is false if it had promised this epoch before: then this is no new promise.
    """

    promises: bool
    held: Record


@message
class NewLeader:
    """NEWLEADER: the history with which an epoch begins."""

    epoch: Epoch
    log: Log


@message
class AckLeader:
    """ACK-LD: the follower has made the leader's history, up to this transaction, its own."""

    zxid: Zxid


@message
class CommitLeader:
    """COMMIT-LD: the epoch is established, and what goes before is committed up to this transaction."""

    zxid: Zxid


@message
class Propose:
    """A leader broadcasts a transaction."""

    txn: Txn


@message
class Ack:
    """A follower has a transaction on disk."""

    zxid: Zxid


@message
class Commit:
    """A transaction is committed."""

    zxid: Zxid
