"""Pre-vote and CheckQuorum together, which need each other.

Pre-vote alone lets a server depose a leader that it cannot hear while the others can. CheckQuorum alone lets a server
come back with a term so late that it must refuse the leader, who then steps down. With both, a server that is cut off
neither raises its term nor finds anybody to vote for it (Ongaro 2014, sections 4.2.3 and 9.6).
"""

from __future__ import annotations

from ..language import Cluster, Figures, Size, Sizes, cluster
from .check_quorum import CheckQuorumRaft, CheckQuorumServer
from .pre_vote import PreVote, PreVoteServer


class SteadyServer(CheckQuorumServer, PreVoteServer):
    """A server that asks before it stands for election, and says no itself while somebody leads."""

    def would_vote(self, m: PreVote) -> bool:
        """Whether it hears no leader, could vote in that term, and the log is up to date."""
        return not self.is_led() and super().would_vote(m)


class SteadyRaft(CheckQuorumRaft):
    """Raft with pre-vote and CheckQuorum: a leader that a quorum hears stays."""

    servers: Cluster[SteadyServer] = cluster(2)

    sizes: Sizes = (
        Size(
            "small",
            {"servers": 3, "messages": 3},
            Figures(1_624_609, 8_942_059, 33),
            symmetric=Figures(270_824, 1_490_612, 33),
        ),
        Size("medium", {"servers": 3, "terms": 2, "messages": 3}, symmetric=Figures(12_510_639, 67_320_811, 59)),
    )
