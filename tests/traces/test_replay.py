"""Recorded traces on candidates: reproduced, no longer possible, no longer a violation."""

from __future__ import annotations

import inspect
import json
from typing import Annotated, Any

import pytest

from quorate.models.language import (
    Bag,
    Cluster,
    Crash,
    Fifo,
    ModelError,
    Process,
    Protocol,
    Range,
    Ref,
    action,
    cluster,
    durable,
    receive,
    require,
    restart,
    volatile,
)
from quorate.models.semantics import System
from quorate.traces import Replay, Replayed, TraceError, replay, verify, write

from . import louder
from .toys import (
    Ask,
    Backwards,
    Election,
    Faulty,
    Generous,
    Grant,
    LongPings,
    MutePings,
    Pings,
    Queued,
    RaisingPings,
    Role,
    SoundPings,
    Ticks,
    TwoLeaders,
    Value,
    Voter,
    find,
    walk,
)


@pytest.fixture(scope="module")
def recorded() -> str:
    return write(find(TwoLeaders()))


def on(recorded: str, candidate: Protocol) -> Replayed:
    return replay(recorded, System(candidate))


def line_of(function: Any, text: str) -> int:
    lines, first = inspect.getsourcelines(function)
    return first + next(i for i, line in enumerate(lines) if text in line)


# -- reproduced ----------------------------------------------------------------------------------------------------


def test_the_same_model_reproduces_it(recorded: str) -> None:
    replayed = on(recorded, TwoLeaders())
    assert replayed.outcome is Replay.REPRODUCED
    assert (replayed.step, replayed.differs_from) == (6, None)
    assert str(replayed) == "reproduced: one_leader is violated after 6 steps"
    assert "a = servers[0] (term=1)" in replayed.describe()
    assert replayed.trace
    verify(replayed.trace)


class Watched(Generous):
    asked: Annotated[int, Range(0, 9)] = volatile(0)

    @receive
    def on_ask(self, m: Ask, sender: Ref[Voter]) -> None:
        self.asked += 1
        super().on_ask(m, sender)


class WithCounter(TwoLeaders):
    servers: Cluster[Watched] = cluster(3)


def test_a_candidate_may_have_other_fields_and_parameters(recorded: str) -> None:
    for candidate in (WithCounter(), WithCounter(terms=2, values=2)):
        replayed = on(recorded, candidate)
        assert (replayed.outcome, replayed.step) == (Replay.REPRODUCED, 6)


def test_an_earlier_violation_ends_the_replay(recorded: str) -> None:
    class Selfish(Generous):
        @action
        def stand(self, value: Value) -> None:
            super().stand(value)
            self.role = Role.LEADER

    class Candidate(TwoLeaders):
        servers: Cluster[Selfish] = cluster(3)

    Candidate.__annotations__["servers"] = Cluster[Selfish]
    replayed = on(recorded, Candidate())
    assert (replayed.outcome, replayed.step, replayed.differs_from) == (Replay.REPRODUCED, 2, 1)
    assert replayed.action == "servers[1] stand(value=Value[0])"


# -- no longer a violation -----------------------------------------------------------------------------------------


class Humble(Generous):
    @receive
    def on_grant(self, m: Grant, sender: Ref[Voter]) -> None:
        self.votes |= {sender}


class NoLeaders(TwoLeaders):
    servers: Cluster[Humble] = cluster(3)


def test_the_steps_are_followed_where_the_states_differ(recorded: str) -> None:
    replayed = on(recorded, NoLeaders())
    assert replayed.outcome is Replay.NOT_A_VIOLATION
    assert (replayed.step, replayed.differs_from) == (6, 5)
    assert str(replayed) == "no longer a violation: all 6 steps are possible, and one_leader holds in every state"
    assert replayed.describe().endswith("\n  the states differ from the recorded ones from step 5 on")


# -- no longer possible --------------------------------------------------------------------------------------------


def impossible(replayed: Replayed, step: int) -> str:
    assert replayed.outcome is Replay.NOT_POSSIBLE
    assert replayed.step == step
    assert str(replayed) == f"no longer possible: step {step}, {replayed.action}: {replayed.reason}"
    return replayed.reason


def test_a_message_that_is_not_there_is_named(recorded: str) -> None:
    reason = impossible(on(recorded, Election()), 5)
    grant = "Grant(term=1, log=[{term: 1, value: Value[0]}])"
    assert reason == f"the message {grant} from servers[0] to servers[1] is not in the network"


class Careful(Generous):
    @action
    def stand(self, value: Value) -> None:
        require(self.role is not Role.LEADER and not any(asked for asked, _ in self.seen.values()))
        require(
            self.term + 1 == 1 and self.voted_for != self.id and rank_of(self.id) == 0  # only the first one stands
        )
        super().stand(value)


def rank_of(one: Ref[Any]) -> int:
    return one.index


class OnlyTheFirst(TwoLeaders):
    servers: Cluster[Careful] = cluster(3)


def test_a_guard_is_named_with_its_line_and_values(recorded: str) -> None:
    reason = impossible(on(recorded, OnlyTheFirst()), 2)
    line = line_of(Careful, "require(\n")
    assert f":{line} (rank_of(self.id) is 1)" in reason
    assert (
        "guard is not met: require(self.term + 1 == 1 and self.voted_for != self.id and (rank_of(self.id) == 0)) at "
        in reason
    )
    assert "tests/traces/test_replay.py" in reason


class Renamed(Process):
    term: Annotated[int, Range(0, "terms")] = durable(0)

    @action
    def campaign(self) -> None:
        self.term += 1

    def leads(self) -> bool:
        return False


class OtherNames(Protocol):
    servers: Cluster[Renamed] = cluster(3)
    terms: int = 1
    network = Bag()

    def one_leader(self) -> bool:
        return True

    invariants = (one_leader,)


def test_an_action_that_is_gone_is_named(recorded: str) -> None:
    assert impossible(on(recorded, OtherNames()), 1) == "Renamed has no action stand any more"


def test_a_process_that_is_not_there_is_named(recorded: str) -> None:
    assert impossible(on(recorded, TwoLeaders(servers=1)), 2) == "there is no process servers[1]"


def test_a_bound_that_cuts_is_named(recorded: str) -> None:
    assert impossible(on(recorded, TwoLeaders(terms=0)), 1) == "it is cut by the bound terms"


def test_an_argument_outside_the_domain_is_named() -> None:
    recorded = json.loads(write(find(TwoLeaders(values=2))))
    recorded["steps"][1]["arguments"]["value"] = "Value[1]"
    reason = impossible(replay(json.dumps(recorded), System(TwoLeaders(values=1))), 1)
    assert reason == "value=Value[1] is not one of the 1 members of Value"


def test_another_message_between_the_same_two_is_shown(recorded: str) -> None:
    data = json.loads(recorded)
    data["steps"][3]["message"]["fields"]["term"] = 0
    reason = impossible(on(json.dumps(data), TwoLeaders()), 3)
    assert (
        reason
        == "the message Ask(term=0) from servers[0] to servers[1] is not in the network; instead there is Ask(term=1)"
    )


def test_a_step_that_fails_is_not_possible(recorded: str) -> None:
    reason = impossible(on(recorded, Failing()), 3)
    line = line_of(Fails, "self.log[5]")
    assert reason.startswith("it fails with IndexError: require(self.log[5].term == 0) at ")
    assert reason.endswith(f":{line}")


class Fails(Generous):
    @receive
    def on_ask(self, m: Ask, sender: Ref[Voter]) -> None:
        require(self.log[5].term == 0)


class Failing(TwoLeaders):
    servers: Cluster[Fails] = cluster(3)


# -- networks and faults -------------------------------------------------------------------------------------------


def faulted(kind: str, protocol: Protocol, seeds: int = 60) -> tuple[str, int]:
    """A recorded walk with a step of this kind, and its number."""
    for seed in range(seeds):
        text = write(walk(protocol, seed, 20))
        numbers = [step["number"] for step in json.loads(text)["steps"] if step["kind"] == kind]
        if numbers:
            return text, numbers[0]
    raise LookupError(kind)


class NoFaults(Faulty):
    faults = ()


class NoPartition(Faulty):
    faults = (Crash(times=2),)


class NoLoss(Faulty):
    network = Bag(duplicates=1, copies=2)


class NoDuplicates(Faulty):
    network = Bag(loses=True, copies=2)


class QueuesHold(Queued):
    network = Fifo()


@pytest.mark.parametrize(
    ("kind", "recorded_on", "candidate", "reason"),
    [
        ("crash", Faulty(), NoFaults(), "no crash of this process is left"),
        ("partition", Faulty(), NoPartition(), "no partition is left"),
        ("lose", Faulty(), NoLoss(), "this network does not lose it"),
        ("lose", Queued(), QueuesHold(), "this network does not lose it"),
        ("duplicate", Faulty(), NoDuplicates(), "no delivery that keeps its copy is left"),
    ],
)
def test_a_fault_that_cannot_happen_is_named(
    kind: str, recorded_on: Protocol, candidate: Protocol, reason: str
) -> None:
    text, number = faulted(kind, recorded_on)
    assert impossible(on(text, candidate), number) == reason


def test_a_process_that_is_down_takes_no_step() -> None:
    text, _ = faulted("crash", OneCrash())
    reasons = [on(write(walk(OneCrash(), seed, 12)), StaysDown()).reason for seed in range(30)]
    assert text
    assert any(reason.endswith("is down") for reason in reasons)


class Sound(Process):
    n: Annotated[int, Range(0, 1)] = durable(0)

    @restart
    def start(self) -> None:
        self.n = 1


class Damaged(Sound):
    def start(self) -> None:
        require(self.n > 0)
        super().start()


class Starts(Protocol):
    nodes: Cluster[Sound] = cluster(1)
    faults = (Crash(),)


class StartsNot(Starts):
    nodes: Cluster[Damaged] = cluster(1)


def test_a_restart_that_refuses_is_named() -> None:
    text, number = faulted("crash", Starts())
    reason = impossible(on(text, StartsNot()), number)
    assert reason.startswith("of its restart, the guard is not met: require(self.n > 0) at ")


class OneCrash(TwoLeaders):
    faults = (Crash(times=1),)
    network = Bag()


class StaysDown(TwoLeaders):
    faults = (Crash(times=1, stays_down=True),)
    network = Bag()


def test_a_message_behind_another_one_waits() -> None:
    reasons = {on(write(walk(Unordered(), seed, 6)), Ticks()).reason for seed in range(20)}
    assert "the message Tick(number=0) from clocks[0] to clocks[1] is behind another one in its queue" in reasons


class Unordered(Ticks):
    network = Bag()


# -- other kinds ---------------------------------------------------------------------------------------------------


def test_an_assertion() -> None:
    trace = find(Pings())
    assert (trace.kind, trace.length) == ("assertion", 4)
    text = write(trace)
    assert str(on(text, Pings())) == "reproduced: an assertion fails after 4 steps"
    assert str(on(text, SoundPings())) == "no longer a violation: all 4 steps are possible, and no assertion fails"
    assert impossible(on(text, MutePings()), 1).startswith("the guard is not met: require(self.heard < self.most())")
    assert "it fails with IndexError" in impossible(on(text, RaisingPings()), 4)


def test_messages_may_have_other_fields() -> None:
    replayed = on(write(find(Pings())), louder.Pings())
    assert str(replayed) == "reproduced: an assertion fails after 4 steps"
    assert replayed.trace
    assert repr(replayed.trace.moments[-1].step.envelope).endswith("message=Ping(loud=True))")


def test_a_mistake_in_the_model() -> None:
    trace = find(RaisingPings())
    assert trace.kind == "error"
    text = write(trace)
    assert str(on(text, RaisingPings())) == f"reproduced: the model fails after {trace.length} steps"
    assert str(on(text, SoundPings())).endswith("and nothing fails")


def test_a_deadlock() -> None:
    trace = find(SoundPings(limit=9), deadlock=True)
    text = write(trace)
    assert trace.kind == "deadlock"
    assert str(on(text, SoundPings(limit=9))) == f"reproduced: a deadlock after {trace.length} steps"
    assert on(text, Pings(limit=9)).outcome is Replay.NOT_POSSIBLE
    assert str(on(text, LongPings(limit=9))).endswith("another step can be taken at the end")


def test_a_step_invariant() -> None:
    trace = find(Backwards())
    assert (trace.kind, trace.violated) == ("step invariant", "terms_grow")
    verify(trace)
    text = write(trace)
    assert on(text, Backwards()).outcome is Replay.REPRODUCED
    assert str(on(text, TwoLeaders())).endswith("terms_grow holds of every step")


def test_a_run_that_shows_nothing() -> None:
    text = write(walk(Faulty(), 2, 10))
    assert str(on(text, Faulty())) == "reproduced: all 10 steps are possible"


# -- mistakes ------------------------------------------------------------------------------------------------------


def test_a_candidate_without_the_property_is_a_mistake(recorded: str) -> None:
    with pytest.raises(ModelError, match="Pings has no property one_leader"):
        on(recorded, Pings())


def one_leader(p: Election) -> bool:
    return bool(p.leaders[7])


class Broken(TwoLeaders):
    invariants = (one_leader,)


def test_a_property_that_raises_is_a_mistake_of_the_candidate(recorded: str) -> None:
    with pytest.raises(ModelError, match="the property one_leader fails with KeyError after step 0"):
        on(recorded, Broken())


def test_a_trace_is_checked_before_it_is_replayed(recorded: str) -> None:
    with pytest.raises(TraceError, match="/steps/1/kind"):
        on(recorded.replace('"kind": "action"', '"kind": "dance"', 1), TwoLeaders())


def test_every_step_of_a_counterexample_matters(recorded: str) -> None:
    outcomes = set()
    for number in range(1, 6):
        data = json.loads(recorded)
        del data["steps"][number]
        data["length"] -= 1
        for i, step in enumerate(data["steps"]):
            step["number"] = i
        outcomes.add(on(json.dumps(data), TwoLeaders()).outcome)
    assert Replay.REPRODUCED not in outcomes
    assert Replay.NOT_POSSIBLE in outcomes
