"""The cells of a state, and what each of them is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import Any

from ....models.semantics import State, System
from ....models.semantics.domains import Named
from ... import ir
from .domains import Reps
from .envelopes import Envelopes
from .errors import NoLayout
from .faults import fault_layouts
from .limits import MOST_CELLS, require_room
from .network import Bits, Slots, network_layout, posted
from .reps import Range, Rep


class Record:
    """The cells of the fields of one owner: a process of a cluster, or the protocol.

    `fields` has, by name, the offset of a field's first cell in the record, and how the field is kept.
    """

    def __init__(self, owner: str, fields: Sequence[Named], reps: Reps) -> None:
        kept = [_fitting(owner, field, reps) for field in fields]
        offsets = list(accumulate((rep.cells for rep in kept), initial=0))
        self.fields: Mapping[str, tuple[int, Rep]] = {
            field.name: (offset, rep) for field, offset, rep in zip(fields, offsets, kept, strict=False)
        }
        self.cells = offsets[-1]

    def cell_ranges(self) -> list[Range]:
        """What each cell can be."""
        return [each for _, rep in self.fields.values() for each in rep.cell_ranges()]

    def flatten(self, values: Sequence[Any]) -> list[int]:
        """The values of the fields as cells."""
        pairs = zip(self.fields.values(), values, strict=True)
        return [cell for (_, rep), value in pairs for cell in rep.flatten(value)]

    def unflatten(self, cells: Sequence[int]) -> tuple[Any, ...]:
        """The values of the fields."""
        return tuple([rep.unflatten(cells[at : at + rep.cells]) for at, rep in self.fields.values()])


def _fitting(owner: str, field: Named, reps: Reps) -> Rep:
    require_room(f"{owner}.{field.name}" if owner else field.name, reps.of(field.domain))
    return reps.work(field.domain)


class StateLayout:
    """Where everything stands in the cells of a state: processes in order, shared fields, network, faults, sent.

    `slots` is how many messages there is room for in a network without a capacity. `clusters` has the number of the
    first process of each cluster and how many there are, `record_cells` the cells of a process of each cluster and,
    under "", of the shared fields. Errors: `NoLayout`.
    """

    def __init__(self, system: System, program: ir.Program, slots: int = 16) -> None:
        self.system = system
        self.reps = Reps(system)
        self.envelopes = Envelopes(system, program, self.reps)
        shape = system.shape
        self.records = {name: Record(name, each.fields, self.reps) for name, each in shape.shapes.items()}
        self.records[""] = Record("", shape.fields, self.reps)
        self.record_cells = {name: record.cells for name, record in self.records.items()}
        self.clusters = {name: self._members(name) for name in shape.shapes}
        *self.process_base, self.shared = accumulate((self.record_cells[ref.cluster] for ref in system.refs), initial=0)
        self.network = network_layout(system, self.envelopes, self.shared + self.record_cells[""], slots)
        self.faults = fault_layouts(system, self.network.base + self.network.cells)
        end = self.network.base + self.network.cells + sum(fault.cells for fault in self.faults)
        self.sent: Bits | Slots | None = posted(self.envelopes, end, slots) if system._keeps_sent else None
        self.cells = end + (self.sent.cells if self.sent else 0)
        if self.cells > MOST_CELLS:
            raise NoLayout(f"a state has {self.cells} cells", f"there is room for {MOST_CELLS}")

    def _members(self, cluster: str) -> tuple[int, int]:
        numbers = [number for number, ref in enumerate(self.system.refs) if ref.cluster == cluster]
        return min(numbers, default=0), len(numbers)

    def field(self, owner: str, name: str) -> tuple[int, Rep]:
        """The offset of a field in the record of its owner (a cluster, or "" for the protocol), and how it is kept."""
        return self.records[owner].fields[name]

    def stride(self, cluster: str) -> int:
        """How many cells a process of a cluster has."""
        return self.record_cells[cluster]

    def base(self, number: int) -> int:
        """The first cell of a process."""
        return self.process_base[number]

    def cell_ranges(self) -> list[Range]:
        """What each cell of a state can be."""
        records = [self.records[ref.cluster] for ref in self.system.refs]
        parts = [*records, self.records[""], self.network, *self.faults, *([self.sent] if self.sent else [])]
        return [each for part in parts for each in part.cell_ranges()]

    def flatten(self, state: State) -> list[int]:
        """A state as cells. Errors: `Overflow` if more messages are under way than there are slots."""
        processes = zip(self.system.refs, state.processes, strict=True)
        return _joined(
            (
                *(self.records[ref.cluster].flatten(fields) for ref, fields in processes),
                self.records[""].flatten(state.shared),
                self.network.flatten(state.network),
                *(fault.flatten(kept) for fault, kept in zip(self.faults, state.faults, strict=True)),
                self.sent.flatten(state.sent) if self.sent else [],
            )
        )

    def unflatten(self, cells: Sequence[int]) -> State:
        """The state that these cells are."""
        after = self.network.base + self.network.cells
        return State(
            self.records[""].unflatten(cells[self.shared : self.network.base]),
            tuple([self._process(number, cells) for number in range(len(self.system.refs))]),
            self.network.unflatten(cells[self.network.base : after]),
            tuple([fault.unflatten(cells[fault.base : fault.base + fault.cells]) for fault in self.faults]),
            frozenset(self.sent.unflatten(cells[self.sent.base :])) if self.sent else frozenset(),
        )

    def _process(self, number: int, cells: Sequence[int]) -> tuple[Any, ...]:
        cluster, at = self.system.refs[number].cluster, self.process_base[number]
        fields = self.records[cluster].unflatten(cells[at : at + self.record_cells[cluster]])
        # engines compare the fields of processes by identity first
        return self.system.same(cluster, fields)


def _joined(parts: Iterable[Sequence[int]]) -> list[int]:
    return [cell for part in parts for cell in part]
