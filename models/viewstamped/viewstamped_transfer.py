"""Viewstamped Replication Revisited with state transfer: a replica that has missed something asks for it.

Liskov and Cowling, 2012, section 5.2. A replica that hears of operations that it lacks, in its own view or in a later
one, asks for them. The paper lets it drop at once whatever is not known to be committed, if the view is a later one;
here it does so only when it has the answer, because what it has may be committed without its knowing.
"""

from __future__ import annotations

from ..language import Cluster, Figures, Ref, Size, Sizes, cluster, message, receive, require
from ._messages import Log, Number, Prepare, View
from .viewstamped import Replica, Status, ViewstampedReplication


@message
class GetState:
    """A replica asks for the operations after a number."""

    view: View
    number: Number


@message
class NewState:
    """The operations after a number, and what is committed."""

    view: View
    number: Number
    operations: Log
    commit: Number


class TransferringReplica(Replica):
    """A replica that catches up."""

    def on_prepare(self, m: Prepare, sender: Ref[Replica]) -> None:
        """Ask for what is missing before this operation, if anything is."""
        if self.is_behind(m):
            self.ask(m, sender)
        else:
            super().on_prepare(m, sender)

    def is_behind(self, m: Prepare) -> bool:
        """Whether operations of this view, or the beginning of a later one, have passed this replica by."""
        missed = m.view > self.view or (m.view == self.view and m.number > len(self.log) + 1)
        return self.status is Status.NORMAL and missed

    def ask(self, m: Prepare, sender: Ref[Replica]) -> None:
        """Ask for the operations after those that are certain: in a later view, the committed ones."""
        self.send(sender, GetState(m.view, self.commit if m.view > self.view else len(self.log)))

    @receive
    def on_get_state(self, m: GetState, sender: Ref[Replica]) -> None:
        """Send what the other one lacks."""
        require(self.status is Status.NORMAL and m.view == self.view)
        self.send(sender, NewState(m.view, m.number, self.log[m.number :], self.commit))

    @receive
    def on_new_state(self, m: NewState) -> None:
        """Catch up, unless this has happened by other means."""
        require(self.status is Status.NORMAL and self.is_ahead(m))
        self.enter(m.view, self.log[: m.number] + m.operations, max(self.commit, m.commit))

    def is_ahead(self, m: NewState) -> bool:
        """Whether an answer has a later view, or more operations of this one."""
        longer = m.number + len(m.operations) > len(self.log)
        return m.view > self.view or (m.view == self.view and longer)


class ViewstampedTransfer(ViewstampedReplication):
    """Viewstamped Replication Revisited with state transfer."""

    replicas: Cluster[TransferringReplica] = cluster(3)
    sizes: Sizes = (
        Size(
            "small",
            {"views": 2, "operations": 2, "messages": 6},
            Figures(1_102_180, 2_832_167, 36),
        ),
        Size(
            "medium",
            {"views": 2, "operations": 2, "values": 2, "messages": 6},
            Figures(4_306_945, 11_105_899, 36),
            symmetric=Figures(2_155_058, 5_555_971, 36),
        ),
        Size(
            "large",
            {"views": 2, "operations": 2, "values": 2, "messages": 7},
            symmetric=Figures(9_814_821, 24_350_952, 39),
        ),
    )
