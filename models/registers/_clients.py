"""Clients of a register, and the history of what they asked for and were told."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from ..language import AtMost, Cluster, Process, Protocol, Range, Ref, cluster, durable, ghost, history, record

Serial = Annotated[int, Range(0, "operations")]
"""The operations of a client, from 1; 0 is before the first."""

Moment = Annotated[int, Range(0, "2 * operations")]
"""How many operations have begun or ended before."""


@record
class Value:
    """What a write puts into the register: no two writes have the same."""

    writer: Ref[Client]
    serial: Serial


class Client(Process):
    """Somebody who writes and reads, one operation at a time."""

    serial: Serial = durable(0)
    busy: bool = durable(False)
    writes: bool = durable(False)
    # what is written, or was read last; None is the value of a register that nobody has written
    value: Value | None = durable(None)

    def begin(self, writes: bool) -> None:
        """Begin an operation; a write has a value of its own."""
        self.serial += 1
        self.busy = True
        self.writes = writes
        self.value = Value(self.id, self.serial) if writes else None

    def end(self) -> None:
        """Tell the client; a write leaves nothing to remember."""
        self.busy = False
        self.writes = False


@record
class Operation:
    """A write, or a read, and the moments between which it took place."""

    client: Ref[Client]
    writes: bool
    value: Value | None
    begun: Moment
    ended: Moment | None


class Register(Protocol):
    """A register: clients that begin at most `operations` operations in all, and their history."""

    clients: Cluster[Client] = cluster(2)
    operations: int = 2

    past: Annotated[tuple[Operation, ...], AtMost("operations")] = ghost(())

    @history
    def note(self, before: Register) -> None:
        """Note what began and what ended in this step, which is at most one operation."""
        now = len(self.past) + sum(1 for operation in self.past if operation.ended is not None)
        for client in self.clients:
            if client.busy and not before.clients[client.id].busy:
                value = client.value if client.writes else None
                self.past += (Operation(client.id, client.writes, value, now, None),)
            if before.clients[client.id].busy and not client.busy:
                self.past = tuple(
                    replace(operation, value=client.value, ended=now)
                    if operation.client == client.id and operation.ended is None
                    else operation
                    for operation in self.past
                )

    def past_operations(self) -> tuple[Operation, ...]:
        """What clients asked for and were told."""
        return self.past
