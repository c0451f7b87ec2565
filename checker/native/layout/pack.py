"""Cells side by side in words of 64 bits: how a state is kept in memory, and the text that packs and unpacks it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from ....models.semantics import State
from .errors import NoLayout
from .reps import Range
from .state import StateLayout

WORD_BITS = 64

MOST_STATE_BITS = 1 << 16
"""The most bits of a state."""


@dataclass(frozen=True)
class Place:
    """Where a cell is kept: `cell - lo`, in so many bits of a word, shifted to the left."""

    word: int
    shift: int
    bits: int
    lo: int

    @property
    def mask(self) -> int:
        """As many ones as there are bits."""
        return (1 << self.bits) - 1


@dataclass(frozen=True)
class RecordPlace:
    """Where the processes of a cluster are kept, all in the same way.

    If a process has at most 64 bits, process `i` of the cluster begins in word `word + i // per_word`, bit
    `shift + i % per_word * bits`. Otherwise it has `words` words of its own, from `word + i * words`.
    """

    word: int
    shift: int
    bits: int
    per_word: int
    words: int

    def start(self, number: int) -> tuple[int, int]:
        """The word and the bit at which a process of the cluster begins, by its number in it."""
        if self.words > 1:
            return self.word + number * self.words, 0
        return self.word + number // self.per_word, self.shift + number % self.per_word * self.bits


class _Filler:
    """Gives cells their places: wide ones first, each in the first word that has room, or in a new one."""

    def __init__(self) -> None:
        self.used: list[int] = []

    def cells(self, ranges: Sequence[Range]) -> list[Place]:
        """The places of some cells, in the order of the cells."""
        widths = [(hi - lo).bit_length() for lo, hi in ranges]
        spots = {n: self._spot(widths[n]) for n in sorted(range(len(ranges)), key=lambda n: -widths[n])}
        return [Place(*spots[n], widths[n], lo) for n, (lo, _) in enumerate(ranges)]

    def _spot(self, bits: int) -> tuple[int, int]:
        """The word and the shift of a cell."""
        word = next((n for n, used in enumerate(self.used) if used + bits <= WORD_BITS), len(self.used))
        if word == len(self.used):
            self.used.append(0)
        self.used[word] += bits
        return word, self.used[word] - bits

    def records(self, own: _Filler, count: int) -> RecordPlace:
        """Where as many records begin: in the last word if it has room for all of them, otherwise in a new one."""
        bits = own.used[0] if own.used else 0
        if len(own.used) > 1:
            place = RecordPlace(len(self.used), 0, 0, 0, len(own.used))
        elif self.used and self.used[-1] + count * bits <= WORD_BITS:
            place = RecordPlace(len(self.used) - 1, self.used[-1], bits, max(1, count), 1)
        else:
            place = RecordPlace(len(self.used), 0, bits, min(WORD_BITS // bits, count) if bits else max(1, count), 1)
        self._take(place, own, count)
        return place

    def _take(self, place: RecordPlace, own: _Filler, count: int) -> None:
        for word, shift in map(place.start, range(count)):
            for extra, used in enumerate(own.used):
                self.used += [0] * (word + extra + 1 - len(self.used))
                self.used[word + extra] = shift + used


class Packing:
    """The words of a state: `words` of them, with the place of each cell in `places`.

    `records` says where the processes of each cluster are. Bits that no cell has are 0, so that equal states have equal
    words, and different ones different words. Errors: `NoLayout`.
    """

    def __init__(self, layout: StateLayout) -> None:
        _require_room(layout.cell_ranges())
        self.layout = layout
        self.records: dict[str, RecordPlace] = {}
        filler = _Filler()
        places: list[Place] = []
        for cluster, (_, count) in layout.clusters.items():
            places += self._cluster(filler, cluster, count)
        self.places = (*places, *filler.cells(layout.cell_ranges()[layout.shared :]))
        # a state without any bits is still kept as a word
        self.words = max(1, len(filler.used))

    @property
    def bits(self) -> int:
        """How many bits the cells have together."""
        return sum(place.bits for place in self.places)

    def _cluster(self, filler: _Filler, cluster: str, count: int) -> Iterator[Place]:
        """The places of the cells of a cluster's processes."""
        own = _Filler()
        relative = own.cells(self.layout.records[cluster].cell_ranges())
        record = self.records[cluster] = filler.records(own, count)
        for word, shift in map(record.start, range(count)):
            yield from (replace(p, word=word + p.word, shift=shift + p.shift) for p in relative)

    # -- in Python -----------------------------------------------------------------------------------------------

    def pack_cells(self, cells: Sequence[int]) -> list[int]:
        """Cells as words, not negative."""
        words = [0] * self.words
        for place, cell in zip(self.places, cells, strict=True):
            words[place.word] |= (cell - place.lo) << place.shift
        return words

    def unpack_cells(self, words: Sequence[int]) -> list[int]:
        """The cells that these words hold; a word may be given as a signed number."""
        return [(words[place.word] >> place.shift & place.mask) + place.lo for place in self.places]

    def encode(self, state: State) -> list[int]:
        """A state as words, not negative. Errors: `Overflow` if more messages are under way than there are slots."""
        return self.pack_cells(self.layout.flatten(state))

    def decode(self, words: Sequence[int]) -> State:
        """The state that these words hold."""
        return self.layout.unflatten(self.unpack_cells(words))

    # -- as text of the kernel dialect -----------------------------------------------------------------------------

    def text(self) -> str:
        """The kernels `unpack(s, u)`, from words to cells, and `pack(u, s)`, from cells to words."""
        return "\n".join([*self._unpack(), "", "", *self._pack(), ""])

    def _by_word(self) -> list[list[tuple[Place, str]]]:
        """The cells of each word with their places, those without bits left out."""
        found: list[list[tuple[Place, str]]] = [[] for _ in range(self.words)]
        for number, place in enumerate(self.places):
            if place.bits:
                found[place.word].append((place, f"u[{number}]"))
        return found

    def word_text(self, word: int, changed: Collection[int], old: str, cells: str, first: int) -> str:
        """The text of a word of which some cells changed: the others are those of the words behind `old`.

        `cells` is the pointer behind which the changed ones are, from `first` on.
        """
        kept = [(n, place) for n, place in enumerate(self.places) if place.bits and place.word == word]
        new = [(n, place) for n, place in kept if n in changed]
        text = " | ".join(_to_word(place, f"{cells}[{first + n}]") for n, place in new)
        stays = sum(place.mask << place.shift for n, place in kept if n not in changed)
        return f"({old}[{word}] & {stays}) | {text}" if stays else text

    def twice_text(self, apart: int) -> str:
        """The kernel `unpack_twice(s, u)`, which writes all cells once more, so many cells behind the first.

        To copy them would be to read with wide loads what narrow stores have just written: processors stall on that.
        """
        return "\n".join([*self._unpack_twice(apart), "", ""])

    def _unpack_twice(self, apart: int) -> Iterator[str]:
        yield "def unpack_twice(s: Words, u: Words) -> Word:"
        for number, place in enumerate(self.places):
            yield f"    w = s[{place.word}]"
            yield f"    x = {_from_word(place) if place.bits else place.lo}"
            yield f"    u[{number}] = x"
            yield f"    u[{apart + number}] = x"
        yield "    return 0"

    def _unpack(self) -> Iterator[str]:
        yield "def unpack(s: Words, u: Words) -> Word:"
        for word, cells in enumerate(self._by_word()):
            if cells:
                yield f"    w = s[{word}]"
            yield from (f"    {cell} = {_from_word(place)}" for place, cell in cells)
        yield from (f"    u[{number}] = {place.lo}" for number, place in enumerate(self.places) if not place.bits)
        yield "    return 0"

    def _pack(self) -> Iterator[str]:
        yield "def pack(u: Words, s: Words) -> Word:"
        for word, cells in enumerate(self._by_word()):
            yield f"    s[{word}] = {' | '.join(_to_word(place, cell) for place, cell in cells) or 0}"
        yield "    return 0"


def _require_room(ranges: Sequence[Range]) -> None:
    bits = sum((hi - lo).bit_length() for lo, hi in ranges)
    if bits > MOST_STATE_BITS:
        raise NoLayout(f"a state has {bits} bits", f"there is room for {MOST_STATE_BITS}")


def _from_word(place: Place) -> str:
    """The text of a cell, `w` being its word."""
    shifted = f"(w >> {place.shift})" if place.shift else "w"
    return _plus(f"({shifted} & {place.mask})" if place.lo else f"{shifted} & {place.mask}", place.lo)


def _to_word(place: Place, cell: str) -> str:
    """The text of a cell in its word."""
    value = _plus(cell, -place.lo)
    if not place.shift:
        return f"({value})" if place.lo else value
    return f"(({value}) << {place.shift})" if place.lo else f"({value} << {place.shift})"


def _plus(text: str, number: int) -> str:
    return f"{text} {'+' if number > 0 else '-'} {abs(number)}" if number else text
