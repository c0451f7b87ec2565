"""What an engineer may change in a bundled model; that mypy accepts this file is half of the test."""

from __future__ import annotations

import pytest

from quorate.checker import check
from quorate.invariants import single_leader_per_epoch
from quorate.models.language import (
    Bag,
    Cluster,
    Crash,
    Fifo,
    MessageSet,
    Partition,
    Protocol,
    Ref,
    action,
    cluster,
    invariant,
    require,
    volatile,
)
from quorate.models.raft import Raft, RequestVote, Server


class LeaseServer(Server):
    lease: bool = volatile(False)

    def recognise_leader(self) -> None:
        super().recognise_leader()
        self.lease = True

    @action
    def lease_expires(self) -> None:
        require(self.lease)
        self.lease = False

    def is_up_to_date(self, m: RequestVote) -> bool:
        return not self.lease and super().is_up_to_date(m)


class Lease(Raft):
    servers: Cluster[LeaseServer] = cluster(3)


class ForgetfulServer(Server):
    voted_for: Ref[Server] | None = volatile(None)


class Forgetful(Raft):
    servers: Cluster[ForgetfulServer] = cluster(3)
    crashes: int = 1


class OverTcp(Raft):
    network = Fifo(capacity="messages", loses=True)


class OverMessages(Raft):
    network = MessageSet()


class Lossy(Raft):
    network = Bag(copies=1, loses=True)


class Parted(Raft):
    cuts: int = 1
    faults = (Crash(times="crashes"), Partition(times="cuts"))


class Quiet(Raft):
    invariants = (single_leader_per_epoch,)

    @invariant
    def nobody_leads(self) -> bool:
        return not any(server.leads() for server in self.servers)


@pytest.mark.parametrize("candidate", [Lease, OverTcp, OverMessages, Lossy, Parted])
def test_a_candidate_with_another_field_network_or_fault_holds(candidate: type[Protocol]) -> None:
    result = check(candidate(servers=2, terms=1, entries=1), symmetry=True)
    assert (result.verdict.value, result.warnings) == ("holds", ())


@pytest.mark.parametrize(("candidate", "broken"), [(Forgetful, "vote_once"), (Quiet, "nobody_leads")])
def test_a_candidate_with_other_durability_or_invariants_is_violated(candidate: type[Protocol], broken: str) -> None:
    result = check(candidate(), symmetry=True)
    assert result.violation is not None
    assert result.violation.name == broken
