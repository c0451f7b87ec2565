"""What networks hold in symbolic states; that they deliver and lose the right things, `test_steps.py` shows."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
import z3

from quorate.checker import ir
from quorate.checker.frontend import compile_model
from quorate.checker.symbolic import networks
from quorate.checker.symbolic import values as v
from quorate.checker.symbolic.algebra import contains, equal
from quorate.checker.symbolic.decoding import plain_of
from quorate.checker.symbolic.fresh import Source
from quorate.checker.symbolic.lifting import lift
from quorate.checker.symbolic.logic import as_term, iff, neg
from quorate.checker.symbolic.setting import Setting
from quorate.models.language import Bag, Fifo, ModelError, Network, Protocol, Sent
from quorate.models.semantics import System

from .network_toys import TOYS, Bagged, Full, Merging, Nodes, Queued, Repeating
from .stepping import Both, readings, solver_of


def setting_of(protocol: Protocol, *free: str) -> Setting:
    return Setting(compile_model(protocol), dict(protocol.parameters), frozenset(free))


@pytest.mark.parametrize("toy", TOYS, ids=lambda toy: toy.__name__)
def test_what_is_under_way(toy: type[Protocol]) -> None:
    both = Both(toy())
    run = both.walk(Random(1), 12)[::-1]
    world, here = both.any_of(run)
    types = {handler.message for process in both.setting.program.processes for handler in process.handlers}
    for state, guard in zip(run, here, strict=True):
        for message in types:
            sent, there = ir.SentT(message), both.system.under_way(state)
            expected = frozenset(Sent(*envelope) for envelope in there if isinstance(envelope.message, message.cls))
            same = equal(world.under_way(sent), lift(both.setting, ir.SetT(sent), expected))
            assert solver_of(guard, neg(same)).check() == z3.unsat


def contents(protocol: Protocol) -> set[Any]:
    """All that a network can hold when nothing else is known."""
    setting, system = setting_of(protocol), System(protocol)
    source = Source(setting)
    network = networks.anything(setting, source, "")
    return set(
        readings(solver_of(*source.known), lambda evaluate: networks.network_of(system, network, evaluate, plain_of))
    )


class Alone(Nodes):
    """With four different questions and one answer, from and to itself."""

    most: int = 0
    network: Network = Bag(copies=2, duplicates=1)


class InLine(Alone):
    """In a queue."""

    network: Network = Fifo(capacity=2)


class AloneAndFull(Alone):
    """In a bag with two places."""

    network: Network = Bag(capacity=2)


@pytest.mark.parametrize(
    ("toy", "number"),
    [(Alone, 2 * 3**5), (AloneAndFull, 1 + 5 + 5 * 6 // 2), (InLine, 1 + 5 + 5**2)],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_any_network_holds_all_that_its_bounds_allow(toy: type[Protocol], number: int) -> None:
    assert len(contents(toy(nodes=1))) == number


@pytest.mark.parametrize("toy", [Bagged, Queued])
def test_any_network_needs_a_bound(toy: type[Protocol]) -> None:
    setting = setting_of(toy())
    with pytest.raises(ModelError, match="any number of messages may be under way") as error:
        networks.anything(setting, Source(setting), "")
    assert error.value.place == setting.program.place
    assert "capacity" in error.value.instead


@pytest.mark.parametrize(
    ("toy", "outcomes"),
    [(Nodes, {True}), (Merging, {False}), (Bagged, {True, False}), (Repeating, {True, False}), (Full, {True, False})],
)
def test_a_message_without_a_bound_may_have_another_copy(toy: type[Protocol], outcomes: set[bool]) -> None:
    setting = setting_of(toy(), "most")
    source, wire = Source(setting), next(networks.wires(setting))
    received = networks.anything(setting, source, "").delivered(wire, source, "m")
    assert received is not None
    sent = v.Product((v.constant(wire.source), v.constant(wire.target), received.message))
    stays = contains(received.network.under_way(ir.SentT(wire.message)), sent)
    solver = solver_of(*source.known, received.there)
    assert {stay for stay in (True, False) if solver.check(as_term(iff(stays, stay))) == z3.sat} == outcomes


def test_a_queue_whose_messages_have_no_bound() -> None:
    setting = setting_of(InLine(), "most")
    source, wire = Source(setting), next(networks.wires(setting))
    received = networks.anything(setting, source, "").delivered(wire, source, "m")
    assert received is not None
    solver = solver_of(*source.known, received.there, received.message.items[0] > 1000)
    assert solver.check() == z3.sat
