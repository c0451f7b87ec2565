"""Networks as symbolic states keep them: which messages are under way, and what sending and receiving make of them."""

from __future__ import annotations

from collections.abc import Iterator

from ....models.language import Bag, Fifo
from .. import values as v
from ..fresh import Source
from ..logic import neg
from ..setting import Setting
from .counts import Counts
from .decoding import network_of
from .network import Delivery, Network
from .queues import Queues
from .sets import Receipt, Sets
from .wires import Wire, wires, wires_into


def empty(setting: Setting) -> Network:
    """Nothing under way."""
    declared = setting.program.network
    if isinstance(declared, Fifo):
        return Queues(setting, {})
    if not isinstance(declared, Bag) or not setting.program.clusters:
        return Sets(setting, {}, v.constant(0), Receipt.KEEPS)
    budget = setting.bound(declared.duplicates)
    left = None if budget is None else v.constant(budget)
    if declared.copies is not None and setting.bound(declared.copies) == 1:
        return Sets(setting, {}, left, Receipt.REMOVES)
    if any(setting.is_open(wire.message) for wire in wires(setting)):
        return Sets(setting, {}, left, Receipt.MAY_REMOVE)
    return Counts(setting, {}, left)


def anything(setting: Setting, source: Source, name: str) -> Network:
    """A network that holds whatever its processes may send. Errors: `ModelError` if nothing bounds how much that is."""
    network = empty(setting).anything(source, name)
    source.known.append(neg(network.is_too_full()))
    return network


def breaking(setting: Setting) -> Iterator[Wire]:
    """Where a network that loses messages may do so: each wire, or one for each queue."""
    declared = setting.program.network
    if isinstance(declared, Bag) and declared.loses:
        yield from wires(setting)
    if isinstance(declared, Fifo) and declared.loses:
        yield from {(wire.source, wire.target): wire for wire in wires(setting)}.values()


__all__ = ["Delivery", "Network", "Wire", "anything", "breaking", "empty", "network_of", "wires", "wires_into"]
