"""What is proved, and what is looked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Proof:
    """A proof that comes with quorate; `lemmas` None means those that the model declares."""

    name: str
    model: str
    invariant: str
    parameters: Mapping[str, int] = field(default_factory=dict)
    unbounded: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    lemmas: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Bug:
    """A mutant whose shortest counterexample has so many steps."""

    mutant: str
    breaks: str
    steps: int


PAXOS = ("ballots", "values")

PROOFS = (
    Proof("two-phase commit, 3 managers", "two_phase_commit", "consistent", {"managers": 3}),
    Proof("two-phase commit, 10 managers", "two_phase_commit", "consistent", {"managers": 10}),
    Proof("Paxos, 3 acceptors", "paxos_sets", "agreement", {"acceptors": 3}, PAXOS),
    Proof("Paxos, 5 acceptors", "paxos_sets", "agreement", {"acceptors": 5}, PAXOS),
    Proof("Paxos, any acceptors", "paxos_sets", "agreement", {}, PAXOS, ("acceptors",)),
    Proof("Raft, 3 servers", "raft", "single_leader_per_epoch", {"servers": 3}, ("terms",)),
    Proof("Raft, 5 servers", "raft", "single_leader_per_epoch", {"servers": 5}, ("terms",)),
)

BUG = Bug("raft-forgets-vote", "single_leader_per_epoch", 7)

EXAMPLES = ("paxos_epr", "flexible_paxos_epr", "fast_paxos_epr", "multi_paxos_epr", "raft_epr")
"""mypyvy's own proofs of related protocols, from its folder `examples`."""
