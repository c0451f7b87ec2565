"""Messages that hold sets: delivered, kept and renamed alike by both engines."""

from __future__ import annotations

import random
from typing import Annotated

import pytest

from quorate.checker import Limits, simulate
from quorate.models.language import (
    AtMost,
    Bag,
    Cluster,
    Fifo,
    MessageSet,
    Network,
    Process,
    Protocol,
    Range,
    Ref,
    Symbol,
    action,
    cluster,
    durable,
    invariant,
    message,
    receive,
    record,
    require,
)
from quorate.models.semantics import Envelope, Outcome

from .agreeing import check, told
from .symmetric import Canon

NETWORKS: dict[str, Network] = {
    "set": MessageSet(),
    "bag": Bag(capacity=2, duplicates=1),
    "merging bag": Bag(copies=1, capacity=2),
    "lossy queues": Fifo(capacity=1, loses=True),
}

Step = Annotated[int, Range(0, 2)]


class Value(Symbol, size="values"):
    """Interchangeable."""


# -- sets of identities, from which processes learn who is there -------------------------------------------------------


@message
class Known:
    """Whom the sender knows."""

    who: frozenset[Ref[Node]]


class Node(Process):
    """Tells the others whom it knows, twice at most."""

    known: frozenset[Ref[Node]] = durable(frozenset())
    told: Step = durable(0)

    @action
    def tell(self, other: Ref[Node]) -> None:
        """Tell the others of one more."""
        require(self.told < 1 and other != self.id)
        self.told += 1
        self.broadcast(Known(self.known | {self.id, other}))

    @receive
    def on_known(self, m: Known, sender: Ref[Node]) -> None:
        """Learn."""
        require(sender in m.who and not m.who <= self.known)
        self.known |= m.who - {self.id}


class Gossip(Protocol):
    """Three nodes."""

    nodes: Cluster[Node] = cluster(3)

    @invariant
    def not_everybody_knows(self) -> bool:
        """Somebody knows fewer than two."""
        return any(len(p.known) < 2 for p in self.nodes)


# -- sets of symbols, and an optional one ------------------------------------------------------------------------------


@message
class Offer:
    """What the sender has, and what it wants if that is known."""

    has: frozenset[Value]
    wants: frozenset[Value] | None


class Trader(Process):
    """Offers values, and takes what it lacks."""

    has: frozenset[Value] = durable(frozenset())
    offered: bool = durable(False)

    @action
    def offer(self, value: Value, picky: bool) -> None:
        """Offer one more value."""
        require(not self.offered)
        self.offered = True
        self.broadcast(Offer(self.has | {value}, self.has if picky else None))

    @receive
    def on_offer(self, m: Offer) -> None:
        """Take what the other does not want."""
        require(not m.has <= self.has)
        self.has |= m.has if m.wants is None else m.has - m.wants


class Market(Protocol):
    """Two traders."""

    traders: Cluster[Trader] = cluster(2)
    values: int = 3

    @invariant
    def nobody_has_two(self) -> bool:
        """Nobody has more than one value."""
        return all(len(p.has) < 2 for p in self.traders)


# -- sets of records ---------------------------------------------------------------------------------------------------


@record
class Vote:
    """Who votes for whom, and for what."""

    voter: Ref[Voter]
    candidate: Ref[Voter]
    value: Value


@message
class Ballots:
    """All votes that the sender has seen."""

    votes: frozenset[Vote]


class Voter(Process):
    """Votes once, and passes votes on."""

    seen: frozenset[Vote] = durable(frozenset())
    voted: bool = durable(False)

    @action
    def vote(self, candidate: Ref[Voter], value: Value) -> None:
        """Vote."""
        require(not self.voted)
        self.voted = True
        self.send(candidate, Ballots(self.seen | {Vote(self.id, candidate, value)}))

    @receive
    def on_ballots(self, m: Ballots, sender: Ref[Voter]) -> None:
        """Count them."""
        require(any(v.voter == sender for v in m.votes))
        self.seen |= m.votes


class Poll(Protocol):
    """Two voters."""

    voters: Cluster[Voter] = cluster(2)
    values: int = 2

    @invariant
    def no_agreement(self) -> bool:
        """No two votes are for the same value."""
        return all(len({v.value for v in p.seen}) == len(p.seen) for p in self.voters)


# -- an optional set in a record in a sequence, as a configuration in a log --------------------------------------------


@record
class Entry:
    """An entry of a log, which may be a configuration."""

    term: Annotated[int, Range(1, "terms")]
    config: frozenset[Ref[Server]] | None


Log = Annotated[tuple[Entry, ...], AtMost("entries")]


@message
class Append:
    """The whole log of the sender."""

    log: Log


class Server(Process):
    """Appends, and sends its log to the members of its configuration."""

    log: Log = durable(())

    def config(self) -> frozenset[Ref[Server]]:
        """The last configuration of the log."""
        configs = tuple(e.config for e in self.log if e.config is not None)
        return configs[-1] if configs else self.members(Server)

    @action
    def append(self, config: frozenset[Ref[Server]] | None) -> None:
        """Append an entry."""
        require(config is None or (self.id in config and len(config) > 1))
        self.log += (Entry(len(self.log) + 1, config),)

    @action
    def replicate(self, to: Ref[Server]) -> None:
        """Send the log to a member."""
        require(to != self.id and to in self.config() and len(self.log) == 1)
        self.send(to, Append(self.log))

    @receive
    def on_append(self, m: Append, sender: Ref[Server]) -> None:
        """Take a log that is longer."""
        require(len(m.log) > len(self.log))
        require(all(sender in e.config for e in m.log if e.config is not None))
        self.log = m.log


class Replicas(Protocol):
    """Three servers."""

    servers: Cluster[Server] = cluster(3)
    terms: int = 1
    entries: int = 1

    @invariant
    def some_are_behind(self) -> bool:
        """Not all servers have a log with a configuration in it."""
        return any(all(e.config is None for e in p.log) for p in self.servers)


# -- sets of pairs, from one cluster to another ------------------------------------------------------------------------


@message
class Report:
    """Who met whom."""

    met: frozenset[tuple[Ref[Guest], Ref[Guest]]]


class Guest(Process):
    """Reports two meetings."""

    reports: Step = durable(0)

    @action
    def report(self, one: Ref[Guest], other: Ref[Guest]) -> None:
        """Tell the host."""
        require(self.reports < 2)
        self.reports += 1
        self.broadcast(Report(frozenset(((one, other), (other, one)))), to=Host)


class Host(Process):
    """Keeps all reports."""

    met: frozenset[tuple[Ref[Guest], Ref[Guest]]] = durable(frozenset())

    @receive
    def on_report(self, m: Report) -> None:
        """Keep it."""
        self.met |= m.met


class Party(Protocol):
    """Two guests and a host."""

    guests: Cluster[Guest] = cluster(2)
    host: Cluster[Host] = cluster(1)

    @invariant
    def not_everybody_met(self) -> bool:
        """A meeting is missing."""
        return all(len(p.met) < 3 for p in self.host)


MODELS: dict[str, type[Protocol]] = {
    "identities": Gossip,
    "symbols": Market,
    "records": Poll,
    "optional in a log": Replicas,
    "pairs": Party,
}


def on(model: str, network: str) -> Protocol:
    """A model with a network."""
    cls = MODELS[model]
    made: type[Protocol] = type(cls.__name__, (cls,), {"network": NETWORKS[network], "__module__": __name__})
    return made()


every_model = pytest.mark.parametrize("model", MODELS)
every_network = pytest.mark.parametrize("network", NETWORKS)


@pytest.mark.parametrize("symmetry", [False, True], ids=["plain", "symmetric"])
@every_network
@every_model
def test_both_engines_explore_the_same(model: str, network: str, symmetry: bool) -> None:
    result = check(on(model, network), threads=[1, 3], symmetry=symmetry, go_on=True, limits=Limits(depth=5))
    assert result.distinct_states > 5


@every_network
@every_model
def test_messages_are_delivered_in_the_same_order(model: str, network: str) -> None:
    for states in (10, 31, 100):
        check(on(model, network), threads=[1], limits=Limits(states=states))


@every_network
@every_model
def test_walks_are_the_same_on_any_number_of_threads(model: str, network: str) -> None:
    results = [simulate(on(model, network), walks=50, steps=12, seed=5, threads=n, cached=False) for n in (1, 3)]
    assert [result.engine for result in results] == ["native"] * 2
    assert told(results[0]) == told(results[1])


@every_model
def test_all_envelopes_in_the_order_of_delivery(model: str) -> None:
    canon = Canon(on(model, "set"))
    envelopes = canon.layout.envelopes
    everything = [envelopes.at(place) for place in range(envelopes.universe or 0)]
    assert len(everything) > 5
    assert everything == sorted(everything, key=canon.system.key) == sorted(everything, key=envelopes.code)


@every_network
@every_model
def test_any_messages_are_renamed_alike(model: str, network: str) -> None:
    canon, chance = Canon(on(model, network), slots=8), random.Random(model)
    state = next(tried.state for _, tried in canon.system.attempts(None) if isinstance(tried, Outcome))
    for _ in range(60):
        sent = [_any_envelope(canon, chance) for _ in range(chance.randint(1, 2))]
        held = canon.system.carrier.send(state.network, list({(e.source, e.target): e for e in sent}.values()))
        now = state._replace(network=held)
        image = canon.image(now, canon.some_renaming(chance))
        assert canon.found(now) == canon.expected(now) == canon.found(image) == canon.expected(image)


def _any_envelope(canon: Canon, chance: random.Random) -> Envelope:
    envelopes = canon.layout.envelopes
    return envelopes.at(chance.randrange(envelopes.universe or 0))
