"""Raft's reads with one thing wrong, as clients notice it."""

from __future__ import annotations

from ..language import Cluster, cluster
from ..raft.clients import ClientsRaft
from .mutant import Mutant
from .raft_reads import ReadsAsLeader, TrustsOldCommit


class RaftClientsOfAnOldLeader(ClientsRaft):
    """A client of a leader that was deposed without noticing reads a list without what another was told is appended."""

    servers: Cluster[ReadsAsLeader] = cluster(3)


class RaftClientsOfANewLeader(ClientsRaft):
    """A client of a new leader, which does not know yet what is committed, reads a list without it."""

    servers: Cluster[TrustsOldCommit] = cluster(3)


THESIS = 'Ongaro, "Consensus: Bridging Theory and Practice", 2014, section 6.4'

MUTANTS = (
    Mutant(
        "raft-clients-of-an-old-leader",
        RaftClientsOfAnOldLeader,
        {"terms": 2, "messages": 3},
        "linearizable_log",
        11,
        f"{THESIS}; Jepsen on etcd and Consul, 2014",
    ),
    Mutant(
        "raft-clients-of-a-new-leader",
        RaftClientsOfANewLeader,
        {"terms": 2, "messages": 3},
        "linearizable_log",
        14,
        f"{THESIS}, step 1; etcd, issue 7331",
    ),
)
"""What is known of each."""
