"""Crashes, partitions, history and what was sent, on small protocols."""

from __future__ import annotations

from typing import Annotated, Any

import pytest

from quorate.checker import Verdict, check
from quorate.models.language import (
    Bag,
    Cluster,
    Crash,
    MessageSet,
    ModelError,
    Network,
    Partition,
    Process,
    Protocol,
    Range,
    Ref,
    action,
    between_crashes,
    cluster,
    durable,
    ghost,
    history,
    invariant,
    message,
    receive,
    require,
    step_invariant,
    volatile,
)
from quorate.models.semantics import Kind, Outcome, State, System
from quorate.models.semantics.faults import breakage

ONE_AND_OTHER = (Ref[Any]("nodes", 0), Ref[Any]("nodes", 1))
Count = Annotated[int, Range(0, 1)]


@message
class Ping:
    """The only message."""


class Node(Process):
    """Remembers on disk and in memory that it was pinged."""

    kept: bool = durable(False)
    lost: bool = volatile(False)
    told: bool = ghost(False)

    @action
    def ping(self) -> None:
        """Ping everyone else, once."""
        require(not self.kept)
        self.kept = self.lost = True
        self.broadcast(Ping())

    @receive
    def on_ping(self, m: Ping) -> None:
        """Note it."""
        self.told = True
        self.lost = True


class Plain(Protocol):
    """Nothing goes wrong."""

    nodes: Cluster[Node] = cluster(2)
    network: Network = Bag(copies=1)


class Crashing(Plain):
    """One crash."""

    faults = (Crash(),)


class Halting(Plain):
    """One crash for good."""

    faults = (Crash(stays_down=True),)


class Parted(Plain):
    """One partition."""

    faults = (Partition(),)


def steps(system: System, state: State) -> dict[str, Outcome]:
    found = {}
    for step, tried in system.successors(state):
        assert isinstance(tried, Outcome)
        found[f"{step.kind.value} {step.process}"] = tried
    return found


def start(system: System) -> State:
    (_, tried), *_ = system.initial()
    assert isinstance(tried, Outcome)
    return tried.state


def test_a_crash_takes_what_is_volatile_and_nothing_else() -> None:
    system = System(Crashing())
    pinged = steps(system, start(system))["action nodes[0]"].state
    assert pinged.processes[0] == (True, True, False)
    crashed = steps(system, pinged)["crash nodes[0]"].state
    assert crashed.processes[0] == (True, False, False)
    assert "crash nodes[0]" not in steps(system, crashed)


def test_a_ghost_survives_a_crash() -> None:
    system = System(Crashing())
    told = steps(system, steps(system, start(system))["action nodes[0]"].state)["receive nodes[1]"].state
    assert told.processes[1] == (False, True, True)
    assert steps(system, told)["crash nodes[1]"].state.processes[1] == (False, False, True)


def test_a_process_that_stays_down_takes_no_step() -> None:
    system = System(Halting())
    pinged = steps(system, start(system))["action nodes[0]"].state
    down = steps(system, pinged)["crash nodes[1]"].state
    assert steps(system, down) == {}


def test_a_partition_holds_messages_back_until_it_heals() -> None:
    system = System(Parted())
    pinged = steps(system, start(system))["action nodes[0]"].state
    parted = steps(system, pinged)["partition None"].state
    assert set(steps(system, parted)) == {"action nodes[1]", "heal None"}
    healed = steps(system, parted)["heal None"].state
    assert "receive nodes[1]" in steps(system, healed)
    assert "partition None" not in steps(system, healed)


def test_there_is_a_partition_for_each_split() -> None:
    system = System(Parted(nodes=4))
    splits = [step for step, _ in system.successors(start(system)) if step.kind is Kind.PARTITION]
    assert len(splits) == len(set(splits)) == 2**3 - 1


class Told(Plain):
    """What was sent is known after it was received."""

    @invariant
    def nothing_was_sent(self) -> bool:
        """Broken by the first ping."""
        return len(self.sent(Ping)) == 0


class ToldSet(Told):
    """The same where messages stay."""

    network = MessageSet()


class Untold(Plain):
    """Nobody asks, so states do not keep it."""


@pytest.mark.parametrize("protocol", [Told(), ToldSet()])
def test_what_was_sent_is_known_to_properties(protocol: Protocol) -> None:
    result = check(protocol)
    assert result.violation is not None
    assert result.violation.length == 1


def test_states_keep_what_was_sent_only_where_it_is_asked_for() -> None:
    for protocol, kept in ((Told(), 1), (ToldSet(), 0), (Untold(), 0)):
        system = System(protocol)
        assert len(steps(system, start(system))["action nodes[0]"].state.sent) == kept


class Counting(Crashing):
    """History: how many steps changed a process, counted up to one."""

    changes: Annotated[int, Range(0, 1)] = ghost(0)

    @history
    def remember(self, before: Counting) -> None:
        """Saturates at one."""
        moved = any(old.lost != new.lost for old, new in zip(before.nodes, self.nodes, strict=True))
        self.changes = max(self.changes, 1 if moved else 0)

    @step_invariant
    @between_crashes
    def memory_stays(self, after: Counting) -> bool:
        """Nobody forgets, except in a crash."""
        return all(not n.lost or after.nodes[n.id].lost for n in self.nodes)


class Forgetting(Counting):
    """The same without an exception for crashes."""

    @step_invariant
    def memory_stays_always(self, after: Forgetting) -> bool:
        """Nobody forgets."""
        return all(not n.lost or after.nodes[n.id].lost for n in self.nodes)


def test_history_sees_both_sides_of_each_step() -> None:
    system = System(Counting())
    pinged = steps(system, start(system))["action nodes[0]"].state
    assert (start(system).shared, pinged.shared) == ((0,), (1,))


def test_a_property_between_crashes_is_not_asked_of_a_crash() -> None:
    assert check(Counting()).verdict is Verdict.HOLDS
    result = check(Forgetting())
    assert result.violation is not None
    assert (result.violation.name, result.violation.length) == ("memory_stays_always", 2)


class BadDefault(Protocol):
    """A first value outside its domain."""

    top: int = 0
    n: Annotated[int, Range(1, "top")] = ghost(1)


def test_a_default_outside_its_domain_is_a_model_error() -> None:
    with pytest.raises(ModelError, match=r"BadDefault.n starts as 1, which is not an int from 1 to 0"):
        System(BadDefault())


class Bystander(Process):
    """In no cluster."""


class CrashOfNobody(Counting):
    """A fault that would never happen."""

    faults = (Crash(of=Bystander),)


class Fewer(Counting):
    """Bounds that can become too small."""

    room: int = 1
    network: Network = Bag(copies="room", duplicates="room - 1")


def test_a_fault_of_nobody_is_a_model_error() -> None:
    with pytest.raises(ModelError, match="befalls nobody"):
        System(CrashOfNobody())


def test_a_count_below_its_least_is_a_model_error() -> None:
    System(Fewer())
    with pytest.raises(ModelError, match="the bound 'room' is 0, and it counts at least 1"):
        System(Fewer(room=0))


def test_who_is_down_for_good_does_not_crash_again() -> None:
    faults = breakage(Crash(times=2, stays_down=True), lambda of: ONE_AND_OTHER, lambda bound: (int(bound), None))
    (_, change), _ = faults.steps(faults.fresh())
    assert [step.process for step, _ in faults.steps(change.kept)] == [ONE_AND_OTHER[1]]


class Losing(Counting):
    """What a history sees of a loss."""

    losses: Count = ghost(0)
    network: Network = Bag(copies=1, loses=True)

    @history
    def remember(self, before: Counting) -> None:
        """Counts the steps that move nobody."""
        pairs = zip(before.nodes, self.nodes, strict=True)
        moved = any(old.kept != new.kept or old.lost != new.lost for old, new in pairs)
        self.losses = self.losses if moved else 1


def test_history_sees_a_loss() -> None:
    system = System(Losing())
    pinged = steps(system, start(system))["action nodes[0]"].state
    lost = [o.state for step, o in system.successors(pinged) if step.kind is Kind.LOSE and isinstance(o, Outcome)]
    assert [state.shared[-1] for state in lost] == [1]


class Watching(Counting):
    """A step of the protocol that looks at processes."""

    @action
    def watch(self) -> None:
        """Only while nobody pinged."""
        require(not any(n.kept for n in self.nodes))
        self.changes = 1

    @action
    def wait(self) -> None:
        """Never: it leaves the state as it is."""
        require(any(n.told for n in self.nodes))
        self.changes = 1


def test_a_step_of_the_protocol_sees_processes_as_they_are() -> None:
    system = System(Watching())
    state = start(system)
    assert list(system.successors(state)) == list(system.successors(state))


def test_history_sees_a_crash() -> None:
    system = System(Losing())
    ends = [o for step, o in system.successors(start(system)) if step.kind is Kind.CRASH]
    assert {end.state.shared[-1] for end in ends if isinstance(end, Outcome)} == {1}


def test_what_a_step_does_to_a_process_is_gone_when_the_state_is_loaded() -> None:
    system = System(Counting())
    state, view = start(system), system.new_view()
    view.load(state)
    vars(view.lend(0, state.processes[0]))["kept"] = True
    view.load(state)
    assert view.locals(0) == state.processes[0]


class Stuck(Counting):
    """A property between crashes that a step breaks."""

    @step_invariant
    @between_crashes
    def nobody_learns(self, after: Stuck) -> bool:
        """Memory stays empty."""
        return all(n.lost or not after.nodes[n.id].lost for n in self.nodes)


def test_a_property_between_crashes_is_asked_of_every_other_step() -> None:
    result = check(Stuck())
    assert result.violation is not None
    assert (result.violation.name, result.violation.length) == ("nobody_learns", 1)


class Asking(Process):
    """Asks whether the nodes are a quorum of the askers."""

    done: bool = durable(False)

    @action
    def ask(self) -> None:
        """Mistakes one cluster for another."""
        self.done = self.is_quorum(self.members(Node))


class Mistaken(Plain):
    """Two clusters."""

    askers: Cluster[Asking] = cluster(1)


def test_a_quorum_of_another_cluster_is_a_mistake() -> None:
    with pytest.raises(ModelError, match=r"askers\[0\] asks whether processes of another cluster are a quorum"):
        check(Mistaken())
