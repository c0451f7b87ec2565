"""A process: declared fields, actions and handlers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar, Self, TypeVar

from .errors import ModelError
from .fields import Field, refuse_reserved
from .values import Ref

P = TypeVar("P", bound="Process")


@dataclass
class Seat:
    """Where a process sits in a run: who it is, whom it can name, and what it sends in the current step."""

    id: Ref[Any]
    cluster: frozenset[Ref[Any]]
    members: Callable[[type[Process]], tuple[Ref[Any], ...]]
    outbox: list[tuple[Ref[Any], object]] = field(default_factory=list)


class Process:
    """One participant: it sees its own fields and the messages it receives, and nothing else.

    Fields are declared with `durable`, `volatile` or `ghost`; methods marked `@action` and `@receive` are its
    steps. Every other method is a helper.
    """

    _declared: ClassVar[dict[str, Field]] = {}
    _seat: Seat

    def __init_subclass__(cls) -> None:
        refuse_reserved(cls, Process, [name for name, value in vars(cls).items() if isinstance(value, Field)])
        own = {name: value for name, value in vars(cls).items() if isinstance(value, Field)}
        inherited = {k: v for base in reversed(cls.__mro__[1:]) for k, v in getattr(base, "_declared", {}).items()}
        cls._declared = {**inherited, **own}

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

    def broadcast(self, m: object, to: type[Process] | None = None) -> None:
        """Send `m` to each other process of this one's cluster, or to every process of class `to`."""
        receivers: frozenset[Ref[Any]] = self.peers if to is None else self.members(to)
        for receiver in sorted(receivers, key=lambda one: (one.cluster, one.index)):
            self.send(receiver, m)
