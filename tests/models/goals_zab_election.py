"""Elections worth a look: each goal is a protocol with an invariant that it is not reached yet."""

from __future__ import annotations

from collections.abc import Mapping

from quorate.models.language import Invariants, Protocol, invariant, rank
from quorate.models.zab.election import Election, State


class Settles(Election):
    """Until the server with the least number is followed by all others, for it has the latest epoch."""

    invariants: Invariants = ()

    @invariant
    def not_yet(self) -> bool:
        """Somebody looks for a leader, or another one leads."""
        return any(server.state is State.LOOKING for server in self.servers) or all(
            rank(server.id) > 0 for server in self.servers if server.state is State.LEADING
        )


class TwoClaims(Election):
    """Until two servers lead in one round, of which one waits for followers that will not come."""

    invariants: Invariants = ()

    @invariant
    def not_yet(self) -> bool:
        """At most one server leads in a round."""
        return all(
            one.id == other.id
            for one in self.servers
            if one.state is State.LEADING
            for other in self.servers
            if other.state is State.LEADING and other.round == one.round
        )


class Joins(Election):
    """Until a server learns of a leader of an earlier round from those that follow it."""

    invariants: Invariants = ()

    @invariant
    def not_yet(self) -> bool:
        """Nobody has gone back to an earlier round yet."""
        return self.lost_patience == 0 or any(
            server.state is State.LOOKING or server.round > 1 for server in self.servers
        )


GOALS: Mapping[str, Protocol] = {
    "election-settles": Settles(servers=3, timeouts=0),
    "election-two-claims": TwoClaims(servers=3, epochs=0, timeouts=0),
    "election-joins": Joins(servers=3, epochs=0),
}
