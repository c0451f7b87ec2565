"""A protocol that does nothing useful, with every construct of the language somewhere."""

from __future__ import annotations

import dataclasses
import typing
from dataclasses import replace
from enum import Enum
from typing import Annotated, Any

from quorate.models.language import (
    AtMost,
    Bag,
    Cluster,
    Crash,
    Has,
    Map,
    Member,
    Process,
    Protocol,
    Range,
    Ref,
    Symbol,
    action,
    between_crashes,
    cluster,
    constraint,
    durable,
    every,
    ghost,
    history,
    initial,
    invariant,
    lemma,
    message,
    parameter,
    quorum,
    rank,
    receive,
    record,
    require,
    shared,
    step_invariant,
    vacuous_unless,
    volatile,
)

Small = Annotated[int, Range(0, "top")]
Signed = Annotated[int, Range("0 - top", "top")]
LIMIT = 2
STOPS = frozenset({1, 2})


class Colour(Symbol, size="colours"):
    """Something to tell apart."""


class Mood(Enum):
    CALM, BUSY = range(2)


@record
class Note:
    number: Small
    colour: Colour | None = None


@message
class Ask:
    note: Note
    path: Annotated[tuple[Small, ...], AtMost("top")] = ()


@message
class Tell:
    number: Small
    pair: tuple[Small, bool]


def doubled(n: int) -> int:
    """A plain function."""
    return n + n


def longest(items: tuple[Any, ...], least: int = 1) -> int:
    """A plain function that takes sequences of anything."""
    return max(len(items), least)


class Counts(Member, typing.Protocol):
    @property
    def level(self) -> int: ...

    def measure(self, extra: int) -> int: ...


def somebody_counts(p: Has[Counts]) -> bool:
    return any(m.level > 0 for m in p.members)


@vacuous_unless(somebody_counts)
def measures(p: Has[Counts]) -> bool:
    """Two classes offer the interface: one with a field, one with its own rule."""
    return (
        all(m.measure(1) >= m.level for m in p.members) and sum(m.measure(0) for m in p.members) >= len(p.members) - 9
    )


@between_crashes
def levels(before: Has[Counts], after: Has[Counts]) -> bool:
    pairs = zip(before.members, after.members, strict=True)
    return all(old.level <= new.level + LIMIT for old, new in pairs if old.id == new.id)


def levels_are_told(p: Protocol) -> bool:
    """A lemma that is a function, and false now and then."""
    return not any(m.sender == m.to and m.message.note.number == 0 for m in p.under_way(Ask))


class Node(Process):
    level: Small = durable(0)
    mood: Mood = volatile(Mood.CALM)
    friend: Ref[Node] | None = durable(None)
    known: frozenset[Ref[Node]] = volatile(frozenset())
    path: Annotated[tuple[Small, ...], AtMost("top")] = durable(())
    scores: Map[Ref[Node], Small] = volatile(every(0))
    grid: Map[Ref[Node], Map[Mood, bool]] = durable(every(every(False)))
    note: Note | None = durable(None)
    pair: tuple[Small, bool] = durable((0, False))
    seen: frozenset[tuple[Small, Mood]] = ghost(frozenset())
    most: int = parameter("top")

    @action
    def climb(self, by: Annotated[int, Range(1, 2)], colour: Colour | None) -> None:
        """Arithmetic, conditions, records, ghosts."""
        require(self.level + by <= self.most or (by in STOPS and not self.path))
        self.level += by
        self.note = Note(self.level, colour) if colour is not None else Note(number=doubled(by))
        self.note = replace(self.note, number=min(self.note.number, LIMIT))
        self.seen |= {(self.level, self.mood)}
        self.broadcast(Ask(self.note, (*self.path[-1:], by)))
        self.broadcast(Tell(by, self.pair), to=Leader)

    @action
    def stroll(self, mood: Mood) -> None:
        """Sequences."""
        require(self.mood is not mood)
        self.mood = mood
        path = self.path
        if path and path[-1] > 0:
            path = path[:-1]
        elif len(path) < LIMIT:
            path += (self.level,)
        else:
            path = tuple(reversed(path))
        self.path = tuple(sorted((*path, *(n for n in path if n == 7))))
        total = -sum(i * n for i, n in enumerate(path, start=1)) + abs(0 - len(path))
        require(total <= 0 or path.count(1) < longest(path) or longest((True,), least=2) == 0)

    @action
    def befriend(self, other: Ref[Node]) -> None:
        """Sets, maps, optionals, unpacking."""
        require(other != self.id and self.friend != other)
        was, self.friend = self.friend, other
        if was is not None:
            self.known |= {was}
        count, most = len(self.known), max((self.scores[k] for k in self.known), default=0)
        if count > 1 or (was is not None and was in self.known and self.scores[was] >= LIMIT):
            self.known = frozenset()
        self.scores |= {other: min(most + 1, LIMIT)}
        self.grid |= {other: self.grid[other] | {self.mood: True}}
        a, b = self.pair
        self.pair = (a + 1 if a < LIMIT else 0, not b)

    @action
    def spread(self) -> None:
        """Loops: order-free over sets, ordered over sequences, with break, continue and early return."""
        for k in self.known:
            if self.scores[k] == 0:
                continue
            self.scores |= {k: self.scores[k] - 1}
        for n in range(3, -1, -1):
            if n == self.level:
                break
            if n > LIMIT:
                continue
            self.path = (n, *self.path) if len(self.path) < LIMIT else self.path
        x = y = self.level
        everybody = {k: (x + y) % (2 if k == self.id else 1) for k in self.members(Node)}
        self.scores = Map(everybody)
        flat = frozenset((k, v) for k, v in self.scores.items() if v != 0)
        require(len(flat) <= len(self.scores) and sum(self.scores.values()) <= 4 * LIMIT)
        self.known = (self.known | self.peers) & self.members(Node) - {k for k, _ in flat}
        self.known ^= frozenset({self.id})

    @receive
    def on_ask(self, m: Ask, sender: Ref[Node]) -> None:
        """Handlers, helpers, replies."""
        level = self.rise(m.note)
        if level is None:
            return
        if m.note.colour is not None and m.path:
            self.send(sender, Tell(level, (m.path[0], level == 0)))
        assert self.level < 9, "far too high"
        self.level = level

    @receive
    def on_tell(self, m: Tell) -> None:
        """Tuples inside messages, nested conditions."""
        number, flag = m.pair
        require(flag or number <= m.number)
        self.pair = m.pair if (m.number, number) >= (1, 1) else (number, m.pair[1] or bool(self.known))

    def rise(self, note: Note) -> Small | None:
        """A helper that may give nothing."""
        for n in self.path:
            if n == note.number:
                return None
        return max(self.level, note.number)

    def measure(self, extra: int) -> int:
        return self.level + extra

    def is_quorum(self, members: frozenset[Ref[Any]]) -> bool:
        return super().is_quorum(members | {self.id})

    @action
    def gather(self, members: frozenset[Ref[Node]]) -> None:
        require(self.is_quorum(members) and members <= self.known | {self.id} and not members.isdisjoint(self.known))
        self.known = members.union(self.known).difference({self.id})
        self.mood = Mood.BUSY if members.issubset(self.known) and self.known >= members else Mood.CALM


class Leader(Node):
    """Overrides, super, another class in the interface."""

    level: Small = durable(1)

    @property
    def height(self) -> int:
        return self.level * 2

    def climb(self, by: Annotated[int, Range(1, 2)], colour: Colour | None) -> None:
        require(self.height < 5)
        super().climb(by, colour)
        self.known = frozenset()

    def measure(self, extra: int) -> int:
        return super().measure(extra) + self.height

    @action
    def rename(self) -> None:
        first = min(rank(n) for n in self.members(Node))
        require(rank(self.id) + first >= 0 and self.level == 0)
        self.note = dataclasses.replace(self.note, colour=Colour.nth(0)) if self.note is not None else None


class Kitchen(Protocol):
    nodes: Cluster[Node] = cluster(2)
    leaders: Cluster[Leader] = cluster(1)
    top: int = 2
    colours: int = 2
    crashes: int = 1
    network = Bag(copies=1, capacity="crashes + 1")
    faults = (Crash(times="crashes"),)
    invariants = (measures,)
    step_invariants = (levels,)
    lemmas = (levels_are_told,)

    weather: Mood = shared(Mood.CALM)
    owner: Map[Colour, Ref[Node] | None] = shared(every(None))
    asked: frozenset[Note] = ghost(frozenset())
    steps: Annotated[int, Range(0, 1000)] = ghost(0)

    @initial
    def begin(self, weather: Mood, who: Ref[Node], colour: Colour) -> None:
        self.weather = weather
        self.owner = Map({c: who if c == colour else None for c in self.domain(Colour)})

    @action
    def change(self, colour: Colour, note: Note) -> None:
        require(self.weather is Mood.CALM or self.owner[colour] is None)
        who = self.owner[colour]
        self.owner |= {colour: None if who is not None and self.nodes_at(note.number) else who}
        self.weather = next_mood(self.weather)

    def nodes_at(self, level: int) -> frozenset[Ref[Node]]:
        return frozenset(n.id for n in self.nodes if n.level == level)

    @history
    def remember(self, before: Kitchen) -> None:
        self.steps += 1 if before.weather == self.weather else 0
        self.asked |= {m.message.note for m in self.sent(Ask) if m.to != m.sender}

    @constraint
    def small(self) -> bool:
        return len(self.asked) < 3 or self.top * self.colours > 100

    @invariant
    def looks_up(self) -> bool:
        return (
            all(self.nodes[n.id].level == n.level <= self.nodes[n.id].most for n in self.nodes)
            and len(self.nodes) + len(self.leaders) > 1
        )

    @step_invariant
    def grows(self, after: Kitchen) -> bool:
        return self.asked <= after.asked and len(self.sent(Tell)) <= len(after.sent(Tell))

    @quorum
    def is_enough(self, some: frozenset[Colour]) -> bool:
        return 2 * len(some) > self.colours

    @lemma
    def were_sent(self) -> bool:
        owned = frozenset(c for c in self.domain(Colour) if self.owner[c] is not None)
        return self.under_way(Ask) <= self.sent(Ask) and (self.is_enough(owned) or not self.under_way(Tell))

    @invariant
    def moods(self) -> bool:
        return all(m in (Mood.CALM, Mood.BUSY) for m in Mood) and any(n.mood is m for n in self.nodes for m in Mood)


def next_mood(mood: Mood) -> Mood:
    """A plain function on enums."""
    if mood is Mood.CALM:
        return Mood.BUSY
    return Mood.CALM
