"""A run worth a look in which a client sends its request again."""

from __future__ import annotations

from collections.abc import Mapping

from quorate.models.language import Invariants, Protocol, StepInvariants, invariant
from quorate.models.raft.sessions import SessionRaft


class RetryIsSkipped(SessionRaft):
    """Until a state machine was given two entries and has executed one request."""

    invariants: Invariants = ()
    step_invariants: StepInvariants = ()

    @invariant
    def not_yet(self) -> bool:
        """Whatever was given to a state machine was executed."""
        return all(len(server.executed) == server.applied for server in self.servers)


class RetryAtAnotherLeader(SessionRaft):
    """Until a state machine has skipped a request that another leader had put into the log in an earlier term."""

    invariants: Invariants = ()
    step_invariants: StepInvariants = ()

    @invariant
    def not_yet(self) -> bool:
        """No request that was skipped came to another leader."""
        return all(
            len(server.executed) == server.applied or server.log[0].term == server.log[1].term
            for server in self.servers
        )


GOALS: Mapping[str, Protocol] = {
    "raft-retry": RetryIsSkipped(servers=3, messages=2),
    "raft-retry-at-another-leader": RetryAtAnotherLeader(servers=3, terms=2, messages=2),
}
