"""Each expression of the language with many values: the kernels give what Python gives, or fail as it does."""

from pathlib import Path
from random import Random

import pytest

from .lowering import HEAD, Lowered, load, probed, with_turn

MODEL = """
Signed = Annotated[int, Range(-4, 5)]
Wide = Annotated[int, Range(-400, 400)]


class Mood(Enum):
    CALM, BUSY, ODD = range(3)


class Colour(Symbol, size="colours"):
    pass


@record
class Note:
    number: Signed
    colour: Colour | None = None


@record
class Flagged:
    on: bool
    note: Note


def doubled(n: int) -> int:
    return n + n


class Node(Process):
    turn: Annotated[int, Range(0, TURNS)] = durable(0)
    a: Signed = durable(0)
    b: Signed = durable(0)
    c: Signed = durable(0)
    f: bool = durable(False)
    g: bool = durable(False)
    mood: Mood = durable(Mood.CALM)
    colour: Colour = durable(Colour.nth(0))
    maybe: Signed | None = durable(None)
    shade: Colour | None = durable(None)
    friend: Ref[Node] | None = durable(None)
    pair: tuple[Signed, bool] = durable((0, False))
    triple: tuple[Signed, tuple[Mood, Signed], Signed | None] = durable((0, (Mood.CALM, 0), None))
    note: Note = durable(Note(0))
    flagged: Flagged | None = durable(None)
    path: Annotated[tuple[Signed, ...], AtMost(4)] = durable(())
    long: Annotated[tuple[Signed, ...], AtMost(9)] = durable(())
    pairs: Annotated[tuple[tuple[Signed, bool], ...], AtMost(3)] = durable(())
    notes: Annotated[tuple[Note, ...], AtMost(3)] = durable(())
    nested: Annotated[tuple[Annotated[tuple[Signed, ...], AtMost(2)], ...], AtMost(2)] = durable(())
    numbers: frozenset[Signed] = durable(frozenset())
    others: frozenset[Signed] = durable(frozenset())
    known: frozenset[Ref[Node]] = durable(frozenset())
    moods: frozenset[Mood] = durable(frozenset())
    couples: frozenset[tuple[Signed, Mood]] = durable(frozenset())
    big: frozenset[tuple[Signed, Signed]] = durable(frozenset())
    options: frozenset[Signed | None] = durable(frozenset())
    papers: frozenset[Note] = durable(frozenset())
    families: frozenset[frozenset[Mood]] = durable(frozenset())
    routes: frozenset[Annotated[tuple[Mood, ...], AtMost(3)]] = durable(frozenset())
    scores: Map[Ref[Node], Signed] = durable(every(0))
    tally: Map[Signed, Mood] = durable(every(Mood.CALM))
    grid: Map[Mood, Map[Colour, bool]] = durable(every(every(False)))
    sets: Map[Mood, frozenset[Signed]] = durable(every(frozenset()))
    lists: Map[Mood, Annotated[tuple[Signed, ...], AtMost(2)]] = durable(every(()))
    cross: Map[tuple[Mood, bool], Signed | None] = durable(every(None))
    out: Wide = durable(0)
    said: bool = durable(False)
    wides: Annotated[tuple[Wide, ...], AtMost(9)] = durable(())

    PROBES
    def least(self, low: int) -> int:
        if low < self.a:
            return low
        return self.a

    def found(self, n: int) -> int | None:
        for i, m in enumerate(self.path):
            if m == n:
                return i
        return None

    def first_pair(self) -> tuple[Signed, bool] | None:
        for x, y in self.pairs:
            if y:
                return (x, y)
        return None

    def odd_one(self) -> int:
        for row in self.nested:
            for n in row:
                if n % 2 == 1:
                    return n
        return -1

    def sum_of(self, items: tuple[int, ...]) -> int:
        return sum(items)

    def grown(self, items: frozenset[Signed]) -> frozenset[Signed]:
        return items | self.numbers


class Drawn(Protocol):
    nodes: Cluster[Node] = cluster(2)
    colours: int = 2
"""

PROBES = {
    "arithmetic": [
        "self.out = self.a // self.b",
        "self.out = self.a % self.b",
        "self.out = -self.a // 3",
        "self.out = self.a % 3 - self.b % (-3)",
        "self.out = self.a * self.b * self.c",
        "self.out = abs(self.a) - abs(self.b - self.c)",
        "self.out = -(-self.a) - -self.b",
        "self.out = (self.a + 7) // 2 * 2",
        "self.out = sum(x for x in (self.f, self.g, self.a > 0))",
        "self.out = 7 // 2 + -7 // 2 + -7 % 3 + 7 % -3",
        "self.out = self.a // 0",
        "self.out = 1 if self.f else self.a // self.b",
        "self.out = doubled(self.a) + self.least(3) + self.least(-3)",
        "self.out = int(self.f)",
    ],
    "logic": [
        "self.said = self.f and self.a // self.b > 0",
        "self.said = self.f or self.path[self.a] > 0",
        "self.said = not self.f and (self.g or self.b == self.c)",
        "self.said = self.a < self.b < self.c",
        "self.said = self.a <= self.b != self.c >= self.a",
        "self.said = (self.a, self.f) < (self.b, self.g)",
        "self.said = (self.a, (self.b, self.f)) >= (self.b, (self.c, self.g))",
        "self.said = self.pair <= (self.a, True)",
        "self.said = self.f < self.g",
        "self.said = self.f == self.g",
        "self.said = self.a in (1, 2, self.b)",
        "self.said = self.mood in (Mood.CALM, Mood.ODD)",
        "self.said = (self.f if self.g else self.a > 1) and (self.a if self.f else self.b) == 2",
        "self.said = bool(self.path) and not self.known",
        "self.said = self.a not in self.numbers",
        "self.said = self.mood is Mood.BUSY or self.colour == Colour.nth(1)",
    ],
    "optionals": [
        "self.said = self.maybe is None",
        "self.said = self.maybe == self.a",
        "self.out = self.maybe if self.maybe is not None else 99",
        "self.out = self.maybe + 1 if self.maybe is not None and self.maybe > 0 else 0",
        "self.maybe = self.a if self.f else None",
        "self.maybe = None if self.f else self.maybe",
        "self.said = self.maybe in (None, self.a)",
        "self.said = self.maybe in self.options",
        "self.said = self.shade == self.note.colour",
        "self.said = self.flagged is not None and self.flagged.note.number > self.a",
        "self.flagged = Flagged(self.f, self.note) if self.g else None",
        "self.note = self.flagged.note if self.flagged is not None else Note(self.a, self.shade)",
        "self.flagged = replace(self.flagged, on=self.g) if self.flagged is not None else self.flagged",
        "self.said = self.friend == self.id",
        "x = self.found(self.a);self.out = 50 if x is None else x",
        "x = self.first_pair();self.pair = self.pair if x is None else x",
        "self.shade = self.shade if self.shade is not None else self.colour",
        "self.said = self.first_pair() == self.pair",
        "self.said = self.flagged == Flagged(True, Note(1))",
    ],
    "products": [
        "self.pair = (self.a, self.f)",
        "x, y = self.pair;self.out = x if y else -x",
        "self.out = self.pair[0] + self.triple[1][1]",
        "self.said = self.triple == (self.a, (self.mood, self.b), self.maybe)",
        "self.triple = (self.b, (Mood.ODD, self.a), None)",
        "a, mb, c = self.triple;m, b = mb;self.out = a + b + (0 if c is None else c);self.mood = m",
        "self.note = Note(self.a, colour=self.colour)",
        "self.note = replace(self.note, number=self.b)",
        "self.note = dataclasses.replace(Note(self.a), colour=self.shade)",
        "self.said = self.note == Note(self.a)",
        "self.out = Note(self.a + 9).number",
        "self.out = sum((self.a, self.b, self.c))",
        "for x in (self.a, self.b, self.c):;|>if x > 1:;|>|>self.out = x;|>|>break",
        "for x in (1, 2, 3):;|>if x == self.a:;|>|>continue;|>self.out += x",
        "for x in (self.a, self.b, self.c, self.a, self.b, 2):;|>if x < 0:;|>|>break;|>self.out += x",
        "self.out = (self.a, self.b, self.c)[self.maybe if self.maybe is not None else 0]",
        "self.out = len((self.a, self.b)) + (1, 2, 3).count(self.a)",
        "self.out = Flagged(self.f, Note(self.c)).note.number",
    ],
    "sequences": [
        "self.out = self.path[self.a]",
        "self.out = self.path[-1] + self.path[0]",
        "self.out = self.path[3]",
        "self.out = self.path[7]",
        "self.out = self.path[-6]",
        "self.out = self.long[self.a + self.b]",
        "self.path = self.path[1:]",
        "self.path = self.path[self.a : self.b]",
        "self.long = self.long[: self.a]",
        "self.long = self.long[-3:]",
        "self.long = self.long[-9:-2]",
        "self.long = self.long[2:100]",
        "self.out = sum(self.long[self.a - 3 : self.b + 4])",
        "self.path = (*self.path, self.a)",
        "self.path += (self.a,)",
        "self.path += (self.a, self.b)",
        "self.path += (self.a, self.b, self.c)",
        "self.long = self.path + self.long[:3]",
        "self.wides = (9,) + self.path + (9,)",
        "self.wides = tuple(n * 2 for n in self.path)",
        "self.wides = tuple(10 // n for n in self.path)",
        "self.out = len(tuple(10 // n for n in self.path))",
        "xs = tuple(self.path[n] for n in self.path);self.out = len(xs)",
        "self.wides = tuple(n for n in self.path if n > self.a)",
        "self.wides = tuple(n + m for n in self.path for m in self.path[:2] if n != m)",
        "self.out = self.path.count(self.a) + self.pairs.count(self.pair)",
        "self.said = self.a in self.path and self.pair in self.pairs",
        "self.said = self.path == self.long",
        "self.said = self.path == (self.a, self.b)",
        "self.said = self.path[:1] + (1,) == (1, 1)",
        "self.said = self.path == ()",
        "self.said = (self.a, self.b) == (1, 2) or self.pair == (2, True)",
        "self.said = () == (self.a,) + self.path[:0]",
        "self.said = (() if self.f else (self.a,)) == (1,)",
        "self.said = self.notes == (self.note,)",
        "self.notes = (*self.notes[:1], self.note)",
        "self.nested = (self.path[:2], *self.nested)",
        "self.nested = tuple(row[:1] for row in self.nested)",
        "self.out = sum(n for row in self.nested for n in row)",
        "self.out = sum(len(row) for row in self.nested) + self.odd_one()",
        "self.wides = tuple(reversed(self.path))",
        "self.wides = tuple(sorted(self.long))",
        "self.pairs = tuple(sorted(self.pairs))",
        "self.wides = tuple(sorted(self.numbers))",
        "self.wides = tuple(sorted(self.numbers))[:2]",
        "self.wides = (self.a,) * 3",
        "self.wides = (self.a, self.b) * self.c",
        "self.wides = self.path[:2] * (self.a % 3)",
        "self.wides = (0,) * self.a + (1,)",
        "self.wides = tuple(i * n for i, n in enumerate(self.path))",
        "self.wides = tuple(i * n for i, n in enumerate(self.path, start=self.a))",
        "self.wides = tuple(a - b for a, b in zip(self.path, self.long, strict=False))",
        "self.wides = tuple(a - b for a, b in zip(self.path, self.long, strict=True))",
        "self.wides = tuple(a - b + c for a, b, c in zip(self.path, self.long, self.wides, strict=False))",
        "self.wides = tuple(range(self.a))",
        "self.wides = tuple(range(self.a, self.b))",
        "self.wides = tuple(range(5, self.a, -2))",
        "self.wides = tuple(range(self.a, self.b, 3))",
        "self.wides = tuple(n for n in range(0, 9, 2) if n != self.a)",
        "self.out = self.sum_of(self.path) + self.sum_of((1, self.a)) + self.sum_of(())",
        "x = self.path if self.f else self.long;self.out = len(x)",
        "x = self.path if self.f else (1, self.a);self.wides = x",
        "x = self.path if self.f else ();self.wides = x[1:]",
        "xs = tuple(n + self.a for n in self.path);self.path = ();self.wides = xs",
        "old = self.path;self.path += (self.b,);self.out = len(old);self.wides = old",
        "self.out = max(self.path) - min(self.path)",
        "self.out = max(self.path, default=self.a)",
        "self.out = min((n for n in self.path if n > 0), default=7)",
        "self.out = max(self.a, self.b, self.c) - min(self.a, 2)",
        "self.pair = max(self.pairs)",
        "self.pair = min(self.pairs, default=self.pair)",
        "self.pair = max((n, n > self.a) for n in self.path)",
        "self.out = max(len(row) for row in self.nested)",
        "self.out = max(10 // n for n in self.path)",
        "self.out = max((n for n in self.numbers), default=self.path[self.a])",
        "self.said = all(n > self.a for n in self.path)",
        "self.said = any(10 // n > 2 for n in self.path)",
        "self.said = all(10 // n > 2 for n in self.long)",
        "self.said = any(n == m for n in self.path for m in self.long if m > self.a)",
        "self.said = all(any(n == m for m in row) for row in self.nested for n in self.path[:1])",
        "self.said = any(a < b for a, b in zip(self.path, self.path[1:], strict=False))",
        "self.said = all(x > 0 if y else x < 3 for x, y in self.pairs)",
        "self.said = any(n.colour is None for n in self.notes)",
        "self.out = sum(n.number for n in self.notes if n.colour == self.colour)",
        "self.out = sum(n > self.a for n in self.long)",
        "self.out = sum(x * x for x in self.long if x != self.a if x > -2)",
        "x = 5;self.out = sum(x for x in self.path) + x",
        "x = self.a;x = x + 1;self.out = sum(x for x in self.path) + x",
        "self.said = not all(x for _, x in self.pairs)",
    ],
    "sets": [
        "self.numbers = self.numbers | self.others",
        "self.numbers &= self.others",
        "self.numbers -= {self.a}",
        "self.numbers ^= {self.a, self.b}",
        "self.numbers |= {self.a + 3}",
        "self.a = 2;self.numbers |= {self.a, self.b}",
        "self.numbers = frozenset({1, 2})",
        "self.numbers = frozenset()",
        "self.said = self.numbers == frozenset({1, 2})",
        "self.said = self.numbers == frozenset({1, 77})",
        "self.said = self.numbers == frozenset() or self.numbers == frozenset({self.a})",
        "self.said = self.numbers <= self.others or self.numbers > self.others",
        "self.said = self.numbers < self.others | {self.a}",
        "self.said = self.numbers >= frozenset({self.a, 9})",
        "self.said = self.numbers.isdisjoint(self.others)",
        "self.said = frozenset(n + 1 for n in self.numbers) == self.others",
        "self.out = len(frozenset(n // 2 for n in self.numbers | self.others))",
        "self.numbers = frozenset(n for n in self.numbers if n > self.a)",
        "self.numbers = frozenset(self.path)",
        "self.out = len(frozenset(self.long)) + len(self.big)",
        "self.couples |= {(self.a, self.mood)}",
        "self.couples = frozenset((n, self.mood) for n in self.numbers)",
        "self.couples = frozenset((n, m) for n in self.numbers for m in self.moods if n > 0 or m is Mood.ODD)",
        "self.numbers = frozenset(n for n, m in self.couples if m is self.mood)",
        "self.out = sum(n for n, _ in self.couples)",
        "self.big |= {(self.a, self.b), (self.c, self.a)}",
        "self.big -= {(self.a, self.b)}",
        "self.big = frozenset((b, a) for a, b in self.big)",
        "self.big = frozenset((a, b) for a in self.numbers for b in self.others)",
        "self.said = (self.a, self.b) in self.big",
        "self.said = self.big <= frozenset((a, b) for a in self.numbers for b in self.others)",
        "self.out = len(self.big ^ frozenset({(self.a, self.b)}))",
        "self.out = max((a + b for a, b in self.big), default=0)",
        "self.said = all(a <= b for a, b in self.big)",
        "self.options |= {self.maybe}",
        "self.options |= {None, self.a}",
        "self.out = sum(0 if n is None else n for n in self.options)",
        "self.said = None in self.options",
        "self.options = frozenset(n for n in self.options if n is not None)",
        "self.papers |= {self.note}",
        "self.papers = frozenset(replace(n, number=self.a) for n in self.papers)",
        "self.papers = frozenset(Note(n, c) for n in self.numbers for c in (self.colour, Colour.nth(0)))",
        "self.said = Note(self.a) in self.papers",
        "self.out = sum(n.number for n in self.papers if n.colour is not None)",
        "self.families |= {self.moods}",
        "self.families |= {frozenset(), self.moods - {Mood.ODD}}",
        "self.said = self.moods in self.families",
        "self.out = sum(len(s) for s in self.families)",
        "self.moods = frozenset(m for s in self.families for m in s)",
        "self.families = frozenset(s | {self.mood} for s in self.families)",
        "self.routes |= {(self.mood,), ()}",
        "self.routes = frozenset((*r[1:], self.mood) for r in self.routes)",
        "self.said = (self.mood, Mood.ODD) in self.routes",
        "self.out = max((len(r) for r in self.routes), default=-1)",
        "self.out = sum(n for n in frozenset({self.a, self.b, 3}))",
        "self.out = len(frozenset({self.a * 2, self.b + 3, 0 - self.c}))",
        "self.known = self.members(Node) - {self.id}",
        "self.known = self.peers | self.known",
        "self.known = frozenset(k for k in self.known if self.scores[k] > self.a)",
        "self.said = self.is_quorum(self.known)",
        "self.known = frozenset(k for k in self.members(Node) if k != self.friend)",
        "self.out = min(rank(k) for k in self.known)",
        "for n in self.numbers:;|>self.out += n",
        "for a, b in self.big:;|>if a == b:;|>|>continue;|>self.out += a",
        "self.said = any(n in self.others for n in self.numbers if n % 2 == 0)",
        "x = 0;for n in self.path:;|>x = x * 40 + n;self.said = 1 in frozenset(x + n for n in self.numbers)",
        "s = frozenset(n * n for n in self.numbers);self.said = s == frozenset({1, 4})",
        "s = frozenset(n + self.a for n in self.path);self.out = len(s)",
        "s = self.numbers if self.f else frozenset({self.a});self.out = len(s)",
        "s = self.numbers if self.f else frozenset();self.numbers = s | {1}",
        "self.numbers = self.grown(frozenset({self.a})) - self.grown(frozenset())",
    ],
    "maps": [
        "self.scores |= {self.id: self.a}",
        "self.scores |= {k: self.b for k in self.known}",
        "self.scores |= {k: self.scores[k] // self.a for k in self.peers}",
        "self.tally |= {self.a: self.mood, self.b: Mood.ODD}",
        "self.tally |= {self.a + 1: self.mood}",
        "self.out = 1 if self.tally[self.a + 1] is Mood.CALM else 2",
        "self.tally = Map({n: m for n, m in self.tally.items()})",
        "self.tally = Map({n: self.mood for n in range(-4, 6)})",
        "self.tally = Map({n: self.mood for n in range(-4, self.a)})",
        "self.tally = Map({n: self.mood for n in self.numbers})",
        "self.scores = Map({k: self.a for k in self.known})",
        "self.scores = Map({k: rank(k) for k in self.members(Node)})",
        "self.said = self.scores == Map({k: self.a for k in self.members(Node)})",
        "self.grid |= {self.mood: self.grid[self.mood] | {self.colour: True}}",
        "self.said = self.grid[self.mood][self.colour]",
        "self.grid = Map({m: Map({Colour.nth(i): self.f for i in range(2)}) for m in Mood})",
        "self.sets |= {self.mood: self.sets[self.mood] | {self.a}}",
        "self.numbers = frozenset(n for s in self.sets.values() for n in s)",
        "self.lists |= {self.mood: (*self.lists[self.mood], self.a)}",
        "self.lists |= {m: self.lists[m][1:] for m in self.moods}",
        "self.cross |= {(self.mood, self.f): self.maybe}",
        "self.maybe = self.cross[(self.mood, not self.f)]",
        "self.out = sum(self.scores.values())",
        "self.out = max(self.scores.values())",
        "self.out = sum(n for n, m in self.tally.items() if m is self.mood)",
        "self.known = frozenset(k for k, v in self.scores.items() if v > 0)",
        "self.out = sum(1 for m in self.tally if self.tally[m] is Mood.BUSY)",
        "self.out = len(self.tally) + len(self.scores)",
        "self.said = self.a + 1 in self.tally and self.id in self.scores",
        "self.wides = tuple(sorted(self.scores.values()))",
        "self.wides = tuple(sorted(v for k, v in self.scores.items() if k != self.id))",
        "self.said = any(v == self.a for v in self.scores.values())",
        "self.scores = self.scores | {self.id: 1} | {k: 3 for k in self.peers}",
        "d = {k: self.scores[k] + 1 for k in self.known};self.scores |= {k: 0 for k in self.known};self.scores |= d",
        "d = {self.id: self.a};self.a = 1;self.scores |= d",
        "for k, v in self.scores.items():;|>self.scores |= {k: -v}",
        "for k in self.known:;|>self.scores |= {k: self.scores[k] + 1}",
        "self.scores |= {k: 9 for k in self.known}",
        "self.out = (self.scores | {self.id: self.a + 99})[self.id]",
        "self.wides = tuple(range((self.scores | {self.id: 7})[self.id]))",
        "self.wides = tuple(range((self.scores | {k: 8 for k in self.known})[self.id]))",
        "self.tally |= {n + 3: Mood.ODD for n in self.path}",
        "self.tally |= {n: Mood.ODD for n in self.path}",
        "self.tally |= {n: Mood.ODD if n > 0 else m for n, m in self.tally.items() if n != self.a}",
    ],
    "symbols": [
        "self.colour = Colour.nth(self.a)",
        "self.shade = Colour.nth(1) if self.f else None",
        "self.said = self.colour == Colour.nth(self.a % 2)",
        "self.said = any(c == self.shade for c in (self.colour, Colour.nth(0)))",
        "self.mood = Mood.BUSY if self.mood is Mood.CALM else self.mood",
        "self.out = sum(1 for m in Mood if m in self.moods)",
        "self.out = rank(self.id) if self.friend is None else rank(self.friend)",
        "self.moods = frozenset(Mood) - {self.mood}",
    ],
    "locals": [
        "x = self.a;y = self.b;x, y = y, x;self.out = x * 10 + y",
        "self.a, self.b = self.b, self.a",
        "self.a, self.b, self.c = self.b, self.c, self.a",
        "x = self.a;old = x;x = self.b;self.out = old * 10 + x",
        "x = self.a;xs = tuple(n + x for n in self.path);x = 7;self.wides = xs;self.out = x",
        "x = y = self.a;x += 1;self.out = x * y",
        "x = self.a;if self.f:;|>x = self.b;elif self.g:;|>x = self.c;self.out = x",
        "x = 0;for n in self.path:;|>x += n;|>if x > 5:;|>|>break;self.out = x",
        "x = 0;for n in self.long:;|>if n < 0:;|>|>continue;|>x = x * 2 + n;self.out = x % 100",
        "x = 0;for n in self.path:;|>for m in self.long:;|>|>if m == n:;|>|>|>break;|>|>x += 1;|>x += 10;self.out = x",
        "x = 0;for n in range(self.a):;|>for m in range(n):;|>|>if m > 2:;|>|>|>continue;|>|>x += m;self.out = x",
        "best = -9;for n in self.path:;|>if n > best:;|>|>best = n;self.out = best",
        "best = None;for n in self.path:;|>if n > self.a:;|>|>best = n;|>|>break;self.maybe = best",
        "xs = ();for n in self.path:;|>if n > 0:;|>|>xs = (*xs, n);self.wides = xs",
        "xs = self.path;for n in self.path:;|>xs = xs[1:];|>self.out += len(xs)",
        "s = frozenset();for n in self.path:;|>s |= {n};self.out = len(s)",
        "s = self.numbers;for n in self.path:;|>s = s - {n};self.numbers = s",
        "last, now = 0, 1;for n in self.path:;|>last, now = now, last + now;self.out = now",
        "for n in self.path:;|>n = n + 1;|>self.out += n",
        "for n in self.path:;|>self.path = (*self.path[1:], n + 1)",
        "for n in self.path:;|>self.out += n;for n in self.long:;|>self.out -= n",
        "p = self.pair;for n in self.path:;|>p = (n, p[0] > n);self.pair = p",
        "note = self.note;for n in self.path:;|>note = replace(note, number=n);self.note = note",
        "x = 1;for n in self.path:;|>x = x * 3;|>y = x + n;|>self.out += y % 7",
        "d = self.scores;for k in self.known:;|>d = d | {k: 1};self.scores = d",
    ],
    "bounds": [
        "self.a += 1",
        "self.a -= 1",
        "self.a = self.a * self.b",
        "self.note = replace(self.note, number=self.a + self.b)",
        "self.maybe = self.a + 4",
        "self.pair = (self.a - 3, self.f)",
        "self.scores |= {self.id: self.a + self.b}",
        "self.nested = (*self.nested, (self.a + 1,))",
        "self.lists |= {self.mood: (*self.lists[self.mood], self.a + 1)}",
        "self.flagged = Flagged(True, Note(self.a + 3))",
        "self.a = self.b + 4;self.c = self.b - 3",
        "self.a = self.b + 4;require(self.a < 6)",
        "self.a = self.b + 4;assert self.a < 6, 'high'",
        "require(self.f);self.a = self.path[0];require(self.g)",
        "self.a += 1;require(self.a > 0);self.b += 1;require(self.b > 0)",
    ],
}


OUTSIDE = (
    "x = 0;for n in self.path:;|>x = x * 40 + n;self.said = 1 in frozenset(x + n for n in self.numbers)",
    "self.tally |= {n + 3: Mood.ODD for n in self.path}",
    "self.path += (self.a, self.b)",
    "self.path += (self.a, self.b, self.c)",
    "self.tally |= {self.a + 1: self.mood}",
    "self.tally = Map({n: self.mood for n in range(-4, self.a)})",
    "self.tally = Map({n: self.mood for n in self.numbers})",
    "self.scores = Map({k: self.a for k in self.known})",
    "self.numbers |= {self.a + 3}",
    "self.colour = Colour.nth(self.a)",
)
"""The probes that may make a value for which there is no room, not even in the middle of a step."""

QUESTION = """
    def claim_{number}(self) -> bool:
        return self.turn != {number} or self.{field} == ({text})

"""
CLAIM = """
    @invariant
    def claimed_{number}(self) -> bool:
        return all(n.claim_{number}() for n in self.nodes)
"""


@pytest.mark.parametrize("group", PROBES)
def test_expressions_in_steps(group: str, tmp_path: Path) -> None:
    twin = probed(tmp_path, MODEL, PROBES[group], 10)
    assert {PROBES[group][state.processes[0][0]] for state in twin.asked} <= set(OUTSIDE)


def questions(group: str) -> list[tuple[str, str]]:
    """The probes that assign one value to a field: the field, and the value."""
    plain = [probe for probe in PROBES[group] if ";" not in probe and probe.startswith("self.") and " = " in probe]
    parts = (probe.removeprefix("self.").split(" = ", 1) for probe in plain)
    return [(field, text) for field, text in parts if field.isidentifier()]


@pytest.mark.parametrize("group", [group for group in PROBES if questions(group)])
def test_expressions_in_properties(group: str, tmp_path: Path) -> None:
    model = MODEL.replace("    PROBES\n", "    QUESTIONS\n")
    for number, (field, text) in enumerate(questions(group)):
        asked = QUESTION.format(number=number, field=field, text=text)
        model = model.replace("    QUESTIONS\n", f"{asked}    QUESTIONS\n") + CLAIM.format(number=number)
    claims = len(questions(group))
    twin = Lowered(load(tmp_path, HEAD + model.replace("    QUESTIONS\n", "").replace("TURNS", str(claims))).Drawn())
    chooser = Random(0)
    for turn in range(claims):
        for _ in range(6):
            twin.check_judge(with_turn(twin, twin.drawn(chooser), turn, claims))
    asked_of = {
        " = ".join(("self", *questions(group)[state.processes[0][0]])).replace("self = ", "self.")
        for state in twin.asked
    }
    assert asked_of <= set(OUTSIDE)
