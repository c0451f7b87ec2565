"""Raft's reads with one thing wrong."""

from __future__ import annotations

from ..language import Cluster, cluster, require
from ..raft.lease import LeaseRaft, LeaseServer
from ..raft.reads import Read, ReadIndexRaft, ReadIndexServer
from .mutant import Mutant


class ReadsAsLeader(ReadIndexServer):
    """Believes to be the leader still."""

    def read(self) -> None:
        """Answer at once while leader."""
        require(self.leads())
        self.asked += 1
        self.answer(frozenset({Read(self.asked, self.commit)}))


class RaftReadsAsLeader(ReadIndexRaft):
    """A leader that has been deposed without noticing returns a state that lacks what its successor committed."""

    servers: Cluster[ReadsAsLeader] = cluster(3)


class ReadsAnywhere(ReadIndexServer):
    """Reads whatever it has."""

    def read(self) -> None:
        """Answer at once, leader or not."""
        self.asked += 1
        self.answer(frozenset({Read(self.asked, self.commit)}))


class RaftReadsAnywhere(ReadIndexRaft):
    """A follower returns a state that lacks what the leader has committed."""

    servers: Cluster[ReadsAnywhere] = cluster(3)


class TrustsOldCommit(ReadIndexServer):
    """Believes its commit index from the start of its term."""

    def knows_commit(self) -> bool:
        """Take the commit index for what it is."""
        return True


class RaftTrustsOldCommit(ReadIndexRaft):
    """A new leader does not know yet how far its predecessor has committed, and reads a state from before that."""

    servers: Cluster[TrustsOldCommit] = cluster(3)


class CountsEarlierRound(ReadIndexServer):
    """Takes any acknowledgement of its term for one of the latest round."""

    def is_confirmed(self, read: Read) -> bool:
        """Whether a quorum has acknowledged any round."""
        return self.is_quorum(frozenset(s for s in self.peers if self.acknowledged[s] > 0) | {self.id})


class RaftCountsEarlierRound(ReadIndexRaft):
    """An acknowledgement of an earlier round confirms a read, though the leader was deposed between the two."""

    servers: Cluster[CountsEarlierRound] = cluster(3)


class StandsByNobody(LeaseServer):
    """Takes part in elections while it hears a leader."""

    def stands_by_leader(self) -> bool:
        """Make no promise."""
        return False


class RaftStandsByNobody(LeaseRaft):
    """The voters elect another leader during the lease, and the one with the lease returns an old state."""

    servers: Cluster[StandsByNobody] = cluster(3)


class RaftClocksDrift(LeaseRaft):
    """A voter's timer runs out before the lease that relies on it, for clocks differ more than was allowed for."""

    servers: Cluster[LeaseServer] = cluster(3)

    def leases_end_first(self) -> bool:
        """Assume nothing of clocks."""
        return True


DISSERTATION = 'Ongaro, "Consensus: Bridging Theory and Practice", 2014'

MUTANTS = (
    Mutant(
        "raft-reads-as-leader",
        RaftReadsAsLeader,
        {"servers": 3, "terms": 2, "entries": 1, "messages": 3},
        "read_current",
        11,
        'Kingsbury, "Jepsen: etcd and Consul", 2014',
    ),
    Mutant(
        "raft-reads-anywhere",
        RaftReadsAnywhere,
        {"servers": 3, "terms": 1, "entries": 1, "messages": 2},
        "read_current",
        8,
        f"{DISSERTATION}, section 6.4: read-only requests bypass the log only with care",
    ),
    Mutant(
        "raft-trusts-old-commit",
        RaftTrustsOldCommit,
        {"servers": 3, "terms": 2, "entries": 1, "messages": 4},
        "read_current",
        13,
        "etcd-io/etcd, issue 7331; RedisLabs/redisraft, pull request 22",
    ),
    Mutant(
        "raft-counts-earlier-round",
        RaftCountsEarlierRound,
        {"servers": 3, "terms": 2, "entries": 2, "requests": 2, "messages": 3, "reads": 2},
        "read_current",
        # Two of the steps are client requests that a no-op at each election would save. With room for a fourth
        # message it takes two steps fewer, for then nobody has to receive a message just to make room.
        24,
        f"{DISSERTATION}, section 6.4: the leader issues a new round of heartbeats",
    ),
    Mutant(
        "raft-stands-by-nobody",
        RaftStandsByNobody,
        {"servers": 3, "terms": 2, "entries": 2, "requests": 2, "messages": 2},
        "read_current",
        # Three steps get the lease, and four the committed entry without which a leader may not read; the server with
        # which the successor commits needs that entry too. A network with room for more messages saves two steps.
        23,
        f"{DISSERTATION}, section 6.4.1: the lease rests on section 4.2.3",
    ),
    Mutant(
        "raft-clocks-drift",
        RaftClocksDrift,
        {"servers": 3, "terms": 2, "entries": 2, "requests": 2, "messages": 2},
        "read_current",
        # as above, and the timers of two servers run out
        25,
        f"{DISSERTATION}, section 6.4.1: the approach assumes a bound on clock drift",
    ),
    # negative controls
    Mutant(
        "raft-counts-earlier-round-of-one-read",
        RaftCountsEarlierRound,
        {"servers": 3, "terms": 2, "entries": 1, "messages": 2, "reads": 1},
        None,
        None,
        "with one read there is no earlier round",
    ),
)
"""What is known of each."""
