"""Viewstamped Replication Revisited with the view-number on disk.

A replica of the paper (section 4.3) forgets in a crash that it has joined a view change. It may recover in the view
before, and acknowledge operations there, while the log that it left to the next primary before the crash still counts
(Michael, Ports, Sharma and Szekeres, "Recovering Shared Objects Without Stable Storage", 2017). Here a replica writes
the view-number to disk when it joins a view change, as in the first version of the protocol (Oki and Liskov, 1988),
and recovers in that view or a later one.
"""

from __future__ import annotations

from ...invariants import epoch_monotonic
from ..language import Cluster, Figures, Size, Sizes, StepInvariants, cluster, durable
from ._messages import View
from .viewstamped import Replica, ViewstampedReplication


class StableReplica(Replica):
    """A replica that remembers the latest view that it has joined."""

    view: View = durable(0)

    def recover(self) -> None:
        """Ask all others, for a view that is not before this one."""
        super().recover()
        self.latest = self.view


class ViewstampedStableView(ViewstampedReplication):
    """Viewstamped Replication Revisited with the view-number on disk."""

    replicas: Cluster[StableReplica] = cluster(3)
    step_invariants: StepInvariants = (*ViewstampedReplication.step_invariants, epoch_monotonic)
    sizes: Sizes = (
        Size(
            "small",
            {"messages": 7, "crashes": 2},
            Figures(640_171, 1_575_535, 31),
        ),
        Size(
            "medium",
            {"views": 2, "values": 2, "messages": 8, "crashes": 2},
            Figures(7_332_391, 16_892_705, 38),
            symmetric=Figures(3_733_464, 8_591_319, 38),
        ),
        Size(
            "large",
            {"views": 2, "operations": 2, "values": 2, "messages": 7, "crashes": 2},
            symmetric=Figures(16_231_926, 40_649_703, 43),
        ),
    )
