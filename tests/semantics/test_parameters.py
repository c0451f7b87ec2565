"""What a process reads of the parameters of its protocol, by both engines."""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Any
from typing import Protocol as Interface

import pytest

from quorate.checker import ModelFailed, Verdict
from quorate.checker.frontend import compile_model
from quorate.checker.ir import show
from quorate.checker.native.layout.state import StateLayout
from quorate.models.language import (
    Bag,
    Cluster,
    Has,
    Member,
    Process,
    Protocol,
    Range,
    Ref,
    action,
    cluster,
    durable,
    invariant,
    message,
    parameter,
    receive,
    require,
)
from quorate.models.semantics import System

from ..native.agreeing import check


@message
class Vote:
    """A vote for the one that receives it."""


class Rule(Enum):
    """How votes are given."""

    ONCE, TWICE = range(2)


class Counting:
    """Mixed in: how many votes are enough."""

    enough: int = parameter("quorum")


class Voter(Counting, Process):
    """Votes for others until the rule says stop, and leads with enough votes."""

    rule: Rule = parameter("rule")
    eager: bool = parameter("eager")
    share: Annotated[int, Range(0, 5)] = parameter("share")
    size: int = parameter("voters")
    patient: bool = durable(False)
    given: Annotated[int, Range(0, 2)] = durable(0)
    votes: frozenset[Ref[Voter]] = durable(frozenset())

    @action
    def vote(self, other: Ref[Voter]) -> None:
        """Vote for another."""
        require(not self.patient and (other != self.id or self.eager))
        require(self.given < (1 if self.rule is Rule.ONCE else 2))
        self.given += 1
        self.send(other, Vote())

    @receive
    def on_vote(self, m: Vote, sender: Ref[Voter]) -> None:
        """Count it."""
        self.votes |= {sender}

    def leads(self) -> bool:
        """Whether this one has enough votes."""
        return len(self.votes) >= self.enough and self.size > self.share


class Votes(Protocol):
    """Three voters."""

    voters: Cluster[Voter] = cluster(3)
    quorum: int = 2
    rule: Rule = Rule.ONCE
    eager: bool = False
    share: Annotated[int, Range(0, 5)] = 1
    network = Bag(copies=1)

    @invariant
    def one_leader(self) -> bool:
        """At most one leads."""
        return sum(1 for p in self.voters if p.leads()) < 2


@pytest.mark.parametrize("symmetry", [False, True], ids=["plain", "symmetric"])
@pytest.mark.parametrize(
    ("parameters", "verdict"),
    [
        ({}, Verdict.HOLDS),
        ({"quorum": 1}, Verdict.VIOLATED),
        ({"rule": Rule.TWICE}, Verdict.VIOLATED),
        ({"quorum": 3}, Verdict.HOLDS),
        ({"quorum": 1, "share": 3}, Verdict.HOLDS),
        ({"quorum": 1, "voters": 1}, Verdict.HOLDS),
        ({"quorum": 3, "eager": True, "voters": 3}, Verdict.HOLDS),
    ],
)
def test_what_a_process_does_depends_on_the_parameters(
    parameters: dict[str, Any], verdict: Verdict, symmetry: bool
) -> None:
    assert check(Votes(**parameters), threads=[1, 3], symmetry=symmetry).verdict == verdict


def test_a_parameter_takes_no_room_and_is_the_protocols() -> None:
    program = compile_model(Votes)
    layout = StateLayout(System(Votes()), program, 16)
    assert list(layout.records["voters"].fields) == ["patient", "given", "votes"]
    assert [field.name for field in program.processes[0].fields] == ["patient", "given", "votes"]
    text = show(program)
    assert "$quorum" in text
    assert "self.enough" not in text


class Turned(Voter):
    """A candidate: what was a parameter is a field, what was a field a parameter, and one is another parameter."""

    eager: bool = durable(True)
    patient: bool = parameter("eager")
    enough: int = parameter("share")

    @action
    def calm(self) -> None:
        """Vote for others only."""
        require(self.eager and not self.patient)
        self.eager = False


class Candidate(Votes):
    """With the candidate."""

    voters: Cluster[Turned] = cluster(2)


@pytest.mark.parametrize("eager", [False, True])
def test_a_candidate_declares_parameters_anew(eager: bool) -> None:
    result = check(Candidate(eager=eager), threads=[1, 3])
    assert ("voters.calm" in {name for name, count in result.actions.items() if count}) is not eager
    assert System(Candidate()).shape.shapes["voters"].cls._declared.keys() == {"given", "votes", "eager"}


# -- asked from outside ------------------------------------------------------------------------------------------------


class Limited(Member, Interface):
    """Who has a limit."""

    @property
    def limit(self) -> int:
        """As the name says."""
        ...


class Client(Process):
    """Counts up to the limit."""

    limit: int = parameter("limit")
    count: Annotated[int, Range(0, 3)] = durable(0)

    @action
    def up(self) -> None:
        """Count."""
        require(self.count < self.limit)
        self.count += 1


class Server(Client):
    """Of another class, with the same parameter; knows a client."""

    client: Ref[Client] | None = durable(None)

    @action
    def learn(self, client: Ref[Client]) -> None:
        """Learn of somebody, who may be a server."""
        require(self.count == self.limit)
        self.client = client


def limits(p: Has[Limited]) -> bool:
    """All have the same limit."""
    return all(m.limit == n.limit for m in p.members for n in p.members)


class Limits(Protocol):
    """Clients and a server."""

    clients: Cluster[Client] = cluster(2)
    servers: Cluster[Server] = cluster(1)
    limit: int = 2
    strict: bool = False
    invariants = (limits,)

    @invariant
    def known(self) -> bool:
        """The client that is known has a limit."""
        return all(self.known_limit(s) < 4 for s in self.servers if s.client is not None)

    def known_limit(self, server: Server) -> int:
        """The limit of the known process, which must be a client if that is asked."""
        if server.client is None or (not self.strict and server.client == server.id):
            return 0
        return self.clients[server.client].limit


def test_several_classes_are_asked_for_one_parameter() -> None:
    assert check(Limits(limit=1), threads=[1, 3]).verdict is Verdict.HOLDS


def test_asking_who_is_not_there_fails_alike() -> None:
    with pytest.raises(ModelFailed, match=r"servers\[0\] is not in this cluster"):
        check(Limits(limit=1, strict=True))
