"""Lemmas are judged where they are named, and see what is under way; both engines say the same."""

from __future__ import annotations

from typing import Annotated

import pytest

from quorate.checker import ModelFailed, Result, Verdict
from quorate.models.language import (
    Bag,
    Cluster,
    Fifo,
    Map,
    MessageSet,
    ModelError,
    Network,
    Process,
    Protocol,
    Range,
    Ref,
    action,
    cluster,
    durable,
    every,
    invariant,
    lemma,
    message,
    receive,
    require,
)
from quorate.models.semantics import Outcome, System
from quorate.traces import Replay, replay, verify, write

from .agreeing import check

Number = Annotated[int, Range(0, 2)]


@message
class Count:
    """The next number."""

    number: Number


@message
class Done:
    """Never sent by anyone."""


class Node(Process):
    """Tells the other each number, and the first one again and again."""

    number: Number = durable(0)
    heard: Map[Ref[Node], Number] = durable(every(0))

    @action
    def tell(self, twice: bool) -> None:
        """Count on."""
        require(self.number < 2)
        self.number += 1
        for peer in self.peers:
            self.send(peer, Count(self.number))
            self.send(peer, Count(1))
        if twice:
            self.broadcast(Count(self.number))

    @receive
    def on_count(self, m: Count, sender: Ref[Node]) -> None:
        """Remember the highest."""
        self.heard |= {sender: max(self.heard[sender], m.number)}

    @receive
    def on_done(self, m: Done) -> None:
        """Nothing."""


def heard_late(p: Telling) -> bool:
    """A number that was heard is not under way."""
    return all(s.message.number > p.nodes[s.to].heard[s.sender] for s in p.under_way(Count))


class Telling(Protocol):
    """A property that holds, and lemmas that do not."""

    nodes: Cluster[Node] = cluster(2)
    network: Network = Bag(capacity=6)
    lemmas = (heard_late,)

    @invariant
    def told(self) -> bool:
        """What was heard was told."""
        return all(n.heard[o.id] <= o.number for n in self.nodes for o in self.nodes)

    @lemma
    def few(self) -> bool:
        """Not three different messages at once, nor any that nobody sends."""
        return len(self.under_way(Count)) < 3 and not self.under_way(Done)

    @lemma
    def raises(self) -> bool:
        """Not even a truth value."""
        return all(2 // (2 - n.number) > 0 for n in self.nodes)


class InQueues(Telling):
    """The same with an order."""

    network: Network = Fifo(capacity=4)


class Posted(Telling):
    """The same where messages stay."""

    network: Network = MessageSet()


NETWORKS = [Telling, InQueues, Posted]


@pytest.mark.parametrize("model", NETWORKS)
def test_a_lemma_is_judged_only_where_it_is_named(model: type[Protocol]) -> None:
    result = check(model())
    assert (result.verdict, dict(result.properties)) == (Verdict.HOLDS, {"told": Verdict.HOLDS})
    named = check(model(), properties=["few", "heard_late"], go_on=True)
    assert dict(named.properties) == {"few": Verdict.VIOLATED, "heard_late": Verdict.VIOLATED}


def _violated(model: type[Protocol], name: str) -> Result:
    found = check(model(), properties=[name])
    assert found.reason == f"{name} is violated"
    return found


@pytest.mark.parametrize("model", NETWORKS)
def test_equal_messages_count_once(model: type[Protocol]) -> None:
    found = _violated(model, "few").violation
    assert found is not None
    assert found.length == 3  # one step sends up to three copies of a message


@pytest.mark.parametrize("model", NETWORKS)
def test_a_violated_lemma_replays(model: type[Protocol]) -> None:
    found = _violated(model, "heard_late").violation
    assert found is not None
    assert found.length == 2
    verify(found.trace)
    assert found.trace.why
    assert replay(write(found.trace), System(model())).outcome is Replay.REPRODUCED


def test_what_a_lemma_raises_replays() -> None:
    with pytest.raises(ModelFailed) as failed:
        check(Telling(), properties=["raises"])
    trace = failed.value.trace
    verify(trace)
    assert replay(write(trace), System(Telling())).outcome is Replay.REPRODUCED


def test_a_name_that_is_nearly_a_lemmas() -> None:
    with pytest.raises(ModelError) as error:
        check(Telling(), properties=["heard_lat"])
    assert error.value.instead == "did you mean heard_late?"


@pytest.mark.parametrize("model", NETWORKS)
def test_to_ask_what_is_under_way_keeps_no_history(model: type[Protocol]) -> None:
    system = System(model())
    assert not system._keeps_sent
    (_, first), *_ = system.initial()
    assert isinstance(first, Outcome)
    states = [o.state for _, o in system.successors(first.state) if isinstance(o, Outcome)]
    assert [state.sent for state in states] == [frozenset()] * len(states)
    assert all(system.filled_view(state).protocol.under_way(Count) for state in states)
