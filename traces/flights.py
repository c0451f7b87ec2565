"""The way of each message of a trace: in which step it was sent, and in which it arrived or was lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from ..models.language import Fifo, MessageSet
from ..models.semantics import Envelope, Kind, State, System
from .states import in_order
from .trace import Moment, Trace


@dataclass(eq=False)
class Flight:
    """One message under way: sent in step `sent`, received in the steps `received`, lost in step `lost` if it was.

    `merged` tells a message that the network did not keep, because it held as many equal ones as it keeps.
    """

    envelope: Envelope
    sent: int
    received: list[int] = field(default_factory=list)
    lost: int | None = None
    merged: bool = False


def flights(trace: Trace) -> list[Flight]:
    """Every message that the steps of a trace sent, in the order of sending.

    What is under way in a first state that is assumed counts as sent in step 0.
    Of equal messages under way the oldest is received first. A message of a `MessageSet` is sent once: sent again, it
    is merged with the first.
    """
    airspace = _Airspace(trace.system)
    first = trace.moments[0].state
    if trace.from_anywhere and first is not None:
        airspace.begin(trace.system.carrier.contents(first.network))
    for number, moment in enumerate(trace.moments):
        airspace.step(number, moment)
    return airspace.all


class _Airspace:
    """The messages under way while a trace goes on."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._keeps = isinstance(type(system.protocol).network, MessageSet)
        self._queues = isinstance(type(system.protocol).network, Fifo)
        self._up: list[Flight] = []
        self.all: list[Flight] = []

    def begin(self, under_way: Iterable[Envelope]) -> None:
        """Begin with these under way, the oldest of a queue first."""
        self.all = [Flight(envelope, 0) for envelope in under_way]
        self._up = list(self.all)

    def step(self, number: int, moment: Moment) -> None:
        """Follow one step: what it received, then what it sent, then what the network still holds."""
        kind, envelope = moment.step.kind, moment.step.envelope
        if envelope is not None and kind in (Kind.RECEIVE, Kind.DUPLICATE):
            self._land(number, envelope, leaves=kind is Kind.RECEIVE and not self._keeps)
        started = [Flight(e, number) for e in in_order(self._system, moment.sent)]
        self.all += started
        self._up += started
        if moment.state is not None:
            self._settle(number, moment.state, kind)

    def _land(self, number: int, envelope: Envelope, leaves: bool) -> None:
        flight = next((f for f in self._up if f.envelope == envelope), None)
        if flight is not None:
            flight.received.append(number)
            if leaves:
                self._up.remove(flight)

    def _settle(self, number: int, state: State, kind: Kind) -> None:
        """Whatever the network no longer holds was merged on sending, or is lost in this step: the newest first.

        In queues nothing merges; but for a loss it is a disconnection that empties them, before the step sends.
        """
        held = Counter(self._system.carrier.contents(state.network))
        disconnected = self._queues and kind is not Kind.LOSE
        for flight in _beyond(reversed(self._up) if disconnected else self._up, held):
            if disconnected or kind is Kind.LOSE:
                flight.lost = number
            else:
                flight.merged = True
            self._up.remove(flight)


def _beyond(up: Iterable[Flight], held: Counter[Envelope]) -> list[Flight]:
    seen: Counter[Envelope] = Counter()
    gone = []
    for flight in up:
        seen[flight.envelope] += 1
        if seen[flight.envelope] > held[flight.envelope]:
            gone.append(flight)
    return gone
