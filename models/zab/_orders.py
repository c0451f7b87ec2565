"""The values of Zab with election and discovery in one step."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

from ..language import AtMost, Symbol, record
from ._messages import Epoch, Index, Log, Txn, Zxid


class Peer(Symbol, size="servers"):
    """A server."""


class Kind(Enum):
    """The messages of synchronisation and broadcast: a leader's, and the answers of a follower."""

    NEW_LEADER, COMMIT_LEADER, PROPOSE, COMMIT, ACK_LEADER, ACK = range(6)


@record
class Order:
    """A leader's message: NEW_LEADER with an epoch and a history, PROPOSE with a transaction, or a commit up to one."""

    kind: Kind
    zxid: Zxid
    log: Log


@record
class Answer:
    """A follower's message: ACK_LEADER or ACK."""

    kind: Kind
    zxid: Zxid


Orders = Annotated[tuple[Order, ...], AtMost("2 * transactions + 1")]
"""What is under way to a follower, oldest first; there is never more."""

Answers = Annotated[tuple[Answer, ...], AtMost("transactions + 1")]
"""What is under way from a follower to its leader, oldest first; there is never more."""


@record
class Delivered:
    """The transaction that was first committed at an index, and the epoch of the leader that committed it."""

    index: Index
    entry: Txn
    term: Epoch


@record
class Sent:
    """A transaction, and the server that broadcast it as leader of the transaction's epoch."""

    primary: Peer
    txn: Txn
