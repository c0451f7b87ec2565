"""What a process does at the end of a crash, which is part of the crash."""

from __future__ import annotations

from typing import Annotated

import pytest

from quorate.models.language import (
    Bag,
    Cluster,
    Crash,
    Faults,
    Process,
    Protocol,
    Range,
    Ref,
    action,
    cluster,
    durable,
    ghost,
    history,
    message,
    receive,
    require,
    restart,
    step_invariant,
    volatile,
)
from quorate.models.semantics import Cut, Judge, Kind, Outcome, State, Step, StepFailed, Stray, System

Small = Annotated[int, Range(0, 3)]


@message
class Back:
    """A process is there again."""

    disk: Small


class Node(Process):
    """Writes to disk now and then, and reads it after a crash."""

    disk: Small = durable(0)
    memory: Small = volatile(0)
    starts: Annotated[int, Range(0, "starts")] = durable(0)

    @action
    def write(self, n: Small) -> None:
        """Change what is in memory and on disk."""
        require(n > 0)
        self.disk = n
        self.memory = 3

    @restart
    def recover(self) -> None:
        """Read the disk, unless it is damaged, and say so."""
        require(self.disk != 2)
        assert self.memory == 0, "it is not forgotten"
        self.starts += 1
        self.memory = self.disk + self.disk // 3
        self.broadcast(Back(self.disk))

    @receive
    def on_back(self, m: Back) -> None:
        """Nothing more."""


class Derived(Node):
    """Overrides the restart, which needs no mark for that."""

    def recover(self) -> None:
        """As before, and once more."""
        super().recover()
        self.send(self.id, Back(0))


class Rebooting(Protocol):
    """Three crashes, the third over the bound of `starts`."""

    nodes: Cluster[Node] = cluster(2)
    starts: int = 2
    seen: frozenset[Small] = ghost(frozenset())
    network = Bag(copies=1)
    faults: Faults = (Crash(times=3),)

    @history
    def remember(self, before: Rebooting) -> None:
        """What was in memory after a start."""
        self.seen |= {n.memory for n in self.nodes if n.starts > before.nodes[n.id].starts}

    @step_invariant
    def known(self, after: Rebooting) -> bool:
        """No start of a process with something on disk."""
        return all(n.disk == 0 or after.nodes[n.id].starts == n.starts for n in self.nodes)


class Better(Rebooting):
    """With the derived class."""

    nodes: Cluster[Derived] = cluster(2)


class Halting(Rebooting):
    """Down for good."""

    faults: Faults = (Crash(stays_down=True), Crash())


ME, OTHER = Ref[Node]("nodes", 0), Ref[Node]("nodes", 1)
CRASH = Step(Kind.CRASH, "crash", ME)


def start(system: System) -> State:
    ((_, tried),) = system.initial()
    assert isinstance(tried, Outcome)
    return tried.state


def written(system: System, n: int) -> State:
    tried = system.take(start(system), Step(Kind.ACTION, "write", ME, (n,)))
    assert isinstance(tried, Outcome)
    return tried.state


def crashed(system: System, state: State) -> Outcome:
    tried = system.take(state, CRASH)
    assert isinstance(tried, Outcome)
    return tried


def test_a_crash_ends_with_the_restart() -> None:
    system = System(Rebooting())
    ended = crashed(system, written(system, 1))
    assert ended.state.processes == ((1, 1, 1), (0, 0, 0))
    assert [(e.source, e.target, e.message) for e in ended.sent] == [(ME, OTHER, Back(1))]
    assert list(system.carrier.contents(ended.state.network)) == list(ended.sent)
    assert ended.state.faults == ((2, frozenset()),)


def test_without_the_guard_of_the_restart_there_is_no_crash() -> None:
    system = System(Rebooting())
    state = written(system, 2)
    assert system.take(state, CRASH) is None
    assert [s.process for s, _ in system.successors(state) if s.kind is Kind.CRASH] == [OTHER]


def test_a_bound_cuts_the_crash() -> None:
    system = System(Rebooting())
    state = crashed(system, crashed(system, written(system, 1)).state).state
    assert system.take(state, CRASH) == Cut("starts")


def test_what_strays_is_a_mistake_in_the_crash() -> None:
    system = System(Rebooting())
    with pytest.raises(StepFailed) as raised:
        system.take(written(system, 3), CRASH)
    assert isinstance(raised.value.cause, Stray)
    assert raised.value.cause.where == "nodes[0].memory"
    assert raised.value.step == CRASH


def test_history_and_step_invariants_see_the_crash_with_its_restart() -> None:
    system = System(Rebooting())
    before = written(system, 1)
    after = crashed(system, before).state
    assert after.shared == (frozenset((1,)),)
    assert [p.name for p in Judge(system).of_step(before, CRASH, after)] == ["known"]


def test_an_override_is_the_restart() -> None:
    system = System(Better())
    ended = crashed(system, start(system))
    assert [(e.target, e.message) for e in ended.sent] == [(ME, Back(0)), (OTHER, Back(0))]
    assert ended.state.processes[0] == (0, 0, 1)


def test_who_is_down_for_good_does_not_restart() -> None:
    system = System(Halting())
    by_halt, by_crash = (o for s, o in system.successors(written(system, 1)) if s == CRASH)
    assert isinstance(by_halt, Outcome)
    assert isinstance(by_crash, Outcome)
    assert (by_halt.state.processes[0], by_halt.sent) == ((1, 0, 0), ())
    assert by_crash.state.processes[0] == (1, 1, 1)
    again = crashed(system, by_halt.state)
    assert (again.state.processes[0], again.sent) == ((1, 0, 0), ())
