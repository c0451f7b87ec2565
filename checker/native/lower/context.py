"""What all kernels of a model share: its layout, where things lie in memory, and the names of what they count."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from ....models.language import Ref
from ....models.semantics import System
from ... import ir
from ..layout.domains import Reps
from ..layout.state import StateLayout
from .cells import Cell, add, times
from .status import CUT

OUTBOX = 64
"""The most messages that one step sends without asking the reference engine."""


class Context:
    """A program with the layout of its states.

    Memory `m` holds the cells of two states, the one before a step and the one after it, then the outbox: a count,
    and for each message its receiver, its class and its cells.
    """

    def __init__(self, program: ir.Program, system: System, layout: StateLayout) -> None:
        self.program = program
        self.system = system
        self.layout = layout
        self.reps: Reps = layout.reps
        self.parameters = system.protocol.parameters
        self.bounds: list[str] = []
        self.tables: dict[str, tuple[int, ...]] = {}
        self._named: dict[tuple[int, ...], str] = {}

    @property
    def after(self) -> int:
        """The first cell of the state after a step."""
        return self.layout.cells

    @property
    def outbox(self) -> int:
        """The first cell of the outbox."""
        return 2 * self.layout.cells

    @cached_property
    def envelope_cells(self) -> int:
        """The cells of a message in the outbox: receiver, class, fields."""
        messages = self.layout.envelopes.messages
        return 2 + max((self.message_rep(payload.cls).cells for payload in messages), default=0)

    @property
    def memory(self) -> int:
        """The cells of the whole memory."""
        return self.outbox + 1 + OUTBOX * self.envelope_cells + self.layout.cells

    def message_rep(self, cls: type) -> Any:
        """How a message is kept while it is in the outbox."""
        return self.reps.work(self.system.shape.resolver.record(cls))

    def message_number(self, cls: type) -> int:
        """The number of a message class in the order of envelopes."""
        return [payload.cls for payload in self.layout.envelopes.messages].index(cls)

    def cut(self, bound: str) -> int:
        """The status of a step that would leave this bound."""
        if bound not in self.bounds:
            self.bounds.append(bound)
        return CUT + self.bounds.index(bound)

    def table(self, values: Sequence[int]) -> str:
        """The name of a constant table."""
        found = tuple(values)
        if found not in self._named:
            name = self._named[found] = f"TABLE{len(self._named)}"
            self.tables[name] = found
        return self._named[found]

    def looked_up(self, values: Sequence[int], index: Cell) -> Cell:
        """An item of a constant table; a table that is a straight line is computed."""
        if isinstance(index, int):
            return values[index] if 0 <= index < len(values) else 0
        steps = {b - a for a, b in itertools.pairwise(values)}
        if len(steps) <= 1:
            return add(times(index, steps.pop() if steps else 0), values[0] if values else 0)
        return f"{self.table(values)}[{index}]"

    # -- processes -----------------------------------------------------------------------------------------------------

    @cached_property
    def numbers(self) -> dict[str, tuple[int, ...]]:
        """The numbers of the processes of each cluster."""
        refs: tuple[Ref[Any], ...] = self.system.refs
        clusters = self.system.shape.classes
        return {c: tuple(i for i, ref in enumerate(refs) if ref.cluster == c) for c in clusters}

    def class_of(self, cluster: str) -> type:
        """The class of a cluster's processes."""
        return self.system.shape.classes[cluster]
