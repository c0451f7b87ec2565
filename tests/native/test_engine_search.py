from __future__ import annotations

import signal
import threading
from dataclasses import replace
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quorate.checker.native.engine import Code, NativeExplorer, NativeGaveUp, compiled, interpreted
from quorate.checker.native.engine.memory import Region
from quorate.checker.native.engine.program import Link
from quorate.checker.native.engine.selfcheck import SelfCheck
from quorate.checker.native.engine.wishes import Sizes
from quorate.checker.reference import Explorer
from quorate.checker.search import Limits, SelfCheckFailed, Statistics
from quorate.checker.search.limits import memory_used
from quorate.models.language import ModelError
from quorate.models.semantics import Judge, State

from .engine_toys import Counters, Edge, Graph, GraphJudge, Node, grid, referenced, state_of

SMALL = Sizes(slots=2, block=1)


def explored(
    graph: Graph, limits: Limits | None = None, link: Link[Code] = compiled, **options: Any
) -> tuple[str, NativeExplorer, GraphJudge]:
    judge = GraphJudge(graph)
    explorer = NativeExplorer(
        graph.as_system(),
        cast(Judge, judge),
        graph.as_symmetry(),
        graph,
        limits=limits or Limits(),
        link=link,
        **options,
    )
    return explorer.run(), explorer, judge


def explorer_of(counters: Counters, limits: Limits | None = None, **options: Any) -> NativeExplorer:
    system, judge, symmetry = counters.parts()
    return NativeExplorer(system, judge, symmetry, counters, limits=limits or Limits(), **options)


def counted(counters: Counters, limits: Limits | None = None, **options: Any) -> tuple[str, NativeExplorer]:
    explorer = explorer_of(counters, limits, **options)
    return explorer.run(), explorer


def assert_same(
    graph: Graph, limits: Limits | None = None, native: dict[str, Any] | None = None, **options: Any
) -> None:
    """The engine gives what the reference engine gives: ending, figures, findings and the ways to them."""
    ended, reference, judge = referenced(graph, limits, **options)
    also, explorer, judged = explored(graph, limits, **options, **(native or {}))
    assert also == ended
    for figure in ("distinct", "generated", "depth", "complete", "cut", "actions"):
        assert getattr(explorer.statistics, figure) == getattr(reference.statistics, figure), figure
    assert [_plain(f) for f in explorer.findings] == [_plain(f) for f in reference.findings]
    for finding in reference.findings:
        end = finding.after if finding.sort == "invariant" else finding.before
        assert explorer.chain(end) == reference.chain(end)
    if explorer.statistics.complete:
        assert judged.unseen == judge.unseen


def _plain(finding: Any) -> tuple[object, ...]:
    return finding.sort, finding.name, finding.before, finding.after, type(finding.cause)


@st.composite
def graphs(draw: st.DrawFn, events: bool = False, asks: bool = False) -> Graph:
    size = draw(st.integers(1, 25))
    some = st.sampled_from([0] * 12 + [1, 2, 3]) if events else st.just(0)
    rarely = st.sampled_from([False] * 30 + [True]) if events else st.just(False)
    kinds = ["state"] * 8 + (["assertion", "mistake"] if events else [])
    steps = st.builds(
        Edge,
        st.integers(0, size - 1),
        st.sampled_from(("go", "run")),
        st.sampled_from(kinds),
        some,
        rarely,
    )
    cuts = st.builds(Edge, st.just(0), st.sampled_from(("top", "side")), st.just("cut"))
    nodes = st.builds(
        Node,
        st.lists(st.one_of(steps, steps, steps, cuts), max_size=5).map(tuple),
        st.sampled_from((True, True, True, False)),
        some,
        rarely,
        st.sampled_from((0, 0, 0, 1, 2)),
        st.booleans() if asks else st.just(False),
    )
    found = draw(st.lists(nodes, min_size=size, max_size=size))
    start = draw(st.lists(st.integers(0, size - 1), min_size=1, max_size=3))
    canonical = draw(_canonical(size))
    first = canonical[start[0]] if canonical else start[0]
    found[first] = replace(found[first], within=True)  # or there might be no initial state
    return Graph(found, start, canonical, draw(st.integers(1, 3)))


@st.composite
def _canonical(draw: st.DrawFn, size: int) -> list[int]:
    """Nobody, or for each node one not above it that stands for it."""
    if draw(st.booleans()):
        return []
    found: list[int] = []
    for n in range(size):
        below = [i for i in found if found[i] == i]
        found.append(draw(st.sampled_from([n, n, *below])))
    return found


# -- all states ------------------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(graphs(asks=True))
def test_it_counts_what_the_reference_counts(graph: Graph) -> None:
    assert_same(graph, native={"link": interpreted, "sizes": SMALL})


@settings(max_examples=60, deadline=None)
@given(graphs(events=True, asks=True), st.booleans(), st.booleans())
def test_it_finds_what_the_reference_finds(graph: Graph, go_on: bool, deadlock: bool) -> None:
    assert_same(graph, native={"link": interpreted, "sizes": SMALL}, go_on=go_on, deadlock=deadlock)


@settings(max_examples=12, deadline=None)
@given(graphs(events=True, asks=True), st.booleans(), st.sampled_from((1, 2, 4)))
def test_machine_code_finds_it_with_any_number_of_threads(graph: Graph, go_on: bool, threads: int) -> None:
    assert_same(graph, native={"threads": threads, "sizes": SMALL}, go_on=go_on)


@settings(max_examples=60, deadline=None)
@given(graphs(events=True, asks=True), st.integers(1, 8), st.integers(1, 30), st.booleans())
def test_limits_end_it_where_they_end_the_reference(graph: Graph, depth: int, states: int, go_on: bool) -> None:
    limits = Limits(depth=depth, states=states if states < 20 else None)
    assert_same(graph, limits, {"link": interpreted}, go_on=go_on)


@pytest.mark.parametrize("threads", [1, 2, 4])
@pytest.mark.parametrize("sizes", [SMALL, Sizes(slots=2)])
def test_tables_and_blocks_grow_while_it_runs(threads: int, sizes: Sizes) -> None:
    counters = Counters(4, 9)
    ended, explorer = counted(counters, threads=threads, sizes=sizes)
    assert ended == ""
    assert explorer.statistics.distinct == 10**4
    assert explorer.statistics.actions == {"up": 4 * 9 * 10**3}
    assert explorer.statistics.cut == {"top": 4 * 10**3}
    assert explorer.statistics.depth == 4 * 9 + 1
    # while it grew last there were two tables
    assert 10**4 * 8 < explorer.memory["table"] <= (2**15 + 2**13) * 8


@pytest.mark.parametrize("link", [interpreted, compiled])
@pytest.mark.parametrize("bad", [0x999, 0x595, 0x800])
def test_the_way_to_a_violation_is_the_one_that_the_reference_finds(link: Link[Code], bad: int) -> None:
    counters = Counters(3, 9, bad)
    system, judge, symmetry = counters.parts()
    reference = Explorer(system, judge, symmetry, limits=Limits())
    reference.run()
    after = state_of(bad)
    for sizes in (SMALL, Sizes()):
        explorer = counted(counters, link=link, sizes=sizes)[1]
        assert explorer.chain(after) == reference.chain(after)
        assert explorer.statistics.generated == reference.statistics.generated


def test_a_depth_limit_looks_behind_each_state_of_the_last_level() -> None:
    silent = Node(asks=True)
    for last in ([silent, Node((Edge(3),)), silent], [silent, silent, Node((Edge(3),))], [silent, silent, silent]):
        graph = Graph([*last, Node()], start=[0, 1, 2])
        assert_same(graph, Limits(depth=1), {"link": interpreted})


def test_a_limit_is_looked_at_between_states_and_not_between_their_steps() -> None:
    graph = Graph([Node((Edge(1), Edge(2))), Node(broken=1), Node()])
    assert_same(graph, Limits(states=2), {"link": interpreted}, go_on=True)
    assert explored(graph, Limits(states=2), interpreted, go_on=True)[1].statistics.distinct == 3


@pytest.mark.parametrize("start", [0, 0x99])
def test_a_violation_deep_down_is_found_with_several_threads(start: int) -> None:
    counters = Counters(4, 9, bad=0x9900 | start)
    explorer = counted(counters, threads=2)[1]
    assert [f.name for f in explorer.findings] == ["low"]
    assert explorer.chain(explorer.findings[0].after)[-1] == state_of(0x9900 | start)


def test_the_probability_of_a_collision_is_what_the_birthday_says() -> None:
    _, explorer = counted(Counters(2, 9))
    assert explorer.collisions == 100**2 / 2**65


# -- what ends a run early ---------------------------------------------------------------------------------------------


ENDLESS = 15
"""Counters so many and so high that nobody waits for the end."""


@pytest.mark.parametrize("threads", [1, 2])
def test_a_time_limit_ends_it(threads: int) -> None:
    ended, explorer = counted(Counters(ENDLESS, 15), Limits(seconds=0.2), threads=threads)
    assert ended == "the time limit of 0.2 s was reached"
    assert explorer.statistics.distinct > 1000
    assert not explorer.statistics.complete


def test_no_time_is_enough_for_the_initial_states_only() -> None:
    ended, explorer = counted(Counters(ENDLESS, 15), Limits(seconds=0))
    assert (ended, explorer.statistics.distinct, explorer.statistics.depth) == (
        "the time limit of 0 s was reached",
        1,
        1,
    )


@pytest.mark.parametrize("threads", [1, 2])
def test_a_memory_limit_ends_it_with_its_figures(threads: int) -> None:
    limit = memory_used() + 2**25
    ended, explorer = counted(Counters(ENDLESS, 15), Limits(memory=limit), threads=threads)
    assert ended == f"the memory limit of {limit // 2**20} MiB was reached"
    assert explorer.statistics.distinct > 1000
    assert sum(explorer.memory.values()) <= 2**25


@pytest.mark.parametrize("limits", [Limits(), Limits(states=10**12)])
def test_an_interrupt_gets_through_and_leaves_the_figures(limits: Limits) -> None:
    def interrupt(statistics: Statistics) -> None:
        raise KeyboardInterrupt

    explorer = explorer_of(Counters(ENDLESS, 15), limits, threads=2, progress=interrupt)
    with pytest.raises(KeyboardInterrupt):
        explorer.run()
    assert explorer.statistics.distinct > 1000


def test_a_signal_interrupts_it() -> None:
    explorer = explorer_of(Counters(ENDLESS, 15))
    timer = threading.Timer(0.1, lambda: signal.raise_signal(signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        explorer.run()
    timer.join()


def test_all_memory_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    opened, closed = [], []

    class Counting(Region):
        def __init__(self, size: int) -> None:
            super().__init__(size)
            opened.append(self.address)

        def close(self) -> None:
            super().close()
            closed.append(self.address)

    monkeypatch.setattr("quorate.checker.native.engine.memory.Region", Counting)
    counted(Counters(4, 9, bad=0x9999), sizes=SMALL)
    with pytest.raises(SelfCheckFailed):
        explored(Graph([Node((Edge(0),))], lies={"TARGET": (1, 0)}), link=interpreted)
    assert sorted(opened) == sorted(closed) != []


# -- doubts -----------------------------------------------------------------------------------------------------------

LOOP = [Node((Edge(1), Edge(0, "top", "cut"))), Node((Edge(0, "run"),))]


@pytest.mark.parametrize(
    ("lie", "said"),
    [
        ({"TARGET": (1, 0, 1, 0)}, "where step 0 (run) leads"),
        ({"TAG": (0, 1, 0)}, "step 0 (run), as kind, name and judgement"),
        ({"TAG": (0, 1 | 1 << 8, 1 << 8)}, "step 1 (top), as kind, name and judgement"),
        ({"TAG": (1 << 32, 1, 1 << 8)}, "step 0 (go), as kind, name and judgement"),
        ({"VERDICT": (1, 0)}, "the judgement on"),
        ({"VERDICT": (9, 1)}, "the judgement on"),
        ({"FIRST_EDGE": (0, 2, 2)}, "the number of steps"),
    ],
)
def test_code_that_says_something_else_than_the_semantics_is_caught(lie: dict[str, Any], said: str) -> None:
    with pytest.raises(SelfCheckFailed) as caught:
        explored(Graph(LOOP, lies=lie), link=interpreted)
    assert said in str(caught.value)


def test_images_that_different_states_stand_for_are_caught() -> None:
    with pytest.raises(SelfCheckFailed, match="stands for"):
        explored(Graph(LOOP, canonical=[0, 0], lies={"CANONICAL": (0, 1)}), link=interpreted)


@pytest.mark.parametrize(
    ("last", "lie"),
    [
        ({}, {"VERDICT": 9}),
        ({"broken": 2}, {"VERDICT": 9}),
        ({}, {"VERDICT": 3}),
    ],
)
def test_a_violation_that_the_semantics_does_not_confirm_is_caught(
    last: dict[str, Any], lie: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SelfCheck, "look_at", lambda self, level: None)
    honest = grid(20, **last)
    lies = {name: (*honest.tables[name][:-1], value) for name, value in lie.items()}
    with pytest.raises(SelfCheckFailed, match="the machine code found"):
        explored(replace(honest, lies=lies), link=interpreted)


def test_a_state_that_the_code_cannot_judge_is_left_to_others() -> None:
    with pytest.raises(NativeGaveUp):
        explored(Graph([Node((Edge(1),)), Node(unsure=True)]), link=interpreted)


def test_states_that_cannot_be_encoded_are_left_to_others() -> None:
    class Cramped(Graph):
        def encode(self, state: State) -> list[int]:
            if state.shared[0]:
                raise NativeGaveUp("no room")
            return super().encode(state)

    with pytest.raises(NativeGaveUp, match="no room"):
        explored(Cramped([Node((Edge(1),), asks=True), Node()]), link=interpreted)


def test_a_model_without_initial_states_is_a_mistake() -> None:
    with pytest.raises(ModelError, match="no initial state"):
        explored(Graph([Node()], start=[]), link=interpreted)
