"""Every message that can be under way, with its two ends, as a number.

There are two ways to number them. The *place* of an envelope is its position among all, without a gap: what a bit set
is indexed by. The *code* of an envelope is a number of fixed width, with the sender, the receiver, the message class
and the fields of the message side by side, which can be taken apart with shifts: what is kept in a slot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from ....models.semantics import Envelope, System
from ....models.semantics.domains import Records
from ... import ir
from .domains import Reps
from .errors import NoLayout
from .limits import require_room
from .reps import Rep
from .routes import routes

MOST_CODE_BITS = 62
"""The widest code: it is never negative in a cell, and neither is one more than it."""


@dataclass(frozen=True)
class Part:
    """Where a cell of a message stands in a code: `cell - lo`, so many bits wide, shifted to the left."""

    lo: int
    bits: int
    shift: int

    @property
    def mask(self) -> int:
        """As many ones as there are bits."""
        return (1 << self.bits) - 1


@dataclass(frozen=True)
class Payload:
    """A message class: its fields as cells, and where each cell stands in a code."""

    cls: type
    rep: Rep

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The place of each cell, the first one in the highest bits."""
        found: list[Part] = []
        shift = 0
        for lo, hi in reversed(self.rep.cell_ranges()):
            bits = (hi - lo).bit_length()
            found.insert(0, Part(lo, bits, shift))
            shift += bits
        return tuple(found)

    @property
    def bits(self) -> int:
        """How many bits the fields have together."""
        return sum(part.bits for part in self.parts)

    def pack(self, cells: Sequence[int]) -> int:
        """The fields side by side."""
        return sum((cell - part.lo) << part.shift for part, cell in zip(self.parts, cells, strict=True))

    def unpack(self, payload: int) -> list[int]:
        """The cells of the fields."""
        return [(payload >> part.shift & part.mask) + part.lo for part in self.parts]


@dataclass(frozen=True)
class Block:
    """The envelopes with these ends and of this message class: `size` places from `offset`, by the message's index."""

    source: int
    target: int
    kind: int
    offset: int
    size: int


class Envelopes:
    """The envelopes of a system.

    `messages` are the classes that some process receives, `processes` and `kinds` how many of each there are; `blocks`
    are in the order of sender, receiver and class.
    """

    def __init__(self, system: System, program: ir.Program, reps: Reps) -> None:
        self._refs = system.refs
        self._numbers = {ref: number for number, ref in enumerate(system.refs)}
        self._kinds = {message.cls: kind for kind, message in enumerate(system.shape.messages)}
        self.messages = tuple(_payload(message, reps) for message in system.shape.messages)
        self.processes = len(system.refs)
        self.kinds = len(self.messages)
        self._routes = tuple(r for r in routes(system, program) if self.messages[r[2]].rep.size != 0)

    @cached_property
    def countable(self) -> bool:
        """Whether every message class has a number of values, so that envelopes have places."""
        return all(self.messages[kind].rep.size is not None for _, _, kind in self._routes)

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """What can be sent; all sizes and offsets are 0 unless `countable`."""
        found: list[Block] = []
        offset = 0
        for source, target, kind in self._routes:
            size = (self.messages[kind].rep.size or 0) if self.countable else 0
            found.append(Block(source, target, kind, offset, size))
            offset += size
        return tuple(found)

    @cached_property
    def _by_ends(self) -> dict[tuple[int, int, int], Block]:
        return {(block.source, block.target, block.kind): block for block in self.blocks}

    def block(self, source: int, target: int, kind: int) -> Block | None:
        """The block of these ends and this message class, None if that cannot be sent."""
        return self._by_ends.get((source, target, kind))

    @cached_property
    def universe(self) -> int | None:
        """How many envelopes there are, None if they are too many to count."""
        return sum(block.size for block in self.blocks) if self.countable else None

    @cached_property
    def channels(self) -> tuple[tuple[int, int], ...]:
        """The senders and receivers between whom something can be under way, in order."""
        return tuple(dict.fromkeys((block.source, block.target) for block in self.blocks))

    def parts(self, envelope: Envelope) -> tuple[Block, list[int]]:
        """The block of an envelope, and the cells of its message. Errors: `KeyError` for one that cannot be sent."""
        ends = (self._numbers[envelope.source], self._numbers[envelope.target])
        block = self._by_ends[(*ends, self._kinds[type(envelope.message)])]
        return block, self.messages[block.kind].rep.flatten(envelope.message)

    def whole(self, source: int, target: int, kind: int, cells: Sequence[int]) -> Envelope:
        """The envelope with these ends and this message."""
        return Envelope(self._refs[source], self._refs[target], self.messages[kind].rep.unflatten(cells))

    # -- places --------------------------------------------------------------------------------------------------

    def place(self, envelope: Envelope) -> int:
        """The position of an envelope among all."""
        block, cells = self.parts(envelope)
        return block.offset + self.messages[block.kind].rep.index(cells)

    def at(self, place: int) -> Envelope:
        """The envelope in a position."""
        block = next(b for b in self.blocks if b.offset <= place < b.offset + b.size)
        cells = self.messages[block.kind].rep.from_index(place - block.offset)
        return self.whole(block.source, block.target, block.kind, cells)

    # -- codes ---------------------------------------------------------------------------------------------------

    @cached_property
    def payload_bits(self) -> int:
        """How many bits of a code are for the fields of a message."""
        return max((self.messages[kind].bits for _, _, kind in self._routes), default=0)

    @cached_property
    def bits(self) -> int:
        """How many bits a code has."""
        heads = max(self.processes * self.processes * self.kinds - 1, 0)
        return heads.bit_length() + self.payload_bits

    def require_codes(self) -> None:
        """Errors: `NoLayout` if codes are too wide."""
        if self.blocks and self.bits > MOST_CODE_BITS:
            raise NoLayout(
                f"a message under way takes {self.bits} bits with its sender and receiver",
                f"a slot of the network has room for {MOST_CODE_BITS}",
            )

    @property
    def most_code(self) -> int:
        """The greatest code there can be; 0 if nothing is ever sent."""
        ends = [self.head(*route) for route in self._routes[-1:]]
        return max(((head << self.payload_bits) + (1 << self.payload_bits) - 1 for head in ends), default=0)

    def head(self, source: int, target: int, kind: int) -> int:
        """What a code begins with, above the bits of the fields."""
        return (source * self.processes + target) * self.kinds + kind

    def code(self, envelope: Envelope) -> int:
        """The code of an envelope."""
        block, cells = self.parts(envelope)
        head = self.head(block.source, block.target, block.kind)
        return head << self.payload_bits | self.messages[block.kind].pack(cells)

    def envelope(self, code: int) -> Envelope:
        """The envelope with a code."""
        ends, kind = divmod(code >> self.payload_bits, self.kinds)
        payload = code & (1 << self.payload_bits) - 1
        return self.whole(*divmod(ends, self.processes), kind, self.messages[kind].unpack(payload))


def _payload(message: Records, reps: Reps) -> Payload:
    rep = reps.of(message)
    require_room(f"the message {message.cls.__name__}", rep)
    return Payload(message.cls, rep)
