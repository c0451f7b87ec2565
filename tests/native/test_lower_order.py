"""What is read before an assignment keeps its value, and what is done in a loop or a helper is done once, in order."""

from pathlib import Path

import pytest

from .lowering import probed

MODEL = """
Signed = Annotated[int, Range(-4, 5)]
Wide = Annotated[int, Range(-400, 400)]


@record
class Note:
    number: Signed
    on: bool = False


class Node(Process):
    turn: Annotated[int, Range(0, TURNS)] = durable(0)
    a: Signed = durable(0)
    b: Signed = durable(0)
    c: Signed = durable(0)
    f: bool = durable(False)
    pair: tuple[Wide, bool] = durable((0, False))
    note: Note = durable(Note(0))
    maybe: Wide | None = durable(None)
    path: Annotated[tuple[Signed, ...], AtMost(3)] = durable(())
    long: Annotated[tuple[Signed, ...], AtMost(7)] = durable(())
    numbers: frozenset[Signed] = durable(frozenset())
    others: frozenset[Signed] = durable(frozenset())
    known: frozenset[Ref[Node]] = durable(frozenset())
    scores: Map[Ref[Node], Signed] = durable(every(0))
    out: Wide = durable(0)
    said: bool = durable(False)
    wides: Annotated[tuple[Wide, ...], AtMost(8)] = durable(())

    PROBES
    def bump(self) -> int:
        self.a = self.a + 1
        return self.a

    def checked(self, n: int) -> int:
        require(n > self.b)
        self.b = n
        return n

    def touch(self, k: Ref[Node]) -> None:
        self.scores |= {k: self.scores[k] - 1}

    def add(self, x: int, y: int) -> int:
        return x * 10 + y

    def taken(self, n: int) -> bool:
        for m in self.path:
            if m == n:
                self.a = m
                return True
            self.b = m
        self.c = n
        return False

    def deep(self) -> int:
        for n in self.path:
            for m in self.long:
                if m < 0:
                    break
                if m == n:
                    self.c = m
                    return n * 10
                self.b = m
            if n > 3:
                return -n
        return 99

    def deepest(self, low: int) -> int | None:
        if low > 4:
            return None
        for n in sorted(self.numbers | self.others):
            if n > low and n == max((m for m in self.numbers | self.others), default=0):
                return n
        if self.f:
            for n in (self.a, self.b, self.c):
                if n == low:
                    return n + 1
        return None

    def nothing(self, n: int) -> None:
        if n > 2:
            return
        for m in self.path:
            if m > n:
                self.c = m
                return
            self.b = m
        self.a = n

    def grown(self, n: int) -> tuple[Signed, ...]:
        for m in self.path:
            if m > n:
                return (*self.path[:2], n)
        return self.path[1:]

    def wide(self) -> Signed:
        for m in self.path:
            if m > 0:
                return m + 4
        return 0


class Drawn(Protocol):
    nodes: Cluster[Node] = cluster(2)
"""

PROBES = {
    "calls": [
        "self.out = self.a * 10 + self.bump()",
        "self.out = self.bump() * 10 + self.a",
        "self.out = self.bump() * 10 + self.bump()",
        "self.b, self.c = self.a, self.bump()",
        "self.a, self.b = self.b, self.bump()",
        "x = self.a;y = self.bump();self.out = x * 10 + y",
        "self.pair = (self.a, self.bump() > 0)",
        "self.said = self.f and self.bump() > 2",
        "self.said = self.f or self.bump() > 2 or self.bump() > 2",
        "self.out = self.a if self.bump() > 0 else self.b",
        "self.out = self.bump() if self.f else self.a",
        "require(self.a < self.bump() - self.b)",
        "require(self.bump() > 0);require(self.f)",
        "assert self.bump() > 0",
        "if self.bump() > 2:;|>self.b = self.a",
        "self.out = self.add(self.a, self.bump())",
        "self.out = self.add(self.bump(), self.a)",
        "self.out = self.add(self.a, self.add(self.bump(), self.a) % 7)",
        "self.note = Note(self.a, self.bump() > 1)",
        "self.wides = (self.a, self.bump(), self.a, *self.path)",
        "self.wides = self.path + (self.bump(),) + (self.a,)",
        "self.path = (*self.path[1:], self.bump())",
        "self.numbers |= {self.a, self.bump() - 1}",
        "self.scores |= {self.id: self.a * 0 + self.bump()}",
        "self.maybe = self.a if self.maybe is None else self.bump()",
        "self.out = self.checked(self.a) + self.checked(self.c) + self.b",
        "self.said = self.taken(self.c)",
        "self.said = not self.taken(1) and self.taken(2)",
        "self.out = self.deep()",
        "self.out = self.deep() + self.deep() + self.b",
        "self.maybe = self.deepest(self.a)",
        "x = self.deepest(self.b);self.out = -50 if x is None else x",
        "self.nothing(self.a);self.out = self.a",
        "if self.f:;|>self.nothing(self.c);else:;|>self.nothing(1)",
        "self.path = self.grown(self.a)",
        "self.wides = self.grown(self.a) + self.grown(1)",
        "self.out = len(tuple(range(self.wide())))",
        "self.touch(self.id);self.touch(self.id)",
    ],
    "loops": [
        "for n in self.path:;|>x = self.bump();|>require(x < 4)",
        "for n in self.path:;|>require(n < 3);|>x = self.bump();|>self.out = x",
        "for n in self.path:;|>self.out += self.bump() * n",
        "for n in self.long:;|>self.out += self.bump();|>if self.a > 3:;|>|>break",
        "for k in self.known:;|>self.touch(k)",
        "for n in self.long:;|>require(n > -4);|>self.touch(self.id)",
        "for n in range(self.a):;|>self.a = 0;|>self.out += n",
        "for n in range(self.a, self.b, 2):;|>self.a, self.b = 0, 0;|>self.out += n",
        "x = self.a;for n in range(x):;|>x = 0;|>self.out += n + x",
        "for i, n in enumerate(self.path):;|>self.path = ();|>self.out += i * n",
        "for i, n in enumerate(self.long, start=self.a):;|>self.a = 0;|>self.out += i * n",
        "for n in self.path[1:]:;|>self.path = (n,)",
        "for n in self.long[self.a :]:;|>self.a = 3;|>self.long = self.long[:1];|>self.out = self.out % 50 + n",
        "for n in reversed(self.path):;|>self.path = (n,);|>self.out = self.out % 30 * 2 + n",
        "for a, b in zip(self.path, self.long, strict=False):;|>self.path = ();|>self.long = ();|>self.out += a - b",
        "for n in (self.a, self.b, self.c):;|>self.b = 5;|>self.out += n",
        "for n in sorted(self.numbers):;|>self.numbers = frozenset();|>self.out = self.out % 40 * 2 + n",
        "for n in self.numbers:;|>self.others = self.others | {n}",
        "for n in tuple(m + self.a for m in self.path):;|>self.a = 1;|>self.out += n",
        "for k, v in self.scores.items():;|>self.scores |= {k: v - 1}",
        "for n in self.path + self.long:;|>if n == self.a:;|>|>continue;|>self.path = ();|>self.out += n",
        "for n in self.path:;|>for m in self.path:;|>|>self.path = self.path[:1];|>|>self.out += m",
        "for n in self.path:;|>for m in self.long:;|>|>if m > n:;|>|>|>self.b = m;|>|>|>break;|>|>self.c = m"
        ";|>if self.b > 3:;|>|>break",
        "for n in self.path:;|>if n > 0:;|>|>if n > 2:;|>|>|>continue;|>|>self.out += 1;|>self.out += 10",
        "for x in (1, self.a, 3):;|>if x == 3:;|>|>break"
        ";|>for y in (self.b, 2):;|>|>if y == x:;|>|>|>break;|>|>self.out += y",
        "best = self.a;for n in self.long:;|>if n > best:;|>|>old = best;|>|>best = n;|>|>self.out = old;self.b = best",
        "for n in self.path:;|>if n > 1:;|>|>n = self.a;|>self.out += n",
        "for n in range(5):;|>self.wides = tuple(range(self.b - 3));|>self.b = self.b + 1;self.b = 0",
        "for n in self.path:;|>self.touch(self.id);|>self.wides = tuple(range(self.scores[self.id]))",
        "for n in self.path:;|>self.out += n;|>for n in self.long:;|>|>self.out += n",
        "for n in self.path:;|>self.nothing(n);self.out = self.a * 10 + self.b",
        "for n in self.path:;|>if self.taken(n):;|>|>self.out += 1",
    ],
    "values": [
        "note = Note(self.a);self.a = 3;self.note = note",
        "xs = (self.a, self.b);self.a = 0;self.out = xs[0]",
        "s = self.numbers;self.numbers = frozenset();self.others = s",
        "m = self.scores;self.scores |= {self.id: 5};self.out = m[self.id]",
        "note = self.note;self.note = Note(1, True);self.out = note.number",
        "p = self.path;q = p[1:];self.path = ();self.wides = q + p",
        "x = self.maybe;self.maybe = None;self.out = 0 if x is None else x",
        "xs = tuple(n + self.a for n in self.path);self.a = 1;self.path = (1,);self.wides = xs",
        "xs = sorted(self.path);self.path = ();self.out = xs[0]",
        "s = frozenset(n for n in self.numbers if n > self.a);self.a = 5;self.numbers = frozenset();self.others = s",
        "x = self.a > 0 and self.f;self.a = 0;self.f = False;self.said = x",
        "x = max(self.path, default=self.a);self.a = 0;self.path = ();self.out = x",
        "self.path, self.long = self.long[:3], self.path",
        "self.numbers, self.others = self.others, self.numbers - {self.a}",
        "self.pair = (self.pair[0] + 1, not self.pair[1])",
        "self.a, self.pair = 3, (self.a, self.a > 0)",
        "x = self.path[0] if self.path else self.a;self.path = (2,);self.out = x",
        "x = y = self.a;self.a = 0;x += 1;self.out = x * 10 + y",
        "x = self.a;if self.f:;|>y = x;|>x = 7;|>self.b = y // 2;self.c = x - 4",
    ],
}


@pytest.mark.parametrize("group", PROBES)
def test_order(group: str, tmp_path: Path) -> None:
    assert not probed(tmp_path, MODEL, PROBES[group], 12, compiled=True).asked
