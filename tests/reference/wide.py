"""A second family of small protocols with two meanings: wide where `family` is deep.

Each protocol has shared state, actions of its own with arguments, a choice of initial states, a history, a constraint,
two clusters whose classes derive from each other, symbols, and one fault; each part is one of a few, drawn by name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations, permutations, product
from typing import Any, NamedTuple

from hypothesis import strategies as st

from .family import TooMany

SOURCE = '''"""A drawn protocol."""

from __future__ import annotations

from typing import Annotated

from quorate.models.language import (
    Bag, Cluster, Crash, Fifo, MessageSet, Partition, Process, Protocol, Range, Ref, Symbol, action, cluster,
    constraint, durable, ghost, history, initial, invariant, message, receive, require, restart, shared, volatile,
)

N = Annotated[int, Range(0, "top")]


class Value(Symbol, size=2):
    """What is sent about."""


@message
class M:
    """The only message."""

    v: Value
    past: frozenset[Value]


class A(Process):
    """The base."""

    f: bool = durable(False)
    g: bool = volatile(False)
    w: Value | None = KEEP(None)

    @action
    def go(self, v: Value) -> None:
        require(GUARD)
        self.f = True
        self.broadcast(M(v, PAST)TO)
        self.w = v
        HANG

    @receive
    def on_m(self, m: M, sender: Ref[A]) -> None:
        HANDLER
        DROP

    BACK


class B(A):
    """Derived from it."""

    @receive
    def on_m(self, m: M, sender: Ref[A]) -> None:
        require(not self.g)
        super().on_m(m, sender)
        self.g = True


class Drawn(Protocol):
    """The protocol."""

    a: Cluster[A] = cluster(SIZE)
    b: Cluster[OTHER] = cluster(1)
    top: int = TOP
    turns: int = TURNS
    n: N = shared(0)
    seen: frozenset[Value] = ghost(frozenset())
    turn: Annotated[int, Range(0, "turns")] = ghost(0)
    network = NETWORK
    faults = (FAULT)

    @initial
    def start(self, k: N) -> None:
        require(k <= START)
        self.n = k

    @action
    def tick(self, j: N, k: N) -> None:
        require(TICK)
        self.n += k

    @history
    def remember(self, before: Drawn) -> None:
        for p in self.a:
            if p.w is not None and before.a[p.id].w != p.w:
                self.seen |= {p.w}
        self.seen |= {p.w for p in self.b if p.w is not None and before.b[p.id].w != p.w}
        if self.n != before.n:
            self.turn += 1

    @constraint
    def near(self) -> bool:
        return self.n <= FENCE

    @invariant
    def few(self) -> bool:
        return self.n + len(self.seen) + SENT < LIMIT
'''

GUARDS: dict[str, Callable[[Any], bool]] = {
    "not self.f": lambda p: not p.f,
    "not self.f and self.w is None": lambda p: not p.f and p.w is None,
}
TICKS: dict[str, Callable[[int, int, int, Any], bool]] = {
    "j < k": lambda n, j, k, procs: j < k,
    "k == 1 and self.n == j": lambda n, j, k, procs: k == 1 and n == j,
    "j == 0 and k == 1 and all(p.f for p in self.a)": lambda n, j, k, procs: (
        j == 0 and k == 1 and all(p.f for p in procs[:-1])
    ),
}
PASTS = (
    "frozenset()",
    "frozenset({v})",
    "frozenset({v}) if self.w is None else frozenset({v, self.w})",
)
HANDLERS = (
    "self.g = True",
    "require(self.f)\n        self.w = m.v",
    "if not self.g:\n            self.send(sender, m)",
    "self.g = len(m.past) == 1",
)
BACKS = (
    "",
    "@restart\n    def back(self) -> None:\n        self.f = False",
    "@restart\n    def back(self) -> None:\n        require(self.f)\n        self.g = True\n        HANG\n"
    "        if self.w is not None:\n            self.broadcast(M(self.w, frozenset()), to=A)",
)
HANGS = ("", "for p in self.peers:\n            self.disconnect(p)")
DROPS = ("", "self.disconnect(sender)")
NETWORKS = ("MessageSet()", "Bag(copies=1)", "Bag(capacity=3, duplicates=1)", "Fifo(capacity=2)")
FAULTS = ("", "Crash(),", "Crash(stays_down=True),", "Crash(of=B),", "Partition(),")


@dataclass(frozen=True)
class Wide:
    """A drawn protocol: the words that stand in the gaps of its source."""

    gaps: tuple[tuple[str, Any], ...]

    def __getitem__(self, gap: str) -> Any:
        return dict(self.gaps)[gap]

    def source(self) -> str:
        """The protocol in the modelling language."""
        text = SOURCE
        for gap, word in self.gaps:
            text = text.replace(gap, str(word))
        return text


@st.composite
def wide_protocols(draw: st.DrawFn) -> Wide:
    """A protocol of the family."""
    fault, network = draw(st.sampled_from(FAULTS)), draw(st.sampled_from(NETWORKS))
    connected = "Fifo" in network
    choices: dict[str, Any] = {
        "KEEP": draw(st.sampled_from(("durable", "volatile"))),
        "PAST": draw(st.sampled_from(PASTS)),
        "GUARD": draw(st.sampled_from(tuple(GUARDS))),
        "HANDLER": draw(st.sampled_from(HANDLERS)),
        "SIZE": draw(st.integers(1, 2)),
        "OTHER": "B" if "B" in fault else draw(st.sampled_from(("A", "B"))),
        "TOP": draw(st.integers(1, 2)),
        "TURNS": draw(st.integers(0, 3)),
        "NETWORK": network,
        "FAULT": fault,
        "START": draw(st.integers(0, 1)),
        "TICK": draw(st.sampled_from(tuple(TICKS))),
        "FENCE": draw(st.integers(1, 2)),
        "SENT": draw(st.sampled_from(("0", "len(self.sent(M))"))),
        "LIMIT": draw(st.sampled_from((4, 6, 8, 99))),
        "TO": draw(st.sampled_from(("", ", to=A"))),
        "BACK": draw(st.sampled_from(BACKS)),
        "HANG": draw(st.sampled_from(HANGS)) if connected else "",
        "DROP": draw(st.sampled_from(DROPS)) if connected else "",
    }
    return Wide(tuple(choices.items()))


Mail = tuple[int, int, int, int]


class Proc(NamedTuple):
    """A process."""

    f: bool
    g: bool
    w: int | None


class World(NamedTuple):
    """A state; a message is its sender, its receiver, its value and a bit for each of its past values."""

    n: int
    seen: frozenset[int]
    turn: int
    procs: tuple[Proc, ...]
    net: tuple[Mail, ...]
    spare: int
    budget: int
    down: frozenset[int]
    side: frozenset[int]
    sent: frozenset[Mail]


class NaiveWide:
    """Breadth-first search over a drawing, the plain way; the last process is the one of the second cluster."""

    def __init__(self, drawn: Wide, most: int) -> None:
        self.drawn, self.most = drawn, most
        self.count = drawn["SIZE"] + 1
        self.cut: Counter[str] = Counter()
        self.generated = self.depth = 0
        self.violated: int | None = None
        self.seen: dict[World, bool] = {}
        level = self.enter(self.starts(), 0)
        while level and self.violated is None:
            self.depth += 1
            level = self.enter((after for state in level for after in self.steps(state)), self.depth)

    @property
    def inside(self) -> list[World]:
        """The states that satisfy the constraint."""
        return [state for state, near in self.seen.items() if near]

    def enter(self, states: Iterator[World], steps: int) -> list[World]:
        found = []
        for state in states:
            self.generated += 1
            if state not in self.seen:
                self.seen[state] = state.n <= self.drawn["FENCE"]
                if len(self.seen) > self.most:
                    raise TooMany
                if state.n + len(state.seen) + len(self.told(state)) >= self.drawn["LIMIT"]:
                    self.violated = steps
                if self.seen[state]:
                    found.append(state)
        return found

    def told(self, state: World) -> frozenset[Mail]:
        asked = self.drawn["SENT"] != "0"
        return frozenset() if not asked else frozenset(state.net) if self.stays else state.sent

    @property
    def stays(self) -> bool:
        return bool(self.drawn["NETWORK"] == "MessageSet()")

    def starts(self) -> Iterator[World]:
        procs = (Proc(False, False, None),) * self.count
        spare, budget = int("duplicates" in self.drawn["NETWORK"]), int(self.drawn["FAULT"] != "")
        none: frozenset[Any] = frozenset()
        for k in range(min(self.drawn["START"], self.drawn["TOP"]) + 1):
            yield World(k, none, 0, procs, (), spare, budget, none, none, none)

    def steps(self, state: World) -> Iterator[World]:
        for after in (*self.ticks(state), *self.actions(state), *self.receipts(state), *self.failures(state)):
            changed = {
                new.w for old, new in zip(state.procs, after.procs, strict=True) if new.w is not None and new.w != old.w
            }
            turn = after.turn + (after.n != state.n)
            if turn > self.drawn["TURNS"]:
                self.cut["turns"] += 1
            else:
                yield after._replace(seen=after.seen | changed, turn=turn)

    def ticks(self, state: World) -> Iterator[World]:
        numbers = range(self.drawn["TOP"] + 1)
        for j, k in product(numbers, numbers):
            if TICKS[self.drawn["TICK"]](state.n, j, k, state.procs):
                if state.n + k > self.drawn["TOP"]:
                    self.cut["top"] += 1
                else:
                    yield state._replace(n=state.n + k)

    def actions(self, state: World) -> Iterator[World]:
        for me, v in product(range(self.count), range(2)):
            proc = state.procs[me]
            if me not in state.down and GUARDS[self.drawn["GUARD"]](proc):
                to = range(self.count) if self.drawn["TO"] else self.peers(me)
                sent = [(me, p, v, self.past(proc, v)) for p in to]
                yield from self.moved(state, me, proc._replace(f=True, w=v), sent, self.hung_up(me))

    def past(self, proc: Proc, v: int) -> int:
        match PASTS.index(self.drawn["PAST"]):
            case 0:
                return 0
            case 1:
                return 1 << v
        return 1 << v | (0 if proc.w is None else 1 << proc.w)

    def peers(self, me: int) -> list[int]:
        # the second cluster has one process, which has nobody to tell
        return [p for p in range(self.count - 1) if p != me] if me < self.count - 1 else []

    def hung_up(self, me: int) -> list[int]:
        return self.peers(me) if self.drawn["HANG"] else []

    def receipts(self, state: World) -> Iterator[World]:
        fifo = "Fifo" in self.drawn["NETWORK"]
        ready = {m[:2]: m for m in reversed(state.net)}.values() if fifo else set(state.net)
        for m in ready:
            if m[1] in state.down or (state.side and (m[0] in state.side) != (m[1] in state.side)):
                continue
            at = state.net.index(m)
            left = state.net if self.stays else state.net[:at] + state.net[at + 1 :]
            yield from self.handled(state._replace(net=left), m)
            if state.spare:
                yield from self.handled(state._replace(spare=0), m)

    def handled(self, state: World, m: Mail) -> Iterator[World]:
        sender, me, v, past = m
        proc = state.procs[me]
        derived = me == self.count - 1 and self.drawn["OTHER"] == "B"
        out: list[Mail] = []
        if derived and proc.g:
            return
        match HANDLERS.index(self.drawn["HANDLER"]):
            case 0:
                after = proc._replace(g=True)
            case 1:
                if not proc.f:
                    return
                after = proc._replace(w=v)
            case 2:
                after = proc
                out = [] if proc.g else [(me, sender, v, past)]
            case _:
                after = proc._replace(g=past.bit_count() == 1)
        cut = [sender] if self.drawn["DROP"] else []
        yield from self.moved(state, me, after._replace(g=True) if derived else after, out, cut)

    def moved(self, state: World, me: int, proc: Proc, out: list[Mail], cut: list[int]) -> Iterator[World]:
        net = [m for m in state.net if not any(m[:2] in ((me, p), (p, me)) for p in cut)]
        for m in out:
            if not (m in net and (self.stays or "copies" in self.drawn["NETWORK"])):
                net.append(m)
        if out and self.is_full(net):
            self.cut["capacity"] += 1
            return
        ordered = sorted(net, key=lambda m: m[:2]) if "Fifo" in self.drawn["NETWORK"] else sorted(net)
        asked = self.drawn["SENT"] != "0" and not self.stays
        sent = state.sent | set(out) if asked else state.sent
        yield self.put(state, me, proc)._replace(net=tuple(ordered), sent=sent)

    def is_full(self, net: list[Mail]) -> bool:
        match self.drawn["NETWORK"]:
            case "Bag(capacity=3, duplicates=1)":
                return len(net) > 3
            case "Fifo(capacity=2)":
                return max(Counter(m[:2] for m in net).values()) > 2
        return False

    def put(self, state: World, me: int, proc: Proc) -> World:
        return state._replace(procs=(*state.procs[:me], proc, *state.procs[me + 1 :]))

    def failures(self, state: World) -> Iterator[World]:
        if state.side:
            yield state._replace(side=frozenset())
        elif state.budget and "Partition" in self.drawn["FAULT"]:
            others = range(1, self.count)
            sides = [(0, *rest) for size in range(self.count - 1) for rest in combinations(others, size)]
            yield from (state._replace(side=frozenset(side), budget=0) for side in sides)
        elif state.budget:
            for me in range(self.count - 1 if "of=B" in self.drawn["FAULT"] else 0, self.count):
                proc = state.procs[me]._replace(g=False)
                proc = proc if self.drawn["KEEP"] == "durable" else proc._replace(w=None)
                down = frozenset((me,)) if "stays" in self.drawn["FAULT"] else frozenset[int]()
                yield from self.restarted(state._replace(budget=0, down=down), me, proc)

    def restarted(self, state: World, me: int, proc: Proc) -> Iterator[World]:
        back = 0 if state.down else BACKS.index(self.drawn["BACK"])
        if back < 2:
            yield self.put(state, me, proc._replace(f=False) if back else proc)
        elif proc.f:
            sent = [] if proc.w is None else [(me, p, proc.w, 0) for p in range(self.count)]
            yield from self.moved(state, me, proc._replace(g=True), sent, self.hung_up(me))

    def orbits(self) -> int:
        """How many states there are, but for the names of values and of the processes of the first cluster."""
        return len({min(map(repr, self.images(state))) for state in self.inside})

    def images(self, state: World) -> Iterator[Any]:
        fifo = "Fifo" in self.drawn["NETWORK"]
        for order, values in product(permutations(range(self.count - 1)), permutations(range(2))):
            to = (*order, self.count - 1)
            procs: list[Any] = [None] * self.count
            for i, p in enumerate(state.procs):
                procs[to[i]] = (p.f, p.g, None if p.w is None else values[p.w])
            net = [self.renamed(m, to, values) for m in state.net]
            sides = sorted([sorted(to[p] for p in range(self.count) if (p in state.side) == s) for s in (True, False)])
            yield (
                (state.n, sorted(values[v] for v in state.seen), state.turn, procs),
                sorted(net, key=lambda m: m[:2]) if fifo else sorted(net),
                (state.spare, state.budget, sorted(to[p] for p in state.down), sides if state.side else []),
                sorted(self.renamed(m, to, values) for m in state.sent),
            )

    def renamed(self, m: Mail, to: tuple[int, ...], values: tuple[int, ...]) -> Mail:
        sender, receiver, v, past = m
        return to[sender], to[receiver], values[v], sum(1 << new for old, new in enumerate(values) if past >> old & 1)
