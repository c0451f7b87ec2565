"""What every network can do in a symbolic state."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

import z3

from ....models.language import ModelError, Ref
from ....models.semantics.state import Envelope
from ...ir import types as t
from .. import values as v
from ..confining import confined
from ..frame import Sending, no_meaning
from ..fresh import Source
from ..logic import Formula, any_of, conj, disj, neg
from ..setting import Setting
from ..values import Value
from .wires import Wire, wire_of

CutOff = Sequence[tuple[Formula, v.Cases]]
"""Peers whose connection a step breaks, each with when it does so."""


@dataclass(frozen=True)
class Posted:
    """A message that is on its way if `guard` is true."""

    guard: Formula
    wire: Wire
    message: Value


class Delivery(NamedTuple):
    """A message that may be received next: which, whether there is such a one, and the network afterwards."""

    message: Value
    there: Formula
    network: Network


@dataclass(frozen=True)
class Reading:
    """How a solver's model is read: the truth of a formula, and the plain value of a type that a value is."""

    is_true: Callable[[Formula], bool]
    plain: Callable[[t.Type, Value], Any]


@dataclass(frozen=True)
class Network(ABC):
    """What is under way; nothing in it changes."""

    setting: Setting

    @abstractmethod
    def anything(self, source: Source, name: str) -> Network:
        """The network with unknown contents."""

    @abstractmethod
    def under_way(self, sent: t.SentT) -> v.Set:
        """The messages of a class, with their senders and receivers."""

    @abstractmethod
    def delivered(self, wire: Wire, source: Source, name: str) -> Delivery | None:
        """A message received from a wire, None if there can be none; `name` is that of the message."""

    @abstractmethod
    def lost(self, wire: Wire, source: Source, name: str) -> tuple[Formula, Network] | None:
        """Whether something on a wire can be lost, and the network afterwards; None if nothing is there."""

    @abstractmethod
    def is_too_full(self) -> Formula:
        """Whether more is under way than the network holds."""

    @abstractmethod
    def joined(self, mail: Sequence[Posted]) -> tuple[Network, Formula]:
        """With these under way too, in this order; and whether they are too many."""

    @abstractmethod
    def or_else(self, test: Formula, other: Self) -> Self:
        """This network if the test is true, and another one otherwise."""

    @abstractmethod
    def envelopes(self, reading: Reading) -> Iterator[Envelope]:
        """The messages under way in a solver's model, in the order of their queues if there are any."""

    def disconnected(self, process: Ref[Any], peers: CutOff) -> Network:
        """With nothing under way between a process and these peers: the front end sees that there are connections."""
        assert not peers, "a network without connections"
        return self

    def added(self, source: Ref[Any], sends: Sequence[Sending]) -> tuple[Network, Formula, Formula]:
        """With these sent too; whether a bound cuts that, and whether it is a mistake.

        A message outside its domain for good is one, and a receiver without a handler for it.
        """
        if not sends:
            return self, False, False
        parts = [_posted(self.setting, source, sending) for sending in sends]
        after, full = self.joined([each for mail, _, _ in parts for each in mail])
        cut = disj(full, *(strayed for _, strayed, _ in parts))
        return after, cut, any_of(failed for _, _, failed in parts)


def _posted(setting: Setting, source: Ref[Any], sending: Sending) -> tuple[list[Posted], Formula, Formula]:
    """What is posted; whether a bound cuts that, and whether it is a mistake."""
    found = confined(setting, sending.type, sending.message)
    mail: list[Posted] = []
    failed = conj(sending.guard, found.failed)
    for target, guard in v.weighed(sending.to, sending.guard):
        assert isinstance(target, Ref)
        wire = wire_of(setting, source, target, sending.type)
        if wire is None:
            failed = disj(failed, guard)
        elif guard is not False:
            mail.append(Posted(guard, wire, found.value))
    return mail, conj(sending.guard, found.cut), failed


def more_than(formulas: Sequence[Formula], most: int) -> Formula:
    """Whether more than so many of these are true."""
    sure = sum(1 for formula in formulas if formula is True)
    unsure = [formula for formula in formulas if not isinstance(formula, bool)]
    if sure > most:
        return True
    if sure + len(unsure) <= most:
        return False
    return neg(z3.AtMost(*unsure, most - sure))


def unbounded(setting: Setting, instead: str) -> ModelError:
    """The mistake of asking for any state of a network that holds any number of messages."""
    return no_meaning(
        setting.program.place,
        f"any number of messages may be under way in the network {setting.program.network}",
        because="a proof begins with any state there could be, and messages in it that count need a bound",
        instead=f"declare {instead}",
    )
