"""Small protocols with every kind of field, network and fault, and traces of them."""

from __future__ import annotations

import random
from collections.abc import Callable
from enum import Enum
from typing import Annotated, Any

from quorate.models.language import (
    AtMost,
    Bag,
    Cluster,
    Crash,
    Fifo,
    Map,
    MessageSet,
    Partition,
    Process,
    Protocol,
    Range,
    Ref,
    Symbol,
    action,
    cluster,
    durable,
    every,
    ghost,
    initial,
    message,
    receive,
    record,
    require,
    restart,
    shared,
    volatile,
)
from quorate.models.language.faults import Fault
from quorate.models.language.networks import Network
from quorate.models.semantics import Cut, Judge, Outcome, PropertyFailed, State, Step, StepFailed, System
from quorate.traces import Moment, Trace
from quorate.traces.trace import Kind

Term = Annotated[int, Range(0, "terms")]


class Value(Symbol, size="values"):
    pass


class Role(Enum):
    FOLLOWER, CANDIDATE, LEADER = range(3)


@record
class Entry:
    term: Term
    value: Value | None


@message
class Ask:
    term: Term


@message
class Grant:
    term: Term
    log: Annotated[tuple[Entry, ...], AtMost("terms")]


class Voter(Process):
    term: Term = durable(0)
    voted_for: Ref[Voter] | None = durable(None)
    log: Annotated[tuple[Entry, ...], AtMost("terms")] = durable(())
    role: Role = volatile(Role.FOLLOWER)
    votes: frozenset[Ref[Voter]] = volatile(frozenset())
    seen: Map[Ref[Voter], tuple[bool, Term]] = volatile(every((False, 0)))

    @action
    def stand(self, value: Value) -> None:
        require(self.role is not Role.LEADER)
        self.term += 1
        self.role = Role.CANDIDATE
        self.voted_for = self.id
        self.votes = frozenset({self.id})
        self.log += (Entry(self.term, value),)
        self.broadcast(Ask(self.term))

    @receive
    def on_ask(self, m: Ask, sender: Ref[Voter]) -> None:
        require(m.term >= self.term)
        if m.term > self.term:
            self.term, self.role, self.voted_for = m.term, Role.FOLLOWER, None
        self.seen |= {sender: (True, m.term)}
        if self.may_vote(sender):
            self.voted_for = sender
            self.send(sender, Grant(self.term, self.log))

    def may_vote(self, sender: Ref[Voter]) -> bool:
        return self.voted_for in (None, sender)

    @receive
    def on_grant(self, m: Grant, sender: Ref[Voter]) -> None:
        require(self.role is Role.CANDIDATE and m.term == self.term)
        self.votes |= {sender}
        if self.is_quorum(self.votes):
            self.role = Role.LEADER

    def leads(self) -> bool:
        return self.role is Role.LEADER


def one_leader(p: Election) -> bool:
    leaders = [s for s in p.servers if s.leads()]
    return all(a.id == b.id or a.term != b.term for a in leaders for b in leaders)


def terms_grow(before: Election, after: Election) -> bool:
    return all(old.term <= new.term for old, new in zip(before.servers, after.servers, strict=True))


class Election(Protocol):
    """Correct: no trace violates anything."""

    servers: Cluster[Voter] = cluster(3)
    terms: int = 1
    values: int = 1
    crashes: int = 0
    leaders: Map[Term, frozenset[Ref[Voter]]] = ghost(every(frozenset()))
    network: Network = Bag(copies=1)
    faults: tuple[Fault, ...] = (Crash(times="crashes"),)
    invariants: tuple[Callable[[Any], bool], ...] = (one_leader,)
    step_invariants = (terms_grow,)


class Generous(Voter):
    def may_vote(self, sender: Ref[Voter]) -> bool:
        return True


class TwoLeaders(Election):
    """Everybody votes for everybody: two leaders of one term."""

    servers: Cluster[Generous] = cluster(3)


class Hasty(Voter):
    def is_quorum(self, members: frozenset[Ref[Any]]) -> bool:
        return True

    def may_vote(self, sender: Ref[Voter]) -> bool:
        return True


class OneVote(Election):
    """One vote is enough: a short counterexample even of two servers."""

    servers: Cluster[Hasty] = cluster(3)


class Faulty(Election):
    """Everything that can go wrong with a bag and its processes."""

    network: Network = Bag(duplicates=1, loses=True, copies=2)
    faults: tuple[Fault, ...] = (Crash(times=2), Partition(times=1))
    terms: int = 2
    values: int = 2


class Queued(Election):
    """Queues that break."""

    network: Network = Fifo(loses=True)
    faults: tuple[Fault, ...] = (Crash(times=1, stays_down=True), Partition())
    terms: int = 2


class Noted(Election):
    """Messages that stay."""

    network: Network = MessageSet()
    terms: int = 2


def asked_before_granted(p: Remembering) -> bool:
    return not p.sent(Grant) or bool(p.sent(Ask))


class Remembering(Election):
    """Its states hold what was ever sent."""

    invariants: tuple[Callable[[Any], bool], ...] = (asked_before_granted,)
    terms: int = 2


@message
class Tick:
    number: Annotated[int, Range(0, "ticks")]


class Clock(Process):
    heard: Annotated[int, Range(0, "ticks")] = durable(0)

    @action
    def tick(self) -> None:
        require(self.heard == 0)
        for other in self.peers:
            self.send(other, Tick(1))
            self.send(other, Tick(0))
            self.send(other, Tick(1))

    @receive
    def on_tick(self, m: Tick) -> None:
        self.heard += 1


class Ticks(Protocol):
    """Several equal messages in one queue."""

    clocks: Cluster[Clock] = cluster(2)
    ticks: int = 3
    network: Network = Fifo(loses=True)


class Wolf(Enum):
    """Names that a writer of any format must take care of."""

    A = 1


Hostile = Enum("Hostile", {'a"]; } --> <b>#&\\%%\x07\nend': 1, "é\u2028\ufffe": 2})


class Odd(Protocol):
    """Shared state only, two initial states, an action with arguments, names that other formats reserve."""

    _hidden: bool = shared(False)
    lambda_: Map[bool, Annotated[int, Range(0, 1)]] = shared(every(0))
    tag: tuple[Wolf, bool] | None = shared(None)
    pairs: Map[tuple[bool, bool], bool] = shared(every(False))
    word: Hostile = shared(Hostile(1))
    number: Annotated[int, Range(-1, 1)] = shared(0)

    @initial
    def choose(self, hidden: bool) -> None:
        self._hidden = hidden

    @action
    def put(self, key: bool, word: Hostile, pair: tuple[bool, bool]) -> None:
        require(not self.lambda_[key])
        self.lambda_ |= {key: 1}
        self.word = word
        self.tag = (Wolf.A, key)
        self.pairs |= {pair: True}
        self.number = -1


@message
class Ping:
    pass


class Asserting(Process):
    heard: Annotated[int, Range(0, "limit")] = durable(0)
    past: Annotated[tuple[bool, ...], AtMost(3)] = durable(())

    @action
    def ping(self) -> None:
        require(self.heard < self.most())
        self.broadcast(Ping())

    @receive
    def on_ping(self, m: Ping) -> None:
        self.heard += 1
        assert self.heard < self.broken(), "too often"

    def most(self) -> int:
        return 2

    def broken(self) -> int:
        return 2


class Pings(Protocol):
    nodes: Cluster[Asserting] = cluster(2)
    limit: int = 3
    network: Network = Bag(copies=1)


class Sound(Asserting):
    def broken(self) -> int:
        return 9


class SoundPings(Pings):
    nodes: Cluster[Sound] = cluster(2)


class Mute(Asserting):
    def most(self) -> int:
        return 0


class MutePings(Pings):
    nodes: Cluster[Mute] = cluster(2)


class Raising(Asserting):
    def broken(self) -> int:
        return 2 if self.heard < 2 else int(self.past[4])


class RaisingPings(Pings):
    nodes: Cluster[Raising] = cluster(2)


class Long(Sound):
    def most(self) -> int:
        return 9


class LongPings(Pings):
    nodes: Cluster[Long] = cluster(2)


class Back(Voter):
    @receive
    def on_ask(self, m: Ask, sender: Ref[Voter]) -> None:
        self.term = 0


class Backwards(Election):
    servers: Cluster[Back] = cluster(3)


def walk(protocol: Protocol, seed: int, steps: int) -> Trace:
    """A random walk."""
    system, choose = System(protocol), random.Random(seed)
    moments = [choose.choice([Moment(step, o.sent, o.state) for step, o in system.initial() if isinstance(o, Outcome)])]
    for _ in range(steps):
        state = moments[-1].state
        assert state is not None
        further = [Moment(step, o.sent, o.state) for step, o in system.successors(state) if isinstance(o, Outcome)]
        if not further:
            break
        moments.append(choose.choice(further))
    return Trace(system, tuple(moments))


def find(protocol: Protocol, deadlock: bool = False) -> Trace:
    """The first counterexample that a breadth-first search meets."""
    return _Search(protocol, deadlock).found()


class _Search:
    def __init__(self, protocol: Protocol, deadlock: bool) -> None:
        self.system = System(protocol)
        self.judge = Judge(self.system)
        self.deadlock = deadlock
        self.paths: dict[State, tuple[Moment, ...]] = {}

    def found(self) -> Trace:
        todo: list[State | None] = [None]
        for before in todo:
            path = () if before is None else self.paths[before]
            steps = 0
            try:
                for step, outcome in self.system.initial() if before is None else self.system.successors(before):
                    steps += 1
                    if not isinstance(outcome, Cut):
                        moment = Moment(step, outcome.sent, outcome.state)
                        trace = self.judged(before, step, (*path, moment), outcome.state)
                        if trace:
                            return trace
                        if outcome.state not in self.paths:
                            self.paths[outcome.state] = (*path, moment)
                            todo.append(outcome.state)
            except StepFailed as failed:
                kind: Kind = "assertion" if isinstance(failed.cause, AssertionError) else "error"
                return Trace(self.system, (*path, Moment(failed.step, (), None)), kind, "somewhere")
            if self.deadlock and not steps:
                return Trace(self.system, path, "deadlock", "deadlock")
        raise LookupError("no counterexample")

    def judged(self, before: State | None, step: Step, path: tuple[Moment, ...], after: State) -> Trace | None:
        try:
            for p in self.judge.of_step(before, step, after) if before is not None else ():
                return Trace(self.system, path, "step invariant", p.name)
            for p in self.judge.of_state(after):
                return Trace(self.system, path, "invariant", p.name)
        except PropertyFailed as failed:
            return Trace(self.system, path, "error", failed.name)
        return None


@message
class Ring:
    """A call."""

    loud: bool


class Caller(Process):
    """Calls, and starts anew."""

    @action
    def call(self) -> None:
        """Call the others."""
        self.broadcast(Ring(False))

    @action
    def start(self) -> None:
        """Call them over new connections."""
        self.broadcast(Ring(False))
        self.hang_up()

    @restart
    def recover(self) -> None:
        """Call them aloud over new connections."""
        self.hang_up()
        self.broadcast(Ring(True))

    def hang_up(self) -> None:
        """Break all connections."""
        for peer in self.peers:
            self.disconnect(peer)

    @receive
    def on_ring(self, m: Ring) -> None:
        """Nothing more."""


class Callers(Protocol):
    """Two that break connections."""

    callers: Cluster[Caller] = cluster(2)
    network: Network = Fifo()
    faults: tuple[Fault, ...] = (Crash(),)
