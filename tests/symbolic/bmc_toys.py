"""Small protocols in which something goes wrong after a known number of steps."""

from __future__ import annotations

from typing import Annotated

from quorate.models.language import (
    Bag,
    Cluster,
    Crash,
    Faults,
    Fifo,
    Network,
    Partition,
    Process,
    Protocol,
    Range,
    Ref,
    action,
    between_crashes,
    cluster,
    constraint,
    durable,
    ghost,
    history,
    initial,
    invariant,
    message,
    receive,
    require,
    restart,
    shared,
    volatile,
)

Number = Annotated[int, Range(0, "top")]


class Steps(Protocol):
    """Counts, from where it likes."""

    top: int = 6
    x: Number = shared(0)
    seen: Number = ghost(0)

    @initial
    def begin(self, x: Number) -> None:
        """One or two."""
        require(0 < x < 3)
        self.x = x

    @action
    def up(self) -> None:
        """One more."""
        self.x += 1

    @action
    def check(self) -> None:
        """Fails at six."""
        assert self.x != 6, "no six"

    @history
    def look(self, before: Steps) -> None:
        """The number before this step."""
        self.seen = before.x

    @invariant
    def not_one(self) -> bool:
        """False of an initial state."""
        return self.x != 1

    @invariant
    def not_six(self) -> bool:
        """False after four steps."""
        return self.x != 6

    @invariant
    def not_seen_three(self) -> bool:
        """False after two steps."""
        return self.seen != 3

    @invariant
    def true(self) -> bool:
        """True."""
        return self.x >= 0


class Dividing(Steps):
    """With a mistake where it is checked."""

    def check(self) -> None:
        """Fails at four."""
        self.x = 12 // (4 - self.x) if self.x < 5 else 0


class Overflowing(Steps):
    """With a field whose bound is written out, so that it is a claim."""

    few: Annotated[int, Range(0, 2)] = shared(0)

    @action
    def more(self) -> None:
        """One too many in the end."""
        self.few += 1


class Constrained(Steps):
    """Not beyond four: five is seen, and nothing after it."""

    @constraint
    def few(self) -> bool:
        """What follows on five is left out."""
        return self.x < 5


@message
class Note:
    """A number."""

    n: Number


class Clerk(Process):
    """Keeps one number for good and forgets another."""

    kept: Number = durable(0)
    forgotten: Number = volatile(0)
    restarts: Number = durable(0)

    @action
    def note(self, to: Ref[Clerk]) -> None:
        """Tell another one."""
        require(to != self.id)
        self.kept += 1
        self.forgotten += 1
        self.send(to, Note(self.kept))

    @receive
    def on_note(self, m: Note) -> None:
        """Write it down."""
        self.kept = max(self.kept, m.n)
        self.forgotten = m.n

    @restart
    def wake_up(self) -> None:
        """Count it."""
        self.restarts += 1


@between_crashes
def remembers(before: Clerks, after: Clerks) -> bool:
    """Nobody forgets: false when an old note arrives."""
    return all(c.forgotten <= after.clerks[c.id].forgotten for c in before.clerks)


def never_forgets(before: Clerks, after: Clerks) -> bool:
    """Nobody forgets: false after a crash."""
    return all(c.forgotten <= after.clerks[c.id].forgotten for c in before.clerks)


class Clerks(Protocol):
    """Two of them, of whom one may crash once."""

    top: int = 3
    clerks: Cluster[Clerk] = cluster(2)
    network: Network = Fifo(capacity=2)
    faults: Faults = (Crash(),)
    step_invariants = (remembers, never_forgets)

    @invariant
    def never_restarts(self) -> bool:
        """False after a crash."""
        return all(c.restarts == 0 for c in self.clerks)

    @invariant
    def restarts_once(self) -> bool:
        """True: there is one crash."""
        return sum(c.restarts for c in self.clerks) < 2

    @invariant
    def nobody_knows_two(self) -> bool:
        """False after two steps."""
        return all(c.kept < 2 for c in self.clerks)

    @invariant
    def not_both(self) -> bool:
        """False when a note arrives, after two steps."""
        return not all(c.kept > 0 for c in self.clerks)

    @invariant
    def not_both_without_notes(self) -> bool:
        """False when one is received."""
        return not all(c.kept == 1 for c in self.clerks) or bool(self.under_way(Note))


class Apart(Clerks):
    """With a partition from time to time, and no crash."""

    network: Network = Bag(copies=1, capacity=2)
    faults: Faults = (Partition(),)


class Gone(Clerks):
    """Who crashes stays down."""

    faults: Faults = (Crash(times=2, stays_down=True),)
