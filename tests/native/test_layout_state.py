"""States as cells and as words, and back."""

from __future__ import annotations

import ctypes
import tempfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quorate.checker.frontend import compile_model
from quorate.checker.native.dialect import Words, compile_module, interpret
from quorate.checker.native.dialect.intrinsics import wrap
from quorate.checker.native.layout import Packing, StateLayout
from quorate.checker.native.layout.reps import roomy
from quorate.models.semantics import State

from ..reference.family import Drawn, protocols
from ..reference.test_generated import protocol_of
from ..reference.wide import Wide, wide_protocols
from .layout_models import explored, first_states, layout_of, models

NAMES = sorted(models())


def assert_kept(layout: StateLayout, states: list[State]) -> None:
    """States come back from cells and words, and different states have different ones."""
    packing = Packing(layout)
    ranges = layout.cell_ranges()
    assert len(ranges) == layout.cells
    seen = set()
    for state in states:
        cells, words = layout.flatten(state), packing.encode(state)
        assert all(lo <= cell <= hi for cell, (lo, hi) in zip(cells, ranges, strict=True))
        assert layout.unflatten(cells) == state
        assert packing.decode(words) == packing.decode(list(map(wrap, words))) == state
        assert all(0 <= word < 1 << 64 for word in words)
        seen.add((tuple(cells), tuple(words)))
    assert len({cells for cells, _ in seen}) == len({words for _, words in seen}) == len(states)


@pytest.mark.parametrize("name", NAMES)
def test_the_states_of_a_bundled_model(name: str) -> None:
    layout, states = explored(name)
    assert_kept(layout, states)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.one_of(protocols(), wide_protocols()))
def test_the_states_of_a_drawn_protocol(drawn: Drawn | Wide) -> None:
    with tempfile.TemporaryDirectory() as folder:
        layout = layout_of(protocol_of(drawn, folder), slots=64)
        assert_kept(layout, first_states(layout.system, 60))


@pytest.mark.parametrize("name", NAMES)
def test_a_state_is_processes_shared_fields_network_faults_and_what_was_sent(name: str) -> None:
    layout, states = explored(name)
    state, cells = states[-1], layout.flatten(states[-1])
    for number, ref in enumerate(layout.system.refs):
        first, count = layout.clusters[ref.cluster]
        assert first <= number < first + count
        assert layout.base(number) == layout.base(first) + (number - first) * layout.stride(ref.cluster)
        for field, value in zip(layout.system.shape.shapes[ref.cluster].fields, state.processes[number], strict=True):
            offset, rep = layout.field(ref.cluster, field.name)
            at = layout.base(number) + offset
            assert rep.unflatten(cells[at : at + rep.cells]) == value
    for field, value in zip(layout.system.shape.fields, state.shared, strict=True):
        offset, rep = layout.field("", field.name)
        at = layout.shared + offset
        assert rep.unflatten(cells[at : at + rep.cells]) == value
    network = layout.network
    assert network.base == layout.shared + layout.record_cells[""]
    assert network.unflatten(cells[network.base : network.base + network.cells]) == state.network


@pytest.mark.parametrize("name", NAMES)
def test_each_field_is_kept_in_the_same_way_by_its_type_and_by_its_domain(name: str) -> None:
    protocol = models()[name]
    layout, program = explored(name)[0], compile_model(protocol)
    owners = [("", program.shared)]
    classes = {p.type.classes[0]: p.fields for p in program.processes}
    owners += [(cluster, classes[cls]) for cluster, cls in layout.system.shape.classes.items()]
    for owner, fields in owners:
        for field in fields:
            found = layout.reps.of_type(field.type)
            assert found
            assert roomy(found) == layout.field(owner, field.name)[1]


# -- the generated text ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_the_text_packs_and_unpacks_the_states_of_a_bundled_model(name: str) -> None:
    layout, states = explored(name)
    packing = Packing(layout)
    kernels = interpret(packing.text())
    for state in states[::5]:
        cells, words = layout.flatten(state), list(map(wrap, packing.encode(state)))
        found = Words([-7] * (layout.cells + 1)), Words([-7] * (packing.words + 1))
        assert kernels["unpack"](Words(list(words)), found[0]) == kernels["pack"](Words(list(cells)), found[1]) == 0
        assert (found[0].cells, found[1].cells) == ([*cells, -7], [*words, -7])


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(NAMES), st.data())
def test_the_text_agrees_with_python_on_any_cells(name: str, data: st.DataObject) -> None:
    packing = Packing(explored(name)[0])
    cells = [data.draw(st.integers(lo, hi)) for lo, hi in packing.layout.cell_ranges()]
    words = packing.pack_cells(cells)
    assert packing.unpack_cells(words) == cells
    kernels = interpret(packing.text())
    found = Words([-7] * packing.words)
    kernels["pack"](Words(cells), found)
    assert found.cells == list(map(wrap, words))
    back = Words([-7] * len(cells))
    kernels["unpack"](found, back)
    assert back.cells == cells


COMPILED = [
    "raft.raft.Raft",
    "paxos.paxos.Paxos",
    "paxos.paxos_sets.PaxosSets",
    "toys.ToyPaxos",
    "raft-counts-each-vote",
]


@pytest.mark.parametrize("name", COMPILED)
def test_the_compiled_text_packs_and_unpacks(name: str) -> None:
    layout, states = explored(name)
    packing = Packing(layout)
    machine = compile_module(packing.text(), {}, {}, ["pack", "unpack"])
    pack, unpack = machine.function("pack", 2), machine.function("unpack", 2)
    for state in states:
        cells, words = layout.flatten(state), list(map(wrap, packing.encode(state)))
        found_cells = (ctypes.c_int64 * (layout.cells + 1))(*[-7] * (layout.cells + 1))
        found_words = (ctypes.c_int64 * (packing.words + 1))(*[-7] * (packing.words + 1))
        unpack((ctypes.c_int64 * packing.words)(*words), found_cells)
        pack((ctypes.c_int64 * layout.cells)(*cells), found_words)
        assert (list(found_cells), list(found_words)) == ([*cells, -7], [*words, -7])
