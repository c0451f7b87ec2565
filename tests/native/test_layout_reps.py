"""Values as cells, and back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quorate.checker.native.layout import BitSet, NoLayout, Rep, Scalar, Table, of_domain
from quorate.checker.native.layout.reps import ones, roomy, with_ones
from quorate.models.semantics import domains as d

from .layout_values import LEAVES, REFS, SCATTERED, Colour, Pair, Shade, domains, two_values, values

NUMBERS = d.Integers(0, 2, None)
EVERYTHING: tuple[d.Domain, ...] = (
    *LEAVES,
    *(d.Optional(leaf) for leaf in LEAVES if leaf != d.Nothing()),
    *map(d.Sets, LEAVES),
    *(d.Sequences(leaf, 2, None) for leaf in LEAVES),
    d.Tuples((NUMBERS, d.Booleans())),
    d.Records(Pair, (NUMBERS, d.Optional(d.Booleans()))),
    d.Maps(d.Identities(SCATTERED), NUMBERS),
    d.Maps(d.Symbols(Shade, 3), d.Symbols(Shade, 3)),
    d.Maps(d.Identities(REFS[2:]), d.Optional(d.Identities(SCATTERED))),
    d.Maps(d.Sets(d.Booleans()), NUMBERS),
    d.Sets(d.Sets(NUMBERS)),
    d.Sequences(d.Sequences(d.Booleans(), 2, None), 2, None),
)


def parts(domain: d.Domain) -> list[d.Domain]:
    """A domain and all that it is made of."""
    return [domain, *(inner for part in domain.parts for inner in parts(part))]


@pytest.mark.parametrize("domain", EVERYTHING, ids=str)
def test_every_value_of_a_small_domain_has_an_index_of_its_own_in_the_order_of_the_domain(domain: d.Domain) -> None:
    rep = of_domain(domain, REFS)
    everything = list(domain.values())
    cells = [rep.flatten(value) for value in everything]
    places = [rep.index(each) for each in cells]
    assert len(set(places)) == len(everything)
    if len(everything) == rep.size:
        assert sorted(places) == list(range(len(everything)))
    if not any(isinstance(part, d.Sets) for part in parts(domain)):
        assert cells == sorted(cells)
        assert places == sorted(places)


@pytest.mark.parametrize("domain", EVERYTHING, ids=str)
def test_there_are_as_many_values_as_the_size_says_unless_identities_have_gaps(domain: d.Domain) -> None:
    counted, size = len(list(domain.values())), of_domain(domain, REFS).size
    assert size is not None
    members = domain.item if isinstance(domain, d.Maps) else domain
    assert size > counted if d.Identities(SCATTERED) in parts(members) else size == counted


@given(two_values())
def test_values_come_back_and_different_ones_have_different_cells(drawn: tuple[d.Domain, Any, Any]) -> None:
    domain, one, other = drawn
    rep = of_domain(domain, REFS)
    cells, others = rep.flatten(one), rep.flatten(other)
    assert len(cells) == rep.cells == len(rep.cell_ranges())
    assert all(lo <= cell <= hi for cell, (lo, hi) in zip(cells, rep.cell_ranges(), strict=True))
    back = rep.unflatten(cells)
    assert (back, type(back)) == (one, type(one))
    assert (one == other) == (cells == others)


@given(two_values())
def test_an_index_says_which_value_it_is_and_keeps_the_order_of_cells(drawn: tuple[d.Domain, Any, Any]) -> None:
    domain, one, other = drawn
    rep = of_domain(domain, REFS)
    if rep.size is not None:
        cells, others = rep.flatten(one), rep.flatten(other)
        place = rep.index(cells)
        assert 0 <= place < rep.size
        assert rep.from_index(place) == cells
        assert (place < rep.index(others)) == (cells < others)


@given(two_values())
def test_room_for_one_more_item_changes_no_value_and_takes_no_bits(drawn: tuple[d.Domain, Any, Any]) -> None:
    domain, one, other = drawn
    rep = of_domain(domain, REFS)
    wide = roomy(rep)
    cells, others = wide.flatten(one), wide.flatten(other)
    assert len(cells) == wide.cells >= rep.cells
    assert wide.unflatten(cells) == one
    assert (cells < others) == (rep.flatten(one) < rep.flatten(other))
    assert all(lo <= cell <= hi for cell, (lo, hi) in zip(cells, wide.cell_ranges(), strict=True))
    room = [sum((hi - lo).bit_length() for lo, hi in each.cell_ranges()) for each in (rep, wide)]
    assert room[0] == room[1]


def test_a_sequence_that_is_full_has_room_for_one_more() -> None:
    full = of_domain(d.Tuples((d.Sequences(NUMBERS, 2, "n"), NUMBERS)), REFS)
    assert full.flatten(((1, 2), 1)) == [2, 1, 2, 1]
    assert roomy(full).flatten(((1, 2), 1)) == [2, 1, 2, 0, 1]


@st.composite
def renamed(draw: st.DrawFn) -> tuple[d.Domain, Any, dict[Any, Any], dict[tuple[object, int], int]]:
    """A value with a renaming, as domains and as representations are given one."""
    domain = draw(domains())
    # who may be renamed to whom without leaving a domain
    orbits = ((2, 4),) if d.Identities(SCATTERED) in parts(domain) else ((0, 1), (2, 3, 4))
    to = {old: new for orbit in orbits for old, new in zip(orbit, draw(st.permutations(orbit)), strict=True)}
    shades = draw(st.permutations(range(3)))
    values_: dict[Any, Any] = {REFS[a]: REFS[b] for a, b in to.items()} | {
        Shade.nth(a): Shade.nth(b) for a, b in enumerate(shades)
    }
    cells: dict[tuple[object, int], int] = {("identity", a): b for a, b in to.items()} | {
        (Shade, a): b for a, b in enumerate(shades)
    }
    return domain, draw(values(domain)), values_, cells


@given(renamed())
def test_renaming_cells_is_renaming_the_value(drawn: tuple[d.Domain, Any, Any, Any]) -> None:
    domain, value, values_, cells = drawn
    rep = of_domain(domain, REFS)
    assert rep.rename(rep.flatten(value), cells) == rep.flatten(domain.rename(value, values_))


SWAPPED = {("identity", 2): 4, ("identity", 4): 2, (Shade, 0): 1, (Shade, 1): 0}
SWAPPED_VALUES = {REFS[2]: REFS[4], REFS[4]: REFS[2], Shade.nth(0): Shade.nth(1), Shade.nth(1): Shade.nth(0)}


@pytest.mark.parametrize("domain", EVERYTHING, ids=str)
def test_every_value_of_a_small_domain_can_be_renamed(domain: d.Domain) -> None:
    rep = of_domain(domain, REFS)
    for value in domain.values():
        assert rep.rename(rep.flatten(value), SWAPPED) == rep.flatten(domain.rename(value, SWAPPED_VALUES))


def test_the_index_of_a_set_of_more_than_63_bits() -> None:
    rep = of_domain(d.Sets(d.Integers(0, 99, None)), REFS)
    assert (rep.cells, rep.size) == (2, 2**100)
    cells = rep.flatten(frozenset((0, 62, 63, 99)))
    assert cells == [1 | 1 << 62, 1 | 1 << 36]
    assert rep.index(cells) == cells[0] << 37 | cells[1]
    assert rep.from_index(rep.index(cells)) == cells


def test_a_bool_an_int_and_a_member_of_an_enum_are_told_apart() -> None:
    found = [of_domain(domain, REFS).unflatten([1]) for domain in (d.Booleans(), NUMBERS, d.Enumeration(Colour))]
    assert list(map(repr, found)) == ["True", "1", "<Colour.GREEN: 1>"]


def test_an_identity_is_the_number_of_the_process_in_the_whole_system() -> None:
    assert of_domain(d.Identities(REFS[2:]), REFS) == Scalar(2, 4, "identity", REFS)
    assert of_domain(d.Identities(SCATTERED), REFS) == Scalar(0, 4, "identity", REFS)
    assert of_domain(d.Identities(()), REFS).size == 0


def test_the_keys_of_a_map_are_in_the_order_of_their_domain() -> None:
    table, scattered = (of_domain(d.Maps(keys, NUMBERS), REFS) for keys in (d.Sets(NUMBERS), d.Identities(SCATTERED)))
    assert isinstance(table, Table)
    assert isinstance(scattered, Table)
    assert table.order == (0, 1, 2, 4, 3, 5, 6, 7)
    assert scattered.places == {1: 0, 2: 1, 4: 2}


@pytest.mark.parametrize("bits", [[], [0], [62], [63], [0, 62, 63, 125, 126]])
def test_a_set_has_63_bits_in_a_cell(bits: list[int]) -> None:
    cells = with_ones(bits, 3)
    assert list(ones(cells)) == bits
    assert cells == [sum(1 << b - at for b in bits if at <= b < at + 63) for at in (0, 63, 126)]


@pytest.mark.parametrize(
    "domain",
    [d.Sets(d.Sets(d.Integers(0, 4096, None))), d.Maps(d.Integers(0, 4096, None), d.Booleans())],
    ids=["a set of sets", "a map"],
)
def test_what_is_too_large_to_number_is_refused(domain: d.Domain) -> None:
    with pytest.raises(NoLayout, match="instead run it with --engine reference"):
        of_domain(domain, REFS)


def test_an_int_of_which_nothing_is_known_has_a_cell_but_no_index() -> None:
    rep: Rep = Scalar(None, None)
    assert (rep.cells, rep.size, rep.cell_ranges()) == (1, None, [(-(2**63), 2**63 - 1)])
    with pytest.raises(OverflowError, match="too many values"):
        _ = BitSet(rep).cells
