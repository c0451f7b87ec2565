from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any, cast

import pytest

from quorate.checker.native.engine import NativeGaveUp, NativeWalker, Walks, compiled, interpreted
from quorate.checker.native.engine.wishes import Sizes
from quorate.checker.search import Limits, SelfCheckFailed, Statistics
from quorate.models.semantics import Judge

from .engine_toys import Counters, Edge, Graph, GraphJudge, Node, grid, state_of

SMALL = Sizes(slots=2, block=1)


def walked(graph: Graph, walks: Walks, limits: Limits | None = None, **options: Any) -> tuple[str, NativeWalker]:
    judge = cast(Judge, GraphJudge(graph))
    options = {"link": interpreted, **options}
    walker = NativeWalker(
        graph.as_system(), judge, graph.as_symmetry(), graph, walks, limits=limits or Limits(), **options
    )
    return walker.run(), walker


def counted(counters: Counters, walks: Walks, limits: Limits | None = None, **options: Any) -> tuple[str, NativeWalker]:
    walker = NativeWalker(*counters.parts(), counters, walks, limits=limits or Limits(), **options)
    return walker.run(), walker


def figures(walker: NativeWalker) -> tuple[object, ...]:
    found = walker.statistics
    return found.distinct, found.generated, found.depth, found.actions


def test_walks_that_find_nothing_count_the_states_that_they_met() -> None:
    ended, walker = walked(grid(4), Walks(200, 10))
    assert ended == "200 random walks found nothing, which says nothing about the states that they missed"
    # each walk goes from one corner to the other, seven states, and is stuck there
    assert walker.statistics.distinct == 16
    assert walker.statistics.generated == 200 * 7
    assert walker.statistics.depth == 7
    assert walker.statistics.actions.total() == 200 * 6
    assert walker.finding is None


def test_a_walk_has_no_more_steps_than_asked_for() -> None:
    _, walker = walked(grid(4), Walks(50, 3))
    assert (walker.statistics.depth, walker.statistics.generated) == (4, 50 * 4)


def test_each_choice_is_as_likely_as_the_others() -> None:
    fork = Graph([Node((Edge(1), Edge(2, "run"), Edge(3), Edge(4))), Node(), Node(), Node(), Node()])
    _, walker = walked(fork, Walks(4000, 1))
    assert 2900 < walker.statistics.actions["go"] < 3100


def test_the_same_seed_gives_the_same_walks_as_python_and_as_machine_code() -> None:
    runs = [walked(grid(9), Walks(40, 30, 7), link=link)[1] for link in (interpreted, compiled)]
    assert figures(runs[0]) == figures(runs[1])
    assert figures(runs[0]) != figures(walked(grid(9), Walks(40, 30, 8))[1])


@pytest.mark.parametrize("bad", [-1, 0x4321, 0x1111])
def test_the_same_seed_gives_the_same_walks_with_any_number_of_threads(bad: int) -> None:
    runs = [counted(Counters(4, 9, bad), Walks(3000, 40), threads=n, sizes=SMALL) for n in (1, 2, 4)]
    assert [(ended, figures(walker), walker.finding) for ended, walker in runs] == [
        (runs[0][0], figures(runs[0][1]), runs[0][1].finding)
    ] * 3
    assert (runs[0][1].finding is None) == (bad == -1)


def test_a_violating_walk_can_be_followed() -> None:
    ended, walker = walked(grid(5, broken=1), Walks(10, 20))
    assert ended == ""
    assert walker.finding is not None
    assert (walker.finding.sort, walker.finding.name, walker.finding.after) == ("invariant", "i0", state_of(24))
    path = [state.shared[0] for state in walker.chain(walker.finding.after)]
    assert (path[0], path[-1], len(path)) == (0, 24, 9)
    assert all(b - a in (1, 5) for a, b in pairwise(path))


def test_detours_between_equal_states_are_left_out() -> None:
    graph = Graph([Node((Edge(1), Edge(2))), Node((Edge(0),)), Node(broken=1)])
    _, walker = walked(graph, Walks(100, 50))
    assert walker.finding is not None
    assert walker.chain(walker.finding.after) == [state_of(0), state_of(2)]
    assert walker.chain(None) == []


@pytest.mark.parametrize(
    ("node", "sort", "name"),
    [
        (Node((Edge(0, kind="assertion"),)), "assertion", "assertion"),
        (Node((Edge(0, "run", "mistake"),)), "error", "run"),
        (Node((Edge(0, broken=2),)), "step invariant", "s1"),
        (Node((Edge(0, error=True),)), "error", "s1"),
        (Node(error=True), "error", "i2"),
        (Node(broken=4), "invariant", "i2"),
    ],
)
@pytest.mark.parametrize("asks", [False, True])
def test_whatever_is_wrong_is_found(node: Node, sort: str, name: str, asks: bool) -> None:
    ended, walker = walked(Graph([Node((Edge(1),), asks=asks), node]), Walks(10, 20))
    assert ended == ""
    assert walker.finding is not None
    assert (walker.finding.sort, walker.finding.name) == (sort, name)
    assert walker.chain(walker.finding.before)[0] == state_of(0)


def test_an_initial_state_can_be_wrong() -> None:
    _, walker = walked(Graph([Node(broken=1)]), Walks(10, 20))
    assert walker.finding is not None
    assert (walker.finding.before, walker.finding.after) == (None, state_of(0))


def test_walks_stay_within_the_constraints() -> None:
    graph = Graph([Node((Edge(1), Edge(2), Edge(0))), Node(within=False, broken=1), Node((Edge(1),))])
    _, walker = walked(graph, Walks(50, 20))
    assert walker.finding is None
    assert walker.statistics.distinct == 2


LIMITED: list[tuple[Limits, str]] = [
    (Limits(states=100), "the limit of 100 states was reached"),
    (Limits(seconds=0.1), "the time limit of 0.1 s was reached"),
    (Limits(memory=2**20), "the memory limit of 1 MiB was reached"),
]


@pytest.mark.parametrize(("limits", "reason"), LIMITED)
def test_a_limit_ends_the_walks(limits: Limits, reason: str) -> None:
    ended, walker = counted(Counters(15, 15), Walks(10**12, 200), limits, threads=2)
    assert ended == reason
    assert limits.states is None or walker.statistics.distinct == limits.states


def test_an_interrupt_gets_through_and_leaves_the_figures() -> None:
    def interrupt(statistics: Statistics) -> None:
        raise KeyboardInterrupt

    parts: Callable[..., NativeWalker] = NativeWalker
    walker = parts(*Counters(15, 15).parts(), Counters(15, 15), Walks(10**12), limits=Limits(), progress=interrupt)
    with pytest.raises(KeyboardInterrupt):
        walker.run()
    assert walker.statistics.generated > 1000


def test_code_that_says_something_else_than_the_semantics_is_caught() -> None:
    with pytest.raises(SelfCheckFailed):
        walked(Graph([Node((Edge(0),)), Node()], lies={"TARGET": (1, 0)}), Walks(5, 5))
    with pytest.raises(SelfCheckFailed, match="none"):
        walked(Graph([Node((Edge(0),))], lies={"TAG": (2, 0)}), Walks(5, 5))


def test_a_state_that_the_code_cannot_judge_is_left_to_others() -> None:
    with pytest.raises(NativeGaveUp):
        walked(Graph([Node((Edge(1),)), Node(unsure=True)]), Walks(5, 5))
