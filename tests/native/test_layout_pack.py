"""Cells in words: nothing overlaps, nothing straddles, and what is too large is refused."""

from __future__ import annotations

from typing import Annotated, Any

import pytest

from quorate.checker.native.dialect import Words, interpret
from quorate.checker.native.layout import NoLayout, Packing
from quorate.models.language import (
    AtMost,
    Cluster,
    Map,
    MessageSet,
    Network,
    Process,
    Protocol,
    Range,
    Ref,
    action,
    cluster,
    durable,
    every,
    invariant,
    shared,
)

from .layout_models import explored, layout_of, models

Number = Annotated[int, Range(0, "top")]


class Keeper(Process):
    """Keeps numbers."""

    first: Number = durable(0)
    known: Map[Ref[Keeper], Number] = durable(every(0))
    low: Annotated[int, Range(-3, -1)] = durable(-2)

    @action
    def count(self) -> None:
        """One more."""
        self.first += 1


class Keepers(Protocol):
    """Processes of any size."""

    keepers: Cluster[Keeper] = cluster(3)
    top: int = 1
    small: Number = shared(0)

    @invariant
    def anything(self) -> bool:
        """Nothing is wrong."""
        return True


SIZES = [(1, 1), (3, 1), (3, 255), (4, 65535), (5, 10**9), (7, 1), (40, 1)]


def placed(protocol: Protocol) -> Packing:
    return Packing(layout_of(protocol))


@pytest.mark.parametrize(
    "protocol",
    [*models().values(), *(Keepers(keepers=n, top=top) for n, top in SIZES)],
    ids=lambda p: repr(p.parameters),
)
def test_no_two_cells_share_a_bit_and_none_straddles_two_words(protocol: Protocol) -> None:
    packing = placed(protocol)
    taken = [(p.word, bit) for p in packing.places for bit in range(p.shift, p.shift + p.bits)]
    assert len(set(taken)) == len(taken) == packing.bits
    assert all(0 <= word < packing.words and 0 <= bit < 64 for word, bit in taken)
    assert len(packing.places) == packing.layout.cells


@pytest.mark.parametrize(("count", "top"), SIZES)
def test_the_processes_of_a_cluster_are_kept_alike(count: int, top: int) -> None:
    packing = placed(Keepers(keepers=count, top=top))
    layout, record = packing.layout, packing.records["keepers"]
    width = layout.stride("keepers")
    alike = set()
    for number in range(count):
        word, shift = record.start(number)
        places = packing.places[layout.base(number) : layout.base(number) + width]
        alike.add(tuple((p.word - word, p.shift - shift, p.bits, p.lo) for p in places))
    assert len(alike) == 1
    bits = sum(p.bits for p in packing.places[:width])
    assert (record.words == 1) == (bits <= 64)
    if record.words == 1:
        assert record.bits == bits
        assert record.start(1) == (
            (record.word, record.shift + bits) if record.per_word > 1 else (record.word + 1, record.shift)
        )


def test_as_many_processes_as_fit_share_a_word() -> None:
    # 1 + 7 + 2 bits each: all five and the shared bit in one word
    assert (placed(Keepers(keepers=5)).records["keepers"].per_word, placed(Keepers(keepers=5)).words) == (5, 1)
    # 8 + 3 * 8 + 2 bits: one in a word, and the shared 8 bits in what is left
    wide = placed(Keepers(keepers=3, top=255))
    assert (wide.records["keepers"].per_word, wide.words, wide.bits) == (1, 3, 3 * 34 + 8)


def test_what_the_bundled_models_take() -> None:
    words = {
        name: Packing(explored(name)[0]).words
        for name in ("raft.raft.Raft", "paxos.paxos.Paxos", "paxos.paxos_sets.PaxosSets")
    }
    assert words == {"raft.raft.Raft": 2, "paxos.paxos.Paxos": 3, "paxos.paxos_sets.PaxosSets": 2}


class Crowded(Keepers):
    """A second cluster, which begins in what the first one leaves of a word, or not."""

    others: Cluster[Keeper] = cluster(2)


@pytest.mark.parametrize(
    ("count", "top", "begins"),
    # with top=1 a process has 5 bits, and one for each keeper
    [(1, 1, (0, 6)), (3, 1, (0, 24)), (4, 1, (0, 36)), (5, 1, (1, 0)), (3, 255, (3, 0))],
)
def test_a_cluster_begins_in_the_last_word_only_if_all_of_it_fits(
    count: int, top: int, begins: tuple[int, int]
) -> None:
    packing = placed(Crowded(keepers=count, top=top))
    assert packing.records["others"].start(0) == begins
    taken = [(p.word, bit) for p in packing.places for bit in range(p.shift, p.shift + p.bits)]
    assert len(set(taken)) == len(taken)
    assert all(bit < 64 for _, bit in taken)


class Wide(Protocol):
    """Fields of 40, 24, 24 and 40 bits, which fill two words if the wide ones come first."""

    large: int = 2**40 - 1
    small: int = 2**24 - 1
    b: Annotated[int, Range(0, "small")] = shared(0)
    c: Annotated[int, Range(0, "small")] = shared(0)
    a: Annotated[int, Range(0, "large")] = shared(0)
    d: Annotated[int, Range(0, "large")] = shared(0)

    @invariant
    def anything(self) -> bool:
        """Nothing is wrong."""
        return True


def test_wide_cells_come_first_so_that_words_are_full() -> None:
    packing = placed(Wide())
    assert (packing.words, packing.bits) == (2, 128)


# -- what is too large -------------------------------------------------------------------------------------------------


class Large(Protocol):
    """A field for each way to be too large."""

    members_: int = 1
    least: int = 0
    length: int = 1
    some: frozenset[tuple[Annotated[int, Range(1, "members_")], bool]] = shared(frozenset())
    number: Annotated[int, Range(0, "least")] = shared(0)
    items: Annotated[tuple[Number, ...], AtMost("length")] = shared(())
    top: int = 1

    @invariant
    def anything(self) -> bool:
        """Nothing is wrong."""
        return True


@pytest.mark.parametrize(
    ("fits", "too_large", "what"),
    [
        ({"members_": 2048}, {"members_": 2049}, "some holds a set of up to 4098 members"),
        ({"least": 2**62 - 1}, {"least": 2**62}, f"number holds an int from 0 to {2**62}"),
        ({"length": 65000}, {"length": 66000}, "items has 66001 cells"),
        ({"length": 65000}, {"length": 65000, "top": 3}, "a state has 130"),
    ],
    ids=["a set", "an int", "a sequence", "all together"],
)
def test_what_is_too_large_is_refused(fits: dict[str, Any], too_large: dict[str, Any], what: str) -> None:
    placed(Large(**fits))
    with pytest.raises(NoLayout, match=what) as refused:
        placed(Large(**too_large))
    assert refused.value.code == "no-layout"
    assert refused.value.instead == "run it with --engine reference"


class Fixed(Protocol):
    """A field that cannot change."""

    most: int = 2
    two: Annotated[int, Range(2, "most")] = shared(2)
    network: Network = MessageSet()

    @invariant
    def anything(self) -> bool:
        """Nothing is wrong."""
        return True


class Bare(Protocol):
    """Nothing to keep at all."""

    network: Network = MessageSet()

    @invariant
    def anything(self) -> bool:
        """Nothing is wrong."""
        return True


@pytest.mark.parametrize(("protocol", "cells"), [(Fixed(), [2]), (Bare(), [])])
def test_a_state_without_any_bits_has_a_word(protocol: Protocol, cells: list[int]) -> None:
    packing = placed(protocol)
    assert (packing.bits, packing.words, packing.pack_cells(cells), packing.unpack_cells([0])) == (0, 1, [0], cells)
    kernels = interpret(packing.text())
    found = Words([-7] * 2), Words([-7] * (len(cells) + 1))
    kernels["pack"](Words(list(cells)), found[0])
    kernels["unpack"](Words([0]), found[1])
    assert (found[0].cells, found[1].cells) == ([0, -7], [*cells, -7])


def test_unused_bits_are_zero() -> None:
    layout, states = explored("raft.raft.Raft")
    packing = Packing(layout)
    used = [0] * packing.words
    for place in packing.places:
        used[place.word] |= place.mask << place.shift
    assert all(word & ~mask == 0 for state in states for word, mask in zip(packing.encode(state), used, strict=True))
