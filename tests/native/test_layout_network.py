"""Messages under way: which there can be, how they are numbered, and what each kind of network keeps."""

from __future__ import annotations

from typing import Annotated, Any

import pytest

from quorate.checker.native.layout import Bits, NoLayout, Overflow, Slots
from quorate.checker.native.layout.network import BagLayout, FifoLayout, SetLayout
from quorate.models.language import (
    Bag,
    Cluster,
    Crash,
    Faults,
    Fifo,
    Map,
    MessageSet,
    Network,
    Partition,
    Process,
    Protocol,
    Range,
    Ref,
    action,
    cluster,
    durable,
    every,
    invariant,
    message,
    receive,
)
from quorate.models.semantics import Envelope

from .layout_models import explored, first_states, layout_of, models

Level = Annotated[int, Range(0, "top")]


@message
class Ask:
    """Goes to servers only, and to all of them."""

    level: Level


@message
class Tell:
    """Goes to the other clients."""

    who: Ref[Client] | None
    level: Level


@message
class Note:
    """Goes to anybody who has a handler for it."""


@message
class Secret:
    """Is never sent."""

    level: Level


class Client(Process):
    """Asks servers, tells the others."""

    level: Level = durable(0)

    @action
    def ask(self) -> None:
        """Ask all servers."""
        self.broadcast(Ask(self.level), to=Server)

    @action
    def tell(self) -> None:
        """Tell the others, in a helper that a helper calls."""
        self.spread()

    def spread(self) -> None:
        """As said."""
        self.told(self.level)

    def told(self, level: Level) -> None:
        """As said."""
        self.broadcast(Tell(self.id, level))

    @receive
    def on_tell(self, m: Tell) -> None:
        """Nothing."""

    @receive
    def on_note(self, m: Note) -> None:
        """Nothing."""

    @receive
    def on_secret(self, m: Secret) -> None:
        """Nothing."""

    @receive
    def on_ask(self, m: Ask) -> None:
        """Nothing: nobody asks a client."""


class Server(Process):
    """Answers with a note."""

    @receive
    def on_ask(self, m: Ask, sender: Ref[Client]) -> None:
        """Answer."""
        self.send(sender, Note())


class Talk(Protocol):
    """Two clients and two servers."""

    clients: Cluster[Client] = cluster(2)
    servers: Cluster[Server] = cluster(2)
    top: int = 2
    network: Network = MessageSet()

    @invariant
    def few(self) -> bool:
        """Nothing wrong."""
        return len(self.sent(Ask)) < 99


class TalkInBag(Talk):
    """The same in a bag."""

    network: Network = Bag(duplicates=1, capacity="top")


class TalkInWideBag(Talk):
    """The same in a bag without a bound."""

    network: Network = Bag()


class TalkInQueues(Talk):
    """The same in queues."""

    network: Network = Fifo(capacity=3)


C0, C1, S0, S1 = (Ref[Any](cluster, i) for cluster in ("clients", "servers") for i in range(2))
ENDS = {C0: 0, C1: 1, S0: 2, S1: 3}
SENT = {
    "Tell": [(C0, C1), (C1, C0)],
    "Note": [(S0, C0), (S0, C1), (S1, C0), (S1, C1)],
    "Ask": [(C0, S0), (C0, S1), (C1, S0), (C1, S1)],
}


def test_what_can_be_under_way_is_what_a_statement_sends_to_who_has_a_handler() -> None:
    found = layout_of(Talk()).envelopes
    told = {(b.source, b.target, found.messages[b.kind].cls.__name__) for b in found.blocks}
    assert told == {(ENDS[a], ENDS[b], name) for name, pairs in SENT.items() for a, b in pairs}
    assert found.universe == 2 * 9 + 4 * 1 + 4 * 3


def test_blocks_lie_one_after_the_other() -> None:
    envelopes = layout_of(Talk()).envelopes
    blocks = envelopes.blocks
    assert [b.offset for b in blocks] == [sum(a.size for a in blocks[:n]) for n in range(len(blocks))]
    assert [(b.source, b.target, b.kind) for b in blocks] == sorted((b.source, b.target, b.kind) for b in blocks)
    assert all(envelopes.block(b.source, b.target, b.kind) is b for b in blocks)
    assert envelopes.block(ENDS[C0], ENDS[C0], 0) is None


@pytest.mark.parametrize(
    "protocol",
    [Talk(), *(models()[name] for name in ("raft.raft.Raft", "toys.ToyPaxos"))],
    ids=lambda p: type(p).__name__,
)
def test_numbers_of_envelopes_are_in_the_order_of_delivery(protocol: Protocol) -> None:
    layout = layout_of(protocol)
    envelopes = layout.envelopes
    assert envelopes.universe
    everything = [envelopes.at(place) for place in range(envelopes.universe)]
    assert [envelopes.place(envelope) for envelope in everything] == list(range(envelopes.universe))
    codes = [envelopes.code(envelope) for envelope in everything]
    assert [envelopes.envelope(code) for code in codes] == everything
    assert codes == sorted(set(codes))
    assert max(codes) <= envelopes.most_code < 1 << envelopes.bits
    assert sorted(everything, key=layout.system.key) == everything


def test_the_parts_of_a_code() -> None:
    envelopes = layout_of(Talk()).envelopes
    code = envelopes.code(Envelope(C1, C0, Tell(C1, 2)))
    kind = [m.cls for m in envelopes.messages].index(Tell)
    assert code >> envelopes.payload_bits == envelopes.head(1, 0, kind) == (1 * 4 + 0) * 4 + kind
    flag, who, level = envelopes.messages[kind].parts
    assert [(p.lo, p.bits, p.shift) for p in (flag, who, level)] == [(0, 1, 3), (0, 1, 2), (0, 2, 0)]
    assert [code >> p.shift & p.mask for p in (flag, who, level)] == [1, 1, 2]


# -- networks ----------------------------------------------------------------------------------------------------------

ASK, NOTE, TELL = Envelope(C0, S1, Ask(1)), Envelope(S1, C0, Note()), Envelope(C0, C1, Tell(None, 2))
LATER = Envelope(C0, C1, Tell(C0, 0))


def test_a_small_set_of_messages_has_a_bit_for_each() -> None:
    network = layout_of(Talk()).network
    assert isinstance(network, SetLayout)
    assert isinstance(network.posted, Bits)
    assert (network.kind, network.cells, str(network)) == ("bits", 1, "bit set of 34")
    held = (TELL, ASK, NOTE)
    cells = network.flatten(held)
    assert cells == [sum(1 << network.envelopes.place(e) for e in held)]
    assert network.unflatten(cells) == held


def test_a_large_set_of_messages_has_slots_in_ascending_order() -> None:
    layout = layout_of(Talk(top=400), slots=4)
    network = layout.network
    assert isinstance(network, SetLayout)
    assert isinstance(network.posted, Slots)
    assert (network.kind, network.cells, network.posted.count, network.posted.first) == (
        "slots",
        5,
        network.base,
        network.base + 1,
    )
    cells = network.flatten((NOTE, TELL, ASK))
    code = network.envelopes.code
    assert cells == [3, code(TELL), code(ASK), code(NOTE), 0]
    assert network.unflatten(cells) == (TELL, ASK, NOTE)
    with pytest.raises(Overflow, match="more than 4 messages"):
        network.flatten([Envelope(C0, S0, Ask(n)) for n in range(5)])


def test_a_bag_keeps_its_copies_and_the_duplicates_left() -> None:
    layout = layout_of(TalkInBag(top=3))
    network = layout.network
    assert isinstance(network, BagLayout)
    assert (network.kind, network.left, network.posted.count, network.posted.slots) == (
        "bag",
        network.base,
        network.base + 1,
        3,
    )
    code = network.envelopes.code
    cells = network.flatten((1, (ASK, ASK)))
    assert cells == [1, 2, code(ASK), code(ASK), 0]
    assert network.unflatten(cells) == (1, (ASK, ASK))
    assert [hi for _, hi in network.cell_ranges()[:2]] == [1, 3]


def test_a_bag_without_a_capacity_has_as_many_slots_as_were_asked_for() -> None:
    assert [layout_of(TalkInWideBag(), slots=n).network.cells for n in (2, 16)] == [4, 18]
    with pytest.raises(Overflow):
        layout_of(TalkInWideBag(), slots=2).network.flatten((0, (ASK, ASK, ASK)))


def test_queues_keep_the_order_of_sending() -> None:
    network = layout_of(TalkInQueues()).network
    assert isinstance(network, FifoLayout)
    pairs = [(c.source, c.target) for c in network.channels]
    assert pairs == sorted({(ENDS[a], ENDS[b]) for ends in SENT.values() for a, b in ends})
    assert [c.base - network.base for c in network.channels] == [4 * n for n in range(len(pairs))]
    held = ((LATER, TELL), (ASK,), (NOTE, NOTE, NOTE))
    cells = network.flatten(held)
    code = network.envelopes.code
    first = network.channels[pairs.index((0, 1))]
    assert cells[first.count - network.base :][:4] == [2, code(LATER), code(TELL), 0]
    assert network.unflatten(cells) == held
    assert network.flatten(((TELL, LATER), (ASK,), (NOTE, NOTE, NOTE))) != cells


@pytest.mark.parametrize(("protocol", "keeps"), [(Talk(), False), (TalkInBag(), True), (TalkInQueues(), True)])
def test_what_was_sent_is_kept_where_the_network_forgets_it(protocol: Protocol, keeps: bool) -> None:
    layout = layout_of(protocol)
    assert (layout.sent is not None) == keeps
    if layout.sent:
        state = first_states(layout.system, 1)[0]._replace(sent=frozenset((TELL, NOTE)))
        assert layout.unflatten(layout.flatten(state)) == state
        assert layout.flatten(state)[layout.sent.base :] == layout.sent.flatten((NOTE, TELL))


def test_a_model_that_sends_nothing_has_a_network_without_bits() -> None:
    network = explored("classic.peterson.Peterson")[0].network
    assert [hi - lo for lo, hi in network.cell_ranges()] == [0, 0]
    assert network.unflatten([0, 0]) == (0, ())


@message
class Crowd:
    """Holds a set."""

    who: frozenset[Ref[Member]]


@message
class Table:
    """Too wide for a slot."""

    all: Map[Ref[Member], Annotated[int, Range(0, 10**9)]]


class Member(Process):
    """Sends sets."""

    @action
    def call(self) -> None:
        """To all."""
        self.broadcast(Crowd(self.peers))

    @receive
    def on_crowd(self, m: Crowd) -> None:
        """Nothing."""


class Crowds(Protocol):
    """Members who send sets."""

    members_: Cluster[Member] = cluster(3)

    @invariant
    def anything(self) -> bool:
        """Nothing is wrong."""
        return True


def test_sets_in_messages_are_delivered_in_the_order_of_their_bits() -> None:
    layout = layout_of(Crowds())
    one = [layout.envelopes.at(place) for place in range(layout.envelopes.blocks[0].size)]
    assert [[ref.index for ref in sorted(e.message.who, key=layout.system.number)] for e in one] == [
        [],
        [0],
        [1],
        [0, 1],
        [2],
        [0, 2],
        [1, 2],
        [0, 1, 2],
    ]
    assert sorted(one, key=layout.system.key) == one
    assert [layout.envelopes.envelope(layout.envelopes.code(e)) for e in one] == one


class Scribe(Member):
    """Sends a whole table."""

    table: Map[Ref[Member], Annotated[int, Range(0, 10**9)]] = durable(every(0))

    @action
    def publish(self) -> None:
        """To all."""
        self.broadcast(Table(self.table))

    @receive
    def on_table(self, m: Table) -> None:
        """Nothing."""


class Scribes(Crowds):
    """Scribes."""

    scribes: Cluster[Scribe] = cluster(2)


def test_a_message_that_does_not_fit_in_a_slot_is_refused() -> None:
    with pytest.raises(NoLayout, match=r"takes \d+ bits with its sender and receiver"):
        _ = layout_of(Scribes()).cell_ranges()


# -- faults ------------------------------------------------------------------------------------------------------------


class Faulty(Talk):
    """Everything goes wrong."""

    faults: Faults = (Crash("top"), Partition(2), Crash(1, of=Server, stays_down=True))


NOBODY: frozenset[Any] = frozenset()
SIDES = (frozenset((C0, S1)), frozenset((C1, S0)))


@pytest.mark.parametrize(
    ("number", "kept", "cells"),
    [
        (0, (2, NOBODY), [2, 0]),
        (1, (2, NOBODY), [2, 0]),
        (1, (1, frozenset(SIDES)), [1, 0b1001]),
        (1, (0, frozenset((frozenset(ENDS), NOBODY))), [0, 0b1111]),
        (2, (0, frozenset((S1,))), [0, 0b1000]),
    ],
)
def test_what_a_fault_keeps(number: int, kept: Any, cells: list[int]) -> None:
    layout = layout_of(Faulty())
    fault = layout.faults[number]
    assert fault.base == layout.network.base + layout.network.cells + 2 * number
    assert fault.flatten(kept) == cells
    assert fault.unflatten(cells) == kept
    assert all(lo <= cell <= hi for cell, (lo, hi) in zip(cells, fault.cell_ranges(), strict=True))


def test_who_is_down_takes_bits_only_if_somebody_can_be() -> None:
    ranges = [fault.cell_ranges() for fault in layout_of(Faulty()).faults]
    assert ranges == [[(0, 2), (0, 0)], [(0, 2), (0, 15)], [(0, 1), (0, 15)]]


@pytest.mark.parametrize("faults", [(Partition(),), (Crash(stays_down=True),)])
def test_more_processes_than_a_cell_has_bits_are_refused(faults: Faults, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Talk, "faults", faults)
    layout_of(Talk(clients=61))
    with pytest.raises(NoLayout, match="64 processes"):
        layout_of(Talk(clients=62))
