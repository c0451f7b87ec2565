"""Protocols of a few states, each wrong in just the way that one property speaks of."""

from __future__ import annotations

from typing import Annotated

from quorate.invariants import decision_stable, decisions_agree, log_terms, validity
from quorate.models.language import (
    AtMost,
    Cluster,
    Process,
    Protocol,
    Range,
    Symbol,
    action,
    cluster,
    durable,
    record,
    require,
    shared,
)


class Value(Symbol, size=2):
    """What is decided."""


class Decider(Process):
    """Decides whatever it likes, once."""

    decided: Value | None = durable(None)

    @action
    def decide(self, value: Value) -> None:
        """Take a value for decided."""
        require(self.decided is None)
        self.decided = value

    def decision(self) -> Value | None:
        """Its decision."""
        return self.decided


class Waverer(Decider):
    """Decides whatever it likes, again and again."""

    def decide(self, value: Value) -> None:
        """Take a value for decided."""
        self.decided = value


class Disagreement(Protocol):
    """Two processes decide for themselves."""

    deciders: Cluster[Decider] = cluster(2)
    invariants = (decisions_agree,)


class Wavering(Protocol):
    """A process changes its decision."""

    deciders: Cluster[Waverer] = cluster(1)
    step_invariants = (decision_stable,)


class Invention(Protocol):
    """A value is chosen that need not be the one proposed."""

    asked: frozenset[Value] = shared(frozenset())
    given: frozenset[Value] = shared(frozenset())
    invariants = (validity,)

    @action
    def ask(self, value: Value) -> None:
        """Propose a value."""
        require(len(self.asked) == 0)
        self.asked = frozenset({value})

    @action
    def give(self, value: Value) -> None:
        """Choose a value."""
        require(len(self.asked) > 0 and len(self.given) == 0)
        self.given = frozenset({value})

    def chosen(self) -> frozenset[Value]:
        """What is chosen."""
        return self.given

    def proposed(self) -> frozenset[Value]:
        """What was proposed."""
        return self.asked


Term = Annotated[int, Range(0, 2)]


@record
class Stamp:
    """An entry that is nothing but its term."""

    term: Term


class Recorder(Process):
    """Appends entries of any term up to its own."""

    term: Term = durable(0)
    log: Annotated[tuple[Stamp, ...], AtMost("entries")] = durable(())

    @action
    def advance(self) -> None:
        """Go on to the next term."""
        require(self.term < 2)
        self.term += 1

    @action
    def append(self, term: Term) -> None:
        """Append an entry."""
        require(term <= self.term)
        self.log += (Stamp(term),)

    def leads(self) -> bool:
        """Whether it leads: never."""
        return False

    def epoch(self) -> Term:
        """Its term."""
        return self.term


class Disorder(Protocol):
    """The terms in a log go down."""

    recorders: Cluster[Recorder] = cluster(1)
    entries: int = 2
    invariants = (log_terms,)


class Hasty(Recorder):
    """Appends entries of the next term already."""

    def append(self, term: Term) -> None:
        """Append an entry."""
        self.log += (Stamp(term),)


class Haste(Disorder):
    """An entry is of a later term than the process that has it."""

    recorders: Cluster[Hasty] = cluster(1)


class Mute(Process):
    """Decides nothing."""

    @action
    def wait(self) -> None:
        """Do nothing."""

    def decision(self) -> Value | None:
        """Its decision: none."""
        return None


class Silence(Protocol):
    """Nobody ever decides, so nothing can be said of decisions."""

    deciders: Cluster[Mute] = cluster(2)
    invariants = (decisions_agree,)
    step_invariants = (decision_stable,)
