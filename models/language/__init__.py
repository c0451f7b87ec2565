"""The words a model is written in: typed, ordinary Python, and a closed subset of it.

A model is a `Protocol` with clusters of `Process`es. Values never change; only fields do. `quorate` tries every
interleaving of the actions, message deliveries and faults that the model declares.
"""

from .domains import AtMost, Range
from .errors import ModelError, Place
from .faults import Crash, Partition
from .fields import durable, ghost, parameter, shared, volatile
from .marks import (
    action,
    between_crashes,
    constraint,
    history,
    initial,
    invariant,
    lemma,
    quorum,
    receive,
    require,
    restart,
    step_invariant,
    vacuous_unless,
)
from .networks import Bag, Fifo, MessageSet, Network
from .process import Process
from .protocol import Cluster, Faults, Has, Invariants, Member, Protocol, Sent, StepInvariants, cluster
from .records import message, record
from .sizes import Figures, Size, Sizes
from .values import Map, Ref, Symbol, every, rank

__all__ = [
    "AtMost",
    "Bag",
    "Cluster",
    "Crash",
    "Faults",
    "Fifo",
    "Figures",
    "Has",
    "Invariants",
    "Map",
    "Member",
    "MessageSet",
    "ModelError",
    "Network",
    "Partition",
    "Place",
    "Process",
    "Protocol",
    "Range",
    "Ref",
    "Sent",
    "Size",
    "Sizes",
    "StepInvariants",
    "Symbol",
    "action",
    "between_crashes",
    "cluster",
    "constraint",
    "durable",
    "every",
    "ghost",
    "history",
    "initial",
    "invariant",
    "lemma",
    "message",
    "parameter",
    "quorum",
    "rank",
    "receive",
    "record",
    "require",
    "restart",
    "shared",
    "step_invariant",
    "vacuous_unless",
    "volatile",
]
