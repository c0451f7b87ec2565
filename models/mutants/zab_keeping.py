"""Zab with something wrong about what a server keeps."""

from __future__ import annotations

from ..language import Cluster, Ref, cluster, volatile
from ..zab import Epoch, Log, Server, Zab
from .mutant import Mutant
from .zab_coarse import AnyoneWins


class ForgetsHistory(Server):
    """Keeps its history in memory only."""

    log: Log = volatile(())


class ZabForgetsHistory(Zab):
    """A server that restarts has lost what it has delivered."""

    servers: Cluster[ForgetsHistory] = cluster(3)


class ForgetsEpoch(Server):
    """Keeps the epoch of its history in memory only."""

    current_epoch: Epoch = volatile(0)


class ZabForgetsEpoch(Zab):
    """A server that restarts does not know any more from which epoch its history is."""

    servers: Cluster[ForgetsEpoch] = cluster(3)


class DeliversAgain(Server):
    """Begins to deliver anew whenever it looks for a leader."""

    def look(self) -> None:
        """Look for a leader, and forget what was delivered."""
        super().look()
        self.commit = 0


class ZabDeliversAgain(Zab):
    """A server that loses its leader takes back what it has delivered, though it has not crashed."""

    servers: Cluster[DeliversAgain] = cluster(3)


class GivesUpProposals(Server):
    """Takes a lost follower for lost proposals."""

    def drop(self, follower: Ref[Server]) -> None:
        """Forget a follower, and all that is not committed."""
        super().drop(follower)
        self.log = self.log[: self.commit]


class ZabGivesUpProposals(Zab):
    """A leader that loses one of its followers deletes a transaction that the other one has, and leads on."""

    servers: Cluster[GivesUpProposals] = cluster(3)


PAPER = 'Junqueira, Reed and Serafini, "Zab: High-performance broadcast for primary-backup systems", 2011'

MUTANTS = (
    Mutant(
        "zab-forgets-history",
        ZabForgetsHistory,
        {"crashes": 1},
        "committed_log_append_only",
        12,
        f"{PAPER}, section 5: h.f is on stable storage",
    ),
    Mutant(
        "zab-forgets-epoch",
        ZabForgetsEpoch,
        {"crashes": 1},
        "epoch_monotonic",
        6,
        f"{PAPER}, section 5: f.a is on stable storage",
    ),
    Mutant(
        "zab-delivers-again",
        ZabDeliversAgain,
        {"timeouts": 1},
        "commit_monotonic",
        12,
        f"{PAPER}, section 3: processes deliver each transaction once",
    ),
    Mutant(
        "zab-gives-up-proposals",
        ZabGivesUpProposals,
        {"timeouts": 1},
        "leader_append_only",
        11,
        f"{PAPER}, algorithm 3: the leader appends to its history",
    ),
    Mutant(
        "zab-coarse-anyone-wins-and-delivers",
        AnyoneWins,
        {"epochs": 3, "transactions": 2, "timeouts": 1},
        "state_machine_safety",
        15,
        f"{PAPER}, algorithm 1: the most recent history of a quorum begins the epoch",
    ),
)
"""What is known of each."""
