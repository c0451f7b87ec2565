"""The ABD register with one thing wrong."""

from __future__ import annotations

from typing import Any

from ..language import Cluster, Ref, cluster, require
from ..registers.abd import ABD, Newest, Server, Store, Stored, User, Version
from .mutant import Mutant


class OnlyReads(User):
    """Believes that what it has read is there to stay."""

    def found(self) -> None:
        """Store what is written; a read is done."""
        if self.writes:
            super().found()
        else:
            self.value = self.newest.value
            self.finish()


class ABDOnlyReads(ABD):
    """A read returns a value that is at a minority yet, and a later one, which asks others, the value before it."""

    clients: Cluster[OnlyReads] = cluster(2)


class TakesHalf(User):
    """Is content with half of the servers."""

    def is_quorum(self, members: frozenset[Ref[Any]]) -> bool:
        """Whether these are at least half of the servers."""
        return 2 * len(members) >= len(self.members(Server))


class ABDTakesHalf(ABD):
    """A read asks one half of the servers, and what was written is at the other."""

    clients: Cluster[TakesHalf] = cluster(2)


class NumbersItself(User):
    """Knows without asking what number its next version has."""

    def write(self) -> None:
        """Begin to write a new value, and store it at once."""
        require(not self.busy)
        self.begin(True)
        self.store(Version(self.serial, self.value))


class ABDNumbersItself(ABD):
    """A write gets a number that others have passed already, so that no server keeps its value."""

    clients: Cluster[NumbersItself] = cluster(2)


class CountsOldAnswers(User):
    """Takes any answer for one to the question of now."""

    def on_newest(self, m: Newest, sender: Ref[Server]) -> None:
        """Take an answer to an earlier operation for one to this."""
        super().on_newest(Newest(self.serial, m.version), sender)

    def on_stored(self, m: Stored, sender: Ref[Server]) -> None:
        """Take an answer to an earlier operation for one to this."""
        super().on_stored(Stored(self.serial), sender)


class ABDCountsOldAnswers(ABD):
    """An answer that was given before another write ended makes a majority of which no server knows that write."""

    clients: Cluster[CountsOldAnswers] = cluster(2)


class KeepsLast(Server):
    """Keeps whatever it was told last."""

    def on_store(self, m: Store, sender: Ref[User]) -> None:
        """Keep the version, even if it is older."""
        self.version = m.version
        self.send(sender, Stored(m.serial))


class ABDKeepsLast(ABD):
    """A request that comes late puts an older value back."""

    servers: Cluster[KeepsLast] = cluster(3)


PAPER = 'Attiya, Bar-Noy and Dolev, "Sharing Memory Robustly in Message-Passing Systems", 1995'
LATER = 'Lynch and Shvartsman, "Robust Emulation of Shared Memory", 1997'

MUTANTS = (
    Mutant(
        "abd-only-reads",
        ABDOnlyReads,
        {"operations": 3, "messages": 5},
        "linearizable_register",
        21,
        f"{PAPER}: a reader announces what it returns",
    ),
    Mutant(
        "abd-takes-half",
        ABDTakesHalf,
        {"servers": 2, "operations": 2, "messages": 3},
        "linearizable_register",
        14,
        f"{PAPER}: any two majorities have a server in common",
    ),
    Mutant(
        "abd-numbers-itself",
        ABDNumbersItself,
        {"operations": 3, "messages": 4},
        "linearizable_register",
        23,
        f"{LATER}: a writer asks for the greatest tag first",
    ),
    Mutant(
        "abd-counts-old-answers",
        ABDCountsOldAnswers,
        {"operations": 3, "messages": 5},
        "linearizable_register",
        20,
        f"{PAPER}: acknowledgements are told apart by a sequence number",
    ),
    Mutant(
        "abd-keeps-last",
        ABDKeepsLast,
        {"operations": 2, "messages": 5},
        "versions_grow",
        17,
        f"{PAPER}: a processor keeps the largest label",
    ),
)
"""What is known of each."""
