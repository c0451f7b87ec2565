"""Small protocols of which it is known what can be proved, and how."""

from __future__ import annotations

from typing import Annotated

from quorate.models.language import (
    AtMost,
    Cluster,
    Crash,
    Faults,
    Fifo,
    MessageSet,
    Network,
    Process,
    Protocol,
    Range,
    Ref,
    Symbol,
    action,
    between_crashes,
    cluster,
    durable,
    invariant,
    lemma,
    message,
    parameter,
    quorum,
    receive,
    require,
    shared,
    step_invariant,
    volatile,
)

Number = Annotated[int, Range(0, "top")]


class Stuck(Protocol):
    """Counts to three, where nothing more can happen."""

    top: int = 9
    x: Number = shared(0)

    @action
    def up(self) -> None:
        """One more."""
        require(self.x != 3)
        self.x += 1

    @lemma
    def small(self) -> bool:
        """True, and inductive."""
        return self.x <= 3

    @lemma
    def positive(self) -> bool:
        """False of the initial state alone."""
        return self.x > 0

    @lemma
    def not_nine(self) -> bool:
        """True, and not inductive without `small`."""
        return self.x != 9

    @invariant
    def below_five(self) -> bool:
        """Follows from `small`."""
        return self.x < 5

    @invariant
    def not_three(self) -> bool:
        """False, of the state that nothing follows on."""
        return self.x != 3

    @invariant
    def not_one(self) -> bool:
        """False after a step."""
        return self.x != 1

    @step_invariant
    def slow(self, after: Stuck) -> bool:
        """Inductive."""
        return self.x <= after.x <= self.x + 1


class Detour(Protocol):
    """Goes from 0 to 1 and 2 and back; 3, which leads to 4, is never reached, and nothing leads to it."""

    top: int = 4
    x: Number = shared(0)

    @action
    def go(self) -> None:
        """The next number."""
        self.x = self.x + 1 if self.x not in (2, 4) else 0

    @action
    def hop(self) -> None:
        """From 2 to 0, never to 3."""
        require(self.x == 2)
        self.x = 0

    @invariant
    def not_four(self) -> bool:
        """True, and inductive over two steps only."""
        return self.x != 4


class FirstJump(Protocol):
    """Jumps once, from its initial state."""

    top: int = 9
    x: Number = shared(0)

    @action
    def jump(self) -> None:
        """To five."""
        self.x = 5

    @lemma
    def two_places(self) -> bool:
        """Inductive."""
        return self.x in (0, 5)

    @step_invariant
    def slow(self, after: FirstJump) -> bool:
        """Broken by the first step of a run, and by no later one."""
        return after.x <= self.x + 1


class FirstIsEnough(Protocol):
    """Looks through a sequence that is shorter than it says, and stops before it comes to the end."""

    top: int = 1
    path: Annotated[tuple[Number, ...], AtMost(3)] = shared((1,))
    done: bool = shared(False)

    @action
    def look(self) -> None:
        """The first item is found, so the others are never asked for."""
        require(any(self.path[i] == 1 for i in range(3)))
        self.done = True

    @lemma
    def one_item(self) -> bool:
        """Inductive."""
        return len(self.path) == 1

    @invariant
    def not_done(self) -> bool:
        """False."""
        return not self.done


@message
class Word:
    """Something said."""


class Speaker(Process):
    """Speaks where there are many."""

    ready: bool = durable(True)
    heard: bool = durable(False)
    many: int = parameter("top")

    @action
    def speak(self) -> None:
        """The guards compare a parameter that may be any number, so they are left out then."""
        require(self.ready or self.many > 5)
        require(self.many > 5)
        self.broadcast(Word())

    @receive
    def on_word(self, m: Word, sender: Ref[Speaker]) -> None:
        """Listen to others."""
        require(sender != self.id)
        self.heard = True


class Speakers(Protocol):
    """Silent with few, and not with many."""

    top: int = 3
    speakers: Cluster[Speaker] = cluster(2)
    network: Network = MessageSet()

    @lemma
    def are_ready(self) -> bool:
        """Inductive."""
        return all(s.ready for s in self.speakers)

    @lemma
    def no_words(self) -> bool:
        """True of few only."""
        return not self.under_way(Word)

    @invariant
    def silent(self) -> bool:
        """True of few only."""
        return not any(s.heard for s in self.speakers)


class Member(Symbol, size="members"):
    """Somebody."""


class TwoRules(Protocol):
    """Two kinds of quorums: any two of a kind meet, and with many members two of different kinds need not."""

    members: int = 3
    a: frozenset[Member] = shared(frozenset())
    b: frozenset[Member] = shared(frozenset())

    @action
    def join_a(self, m: Member) -> None:
        """Only one of the two."""
        require(m not in self.b)
        self.a |= {m}

    @action
    def join_b(self, m: Member) -> None:
        """Only one of the two."""
        require(m not in self.a)
        self.b |= {m}

    @quorum
    def is_majority(self, some: frozenset[Member]) -> bool:
        """More than half."""
        return 2 * len(some) > self.members

    @quorum
    def has_first(self, some: frozenset[Member]) -> bool:
        """As before with few members, the first of them with many."""
        return self.is_majority(some) if self.members < 5 else Member.nth(0) in some

    @lemma
    def apart(self) -> bool:
        """Inductive."""
        return not any(m in self.b for m in self.a)

    @invariant
    def kinds_meet(self) -> bool:
        """True with few members only."""
        return not (self.is_majority(self.a) and self.has_first(self.b))

    @invariant
    def kind_meets(self) -> bool:
        """True with any number, for two majorities meet."""
        return not (self.is_majority(self.a) and self.is_majority(self.b))


class Halves(TwoRules):
    """With a half of the members one takes for a majority."""

    def is_majority(self, some: frozenset[Member]) -> bool:
        """Half, which the other half may be too."""
        return 2 * len(some) >= self.members


class Crowd(TwoRules):
    """With quorums that a few members do not have."""

    def is_majority(self, some: frozenset[Member]) -> bool:
        """A majority, if there are many."""
        return 2 * len(some) > self.members > 2


class Ordered(TwoRules):
    """With numbers, of which only the order matters where there is any number of members."""

    top: int = 2
    low: Number = shared(0)
    middle: Number = shared(0)
    high: Number = shared(0)

    @action
    def choose(self, low: Number, middle: Number, high: Number) -> None:
        """Three numbers, each greater than the one before."""
        require(low < middle < high and not self.is_majority(self.b))
        self.low, self.middle, self.high = low, middle, high

    @invariant
    def in_order(self) -> bool:
        """True: the order is transitive, and nothing comes both before and after."""
        return self.low <= self.high and not self.high < self.low and (self.low == 0 or self.high > 1)

    @invariant
    def are_equal(self) -> bool:
        """False."""
        return self.low == self.high


class Reset(Process):
    """Forgets what it counted when it crashes."""

    count: Number = volatile(0)

    @action
    def tick(self) -> None:
        """One more."""
        self.count += 1


@between_crashes
def only_counts(before: Resets, after: Resets) -> bool:
    """No count becomes less, except by a crash."""
    return all(p.count <= after.resets[p.id].count for p in before.resets)


def never_less(before: Resets, after: Resets) -> bool:
    """No count becomes less: false."""
    return all(p.count <= after.resets[p.id].count for p in before.resets)


class Resets(Protocol):
    """Two counters."""

    top: int = 3
    resets: Cluster[Reset] = cluster(2)
    network: Network = MessageSet()
    faults: Faults = (Crash(),)
    step_invariants = (only_counts, never_less)


class Color(Symbol, size="colors"):
    """There may be none."""


Slot = Annotated[int, Range(1, "slots")]


@message
class Paint:
    """With a color, if there is one."""

    color: Color


class Painter(Process):
    """Paints, if there are colors."""

    @action
    def paint(self, color: Color) -> None:
        """Tell the others."""
        self.broadcast(Paint(color))

    @receive
    def on_paint(self, m: Paint) -> None:
        """Look."""


class Nothing(Protocol):
    """Fields and messages of types that have no value, if their parameters say so."""

    painters: Cluster[Painter] = cluster(2)
    colors: int = 0
    slots: int = 0
    network: Network = Fifo(capacity=1)
    best: Color | None = shared(None)
    slot: Slot | None = shared(None)
    queue: Annotated[tuple[Color, ...], AtMost(2)] = shared(())
    n: Annotated[int, Range(0, 3)] = shared(0)

    @action
    def go(self) -> None:
        """There is a state to go from all the same."""
        self.n = 3

    @invariant
    def small(self) -> bool:
        """False."""
        return self.n < 3
