"""How values and states are kept: as cells, one int for each scalar, and packed in words of 64 bits."""

from .domains import Reps, of_domain
from .envelopes import Block, Envelopes, Part, Payload
from .errors import NoLayout
from .faults import CrashLayout, FaultLayout, PartitionLayout
from .network import BagLayout, Bits, Channel, FifoLayout, NetworkLayout, Overflow, SetLayout, Slots
from .pack import Packing, Place, RecordPlace
from .reps import Array, BitSet, Maybe, Product, Renaming, Rep, Scalar, Table, Unit
from .state import Record, StateLayout

__all__ = [
    "Array",
    "BagLayout",
    "BitSet",
    "Bits",
    "Block",
    "Channel",
    "CrashLayout",
    "Envelopes",
    "FaultLayout",
    "FifoLayout",
    "Maybe",
    "NetworkLayout",
    "NoLayout",
    "Overflow",
    "Packing",
    "Part",
    "PartitionLayout",
    "Payload",
    "Place",
    "Product",
    "Record",
    "RecordPlace",
    "Renaming",
    "Rep",
    "Reps",
    "Scalar",
    "SetLayout",
    "Slots",
    "StateLayout",
    "Table",
    "Unit",
    "of_domain",
]
