"""Properties that have a meaning within bounds, and none without."""

from __future__ import annotations

from typing import Annotated

from quorate.models.language import (
    Bag,
    Map,
    Network,
    Protocol,
    Range,
    Symbol,
    action,
    every,
    invariant,
    message,
    quorum,
    require,
    shared,
)

Number = Annotated[int, Range(0, "top")]


class Member(Symbol, size="members"):
    """Somebody."""


@message
class Word:
    """Something said."""


class Meaningless(Protocol):
    """Every property asks for something that cannot be told of any number."""

    top: int = 1
    members: int = 3
    n: Number = shared(0)
    k: Number = shared(0)
    numbers: frozenset[Number] = shared(frozenset())
    friends: frozenset[Member] = shared(frozenset())
    votes: Map[Member, Number] = shared(every(0))
    network: Network = Bag(capacity=1)

    @action
    def greet(self, m: Member, n: Number) -> None:
        """One more friend; the guard is about how many there are."""
        require(len(self.friends) < self.members)
        self.friends |= {m}
        self.numbers |= {n}

    @quorum
    def is_enough(self, some: frozenset[Member]) -> bool:
        """A majority."""
        return 2 * len(some) > self.members

    @invariant
    def counts(self) -> bool:
        """A set is counted."""
        return len(self.numbers) <= self.n + 9

    @invariant
    def sorts(self) -> bool:
        """A set is put in order."""
        return tuple(sorted(self.numbers)) != (1, 0)

    @invariant
    def calculates(self) -> bool:
        """Numbers are added."""
        return self.n + self.k < 9

    @invariant
    def asks_how_many(self) -> bool:
        """A parameter is asked for."""
        return self.members > 0

    @invariant
    def picks(self) -> bool:
        """One is picked by its number."""
        return Member.nth(0) not in self.friends or self.n >= 0

    @invariant
    def sums(self) -> bool:
        """Something is added up for everybody."""
        return sum(self.votes.values()) < 9

    @invariant
    def counts_values(self) -> bool:
        """What everybody has is counted, equal ones too."""
        return len(self.votes.values()) > 0

    @invariant
    def remembers(self) -> bool:
        """What was ever said."""
        return not self.sent(Word)

    @invariant
    def befriends(self) -> bool:
        """True of any number."""
        return self.is_enough(self.friends) or not self.is_enough(self.friends)
