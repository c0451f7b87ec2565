"""States drawn from the domains of a model, reachable or not."""

from __future__ import annotations

import contextlib
import random
from typing import Any

from quorate.models.language import Map
from quorate.models.semantics import Domain, Envelope, Outcome, State, System
from quorate.models.semantics.domains import Maps, Optional, Records, Sequences, Sets, Tuples
from quorate.models.semantics.network import Full
from quorate.traces import ASSUMED, Moment, Trace


def value(domain: Domain, choose: random.Random) -> Any:
    """Any value of a domain; collections are small."""
    match domain:
        case Optional(item):
            return choose.choice((None, value(item, choose)))
        case Tuples(items):
            return tuple(value(item, choose) for item in items)
        case Records(cls, items):
            return cls(*(value(item, choose) for item in items))
        case Sequences(item, most):
            return tuple(value(item, choose) for _ in range(choose.randint(0, min(most, 2))))
        case Sets(item):
            return frozenset(value(item, choose) for _ in range(choose.randint(0, 3)))
        case Maps(item=item):
            return Map({key: value(item, choose) for key in domain.keys})
    return choose.choice(tuple(domain.values()))


def state(system: System, choose: random.Random) -> State:
    """Any state, with a few messages under way, and perhaps a fault."""
    shape = system.shape
    shared = tuple(value(f.domain, choose) for f in shape.fields)
    shapes = [shape.shapes[ref.cluster] for ref in system.refs]
    processes = tuple(tuple(value(f.domain, choose) for f in one.fields) for one in shapes)
    network = system.carrier.empty()
    for target in choose.choices(system.refs, k=6) if system.refs else ():
        handlers = tuple(shape.shapes[target.cluster].handlers.values())
        message = value(choose.choice(handlers).message, choose) if handlers else None
        if message is not None:
            with contextlib.suppress(Full):
                network = system.carrier.send(network, [Envelope(choose.choice(system.refs), target, message)])
    faults = tuple(choose.choice([b.fresh(), *(c.kept for _, c in b.steps(b.fresh()))]) for b in system.breakages)
    return State(shared, processes, network, faults, frozenset())


def stroll(system: System, seed: int, steps: int = 2) -> Trace:
    """A few random steps from any state."""
    choose = random.Random(seed)
    moments = [Moment(ASSUMED, (), state(system, choose))]
    for _ in range(steps):
        before = moments[-1].state
        tries = [(step, tried) for step, tried in system.attempts(before) if isinstance(tried, Outcome)]
        if tries:
            step, outcome = choose.choice(tries)
            moments.append(Moment(step, outcome.sent, outcome.state))
    return Trace(system, tuple(moments))
