"""Where the messages under way stand in the cells of a state, for each kind of network."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from ....models.language import Bag, Fifo, MessageSet
from ....models.semantics import Envelope, System
from .envelopes import Envelopes
from .reps import Range, bit_cells, bit_ranges, ones, with_ones

MOST_UNIVERSE = 512
"""Up to so many different envelopes, a set of them has a bit for each."""


class Overflow(Exception):
    """More messages are under way than a layout has slots for: ask for one with more."""

    def __init__(self, slots: int) -> None:
        super().__init__(f"more than {slots} messages are under way")
        self.slots = slots


@dataclass(frozen=True)
class Posted(ABC):
    """A set of envelopes: in `base` and the `cells` after it."""

    envelopes: Envelopes
    base: int

    kind: ClassVar[str]

    @property
    def cells(self) -> int:
        """How many cells there are."""
        return len(self.cell_ranges())

    @abstractmethod
    def cell_ranges(self) -> list[Range]:
        """What each cell can be."""

    @abstractmethod
    def flatten(self, held: Iterable[Envelope]) -> list[int]:
        """Envelopes as cells. Errors: `Overflow`."""

    @abstractmethod
    def unflatten(self, cells: Sequence[int]) -> list[Envelope]:
        """The envelopes that these cells are, in the order in which they are kept."""

    @abstractmethod
    def __str__(self) -> str: ...


@dataclass(frozen=True)
class Bits(Posted):
    """A bit for each envelope there is, by its place: bit `place % 63` of cell `base + place // 63`."""

    kind = "bits"

    @property
    def universe(self) -> int:
        """How many envelopes there are."""
        return self.envelopes.universe or 0

    def cell_ranges(self) -> list[Range]:
        return bit_ranges(self.universe)

    def flatten(self, held: Iterable[Envelope]) -> list[int]:
        return with_ones([self.envelopes.place(envelope) for envelope in held], bit_cells(self.universe))

    def unflatten(self, cells: Sequence[int]) -> list[Envelope]:
        return [self.envelopes.at(place) for place in ones(cells)]

    def __str__(self) -> str:
        return f"bit set of {self.universe}"


def _slot_ranges(envelopes: Envelopes, slots: int) -> list[Range]:
    return [(0, slots), *[(0, envelopes.most_code)] * slots]


def _in_slots(codes: Sequence[int], slots: int) -> list[int]:
    """How many codes there are, then the codes, then 0 in the slots that are free. Errors: `Overflow`."""
    if len(codes) > slots:
        raise Overflow(slots)
    return [len(codes), *codes, *[0] * (slots - len(codes))]


@dataclass(frozen=True)
class Slots(Posted):
    """How many envelopes there are (cell `count`), and their codes, ascending, from cell `first`; free slots are 0.

    Errors: `NoLayout` if codes are too wide.
    """

    slots: int

    kind = "slots"

    def __post_init__(self) -> None:
        self.envelopes.require_codes()

    @property
    def count(self) -> int:
        """The cell with their number."""
        return self.base

    @property
    def first(self) -> int:
        """The first slot."""
        return self.base + 1

    def cell_ranges(self) -> list[Range]:
        return _slot_ranges(self.envelopes, self.slots)

    def flatten(self, held: Iterable[Envelope]) -> list[int]:
        return _in_slots(sorted(map(self.envelopes.code, held)), self.slots)

    def unflatten(self, cells: Sequence[int]) -> list[Envelope]:
        return [self.envelopes.envelope(code) for code in cells[1 : 1 + cells[0]]]

    def __str__(self) -> str:
        return f"{self.slots} slots of {self.envelopes.bits} bits"


@dataclass(frozen=True)
class NetworkLayout(ABC):
    """The cells of a network: `base` and the `cells` after it.

    `envelopes` are those that can be under way; `kind` is "bits" or "slots" for a `MessageSet`, "bag" or "fifo".
    """

    envelopes: Envelopes
    base: int

    @property
    @abstractmethod
    def kind(self) -> str:
        """Which of the four it is."""

    @property
    def cells(self) -> int:
        """How many cells there are."""
        return len(self.cell_ranges())

    @abstractmethod
    def cell_ranges(self) -> list[Range]:
        """What each cell can be."""

    @abstractmethod
    def flatten(self, held: Any) -> list[int]:
        """What a network keeps in a state, as cells. Errors: `Overflow`."""

    @abstractmethod
    def unflatten(self, cells: Sequence[int]) -> Any:
        """What the network keeps in a state."""

    @abstractmethod
    def __str__(self) -> str: ...


@dataclass(frozen=True)
class SetLayout(NetworkLayout):
    """`MessageSet`: `posted` is a bit set or has slots."""

    posted: Bits | Slots
    system: System

    @property
    def kind(self) -> str:
        """As `posted` says."""
        return self.posted.kind

    def cell_ranges(self) -> list[Range]:
        return self.posted.cell_ranges()

    def flatten(self, held: Any) -> list[int]:
        return self.posted.flatten(held)

    def unflatten(self, cells: Sequence[int]) -> Any:
        return tuple(sorted(self.posted.unflatten(cells), key=self.system.key))

    def __str__(self) -> str:
        return str(self.posted)


@dataclass(frozen=True)
class BagLayout(NetworkLayout):
    """`Bag`: cell `left` with the duplicates left, then `posted`, in which equal codes stand side by side."""

    duplicates: int
    posted: Slots
    system: System

    @property
    def kind(self) -> str:
        """A bag."""
        return "bag"

    @property
    def left(self) -> int:
        """The cell with the number of deliveries that may still keep their copy."""
        return self.base

    def cell_ranges(self) -> list[Range]:
        return [(0, self.duplicates), *self.posted.cell_ranges()]

    def flatten(self, held: Any) -> list[int]:
        left, items = held
        return [left, *self.posted.flatten(items)]

    def unflatten(self, cells: Sequence[int]) -> Any:
        return cells[0], tuple(sorted(self.posted.unflatten(cells[1:]), key=self.system.key))

    def __str__(self) -> str:
        return str(self.posted)


@dataclass(frozen=True)
class Channel:
    """The queue from one process to another: cell `count` with its length, codes from cell `first`, oldest first."""

    source: int
    target: int
    base: int

    @property
    def count(self) -> int:
        """The cell with the length."""
        return self.base

    @property
    def first(self) -> int:
        """The first slot."""
        return self.base + 1


@dataclass(frozen=True)
class FifoLayout(NetworkLayout):
    """`Fifo`: `channels` in the order of sender and receiver, each with a count and so many slots.

    Errors: `NoLayout` if codes are too wide.
    """

    slots: int

    def __post_init__(self) -> None:
        self.envelopes.require_codes()

    @property
    def kind(self) -> str:
        """Queues."""
        return "fifo"

    @cached_property
    def channels(self) -> tuple[Channel, ...]:
        """The queues that there can be."""
        ends = self.envelopes.channels
        return tuple(Channel(*pair, self.base + number * (1 + self.slots)) for number, pair in enumerate(ends))

    def cell_ranges(self) -> list[Range]:
        return _slot_ranges(self.envelopes, self.slots) * len(self.channels)

    def flatten(self, held: Any) -> list[int]:
        queues: dict[tuple[int, int], list[int]] = {(c.source, c.target): [] for c in self.channels}
        for queue in held:
            block, _ = self.envelopes.parts(queue[0])
            queues[block.source, block.target] = [self.envelopes.code(envelope) for envelope in queue]
        return [cell for codes in queues.values() for cell in _in_slots(codes, self.slots)]

    def unflatten(self, cells: Sequence[int]) -> Any:
        width = 1 + self.slots
        queues = [cells[at : at + width] for at in range(0, len(cells), width)]
        return tuple(tuple(map(self.envelopes.envelope, q[1 : 1 + q[0]])) for q in queues if q[0])

    def __str__(self) -> str:
        return f"{len(self.channels)} queues of {self.slots} slots of {self.envelopes.bits} bits"


def posted(envelopes: Envelopes, base: int, slots: int) -> Bits | Slots:
    """A set of envelopes: with a bit for each if they are few, otherwise with slots."""
    few = envelopes.universe is not None and envelopes.universe <= MOST_UNIVERSE
    return Bits(envelopes, base) if few else Slots(envelopes, base, slots)


def network_layout(system: System, envelopes: Envelopes, base: int, slots: int) -> NetworkLayout:
    """The layout of a system's network; `slots` is for what has no capacity."""
    count = system.shape.resolver.count
    network = type(system.protocol).network

    def room(capacity: int | str | None) -> int:
        return 0 if not envelopes.blocks else slots if capacity is None else count(capacity)[0]

    match network:
        case MessageSet():
            return SetLayout(envelopes, base, posted(envelopes, base, slots), system)
        case Bag(duplicates=duplicates, capacity=capacity):
            return BagLayout(envelopes, base, count(duplicates)[0], Slots(envelopes, base + 1, room(capacity)), system)
        case Fifo(capacity=capacity):
            return FifoLayout(envelopes, base, room(capacity))
