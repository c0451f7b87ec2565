"""What a network holds in a solver's model, as the reference semantics keeps it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ....models.language import Bag, Fifo
from ....models.language import Network as Declared
from ....models.semantics import System
from ....models.semantics.network import carrier
from ...ir import types as t
from ..logic import Formula
from ..setting import Setting
from ..values import Value
from .network import Network, Reading
from .unordered import Unordered

Evaluate = Callable[[Formula], bool]
PlainOf = Callable[[Setting, t.Type, Value, Evaluate], Any]


def network_of(system: System, network: Network, evaluate: Evaluate, plain_of: PlainOf) -> Any:
    """What a state of the system has as its `network`, given how formulas and values are read."""
    reading = Reading(evaluate, lambda type_, value: plain_of(network.setting, type_, value, evaluate))
    declared = _unbounded(network.setting.program.network)
    running = carrier(declared, system.key, system.shape.resolver.count)
    held = running.empty()
    if isinstance(declared, Bag) and isinstance(network, Unordered) and network.left is not None:
        held = (reading.plain(t.Int(0, declared.duplicates), network.left), held[1])
    return running.send(held, tuple(network.envelopes(reading)))


def _unbounded(declared: Declared) -> Declared:
    """The same without what bounds its contents: a solver may know no bound, and hides none that it breaks."""
    if isinstance(declared, Bag):
        return replace(declared, copies=None, capacity=None)
    return replace(declared, capacity=None) if isinstance(declared, Fifo) else declared
