"""A process: declared fields, actions and handlers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self, TypeVar

from .errors import ModelError
from .fields import Field, Parameter, refuse_reserved
from .values import Ref

P = TypeVar("P", bound="Process")


@dataclass
class Seat:
    """Where a process sits: who it is, whom it can name, the parameters; in a step, what it sends and whom it cuts."""

    id: Ref[Any]
    cluster: frozenset[Ref[Any]]
    members: Callable[[type[Process]], tuple[Ref[Any], ...]]
    parameters: Mapping[str, Any]
    outbox: list[tuple[Ref[Any], object]] = field(default_factory=list)
    cut: set[Ref[Any]] = field(default_factory=set)


class Process:
    """One participant: it sees its own fields, the messages it receives and parameters, and nothing else.

    Fields are declared with `durable`, `volatile` or `ghost`, what it knows of the run with `parameter`; methods marked
    `@action` and `@receive` are its steps, and one marked `@restart` is the end of its crash. Every other method is a
    helper.
    """

    _declared: ClassVar[dict[str, Field]] = {}
    _seat: Seat

    def __init_subclass__(cls) -> None:
        refuse_reserved(cls, Process, [k for k, v in vars(cls).items() if isinstance(v, Field | Parameter)])
        # of two bases that declare a field anew, the first one counts, as it does for methods
        fields = {k: v for base in reversed(cls.__mro__) for k, v in vars(base).items() if isinstance(v, Field)}
        # a subclass may take for a parameter what was a field
        cls._declared = {k: v for k, v in fields.items() if not isinstance(getattr(cls, k), Parameter)}

    @property
    def id(self) -> Ref[Self]:
        """Who this process is."""
        return self._seat.id

    @property
    def peers(self) -> frozenset[Ref[Self]]:
        """The other processes of this one's cluster."""
        return self._seat.cluster - {self._seat.id}

    def members(self, of: type[P]) -> frozenset[Ref[P]]:
        """The identities of all processes of a class, this one included if it is of that class."""
        return frozenset(self._seat.members(of))

    def is_quorum(self, members: frozenset[Ref[Any]]) -> bool:
        """Whether these are a quorum: more than half of this process's own cluster, unless overridden.

        Errors: `ModelError` for members of another cluster, whose size is not the one to compare with.
        """
        if not members <= self._seat.cluster:
            raise ModelError(
                "foreign-quorum",
                f"{self.id} asks whether processes of another cluster are a quorum of its own",
                instead="override is_quorum, and compare with self.members(...)",
            )
        return 2 * len(members) > len(self._seat.cluster)

    def send(self, to: Ref[Any], m: object) -> None:
        """Put the message `m` on its way to the process `to`. Errors: None as a receiver is a model error."""
        if type(to) is not Ref:
            raise TypeError(f"there is no process {to} to send to")
        self._seat.outbox.append((to, m))

    def disconnect(self, peer: Ref[Any]) -> None:
        """Break the connection to the process `peer`: what is under way between the two, both ways, never arrives.

        What this step sends goes over the new connection, whatever the order of the statements. Only a `Fifo` has
        connections. Errors: None as a peer, and any other network, are model errors.
        """
        if type(peer) is not Ref:
            raise TypeError(f"there is no process {peer} to disconnect from")
        self._seat.cut.add(peer)

    def broadcast(self, m: object, to: type[Process] | None = None) -> None:
        """Send `m` to each other process of this one's cluster, or to every process of class `to`."""
        receivers: frozenset[Ref[Any]] = self.peers if to is None else self.members(to)
        for receiver in sorted(receivers, key=lambda one: (one.cluster, one.index)):
            self.send(receiver, m)
