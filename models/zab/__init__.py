"""Zab: the protocol of the paper, a coarse form of it, and synchronisation as implemented."""

from ._complaints import Complaint
from ._messages import (
    Ack,
    AckEpoch,
    AckLeader,
    CEpoch,
    Closed,
    Commit,
    CommitLeader,
    Counter,
    Elected,
    Epoch,
    Index,
    Log,
    NewEpoch,
    NewLeader,
    Propose,
    Record,
    Txn,
    Value,
    Zxid,
)
from ._orders import Answer, Kind, Order, Peer
from ._server import Phase, Server
from .coarse import ZabCoarse
from .zab import Broadcast, Committed, Zab

__all__ = [
    "Ack",
    "AckEpoch",
    "AckLeader",
    "Answer",
    "Broadcast",
    "CEpoch",
    "Closed",
    "Commit",
    "CommitLeader",
    "Committed",
    "Complaint",
    "Counter",
    "Elected",
    "Epoch",
    "Index",
    "Kind",
    "Log",
    "NewEpoch",
    "NewLeader",
    "Order",
    "Peer",
    "Phase",
    "Propose",
    "Record",
    "Server",
    "Txn",
    "Value",
    "Zab",
    "ZabCoarse",
    "Zxid",
]
