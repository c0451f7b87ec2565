"""A family of small protocols, each drawn as data with two meanings that share no code.

`source()` writes a drawn protocol in the modelling language; `Naive` explores the same drawing directly, on tuples and
integers, without the language, its semantics or the search.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations
from typing import Any

from hypothesis import strategies as st

Env = dict[str, Any]
"""What an expression sees: the fields x, f, s, r; `me`; in a handler also v, b and `sender`."""


@dataclass(frozen=True)
class Expr:
    """An expression: its text in the language, and its meaning."""

    text: str
    op: str
    parts: tuple[Any, ...] = ()

    def of(self, env: Env) -> Any:
        values = [p.of(env) if isinstance(p, Expr) else p for p in self.parts]
        match self.op:
            case "const":
                return values[0]
            case "name":
                return env[values[0]]
            case "size":
                return len(env["s"])
            case "plus":
                return values[0] + 1
            case "less":
                return values[0] < values[1]
            case "same":
                return values[0] == values[1]
            case "knows":
                return values[0] in env["s"]
            case "not":
                return not values[0]
            case "and":
                return values[0] and values[1]
        raise AssertionError(self.op)


@dataclass(frozen=True)
class Stmt:
    """A statement: `set` a field, `add` to the set, `send`, `broadcast`, or `if`."""

    op: str
    name: str = ""
    value: Any = None
    body: tuple[Stmt, ...] = ()

    def lines(self) -> list[str]:
        match self.op:
            case "set":
                return [f"self.{self.name} = {self.value.text}"]
            case "add":
                return [f"self.s |= {{{self.value.text}}}"]
            case "send":
                return [f"self.send(sender, M({self.value[0].text}, {self.value[1].text}))"]
            case "broadcast":
                return [f"self.broadcast(M({self.value[0].text}, {self.value[1].text}))"]
        return [f"if {self.value.text}:", *("    " + line for s in self.body for line in s.lines())]


@dataclass(frozen=True)
class Method:
    guard: Expr
    body: tuple[Stmt, ...]

    def lines(self) -> list[str]:
        return [f"require({self.guard.text})", *(line for s in self.body for line in s.lines())]


@dataclass(frozen=True)
class Drawn:
    """A drawn protocol."""

    processes: int
    top: int
    network: str
    crashes: int
    durable: bool
    actions: tuple[Method, ...]
    handler: Method
    limit: int

    def source(self) -> str:
        keep = "durable" if self.durable else "volatile"
        lines = HEAD.replace("KEEP", keep).splitlines()
        for i, method in enumerate(self.actions):
            lines += ["", "    @action", f"    def act{i}(self) -> None:", *("        " + x for x in method.lines())]
        lines += ["", "    @receive", "    def on_m(self, m: M, sender: Ref[Node]) -> None:"]
        lines += ["        " + x for x in self.handler.lines()]
        tail = TAIL.replace("NETWORK", self.network).replace("LIMIT", str(self.limit))
        return "\n".join(lines) + tail.replace("SIZE", str(self.processes)).replace("TOP", str(self.top)).replace(
            "CRASHES", str(self.crashes)
        )


HEAD = '''"""A drawn protocol."""

from __future__ import annotations

from typing import Annotated

from quorate.models.language import (
    Bag, Cluster, Crash, Fifo, MessageSet, Process, Protocol, Range, Ref, action, cluster, durable, invariant,
    message, receive, require, step_invariant, volatile,
)

X = Annotated[int, Range(0, "top")]


@message
class M:
    """The only message."""

    v: X
    b: bool


class Node(Process):
    """The only process."""

    x: X = KEEP(0)
    f: bool = volatile(False)
    s: frozenset[Ref[Node]] = KEEP(frozenset())
    r: Ref[Node] | None = volatile(None)
'''

TAIL = '''


class Drawn(Protocol):
    """The protocol."""

    nodes: Cluster[Node] = cluster(SIZE)
    top: int = TOP
    crashes: int = CRASHES
    network = NETWORK
    faults = (Crash(times="crashes"),)

    @invariant
    def few(self) -> bool:
        """The counters stay low, all taken together."""
        return sum(n.x for n in self.nodes) < LIMIT

    @step_invariant
    def grows(self, after: Drawn) -> bool:
        """Sets of known processes only grow."""
        return all(n.s <= after.nodes[n.id].s for n in self.nodes)
'''


def _name(name: str, text: str) -> Expr:
    return Expr(text, "name", (name,))


@st.composite
def exprs(draw: st.DrawFn, received: bool, kind: str, depth: int = 1) -> Expr:
    """An expression of kind int, bool or ref."""
    if kind == "ref":
        return draw(st.sampled_from([_name("me", "self.id"), *([_name("sender", "sender")] * 3 if received else [])]))
    if kind == "int":
        options = [
            Expr("0", "const", (0,)),
            Expr("1", "const", (1,)),
            _name("x", "self.x"),
            Expr("len(self.s)", "size"),
        ]
        options += [_name("v", "m.v")] if received else []
        one = draw(st.sampled_from(options))
        return Expr(f"({one.text} + 1)", "plus", (one,)) if draw(st.booleans()) else one
    if depth:
        a, b = draw(exprs(received, "bool", depth - 1)), draw(exprs(received, "bool", depth - 1))
        return draw(
            st.sampled_from([a, Expr(f"(not {a.text})", "not", (a,)), Expr(f"({a.text} and {b.text})", "and", (a, b))])
        )
    m, n = draw(exprs(received, "int")), draw(exprs(received, "int"))
    who = draw(exprs(received, "ref"))
    options = [_name("f", "self.f"), Expr(f"({m.text} < {n.text})", "less", (m, n))]
    options += [Expr(f"({m.text} == {n.text})", "same", (m, n)), Expr(f"({who.text} in self.s)", "knows", (who,))]
    options += [Expr(f"(self.r == {who.text})", "same", (_name("r", ""), who))]
    return draw(st.sampled_from([*options, *([_name("b", "m.b")] if received else [])]))


@st.composite
def statements(draw: st.DrawFn, received: bool, nested: bool = True) -> Stmt:
    op = draw(st.sampled_from(["x", "f", "r", "add", "broadcast", *(["send"] * received), *(["if"] * nested)]))
    if op in ("send", "broadcast"):
        return Stmt(op, "", (draw(exprs(received, "int")), draw(exprs(received, "bool"))))
    if op == "if":
        body = tuple(draw(st.lists(statements(received, False), min_size=1, max_size=2)))
        return Stmt("if", "", draw(exprs(received, "bool")), body)
    if op == "add":
        return Stmt("add", "s", draw(exprs(received, "ref")))
    return Stmt("set", op, draw(exprs(received, {"x": "int", "f": "bool", "r": "ref"}[op])))


@st.composite
def methods(draw: st.DrawFn, received: bool) -> Method:
    # drawn guards are false of the initial state too often: most protocols would stand still
    always = Expr("True", "const", (True,))
    rested = Expr("(not self.f)", "not", (_name("f", "self.f"),))
    guard = draw(st.one_of(st.just(always), st.just(rested), exprs(received, "bool")))
    body = draw(st.lists(statements(received), min_size=1, max_size=3))
    return Method(guard, tuple(body))


NETWORKS = (
    "MessageSet()",
    "Bag(copies=1, capacity=2)",
    "Bag(capacity=2, duplicates=1, loses=True)",
    "Fifo(capacity=1)",
    "Fifo(capacity=2, loses=True)",
)


@st.composite
def protocols(draw: st.DrawFn) -> Drawn:
    """A protocol of the family."""
    return Drawn(
        processes=draw(st.integers(2, 3)),
        top=draw(st.integers(1, 2)),
        network=draw(st.sampled_from(NETWORKS)),
        crashes=draw(st.integers(0, 1)),
        durable=draw(st.booleans()),
        actions=tuple(draw(st.lists(methods(False), min_size=1, max_size=2))),
        handler=draw(methods(True)),
        limit=draw(st.integers(2, 9)),
    )


Node = tuple[int, bool, frozenset[int], int | None]
Message = tuple[int, int, int, bool]
"""From, to, v, b."""


class TooMany(Exception):
    """The drawing has more states than the test wants to see."""


class Naive:
    """Breadth-first search over a drawing, the plain way."""

    def __init__(self, drawn: Drawn, most: int) -> None:
        self.drawn = drawn
        self.most = most
        self.cut: Counter[str] = Counter()
        self.generated = 0
        self.depth = 0
        self.violation: tuple[str, int] | None = None
        self.seen: set[Any] = set()
        self.explore()

    def explore(self) -> None:
        start: Any = (((0, False, frozenset(), None),) * self.drawn.processes, (), self.budget(), self.drawn.crashes)
        self.generated, level = 1, [start]
        self.seen = {start}
        self.check(start, 0)
        while level and self.violation is None:
            self.depth += 1
            level = self.next(level)

    def next(self, level: list[Any]) -> list[Any]:
        found = []
        for state in level:
            for after in self.steps(state):
                self.generated += 1
                if any(not a[2] <= b[2] for a, b in zip(state[0], after[0], strict=True)):
                    self.violation = ("grows", self.depth)
                    return []
                if after not in self.seen:
                    self.seen.add(after)
                    if len(self.seen) > self.most:
                        raise TooMany
                    found.append(after)
                    if self.check(after, self.depth):
                        return []
        return found

    def check(self, state: Any, steps: int) -> bool:
        if sum(node[0] for node in state[0]) >= self.drawn.limit:
            self.violation = ("few", steps)
        return self.violation is not None

    def budget(self) -> int:
        return 1 if "duplicates" in self.drawn.network else 0

    def steps(self, state: Any) -> Iterator[Any]:
        nodes, net, spare, crashes = state
        for me in range(len(nodes)):
            for method in self.drawn.actions:
                yield from self.run(method, me, None, nodes, net, spare, crashes)
        for message in self.deliverable(net):
            left = net if "Set" in self.drawn.network else self.without(net, message)
            yield from self.run(self.drawn.handler, message[1], message, nodes, left, spare, crashes)
            if spare:
                yield from self.run(self.drawn.handler, message[1], message, nodes, net, spare - 1, crashes)
        if "loses" in self.drawn.network:
            for left in self.losses(net):
                yield nodes, left, spare, crashes
        for me in range(len(nodes) if crashes else 0):
            x, _, s, _ = nodes[me]
            kept = (x, False, s, None) if self.drawn.durable else (0, False, frozenset(), None)
            yield self.put(nodes, me, kept), net, spare, crashes - 1

    def deliverable(self, net: tuple[Message, ...]) -> list[Message]:
        if "Fifo" not in self.drawn.network:
            return sorted(set(net))
        heads: dict[tuple[int, int], Message] = {}
        for message in net:
            heads.setdefault(message[:2], message)
        return [heads[ends] for ends in sorted(heads)]

    def without(self, net: tuple[Message, ...], message: Message) -> tuple[Message, ...]:
        at = net.index(message)
        return net[:at] + net[at + 1 :]

    def losses(self, net: tuple[Message, ...]) -> Iterator[tuple[Message, ...]]:
        if "Fifo" not in self.drawn.network:
            for message in sorted(set(net)):
                yield self.without(net, message)
            return
        for ends in sorted({message[:2] for message in net}):
            queue = [message for message in net if message[:2] == ends]
            for keep in range(len(queue)):
                yield self.normal([m for m in net if m[:2] != ends] + queue[:keep])

    def normal(self, net: list[Message]) -> tuple[Message, ...]:
        # queues keep their order; everything else has none
        return tuple(sorted(net, key=lambda m: m[:2]) if "Fifo" in self.drawn.network else sorted(net))

    def run(
        self, method: Method, me: int, got: Message | None, nodes: Any, net: Any, spare: int, crashes: int
    ) -> Iterator[Any]:
        x, f, s, r = nodes[me]
        env: Env = {"x": x, "f": f, "s": s, "r": r, "me": me}
        if got:
            env |= {"sender": got[0], "v": got[2], "b": got[3]}
        if not method.guard.of(env):
            return
        out: list[Message] = []
        for statement in method.body:
            self.do(statement, env, me, out)
        if env["x"] > self.drawn.top or any(m[2] > self.drawn.top for m in out):
            self.cut["top"] += 1
            return
        sent = self.sent(net, out)
        if sent is None:
            self.cut["capacity"] += 1
            return
        yield self.put(nodes, me, (env["x"], env["f"], env["s"], env["r"])), sent, spare, crashes

    def do(self, statement: Stmt, env: Env, me: int, out: list[Message]) -> None:
        match statement.op:
            case "set":
                env[statement.name] = statement.value.of(env)
            case "add":
                env["s"] = env["s"] | {statement.value.of(env)}
            case "if":
                if statement.value.of(env):
                    for inner in statement.body:
                        self.do(inner, env, me, out)
            case op:
                v, b = (e.of(env) for e in statement.value)
                others = [n for n in range(self.drawn.processes) if n != me]
                out += [(me, to, v, b) for to in ([env["sender"]] if op == "send" else others)]

    def sent(self, net: tuple[Message, ...], out: list[Message]) -> tuple[Message, ...] | None:
        one_copy = "Set" in self.drawn.network or "copies" in self.drawn.network
        grown = list(net)
        for message in out:
            if not (one_copy and message in grown):
                grown.append(message)
        capacity = int(self.drawn.network.split("capacity=")[1][0]) if "capacity" in self.drawn.network else 10**9
        sizes = Counter(m[:2] for m in grown) if "Fifo" in self.drawn.network else Counter({"all": len(grown)})
        if len(grown) > len(net) and max(sizes.values()) > capacity:
            return None
        return self.normal(grown)

    def put(self, nodes: Any, me: int, node: Node) -> Any:
        return (*nodes[:me], node, *nodes[me + 1 :])

    def orbits(self) -> int:
        """How many states there are, not counting those that a renaming of the processes turns into each other."""
        return len({min(map(repr, map(self.sortable, self.images(state)))) for state in self.seen})

    def images(self, state: Any) -> Iterator[Any]:
        nodes, net, spare, crashes = state
        for order in permutations(range(len(nodes))):
            moved: list[Any] = [None] * len(nodes)
            for i, (x, f, s, r) in enumerate(nodes):
                moved[order[i]] = (x, f, frozenset(order[j] for j in s), None if r is None else order[r])
            yield tuple(moved), self.normal([(order[a], order[b], v, t) for a, b, v, t in net]), spare, crashes

    def sortable(self, state: Any) -> Any:
        return [(x, f, sorted(s), r) for x, f, s, r in state[0]], *state[1:]
