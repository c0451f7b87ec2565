"""Values that Python takes for equal, and orders that it does not promise."""

from __future__ import annotations

from typing import Annotated, Any

import pytest

from quorate.checker import ModelFailed, Verdict, check
from quorate.models.language import (
    Bag,
    Cluster,
    Process,
    Protocol,
    Range,
    Ref,
    action,
    cluster,
    durable,
    invariant,
    message,
    rank,
    receive,
    record,
)

Bit = Annotated[int, Range(0, 1)]


class Lamp(Process):
    """One field, a bool."""

    on: bool = durable(False)

    @action
    def switch(self) -> None:
        """On or off."""
        self.on = not self.on


class Wheel(Process):
    """One field, a number with the values that Python takes for bools."""

    at: Bit = durable(0)

    @action
    def turn(self) -> None:
        """To the other side."""
        self.at = 1 - self.at


class Side(Protocol):
    """Processes whose fields are equal in Python, and not the same."""

    lamps: Cluster[Lamp] = cluster(1)
    wheels: Cluster[Wheel] = cluster(1)

    @invariant
    def anything(self) -> bool:
        """Nothing is wrong here."""
        return True


def test_a_bool_of_one_process_is_not_an_int_of_another() -> None:
    result = check(Side())
    assert (result.verdict, result.distinct_states, result.depth) == (Verdict.HOLDS, 4, 3)


class Elsewhere(Side):
    """Looks for a process in a cluster that it is not in."""

    @invariant
    def both(self) -> bool:
        """A lamp is on where a wheel is turned."""
        return all(self.lamps[w.id].on == (w.at == 1) for w in self.wheels)


def test_a_cluster_has_no_processes_of_others() -> None:
    with pytest.raises(ModelFailed, match=r"both raised LookupError: wheels\[0\] is not in this cluster"):
        check(Elsewhere())


# -- orders ------------------------------------------------------------------------------------------------------------


@record
class Pair:
    """Two numbers with a bound each."""

    left: Annotated[int, Range(0, "low")]
    right: Annotated[int, Range(0, "high")]


@message
class Note:
    """A message with a bound for each field."""

    left: Annotated[int, Range(0, "low")]
    right: Annotated[int, Range(0, "high")]


class Writer(Process):
    """Leaves both bounds in one step, the one or the other first."""

    pairs: frozenset[Pair] = durable(frozenset())

    @action
    def keep(self) -> None:
        """Two pairs too large, each in its own way."""
        self.pairs = frozenset(Pair(2 * (rank(p) % 2), 2 - 2 * (rank(p) % 2)) for p in self.peers)

    @action
    def tell(self) -> None:
        """Messages too large, each in its own way."""
        for p in self.peers:
            self.send(p, Note(2 * (rank(p) % 2), 2 - 2 * (rank(p) % 2)))

    @receive
    def on_note(self, m: Note) -> None:
        """Nothing."""


class Writers(Protocol):
    """Sets and sends whose order means nothing."""

    writers: Cluster[Writer] = cluster(4)
    low: int = 1
    high: int = 1
    network = Bag(copies=1)


@pytest.mark.parametrize("turn", range(4))
def test_the_order_of_a_set_does_not_decide_which_bound_is_hit(turn: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def scattered(ref: Ref[Any]) -> int:
        return (ref.index + turn) % 4

    # the order in which Python goes through a set of identities, which otherwise depends on where they are in memory
    monkeypatch.setattr(Ref, "__hash__", scattered)
    assert check(Writers()).cut == {"high": 7, "low": 1}
