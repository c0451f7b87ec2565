"""A state of the whole system, as one immutable value."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..language import Ref

Locals = tuple[Any, ...]
"""The fields of one process, in the order of their declaration."""


class Envelope(NamedTuple):
    """A message under way, with its two ends."""

    source: Ref[Any]
    target: Ref[Any]
    message: Any


class State(NamedTuple):
    """A state: equal states are the same state.

    `shared` holds the protocol's own fields, `processes` the fields of each process in the order of the
    clusters, `network` what the network holds (its shape is the network's own), `faults` what is left of each
    fault's budget and what is broken now, and `sent` every envelope ever sent, if the model asks for that.
    """

    shared: Locals
    processes: tuple[Locals, ...]
    network: Any
    faults: tuple[Any, ...]
    sent: frozenset[Envelope]
