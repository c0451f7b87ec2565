"""Plain states as symbolic ones in which everything is known."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from quorate.checker import ir
from quorate.checker.symbolic import values as v
from quorate.checker.symbolic.faults import Crashes, Kept, Partitions
from quorate.checker.symbolic.frame import Sending
from quorate.checker.symbolic.lifting import lift
from quorate.checker.symbolic.networks import Network, empty
from quorate.checker.symbolic.networks.unordered import Unordered
from quorate.checker.symbolic.setting import Setting
from quorate.checker.symbolic.worlds import Fields, World
from quorate.models.language import Bag, Crash
from quorate.models.semantics import State, System
from quorate.models.semantics.state import Locals


def lifted(setting: Setting, system: System, state: State) -> World:
    """The symbolic state that is this one."""
    processes = zip(system.refs, state.processes, strict=True)
    return World(
        setting,
        _fields(setting, setting.program.shared, [f.name for f in system.shape.fields], state.shared),
        {ref: _process(setting, system, ref, fields) for ref, fields in processes},
        lifted_network(setting, system, state),
        tuple(_fault(setting, *pair) for pair in zip(setting.program.faults, state.faults, strict=True)),
    )


def _process(setting: Setting, system: System, ref: Any, fields: Locals) -> Fields:
    names = [f.name for f in system.shape.shapes[ref.cluster].fields]
    return _fields(setting, setting.class_of(ref).fields, names, fields)


def _fields(setting: Setting, declared: tuple[ir.Field, ...], names: list[str], plain: Locals) -> Fields:
    types = {field.name: field.type for field in declared}
    return {name: lift(setting, types[name], value) for name, value in zip(names, plain, strict=True)}


def lifted_network(setting: Setting, system: System, state: State) -> Network:
    """What is under way, sent anew in its order."""
    network = empty(setting)
    for envelope in system.carrier.contents(state.network):
        handlers = setting.class_of(envelope.target).handlers
        type_ = next(h.message for h in handlers if h.message.cls is type(envelope.message))
        sending = Sending(True, v.constant(envelope.target), type_, lift(setting, type_, envelope.message))
        network, cut, failed = network.added(envelope.source, [sending])
        assert not cut
        assert not failed
    if isinstance(network, Unordered) and isinstance(setting.program.network, Bag):
        network = replace(network, left=v.constant(state.network[0]))
    return network


def _fault(setting: Setting, fault: Any, kept: Any) -> Kept:
    left, broken = kept
    if isinstance(fault, Crash):
        return Crashes(v.constant(left), v.Bits(dict.fromkeys(broken, True), v.constant))
    side = next((side for side in broken if setting.refs[0] in side), frozenset[Any]())
    return Partitions(v.constant(left), v.constant(side))
