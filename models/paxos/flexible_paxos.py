"""Flexible Paxos (Howard, Malkhi and Spiegelman, "Flexible Paxos: Quorum Intersection Revisited", 2016).

Paxos asks a majority twice. All that its proof needs is that each quorum of phase 1, which finds out what may be
chosen, meets each quorum of phase 2, which chooses; two quorums of the same phase need not meet. So phase 2, which is
every day's work, can do with few acceptors if phase 1 asks many.
"""

from __future__ import annotations

from typing import Any

from ..language import Cluster, Figures, Ref, Size, Sizes, cluster, parameter
from .paxos import Acceptor, Learner, Paxos, Proposer


class FlexibleProposer(Proposer):
    """A proposer that asks a quorum of phase 1 for promises."""

    quorum_one: int = parameter("quorum_one")

    def is_quorum(self, members: frozenset[Ref[Any]]) -> bool:
        """Whether these acceptors are enough for phase 1."""
        return len(members) >= self.quorum_one


class FlexibleLearner(Learner):
    """A learner for which a value is chosen by a quorum of phase 2."""

    quorum_two: int = parameter("quorum_two")

    def is_quorum(self, members: frozenset[Ref[Any]]) -> bool:
        """Whether these acceptors are enough for phase 2."""
        return len(members) >= self.quorum_two


class FlexiblePaxos(Paxos):
    """Paxos with quorums of `quorum_one` acceptors in phase 1 and of `quorum_two` in phase 2.

    Together they must be more than all acceptors; that they are is checked, not assumed.
    """

    proposers: Cluster[FlexibleProposer] = cluster(2)
    acceptors: Cluster[Acceptor] = cluster(2)
    learners: Cluster[FlexibleLearner] = cluster(1)
    quorum_one: int = 2
    quorum_two: int = 1
    sizes: Sizes = (
        Size(
            "small",
            {"acceptors": 3, "quorum_one": 3, "quorum_two": 1, "ballots": 3},
            Figures(190_571, 1_126_189, 32),
            Figures(19_417, 114_715, 32),
        ),
        Size(
            "medium",
            {"acceptors": 4, "quorum_one": 3, "quorum_two": 2, "proposer_crashes": 1, "learner_crashes": 1},
            Figures(3_267_020, 31_363_499, 29),
            Figures(93_356, 878_059, 29),
        ),
        Size(
            "large",
            {"acceptors": 4, "quorum_one": 3, "quorum_two": 2, "ballots": 3},
            None,
            Figures(2_820_641, 30_066_893, 40),
        ),
    )
