"""Small graphs of states that are both a system and code, for the tests of the engine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, cast

from quorate.checker.reference import Explorer
from quorate.checker.search import Limits, Symmetry
from quorate.models.semantics import (
    Cut,
    Judge,
    Outcome,
    Property,
    PropertyFailed,
    State,
    Step,
    StepFailed,
    System,
    Tried,
)
from quorate.models.semantics.steps import Kind

FACTOR = 0x9E3779B97F4A7C15
TEXT = """
def step(s: Words, m: Words, out: Words, tags: Words) -> Word:
    n = s[0]
    if ASKS[n]:
        return -1
    for e in range(FIRST_EDGE[n], FIRST_EDGE[n + 1]):
        j = e - FIRST_EDGE[n]
        out[j * K] = TARGET[e]
        for i in range(1, K):
            out[j * K + i] = mul(TARGET[e] + i, FACTOR)
        tags[j] = TAG[e]
    return FIRST_EDGE[n + 1] - FIRST_EDGE[n]

def judge(s: Words, m: Words) -> Word:
    m[0] = s[0]
    return VERDICT[m[0]]

def witness(s: Words, m: Words, unseen: Word) -> Word:
    return WITNESS[s[0]] & unseen
"""
CANON = """
def canon(s: Words, m: Words) -> Word:
    n = CANONICAL[s[0]]
    s[0] = n
    for i in range(1, K):
        s[i] = mul(n + i, FACTOR)
"""


@dataclass(frozen=True)
class Edge:
    """A step: to a state, or over a bound, or failing; `broken` are the step invariants that it violates."""

    to: int = 0
    title: str = "go"
    kind: str = "state"  # "cut", "assertion", "mistake"
    broken: int = 0
    error: bool = False


@dataclass(frozen=True)
class Node:
    """A state; `broken` the invariants that it violates, `asks` whether the code knows its steps."""

    edges: tuple[Edge, ...] = ()
    within: bool = True
    broken: int = 0
    error: bool = False
    witness: int = 0
    asks: bool = False
    unsure: bool = False


def state_of(n: int) -> State:
    return State((n,), (), None, (), frozenset())


@dataclass
class Graph:
    """Nodes and the initial ones among them; `canonical` says who stands for whom."""

    nodes: list[Node]
    start: list[int] = field(default_factory=lambda: [0])
    canonical: list[int] = field(default_factory=list)
    words: int = 2
    lies: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    # -- as code -------------------------------------------------------------------------------------------------

    titles = ("go", "run")
    bounds = ("top", "side")
    properties = ("i0", "i1", "i2")
    step_properties = ("s0", "s1")
    witnesses = ("i0", "i1")
    scratch = 4

    @property
    def out(self) -> int:
        return max(1, max(len(node.edges) for node in self.nodes))

    @property
    def text(self) -> str:
        return TEXT + (CANON if self.canonical else "")

    @property
    def constants(self) -> dict[str, int]:
        return {"FACTOR": FACTOR - 2**64, "K": self.words}

    @property
    def tables(self) -> dict[str, tuple[int, ...]]:
        edges = [edge for node in self.nodes for edge in node.edges]
        firsts = [0]
        for node in self.nodes:
            firsts.append(firsts[-1] + len(node.edges))
        found = {
            "ASKS": tuple(int(node.asks) for node in self.nodes),
            "FIRST_EDGE": tuple(firsts),
            "TARGET": (*(edge.to for edge in edges), 0),
            "TAG": (*(self._tag(edge) for edge in edges), 0),
            "VERDICT": tuple(self._verdict(node) for node in self.nodes),
            "WITNESS": tuple(node.witness for node in self.nodes),
            "CANONICAL": tuple(self.canonical) or (0,),
        }
        return found | dict(self.lies)

    def _tag(self, edge: Edge) -> int:
        if edge.kind == "cut":
            return 1 | self.bounds.index(edge.title) << 8
        number = self.titles.index(edge.title) << 8
        if edge.kind != "state":
            return 2 | number
        return number | edge.broken << 32 | edge.error << 2

    def _verdict(self, node: Node) -> int:
        return node.within | node.error << 1 | node.unsure << 2 | node.broken << 3

    def encode(self, state: State) -> list[int]:
        n = state.shared[0]
        return [n, *(((n + i) * FACTOR) % 2**64 for i in range(1, self.words))]

    def decode(self, words: list[int]) -> State:
        return state_of(words[0])

    # -- as a system, a judge and a symmetry -----------------------------------------------------------------------

    def attempts(self, state: State | None) -> Iterator[tuple[Step, Tried | StepFailed]]:
        if state is None:
            for n in self.start:
                yield Step(Kind.INITIAL, "initial"), Outcome(state_of(n))
            return
        for i, edge in enumerate(self.nodes[state.shared[0]].edges):
            step = Step(Kind.ACTION, edge.title, None, (i,))
            if edge.kind == "cut":
                yield step, Cut(edge.title)
            elif edge.kind == "state":
                yield step, Outcome(state_of(edge.to))
            else:
                yield step, StepFailed(step, AssertionError() if edge.kind == "assertion" else ValueError("mistake"))

    def within(self, state: State) -> bool:
        return self.nodes[state.shared[0]].within

    @property
    def protocol(self) -> object:
        return self

    def as_system(self) -> System:
        return cast(System, self)

    def as_symmetry(self) -> Symmetry:
        return cast(Symmetry, _Symmetry(self.canonical))


class _Symmetry:
    names = ()

    def __init__(self, canonical: list[int]) -> None:
        self._canonical = canonical

    def canonical(self, state: State) -> State:
        return state_of(self._canonical[state.shared[0]]) if self._canonical else state

    def check(self, state: State) -> None:
        pass


class GraphJudge:
    """The properties of a graph; a state with an error raises it after its last violated invariant."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self.unseen = (1 << len(graph.witnesses)) - 1

    def broken(self, state: State) -> Iterator[Property]:
        node = self._graph.nodes[state.shared[0]]
        yield from _named(node.broken, self._graph.properties)
        if node.error:
            raise PropertyFailed("i2", KeyError("mistake"))

    def of_state(self, state: State) -> Iterator[Property]:
        yield from self.broken(state)
        self.unseen &= ~self._graph.nodes[state.shared[0]].witness

    def of_step(self, before: State, step: Step, after: State) -> Iterator[Property]:
        edge = self._graph.nodes[before.shared[0]].edges[step.arguments[0]]
        yield from _named(edge.broken, self._graph.step_properties)
        if edge.error:
            raise PropertyFailed("s1", KeyError("mistake"))


@dataclass(frozen=True)
class _Named:
    name: str


def _named(mask: int, names: tuple[str, ...]) -> Iterator[Property]:
    for i, name in enumerate(names):
        if mask >> i & 1:
            yield cast(Property, _Named(name))


def referenced(graph: Graph, limits: Limits | None = None, **options: Any) -> tuple[str, Explorer, GraphJudge]:
    """What the reference engine makes of a graph."""
    judge = GraphJudge(graph)
    explorer = Explorer(
        graph.as_system(), cast(Judge, judge), graph.as_symmetry(), limits=limits or Limits(), **options
    )
    return explorer.run(), explorer, judge


def grid(side: int, **last: Any) -> Graph:
    """A square of states, each leading one up and one to the side; `last` is what is special about the far corner."""
    nodes = []
    for i in range(side * side):
        up = Edge(i + side) if i + side < side * side else Edge(title="top", kind="cut")
        right = Edge(i + 1, "run") if (i + 1) % side else Edge(title="side", kind="cut")
        nodes.append(Node((up, right), **(last if i == side * side - 1 else {})))
    return Graph(nodes)


@dataclass
class Counters:
    """So many counters of four bits that go from 0 to a top, each state with two more words that follow from it.

    The state `bad` violates the invariant "low".
    """

    count: int
    top: int
    bad: int = -1
    words: int = 3

    titles = ("up",)
    bounds = ("top",)
    properties = ("low",)
    step_properties = ()
    witnesses = ()
    scratch = 1
    tables: ClassVar[dict[str, tuple[int, ...]]] = {}
    text = """
def step(s: Words, m: Words, out: Words, tags: Words) -> Word:
    for i in range(COUNT):
        if (s[0] >> (4 * i)) & 15 < TOP:
            out[i * K] = s[0] + (1 << (4 * i))
            for k in range(1, K):
                out[i * K + k] = mul(out[i * K], k)
            tags[i] = 0
        else:
            tags[i] = 1
    return COUNT

def judge(s: Words, m: Words) -> Word:
    return 9 if s[0] == BAD else 1

def witness(s: Words, m: Words, unseen: Word) -> Word:
    return 0
"""

    @property
    def out(self) -> int:
        return self.count

    @property
    def constants(self) -> dict[str, int]:
        return {"COUNT": self.count, "TOP": self.top, "K": self.words, "BAD": self.bad}

    def encode(self, state: State) -> list[int]:
        n = state.shared[0]
        return [n, *(n * k % 2**64 for k in range(1, self.words))]

    def decode(self, words: list[int]) -> State:
        return state_of(words[0])

    def attempts(self, state: State | None) -> Iterator[tuple[Step, Tried | StepFailed]]:
        if state is None:
            yield Step(Kind.INITIAL, "initial"), Outcome(state_of(0))
            return
        n = state.shared[0]
        for i in range(self.count):
            up = Outcome(state_of(n + (1 << 4 * i)))
            yield Step(Kind.ACTION, "up", None, (i,)), up if n >> 4 * i & 15 < self.top else Cut("top")

    def within(self, state: State) -> bool:
        return True

    def broken(self, state: State) -> Iterator[Property]:
        return _named(int(state.shared[0] == self.bad), self.properties)

    def of_state(self, state: State) -> Iterator[Property]:
        return self.broken(state)

    def of_step(self, before: State, step: Step, after: State) -> Iterator[Property]:
        return iter(())

    def parts(self) -> tuple[System, Judge, Symmetry]:
        """It is its own system and its own judge, and no two of its states are the same."""
        return cast(System, self), cast(Judge, self), cast(Symmetry, _Symmetry([]))
