"""A candidate for `toys.Pings` whose messages have one more field."""

from __future__ import annotations

from typing import Annotated

from quorate.models.language import (
    Bag,
    Cluster,
    Process,
    Protocol,
    Range,
    action,
    cluster,
    durable,
    message,
    receive,
    require,
)


@message
class Ping:
    loud: bool


class Asserting(Process):
    heard: Annotated[int, Range(0, "limit")] = durable(0)

    @action
    def ping(self) -> None:
        require(self.heard < 2)
        self.broadcast(Ping(True))

    @receive
    def on_ping(self, m: Ping) -> None:
        self.heard += 1
        assert self.heard < 2 or not m.loud


class Pings(Protocol):
    nodes: Cluster[Asserting] = cluster(2)
    limit: int = 3
    network = Bag(copies=1)
