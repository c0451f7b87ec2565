"""The canonical form in the kernel dialect: the same for all images of a state, and the reference engine's own."""

from __future__ import annotations

import ctypes
import random
import tempfile
from enum import Enum
from functools import cache
from typing import Annotated, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quorate.checker.native.dialect import compile_module
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
    invariant,
    message,
    receive,
    record,
    shared,
)
from quorate.models.paxos.paxos_sets import PaxosSets
from quorate.models.semantics import Outcome, State
from quorate.models.two_phase_commit import TwoPhaseCommit

from ..reference.family import Drawn, protocols
from ..reference.test_generated import protocol_of
from ..reference.wide import Wide, wide_protocols
from .layout_models import first_states, models
from .symmetric import Canon


@cache
def canon_of(name: str) -> Canon:
    return Canon(models()[name])


def symmetric() -> list[str]:
    """The bundled models in which something is renamed."""
    return [name for name in sorted(models()) if canon_of(name).symmetry.orbits]


def assert_canonical(canon: Canon, states: list[State], chance: random.Random) -> None:
    """The text finds for a state and for an image the image that the reference engine finds."""
    for state in states:
        image = canon.image(state, canon.some_renaming(chance))
        assert canon.found(state) == canon.expected(state) == canon.found(image) == canon.expected(image)


def walked(canon: Canon, length: int, chance: random.Random) -> list[State]:
    """The states of a random walk, which begins anew where nothing can happen."""
    states = first_states(canon.system, 1)[:1]
    while len(states) < length:
        ends = [tried.state for _, tried in canon.system.successors(states[-1]) if isinstance(tried, Outcome)]
        states.append(chance.choice(ends or states[:1]) if len(states) % 30 else states[0])
    return states


NAMES = symmetric()


@pytest.mark.parametrize("name", NAMES)
def test_the_states_of_a_bundled_model(name: str) -> None:
    canon = canon_of(name)
    assert_canonical(canon, first_states(canon.system, 300)[::2], random.Random(name))


@pytest.mark.parametrize("name", NAMES)
def test_all_images_of_a_state_have_one_canonical_form_which_is_one_of_them(name: str) -> None:
    canon = canon_of(name)
    for state in first_states(canon.system, 300)[::30]:
        images = [canon.encoded(canon.image(state, renaming)) for renaming in canon.renamings()]
        found = canon.found(state)
        assert found in images
        assert {tuple(canon.found(canon.packing.decode(image))) for image in images} == {tuple(found)}


def test_some_bundled_models_have_orbits_of_each_kind() -> None:
    kinds = {(isinstance(o.name, str), o.exact) for name in NAMES for o in canon_of(name).symmetry.orbits}
    assert kinds == {(True, False), (False, False), (False, True)}


@pytest.mark.parametrize(
    ("protocol", "exact"),
    [
        (PaxosSets(acceptors=5), [False, True]),
        (PaxosSets(acceptors=3, ballots=4), [False, True]),
        (PaxosSets(acceptors=5, ballots=3, values=3), [False, True]),
        (TwoPhaseCommit(managers=8), [True]),
        (TwoPhaseCommit(managers=12), [True]),
    ],
    ids=lambda p: "" if isinstance(p, list) else repr(p.parameters),
)
def test_many_members(protocol: Protocol, exact: list[bool]) -> None:
    canon, chance = Canon(protocol), random.Random(1)
    assert [orbit.exact for orbit in canon.symmetry.orbits] == exact
    # a walk gets further than the first states do
    assert_canonical(canon, walked(canon, 60, chance), chance)


def test_without_symmetry_there_is_no_text() -> None:
    canon = canon_of("classic.die_hard.DieHard")
    assert canon.symmetry.orbits == ()
    assert "canon" not in canon.text


# -- drawn protocols ---------------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.one_of(protocols(), wide_protocols()), st.randoms(use_true_random=False))
def test_the_states_of_a_drawn_protocol(drawn: Drawn | Wide, chance: random.Random) -> None:
    with tempfile.TemporaryDirectory() as folder:
        canon = Canon(protocol_of(drawn, folder), slots=64)
        if canon.symmetry.orbits:
            assert_canonical(canon, first_states(canon.system, 60), chance)


# -- values of every kind ----------------------------------------------------------------------------------------------


class Colour(Symbol, size="colours"):
    """Interchangeable."""


class Side(Enum):
    """Not interchangeable."""

    LEFT, RIGHT = range(2)


Small = Annotated[int, Range(-1, 1)]


@record
class Note:
    """Names a process and perhaps a colour."""

    about: Ref[Node]
    colour: Colour | None
    side: Side


@message
class Tell:
    """Names everything."""

    colour: Colour
    who: Ref[Node] | None
    some: frozenset[Ref[Node]]
    row: Annotated[tuple[Colour, ...], AtMost(2)]


class Node(Process):
    """Keeps values that name processes and colours."""

    small: Small = durable(0)
    known: frozenset[Small] = durable(frozenset())
    best: Ref[Node] | None = durable(None)
    maybe: Note | None = durable(None)
    others: frozenset[Ref[Node]] = durable(frozenset())
    pairs: frozenset[tuple[Ref[Node], Ref[Node]]] = durable(frozenset())
    queue: Annotated[tuple[tuple[Ref[Node], Side], ...], AtMost(2)] = durable(())

    @action
    def tell(self, colour: Colour, who: Ref[Node]) -> None:
        """Tell the others."""
        self.broadcast(Tell(colour, who, frozenset({who}), (colour,)))
        self.best = who

    @receive
    def on_tell(self, m: Tell, sender: Ref[Node]) -> None:
        """Note it."""
        self.best = m.who
        self.others |= {sender}


class Plain(Process):
    """Of a cluster that is named by nobody."""

    colour: Colour | None = durable(None)
    small: Small = durable(0)

    @action
    def paint(self, colour: Colour) -> None:
        """Choose a colour."""
        self.colour = colour


class Kinds(Protocol):
    """Shared fields of every kind."""

    nodes: Cluster[Node] = cluster(3)
    plain: Cluster[Plain] = cluster(2)
    colours: int = 2

    by_node: Map[Ref[Node], Small] = shared(every(0))
    by_colour: Map[Colour, frozenset[Colour]] = shared(every(frozenset()))
    by_pair: Map[tuple[Ref[Node], Colour], bool] = shared(every(False))
    by_set: Map[frozenset[Colour], Ref[Node] | None] = shared(every(None))
    notes: frozenset[Note] = shared(frozenset())
    teams: frozenset[frozenset[Ref[Node]]] = shared(frozenset())
    choices: frozenset[Map[Colour, bool]] = shared(frozenset())
    words: frozenset[Annotated[tuple[Colour, ...], AtMost(2)]] = shared(frozenset())
    triples: frozenset[tuple[Ref[Node], Ref[Node], Colour, Side, Small]] = shared(frozenset())
    near: frozenset[tuple[Small, Side, Ref[Node], Side]] = shared(frozenset())
    far: frozenset[tuple[Small, Small, Side, Ref[Node], Small]] = shared(frozenset())
    plainly: frozenset[Small] = shared(frozenset())

    @invariant
    def anything(self) -> bool:
        """Asks what was sent, so that it is kept."""
        return len(self.sent(Tell)) >= 0


class InBag(Kinds):
    """With a bag of messages, and crashes for good."""

    network = Bag(capacity=4, duplicates=1)
    faults = (Crash(of=Node, stays_down=True), Crash())


class InQueues(Kinds):
    """With queues, and a partition."""

    network = Fifo(capacity=2)
    faults = (Partition(),)


class InSet(Kinds):
    """With messages that stay."""

    network = MessageSet()


KINDS: list[Protocol] = [
    InBag(),
    InQueues(colours=3, plain=1),
    InSet(plain=3),
    InBag(nodes=2, plain=4),
    InQueues(nodes=1, plain=3, colours=2),
    InSet(nodes=4, plain=1, colours=1),
]


def drawn_values(canon: Canon, state: State, chance: random.Random) -> State:
    """A state with the network, faults and history of this one, and any values in some of its fields."""
    often = chance.choice((0.1, 0.3, 1))

    def values(fields: Any) -> tuple[Any, ...]:
        reps = [canon.layout.reps.of(field.domain) for field in fields]
        numbers = [chance.randrange(rep.size or 0) if chance.random() < often else 0 for rep in reps]
        return tuple(rep.unflatten(rep.from_index(number)) for rep, number in zip(reps, numbers, strict=True))

    shape = canon.system.shape
    processes = [values(shape.shapes[ref.cluster].fields) for ref in canon.system.refs]
    # ties: some processes are alike
    for number, ref in enumerate(canon.system.refs):
        other = chance.randrange(number + 1)
        if canon.system.refs[other].cluster == ref.cluster and chance.random() < 0.3:
            processes[number] = processes[other]
    return state._replace(shared=values(shape.fields), processes=tuple(processes))


@cache
def canon_of_kinds(number: int) -> Canon:
    return Canon(KINDS[number], slots=128)


@pytest.mark.parametrize("number", range(len(KINDS)), ids=lambda n: f"{type(KINDS[n]).__name__}{KINDS[n].parameters}")
def test_values_of_every_kind(number: int) -> None:
    canon, chance = canon_of_kinds(number), random.Random(7)
    assert_canonical(canon, [drawn_values(canon, s, chance) for s in walked(canon, 120, chance)], chance)


@pytest.mark.parametrize("kept", [("network", "faults", "sent"), ("faults", "sent"), ("sent",)], ids=" ".join)
@pytest.mark.parametrize("number", range(len(KINDS)), ids=lambda n: f"{type(KINDS[n]).__name__}{KINDS[n].parameters}")
def test_where_fields_tell_nothing_the_rest_decides(number: int, kept: tuple[str, ...]) -> None:
    canon, chance = canon_of_kinds(number), random.Random(8)
    states = walked(canon, 120, chance)
    bare = [states[0]._replace(**{name: getattr(state, name) for name in kept}) for state in states]
    assert_canonical(canon, list(dict.fromkeys(bare)), chance)


# -- machine code ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["paxos.paxos.Paxos", "paxos.paxos_sets.PaxosSets", "raft.raft.Raft"])
def test_machine_code(name: str) -> None:
    canon = canon_of(name)
    machine = compile_module(canon.text, {}, canon.tables, ["canon"])
    run = machine.function("canon", 2)
    memory = (ctypes.c_int64 * canon.memory)()
    for state in first_states(canon.system, 200):
        words = (ctypes.c_int64 * canon.packing.words)(*canon.encoded(state))
        run(words, memory)
        assert list(words) == canon.expected(state)
