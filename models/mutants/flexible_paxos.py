"""Flexible Paxos with quorums that do not intersect."""

from __future__ import annotations

from typing import Any

from ..language import Cluster, Ref, cluster
from ..paxos.flexible_paxos import FlexibleLearner, FlexiblePaxos, FlexibleProposer
from .mutant import Mutant


class AsksTooFew(FlexibleProposer):
    """Is content with one promise less than it should be."""

    def is_quorum(self, members: frozenset[Ref[Any]]) -> bool:
        """Whether these acceptors are nearly enough for phase 1."""
        return len(members) >= self.quorum_one - 1


class FlexiblePaxosAsksTooFew(FlexiblePaxos):
    """A quorum of phase 1 and one of phase 2 have no acceptor in common, so a proposer does not find what is chosen."""

    proposers: Cluster[AsksTooFew] = cluster(2)


class FlexiblePaxosAsksHalf(FlexiblePaxosAsksTooFew):
    """Two quorums of phase 1 have no acceptor in common, which is safe as long as each meets all those of phase 2."""


class ChoosesWithFewer(FlexibleLearner):
    """Is content with one vote less than it should be."""

    def is_quorum(self, members: frozenset[Ref[Any]]) -> bool:
        """Whether these acceptors are nearly enough for phase 2."""
        return len(members) >= self.quorum_two - 1


class FlexiblePaxosChoosesWithFewer(FlexiblePaxos):
    """Two quorums of phase 2 have no acceptor in common, which is safe as long as each meets all those of phase 1."""

    learners: Cluster[ChoosesWithFewer] = cluster(1)


PAPER = 'Howard, Malkhi and Spiegelman, "Flexible Paxos: Quorum Intersection Revisited", 2016, section 3'

MUTANTS = (
    Mutant(
        "flexible-paxos-asks-too-few",
        FlexiblePaxosAsksTooFew,
        {"acceptors": 4, "quorum_one": 3, "quorum_two": 2},
        "agreement",
        14,
        f"{PAPER}: quorums of the two phases intersect",
    ),
    Mutant(
        "flexible-paxos-asks-one-of-three",
        FlexiblePaxosAsksTooFew,
        {"acceptors": 3, "quorum_one": 2, "quorum_two": 2},
        "agreement",
        10,
        f"{PAPER}: quorums of the two phases intersect",
    ),
    # the assumption itself, which every run checks before anything happens
    Mutant(
        "flexible-paxos-has-disjoint-quorums",
        FlexiblePaxosAsksTooFew,
        {"acceptors": 4, "quorum_one": 3, "quorum_two": 2},
        "quorums_intersect",
        0,
        f"{PAPER}: quorums of the two phases intersect",
    ),
    # negative controls, in which the quorums were larger than they must be
    Mutant(
        "flexible-paxos-asks-half",
        FlexiblePaxosAsksHalf,
        {"acceptors": 4, "quorum_one": 3, "quorum_two": 3},
        None,
        None,
        f"{PAPER}: quorums of one phase need not intersect",
    ),
    Mutant(
        "flexible-paxos-chooses-with-half",
        FlexiblePaxosChoosesWithFewer,
        {"acceptors": 4, "quorum_one": 3, "quorum_two": 3},
        None,
        None,
        f"{PAPER}: quorums of one phase need not intersect",
    ),
)
"""What is known of each."""
