"""Connections that a process breaks, as part of a step."""

from __future__ import annotations

from typing import Annotated, Any

import pytest

from quorate.models.language import (
    Cluster,
    Crash,
    Fifo,
    Process,
    Protocol,
    Range,
    Ref,
    action,
    cluster,
    durable,
    message,
    receive,
    require,
    restart,
)
from quorate.models.semantics import Kind, Outcome, State, Step, StepFailed, System


@message
class Note:
    """A numbered message."""

    number: Annotated[int, Range(0, 3)]


class Node(Process):
    """Sends, and breaks connections before and after that."""

    on: bool = durable(True)

    @action
    def tell(self, to: Ref[Node], number: Annotated[int, Range(0, 3)]) -> None:
        """Send."""
        self.send(to, Note(number))

    @action
    def renew(self, peer: Ref[Node]) -> None:
        """A new connection, and something on it."""
        self.send(peer, Note(3))
        self.disconnect(peer)
        require(self.on)

    @action
    def hang_up(self) -> None:
        """No connection at all."""
        for peer in self.peers:
            self.disconnect(peer)

    @action
    def fail(self) -> None:
        """There is no such process."""
        nobody: Any = None
        self.disconnect(nobody)

    @restart
    def recover(self) -> None:
        """Connect anew."""
        self.hang_up()
        self.broadcast(Note(0))

    @receive
    def on_note(self, m: Note, sender: Ref[Node]) -> None:
        """Break the connection that it came over."""
        self.disconnect(sender)


class Nodes(Protocol):
    """Three of them."""

    nodes: Cluster[Node] = cluster(3)
    network = Fifo()
    faults = (Crash(),)


ME, YOU, THIRD = (Ref[Node]("nodes", i) for i in range(3))


@pytest.fixture
def system() -> System:
    return System(Nodes())


def taken(system: System, state: State, step: Step) -> State:
    tried = system.take(state, step)
    assert isinstance(tried, Outcome)
    return tried.state


def told(system: System) -> State:
    """Two messages each way between two, and one from the first to the third."""
    ((_, tried),) = system.initial()
    assert isinstance(tried, Outcome)
    state = tried.state
    for sender, to, number in ((ME, YOU, 1), (ME, YOU, 2), (YOU, ME, 1), (YOU, ME, 2), (ME, THIRD, 1)):
        state = taken(system, state, Step(Kind.ACTION, "tell", sender, (to, number)))
    return state


def under_way(system: System, state: State) -> list[tuple[int, int, int]]:
    found = system.carrier.contents(state.network)
    return [(e.source.index, e.target.index, e.message.number) for e in found]


def test_what_the_step_sends_goes_over_the_new_connection(system: System) -> None:
    state = taken(system, told(system), Step(Kind.ACTION, "renew", ME, (YOU,)))
    assert under_way(system, state) == [(0, 1, 3), (0, 2, 1)]


def test_a_loop_breaks_all_connections_of_a_process(system: System) -> None:
    assert under_way(system, taken(system, told(system), Step(Kind.ACTION, "hang_up", ME))) == []
    assert under_way(system, taken(system, told(system), Step(Kind.ACTION, "hang_up", THIRD))) == [
        (0, 1, 1),
        (0, 1, 2),
        (1, 0, 1),
        (1, 0, 2),
    ]


def test_the_message_that_is_received_may_be_the_last_of_its_connection(system: System) -> None:
    state = told(system)
    receipt = next(s for s, _ in system.attempts(state) if s.kind is Kind.RECEIVE and s.process == YOU)
    assert under_way(system, taken(system, state, receipt)) == [(0, 2, 1)]


def test_a_restart_breaks_connections(system: System) -> None:
    state = taken(system, told(system), Step(Kind.CRASH, "crash", ME))
    assert under_way(system, state) == [(0, 1, 0), (0, 2, 0)]


def test_nobody_is_no_peer(system: System) -> None:
    with pytest.raises(StepFailed, match="there is no process None to disconnect from"):
        system.take(told(system), Step(Kind.ACTION, "fail", ME))
