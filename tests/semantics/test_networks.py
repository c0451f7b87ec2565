"""What each network delivers, keeps and loses."""

from __future__ import annotations

from typing import Any

import pytest

from quorate.models.language import Bag, Fifo, MessageSet, ModelError, Ref
from quorate.models.language.networks import Network
from quorate.models.semantics.network import Carrier, Full, carrier
from quorate.models.semantics.state import Envelope

A, B = Ref[Any]("nodes", 0), Ref[Any]("nodes", 1)
ONE, TWO, BACK = Envelope(A, B, 1), Envelope(A, B, 2), Envelope(B, A, 1)


def key(envelope: Envelope) -> tuple[int, int, int]:
    return (envelope.source.index, envelope.target.index, envelope.message)


def count(bound: int | str, least: int = 0) -> tuple[int, str | None]:
    return (bound, None) if isinstance(bound, int) else ({"room": 2, "none": 0}[bound], bound)


def running(network: Network) -> Carrier:
    return carrier(network, key, count)


def test_a_set_keeps_what_was_received_and_holds_equal_messages_once() -> None:
    net = running(MessageSet())
    held = net.send(net.empty(), [TWO, ONE, TWO])
    assert net.deliverable(held) == (ONE, TWO)
    assert net.received(held, ONE) == held
    assert net.send(held, [ONE]) == held


def test_a_bag_counts_copies_and_delivers_in_any_order() -> None:
    net = running(Bag())
    held = net.send(net.empty(), [TWO, ONE, TWO])
    assert net.deliverable(held) == (ONE, TWO)
    assert list(net.contents(net.received(held, TWO))) == [ONE, TWO]


def test_the_order_of_sending_to_a_bag_leaves_no_trace() -> None:
    net = running(Bag())
    assert net.send(net.empty(), [TWO, ONE]) == net.send(net.send(net.empty(), [ONE]), [TWO])


def test_a_bag_with_one_copy_merges_equal_messages() -> None:
    net = running(Bag(copies=1))
    assert list(net.contents(net.send(net.empty(), [ONE, ONE]))) == [ONE]


def test_a_full_network_names_its_bound() -> None:
    net = running(Bag(capacity="room"))
    held = net.send(net.empty(), [ONE, TWO])
    with pytest.raises(Full, match="room"):
        net.send(held, [BACK])
    merging = running(Bag(capacity="room", copies=1))
    assert merging.send(held, [ONE]) == held


def test_duplicates_are_a_budget() -> None:
    net = running(Bag(duplicates=1))
    held = net.kept(net.send(net.empty(), [ONE]))
    assert net.deliverable(held) == (ONE,)
    assert net.kept(held) is None
    assert running(Bag()).kept(held) is None


def test_a_lossy_bag_can_lose_any_message() -> None:
    net = running(Bag(loses=True))
    held = net.send(net.empty(), [ONE, BACK])
    assert [(e, list(net.contents(left))) for e, left in net.losses(held)] == [(ONE, [BACK]), (BACK, [ONE])]
    assert list(running(Bag()).losses(held)) == []


def test_queues_deliver_the_oldest_of_each_pair() -> None:
    net = running(Fifo())
    held = net.send(net.empty(), [TWO, ONE, BACK])
    assert net.deliverable(held) == (TWO, BACK)
    assert net.deliverable(net.received(held, TWO)) == (ONE, BACK)


def test_empty_queues_leave_no_trace() -> None:
    net = running(Fifo())
    assert net.received(net.send(net.empty(), [ONE]), ONE) == net.empty()


def test_a_broken_connection_loses_a_suffix() -> None:
    net = running(Fifo(loses=True))
    held = net.send(net.empty(), [TWO, ONE, BACK])
    assert [list(net.contents(left)) for _, left in net.losses(held)] == [[TWO, BACK], [BACK], [TWO, ONE]]


def test_the_capacity_of_queues_is_for_each_pair() -> None:
    net = running(Fifo(capacity="room"))
    held = net.send(net.empty(), [ONE, TWO, BACK])
    with pytest.raises(Full, match="room"):
        net.send(held, [ONE])


def test_a_disconnection_empties_both_queues_of_a_pair() -> None:
    net, other = running(Fifo()), Ref[Any]("nodes", 2)
    far = Envelope(B, other, 1)
    held = net.send(net.empty(), [TWO, ONE, BACK, far])
    assert list(net.contents(net.disconnected(held, A, [B]))) == [far]
    assert list(net.contents(net.disconnected(held, B, [A, B, other]))) == []
    assert net.disconnected(held, A, [A, other]) == held


@pytest.mark.parametrize("network", [MessageSet(), Bag()])
def test_only_queues_are_connections(network: Network) -> None:
    net = running(network)
    with pytest.raises(ModelError, match=r"nodes\[0\] disconnects, and this network has no connections"):
        net.disconnected(net.send(net.empty(), [ONE]), A, [B])
