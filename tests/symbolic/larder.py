"""Sets of records, sequences and maps whose numbers have a bound or none, what can be asked of them, and what be done.

Each question and each action is text of the modelling language; `protocol_of` makes a protocol of them.
"""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random
from typing import Any

from quorate.models.language import Map, Protocol

from ..ir.test_expressions import load

HEAD = '''"""Drawn from the lists of `larder.py`."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum
from typing import Annotated

from quorate.models.language import AtMost, Map, Protocol, Range, Symbol
from quorate.models.language import action, every, invariant, record, require, shared

Number = Annotated[int, Range(0, "top")]
Signed = Annotated[int, Range("0 - top", "top")]


class Mood(Enum):
    CALM, BUSY = range(2)


class Person(Symbol, size="people"):
    """Somebody."""


@record
class Item:
    number: Number
    mood: Mood
    who: Person | None


class Larder(Protocol):
    top: int = 2
    most: int = 3
    people: int = 2

    n: Number = shared(0)
    k: Number = shared(0)
    z: Signed = shared(0)
    mood: Mood = shared(Mood.CALM)
    best: Number | None = shared(None)
    items: frozenset[Item] = shared(frozenset())
    more: frozenset[Item] = shared(frozenset())
    numbers: frozenset[Number] = shared(frozenset())
    path: Annotated[tuple[Number, ...], AtMost("most")] = shared(())
    pairs: Annotated[tuple[Item, ...], AtMost("most")] = shared(())
    who: Person | None = shared(None)
    friends: frozenset[Person] = shared(frozenset())
    owner: Map[Person, Number] = shared(every(0))
    table: Map[Person, Item | None] = shared(every(None))

    def above(self, least: int) -> Number | None:
        """The first number on the path that is greater."""
        for number in self.path:
            if number > least:
                return number
        return None

    def are_calm(self, some: frozenset[Item]) -> bool:
        """Whether all of them are calm."""
        return all(i.mood is Mood.CALM for i in some)
'''

QUESTIONS = [
    "self.n * 2 - self.k > self.z",
    "self.n // 2 == self.k % 2",
    "self.n // self.k == self.n % self.k",
    "self.z // 2 == self.z % 3 - 1",
    "abs(self.z) == self.n",
    "-self.z < self.n <= self.k",
    "(self.n, self.z) < (self.k, self.n)",
    "(self.n, self.mood is Mood.CALM) >= (self.k, self.k == 0)",
    "min(self.n, self.k, 1) == max(self.z, 0)",
    "(self.n if self.mood is Mood.CALM else self.k) == 1",
    "self.best is None or self.best > self.n",
    "self.best == self.n",
    "self.best in (None, self.k)",
    "self.best in self.numbers",
    "self.n + 1 in self.numbers",
    "Item(self.n, self.mood, None) in self.items",
    "Item(self.n, self.mood, self.who) in self.items | {Item(self.k, Mood.CALM, self.who)}",
    "self.items <= self.more",
    "self.items < self.more",
    "self.items == self.more",
    "self.items.isdisjoint(self.more)",
    "(self.items & self.more) <= (self.items - self.more)",
    "(self.items ^ self.more) == (self.items - self.more) | (self.more - self.items)",
    "(self.items if self.n < self.k else self.more) == (self.more if self.mood is Mood.CALM else self.items)",
    "not self.items",
    "len(self.items) == 1",
    "len(self.items) <= 2 and len(self.items) > 0",
    "1 >= len(self.items - self.more)",
    "len(self.numbers) != 2",
    "len(frozenset(i.number for i in self.items)) < 2",
    "len(frozenset({self.n, self.k, 1})) == 2",
    "len(self.friends) == self.n",
    "all(i.number <= self.n for i in self.items)",
    "any(i.number == self.n and i.mood is self.mood for i in self.items)",
    "any(i.number == i.number + self.n for i in self.items)",
    "all(any(i.number < j.number for j in self.more) for i in self.items if i.mood is Mood.BUSY)",
    "any(i.number == j.number for i in self.items for j in self.more if i.mood is not j.mood)",
    "frozenset(i.number for i in self.items) == self.numbers",
    "frozenset(i.number + self.n for i in self.items if i.who is None) <= self.numbers",
    "frozenset(i.mood for i in self.items) == frozenset({self.mood})",
    "frozenset((i.number, j.number) for i in self.items for j in self.more) <= frozenset({(self.n, self.k), (1, 2)})",
    "frozenset(i for i in self.items if i.number > self.n) == self.more",
    "any(replace(i, number=0) in self.more for i in self.items)",
    "self.are_calm(frozenset(i for i in self.items if i in self.more))",
    "max((i.number for i in self.items), default=-1) <= self.k",
    "min((i.number for i in self.items), default=self.n) == self.n",
    "max(i.number for i in self.items) == self.n",
    "max(self.numbers) > min(self.numbers)",
    "all(max((j.number for j in self.more if j.mood is i.mood), default=0) <= i.number for i in self.items)",
    "frozenset(i for i in self.items if max((j.number for j in self.more if j.mood is i.mood), default=0) == i.number)"
    " == self.more",
    "all(min((j.number for j in self.more if j.mood is i.mood), default=1) == i.number for i in"
    " frozenset(i for i in self.items if max((j.number for j in self.more if j.mood is i.mood), default=0) > 0))",
    "frozenset(i for i in self.items if max((j.number for j in self.more if j.number <= i.number), default=0)"
    " == i.number) == self.items",
    "all(i.number <= self.n for i in frozenset(i for i in self.items"
    " if min((j.number for j in self.more if j.number >= i.number), default=9) > i.number))",
    "any(b not in self.numbers for b in range(self.n))",
    "all(b in self.numbers for b in range(self.z, self.k))",
    "frozenset(range(self.n)) <= self.numbers",
    "tuple(range(self.n)) == self.path",
    "self.n in range(self.z, self.k)",
    "self.path[0] == self.n",
    "self.path[-1] <= self.n",
    "self.path[self.n] == self.k",
    "self.path[self.z] == self.n",
    "len(self.path) == self.n",
    "self.path[1:] == (self.n,)",
    "self.path[:self.n] == self.path[self.k:]",
    "self.path[:self.z] == ()",
    "self.path + (self.n,) == (self.k, *self.path)",
    "(self.path if self.n < self.k else (1, 2)) == (2, 1)[: self.n]",
    "self.n in self.path",
    "self.best in self.path",
    "all(x <= self.n for x in self.path)",
    "any(self.path[i] == self.n for i in range(2))",
    "all(self.path[i] != self.n for i in range(3))",
    "all(self.path[i] <= self.path[i + 1] for i in range(len(self.path) - 1))",
    "max(self.path, default=0) == self.n",
    "frozenset(self.path) == self.numbers",
    "self.path.count(self.n) == 2",
    "sum(self.path) > self.k",
    "sum(x == self.n for x in self.path) == 1",
    "tuple(x for x in self.path if x != self.n) == tuple(reversed(self.path))",
    "tuple(sorted(self.numbers)) == self.path",
    "any(i == x for i, x in enumerate(self.path, start=self.n))",
    "any(i.number == x for i, x in zip(self.pairs, self.path, strict=False))",
    "all(i.number == x for i, x in zip(self.pairs, self.path, strict=True))",
    "self.pairs[self.n].number == self.path[self.k]",
    "frozenset(self.pairs) == self.items",
    "self.above(self.n) == self.best",
    "self.above(self.n) is None or self.above(self.k) == 2",
    "self.who is not None and self.who in self.friends",
    "self.who is None or self.owner[self.who] == self.n",
    "any(v == self.n for v in self.owner.values())",
    "all(v <= self.k for p, v in self.owner.items() if p in self.friends)",
    "all(p in self.friends or self.owner[p] < 1 for p in self.domain(Person))",
    "self.who is not None and (self.owner | {self.who: self.n}) == self.owner",
    "self.owner == Map({p: self.n if p in self.friends else self.k for p in self.domain(Person)})",
    "Map({p: self.n for p in self.friends}) == Map({p: self.k for p in self.friends})",
    "Map({p: self.n for p in self.friends})[self.who] == self.k if self.who is not None else False",
    "any(i.who is not None and i.number == self.owner[i.who] for i in self.items)",
    "all(i is None or i in self.items for i in self.table.values())",
    "frozenset(p for p, i in self.table.items() if i is not None and i.number == self.n) == self.friends",
    "self.n > 0 and self.k // self.n > 1 or self.z < 0",
    "all(self.k // i.number > 0 for i in self.items if i.number != 0)",
    "any(self.path[i.number] == i.number for i in self.items if i.number < len(self.path))",
]

ACTIONS = [
    """
    for i in range(4):
        if i == self.n:
            break
        if i in self.numbers:
            continue
        self.k = i
    self.z = 1
    """,
    """
    for x in self.path:
        for y in self.path:
            if x > y:
                return
            if y == self.n:
                break
            self.k = y
        self.z = x
    self.n = 0
    """,
    """
    for x in self.path:
        require(x <= self.n)
        assert x != self.k, "too bad"
    self.n = self.path[self.z]
    """,
    """
    if self.n > self.k:
        assert self.best is not None, "there is one"
        require(self.mood is Mood.CALM)
        self.best = None
    elif self.path:
        self.n = self.path[0] // self.k
    else:
        self.mood = Mood.BUSY
    self.k += self.n
    """,
    """
    found = frozenset(i for i in self.items if i.number == self.n)
    self.n = 0
    self.more = found | {Item(self.k, self.mood, self.who)}
    self.k = 1
    self.items = found - self.more
    """,
    """
    owner = Map({p: self.n for p in self.domain(Person)})
    self.n = 1
    for p in self.domain(Person):
        if p in self.friends:
            continue
        owner |= {p: self.owner[p] + self.n}
        self.n = owner[p]
    self.owner = owner
    """,
    """
    first = self.above(self.n)
    if first is None:
        self.best = None
        return
    self.best, self.n = self.n, first
    require(self.n in self.numbers or self.k == first)
    self.numbers = (self.numbers | {first}) - {self.k}
    """,
    """
    for p in self.friends:
        self.table |= {p: Item(self.n, self.mood, p)}
    if self.who is not None:
        self.table |= {self.who: None}
        self.friends -= {self.who}
    self.path = tuple(x for x in self.path if x in self.numbers)
    """,
    """
    require(any(self.path[i] == self.n for i in range(3)) and self.path[1] > 0)
    self.k = max(i.number for i in self.items)
    """,
    """
    require(len(self.items) < 2 or self.n in self.numbers)
    self.k = min((i.number for i in self.items if i.who == self.who), default=self.k)
    self.numbers = frozenset(i.number for i in self.items if i.number != self.k)
    """,
]


def protocol_of(folder: Path) -> Protocol:
    """All of it as one protocol."""
    asked = [
        f"    @invariant\n    def question_{i}(self) -> bool:\n        return {q}\n" for i, q in enumerate(QUESTIONS)
    ]
    done = [f"    @action\n    def action_{i}(self) -> None:{_deeper(body)}" for i, body in enumerate(ACTIONS)]
    protocol = load(folder, "\n".join([HEAD, *asked, *done])).Larder()
    assert isinstance(protocol, Protocol)
    return protocol


def _deeper(text: str) -> str:
    return text.replace("\n    ", "\n        ").rstrip() + "\n"


def drawn_fields(protocol: Protocol, chooser: Random) -> dict[str, Any]:
    """Some values of the fields within the bounds."""
    module = sys.modules[type(protocol).__module__]
    moods, people = tuple(module.Mood), [module.Person.nth(i) for i in range(2)]

    def number() -> int:
        return chooser.randint(0, 2)

    def somebody() -> Any:
        return chooser.choice([None, *people])

    def item() -> Any:
        return module.Item(number(), chooser.choice(moods), somebody())

    def few(draw: Any) -> list[Any]:
        return [draw() for _ in range(chooser.randint(0, 3))]

    items = few(item)
    return {
        "n": number(),
        "k": number(),
        "z": chooser.randint(-2, 2),
        "mood": chooser.choice(moods),
        "best": chooser.choice([None, 0, 1, 2]),
        "items": frozenset(items),
        "more": frozenset((*items[:2], *few(item))),
        "numbers": frozenset(few(number)),
        "path": tuple(few(number)),
        "pairs": tuple(few(item)),
        "who": somebody(),
        "friends": frozenset(p for p in people if chooser.random() < 0.5),
        "owner": Map({p: number() for p in people}),
        "table": Map({p: chooser.choice([None, item()]) for p in people}),
    }
