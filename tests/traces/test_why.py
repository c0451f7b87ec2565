"""Why a property is false: the part that failed, and for which values."""

from __future__ import annotations

from typing import Annotated, Any

import pytest

from quorate.models.language import (
    Cluster,
    Map,
    Process,
    Protocol,
    Range,
    Ref,
    Sent,
    action,
    cluster,
    durable,
    invariant,
    message,
    receive,
    step_invariant,
)
from quorate.models.semantics import Judge, Outcome, State, System
from quorate.traces import Reason, explain, explained

from . import toys
from .toys import Backwards, Pings, find


@message
class News:
    pass


class Node(Process):
    level: Annotated[int, Range(0, 9)] = durable(0)
    friends: frozenset[Ref[Node]] = durable(frozenset())
    marks: Map[bool, bool] = durable(Map({False: False, True: True}))

    @action
    def rise(self) -> None:
        self.level += self.id.index + 1
        self.friends |= {self.id}

    @receive
    def on_news(self, m: News) -> None:
        pass

    def is_high(self) -> bool:
        return self.level > 1

    def above(self, other: Node) -> bool:
        return self.level > other.level

    @property
    def doubled(self) -> int:
        return 2 * self.level


def implies(a: bool, b: bool) -> bool:
    return not a or b


def flat(p: Nodes) -> bool:
    return all(a.level == b.level for a in p.nodes for b in p.nodes)


class Nodes(Protocol):
    """In every state but the first, node 1 has level 2 and the others level 0."""

    nodes: Cluster[Node] = cluster(3)
    bound: int = 9

    @invariant
    def conjunction(self) -> bool:
        return self.bound == 9 and all(n.level < 2 for n in self.nodes) and self.bound > 1

    @invariant
    def nested(self) -> bool:
        return all(a.level == b.level for a in self.nodes if a.is_high() for b in self.nodes if b.id != a.id)

    @invariant
    def nested_all(self) -> bool:
        return all(all(not a.above(b) for b in self.nodes) for a in self.nodes)

    @invariant
    def negated_any(self) -> bool:
        return not any(n.doubled == 4 for n in self.nodes)

    @invariant
    def disjunction(self) -> bool:
        return all(n.level == 0 or n.friends <= frozenset() for n in self.nodes)

    @invariant
    def chained(self) -> bool:
        return all(0 <= n.level <= 1 <= 5 for n in self.nodes)

    @invariant
    def conditional(self) -> bool:
        return all(n.level < 1 if n.friends else n.level == 0 for n in self.nodes)

    @invariant
    def rule(self) -> bool:
        return all(implies(n.is_high(), len(n.friends) == 3) for n in self.nodes)

    @invariant
    def helper(self) -> bool:
        return self.all_low(limit=1)

    def all_low(self, limit: int) -> bool:
        levels = tuple(n.level for n in self.nodes)
        low = all(level <= limit for level in levels)
        return low and limit > 0

    @invariant
    def loops(self) -> bool:
        count = 0
        for n in self.nodes:
            if n.level == 0:
                continue
            count += 1
            for m in self.nodes:
                if m.id != n.id and n.above(m):
                    return False
        return count == 0

    @invariant
    def any_is_false(self) -> bool:
        return any(n.level == 7 for n in self.nodes)

    @invariant
    def quantified_pairs(self) -> bool:
        return all(level < 2 for _, level in ((n.id, n.level) for n in self.nodes))

    @invariant
    def walrus(self) -> bool:
        return (top := max(n.level for n in self.nodes)) < 2 or top > 5

    @invariant
    def in_a_set(self) -> bool:
        return all(n.id not in n.friends for n in self.nodes)

    invariants = (flat,)


STATES: dict[type[Protocol], tuple[System, State, State]] = {}


def states(protocol: type[Protocol]) -> tuple[System, State, State]:
    """The first state, and the one after node 1 rose."""
    if protocol not in STATES:
        system = System(protocol())
        _, first = next(iter(system.initial()))
        assert isinstance(first, Outcome)
        second = next(t for step, t in system.successors(first.state) if step.process == Ref[Any]("nodes", 1))
        assert isinstance(second, Outcome)
        STATES[protocol] = (system, first.state, second.state)
    return STATES[protocol]


def why(name: str, protocol: type[Protocol] = Nodes) -> list[tuple[str, dict[str, str]]]:
    system, first, second = states(protocol)
    found = next(p for p in Judge(system).properties if p.name == name)
    views = [system.new_view() for _ in range(1 + found.on_step)]
    for view, state in zip(views, [first, second] if found.on_step else [second], strict=True):
        view.load(state)
    assert not found.function(*(found.argument(view) for view in views))
    return [(reason.expression, dict(reason.bindings)) for reason in explain(found, *views)]


ONE = "nodes[1]"

EXPECTED: list[tuple[str, list[tuple[str, dict[str, str]]]]] = [
    ("flat", [("a.level == b.level", {"a": "nodes[0] (level=0)", "b": f"{ONE} (level=2)"})]),
    ("conjunction", [("n.level < 2", {"n": f"{ONE} (level=2)"})]),
    ("nested", [("a.level == b.level", {"a": f"{ONE} (is_high()=True, level=2)", "b": "nodes[0] (level=0)"})]),
    (
        "nested_all",
        [
            ("a.above(b)", {"a": ONE, "b": "nodes[0]"}),
            ("self.level > other.level", {"self.level": "2", "other.level": "0"}),
        ],
    ),
    ("negated_any", [("n.doubled == 4", {"n": f"{ONE} (doubled=4)"})]),
    (
        "disjunction",
        [
            (
                "n.level == 0 or n.friends <= frozenset()",
                {"n": f"{ONE} (level=2, friends={{{ONE}}})", "frozenset()": "{}"},
            )
        ],
    ),
    ("chained", [("n.level <= 1", {"n": f"{ONE} (level=2)"})]),
    ("conditional", [("n.level < 1", {"n": f"{ONE} (level=2)"})]),
    (
        "rule",
        [
            ("n.is_high()", {"n": f"{ONE} (is_high()=True)"}),
            ("self.level > 1", {"self.level": "2"}),
            ("len(n.friends) == 3", {"n": f"{ONE} (friends={{{ONE}}})", "len(n.friends)": "1"}),
        ],
    ),
    ("helper", [("self.all_low(limit=1)", {}), ("level <= limit", {"level": "2", "limit": "1"})]),
    (
        "loops",
        [
            ("m.id != n.id", {"n": ONE, "m": "nodes[0]"}),
            ("n.above(m)", {"n": ONE, "m": "nodes[0]"}),
            ("self.level > other.level", {"self.level": "2", "other.level": "0"}),
        ],
    ),
    (
        "any_is_false",
        [("any(n.level == 7 for n in self.nodes)", {"self.nodes": "(nodes[0], nodes[1], nodes[2])"})],
    ),
    ("quantified_pairs", [("level < 2", {"_": ONE, "level": "2"})]),
    ("in_a_set", [("n.id not in n.friends", {"n": f"{ONE} (friends={{{ONE}}})"})]),
]


@pytest.mark.parametrize(("name", "reasons"), EXPECTED, ids=[name for name, _ in EXPECTED])
def test_the_part_that_failed_and_its_values(name: str, reasons: list[tuple[str, dict[str, str]]]) -> None:
    assert why(name) == reasons


def test_a_reason_has_its_place() -> None:
    system, _, second = states(Nodes)
    view = system.new_view()
    view.load(second)
    found = next(p for p in Judge(system).properties if p.name == "flat")
    (reason,) = explain(found, view)
    assert reason.file.endswith("tests/traces/test_why.py")
    with open(__file__) as file:
        assert reason.expression in file.read().splitlines()[reason.line - 1]


# -- shapes that are not followed ----------------------------------------------------------------------------------


def test_nothing_is_ever_raised() -> None:
    for protocol in (Nodes, Unusual):
        system, first, second = states(protocol)
        for found in Judge(system).properties:
            views = [system.new_view() for _ in range(1 + found.on_step)]
            for state in (first, second):
                for view in views:
                    view.load(state)
                assert all(isinstance(reason, Reason) for reason in explain(found, *views))


class Unusual(Protocol):
    nodes: Cluster[Node] = cluster(3)

    @invariant
    def while_loop(self) -> bool:
        left = 3
        while left:
            left -= 1
            if self.nodes[Ref("nodes", 1)].level == 2:
                return False
        return True

    @invariant
    def tried(self) -> bool:
        try:
            return self.nodes[Ref("nodes", 1)].level == 0
        finally:
            pass

    @invariant
    def recursive(self) -> bool:
        return self.down(100_000)

    def down(self, n: int) -> bool:
        return self.nodes[Ref("nodes", 1)].level == 0 if n < 0 else self.down(n - 50_001)

    short = invariant(lambda self: all(n.level == 0 for n in self.nodes))
    built = invariant(eval("lambda self: self.nodes[R('nodes', 1)].level == 0", {"R": Ref}))

    @step_invariant
    def steady(self, after: Unusual) -> bool:
        return all(old.level == new.level for old, new in zip(self.nodes, after.nodes, strict=True))


@pytest.mark.parametrize("name", ["while_loop", "tried", "built"])
def test_what_is_not_followed_is_given_as_a_whole(name: str) -> None:
    assert why(name, Unusual) == [(f"{name} is false", {})]


def test_a_lambda() -> None:
    assert why("short", Unusual) == [("n.level == 0", {"n": f"{ONE} (level=2)"})]


def test_a_recursive_helper() -> None:
    expressions = [expression for expression, _ in why("recursive", Unusual)]
    assert expressions[0] == "self.down(100_000)"
    assert expressions[-1].endswith(".level == 0")


def test_both_sides_of_a_step() -> None:
    assert why("steady", Unusual) == [
        ("old.level == new.level", {"old": f"{ONE} (level=0)", "new": f"{ONE} (level=2)"})
    ]


# -- assertions and mistakes ---------------------------------------------------------------------------------------


def test_an_assertion() -> None:
    (reason,) = explained(find(Pings())).why
    assert reason.expression == "self.heard < self.broken()"
    assert dict(reason.bindings) == {"self.heard": "2", "self.broken()": "2", "message": "too often"}
    assert reason.file.endswith("tests/traces/toys.py")


def test_a_mistake() -> None:
    (reason,) = explained(find(toys.RaisingPings())).why
    assert reason.expression == "return 2 if self.heard < 2 else int(self.past[4])"
    assert dict(reason.bindings) == {"raised": "IndexError: tuple index out of range"}


def test_a_step_invariant() -> None:
    (reason,) = explained(find(Backwards())).why
    assert reason.expression == "old.term <= new.term"
    assert set(dict(reason.bindings)) == {"old", "new"}


def test_messages_that_were_sent_are_shown() -> None:
    from quorate.traces.show import show

    one, other = Ref[Any]("nodes", 0), Ref[Any]("nodes", 10)
    assert show(Sent(one, other, News())) == "News() from nodes[0] to nodes[10]"
    assert show(frozenset({other, Ref[Any]("nodes", 2)})) == "{nodes[2], nodes[10]}"
