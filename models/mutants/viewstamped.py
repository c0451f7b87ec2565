"""Viewstamped Replication with one thing wrong."""

from __future__ import annotations

from ..language import Cluster, Ref, cluster, require, volatile
from ..viewstamped._messages import DoViewChange, Number, Prepare, PrepareOk, RecoveryResponse, View
from ..viewstamped.viewstamped import Newest, Replica, Status, ViewstampedReplication
from ..viewstamped.viewstamped_stable_view import StableReplica, ViewstampedStableView
from ..viewstamped.viewstamped_transfer import TransferringReplica, ViewstampedTransfer
from .mutant import Mutant


class RejoinsAtOnce(Replica):
    """Takes part again as soon as it is back."""

    def recover(self) -> None:
        """Ask nobody."""
        self.status = Status.NORMAL


class ViewstampedRejoinsAtOnce(ViewstampedReplication):
    """A replica that has lost its log helps to begin a view without the operations that it had acknowledged."""

    replicas: Cluster[RejoinsAtOnce] = cluster(3)


class IgnoresNonce(StableReplica):
    """Takes any answer for one to its latest question."""

    def on_recovery_response(self, m: RecoveryResponse, sender: Ref[Replica]) -> None:
        """Collect answers to whatever recovery."""
        require(self.status is Status.RECOVERING)
        self.note_answer(sender, m)
        self.try_to_resume()


class ViewstampedIgnoresNonce(ViewstampedStableView):
    """A replica recovers with an answer from before its latest crash, and without what it acknowledged in between."""

    replicas: Cluster[IgnoresNonce] = cluster(3)


class ForgetsView(StableReplica):
    """Keeps the view-number in memory only, as the paper has it."""

    view: View = volatile(0)


class ViewstampedForgetsView(ViewstampedStableView):
    """A replica that recovers in an early view acknowledges what its log, left to a later primary before, lacks."""

    replicas: Cluster[ForgetsView] = cluster(3)


class TrustsAnyPrimary(Replica):
    """Is content with the answer of a primary of any view."""

    def note_answer(self, sender: Ref[Replica], m: RecoveryResponse) -> None:
        """Keep what a primary says, even if another replica knows of a later view."""
        self.latest = max(self.latest, m.view)
        if m.state is not None:
            self.found = m.state
        self.answered |= {sender}


class ViewstampedTrustsAnyPrimary(ViewstampedReplication):
    """A replica takes the log of a deposed primary for that of the latest view."""

    replicas: Cluster[TrustsAnyPrimary] = cluster(3)


class AnswersWhileChanging(Replica):
    """Answers others' recoveries while it changes views."""

    def may_answer(self) -> bool:
        """Whether it is not recovering itself."""
        return self.status is not Status.RECOVERING


class ViewstampedAnswersWhileChanging(ViewstampedReplication):
    """A replica recovers with the log of a primary whose view has not begun, and which lacks an operation."""

    replicas: Cluster[AnswersWhileChanging] = cluster(3)


class TakesLongestLog(Replica):
    """Looks at the length of logs alone."""

    def is_newer(self, m: DoViewChange) -> bool:
        """Whether a log is longer."""
        return len(m.log) > len(self.newest.log)


class ViewstampedTakesLongestLog(ViewstampedReplication):
    """A long log from an early view replaces a short one from a later view, part of which is committed."""

    replicas: Cluster[TakesLongestLog] = cluster(3)


class KeepsOwnLog(Replica):
    """Begins a view with its own log."""

    def start_view(self) -> None:
        """Do not look at what the others have left."""
        self.newest = Newest(self.last_normal, self.log)
        super().start_view()


class ViewstampedKeepsOwnLog(ViewstampedReplication):
    """A new primary ignores the newer log of another replica."""

    replicas: Cluster[KeepsOwnLog] = cluster(3)


class CountsChangeAsNormal(Replica):
    """Takes the view that it wants for one in which it was in normal operation."""

    def change_view(self, view: View) -> None:
        """Want a view, and note it as the latest one."""
        super().change_view(view)
        self.last_normal = view


class ViewstampedCountsChangeAsNormal(ViewstampedReplication):
    """A replica that tried to begin a view passes its old log off as a newer one than it is."""

    replicas: Cluster[CountsChangeAsNormal] = cluster(3)


class RestartsView(Replica):
    """Enters a view as often as it is told to."""

    def may_enter(self, view: View) -> bool:
        """Whether to enter a view: also if it is the present one, and has gone on since it began."""
        return self.joins(view) or (self.status is Status.NORMAL and view == self.view)


class ViewstampedRestartsView(ViewstampedReplication):
    """A StartView that arrives twice takes away operations that were acknowledged since."""

    replicas: Cluster[RestartsView] = cluster(3)


class ReturnsToView(Replica):
    """Enters any view that begins."""

    def may_enter(self, view: View) -> bool:
        """Whether to enter a view: any other than the present one."""
        return self.status is not Status.RECOVERING and view != self.view


class ViewstampedReturnsToView(ViewstampedReplication):
    """A replica goes back to an earlier view, although it has helped to begin a later one."""

    replicas: Cluster[ReturnsToView] = cluster(3)


class PreparesOutOfOrder(Replica):
    """Adds operations in whatever order they come."""

    def on_prepare(self, m: Prepare, sender: Ref[Replica]) -> None:
        """Add an operation to the end of the log, and acknowledge its number."""
        require(self.status is Status.NORMAL and m.view == self.view and m.number > len(self.log))
        self.log += (m.operation,)
        self.follow_commit(m.commit)
        self.send(sender, PrepareOk(self.view, m.number))


class ViewstampedPreparesOutOfOrder(ViewstampedReplication):
    """A backup that has missed an operation puts the next one in its place."""

    replicas: Cluster[PreparesOutOfOrder] = cluster(3)


class CountsOldPrepareOk(Replica):
    """Takes any acknowledgement for one of its view."""

    def on_prepare_ok(self, m: PrepareOk, sender: Ref[Replica]) -> None:
        """Note how far a backup's log went, in whatever view."""
        require(self.leads() and len(self.log) >= m.number > self.prepared[sender])
        self.prepared |= {sender: m.number}
        self.count_prepared()


class ViewstampedCountsOldPrepareOk(ViewstampedReplication):
    """An acknowledgement from an earlier view counts in a later one, which is safe with three replicas."""

    replicas: Cluster[CountsOldPrepareOk] = cluster(3)


class LowersCommit(Replica):
    """Believes the latest message it handles about what is committed."""

    def follow_commit(self, commit: Number) -> None:
        """Set the commit-number, even if it was greater."""
        self.commit = min(commit, len(self.log))


class ViewstampedLowersCommit(ViewstampedReplication):
    """A message that comes late takes the commit-number back."""

    replicas: Cluster[LowersCommit] = cluster(3)


class CommitsAlone(Replica):
    """Commits what it has."""

    def is_prepared(self, number: Number) -> bool:
        """Whether the primary has an operation: always."""
        return True


class ViewstampedCommitsAlone(ViewstampedReplication):
    """A primary commits an operation that nobody else has; the next one commits another in its place."""

    replicas: Cluster[CommitsAlone] = cluster(3)


class TruncatesFirst(TransferringReplica):
    """Makes room before it knows what for."""

    def ask(self, m: Prepare, sender: Ref[Replica]) -> None:
        """Enter the later view with what is known to be committed, then ask for the rest."""
        super().ask(m, sender)
        if m.view > self.view:
            self.enter(m.view, self.log[: self.commit], self.commit)


class ViewstampedTruncatesFirst(ViewstampedTransfer):
    """A replica drops what is committed without its knowing, and passes the rest off as a log of the later view."""

    replicas: Cluster[TruncatesFirst] = cluster(3)


class ForgetsOthersCommit(Replica):
    """Begins a view with the commit-number that it knew."""

    def start_view(self) -> None:
        """Do not look at the others' commit-numbers."""
        self.known_commit = 0
        super().start_view()


class ViewstampedForgetsOthersCommit(ViewstampedReplication):
    """A new primary commits again what was committed, which is safe: the operations are in its log."""

    replicas: Cluster[ForgetsOthersCommit] = cluster(3)


REVISITED = 'Liskov and Cowling, "Viewstamped Replication Revisited", 2012'

MUTANTS = (
    Mutant(
        "viewstamped-rejoins-at-once",
        ViewstampedRejoinsAtOnce,
        {"messages": 12},
        "leader_completeness",
        8,
        f"{REVISITED}, section 4.3: a replica does not take part until it has recovered",
    ),
    Mutant(
        "viewstamped-ignores-nonce",
        ViewstampedIgnoresNonce,
        {"messages": 7, "crashes": 2, "duplicates": 1},
        "leader_completeness",
        16,
        f"{REVISITED}, section 4.3: the nonce tells the responses to this recovery from earlier ones",
    ),
    Mutant(
        "viewstamped-forgets-view",
        ViewstampedForgetsView,
        {"messages": 8, "crashes": 2},
        "leader_completeness",
        17,
        'Michael and others, "Recovering Shared Objects Without Stable Storage", 2017',
    ),
    Mutant(
        "viewstamped-returns-to-earlier-view",
        ViewstampedForgetsView,
        {"messages": 12},
        "epoch_monotonic",
        2,
        'Michael and others, "Recovering Shared Objects Without Stable Storage", 2017',
    ),
    Mutant(
        "viewstamped-trusts-any-primary",
        ViewstampedTrustsAnyPrimary,
        {"messages": 12, "values": 2},
        "logs_agree_within_epoch",
        11,
        f"{REVISITED}, section 4.3: one response is from the primary of the latest view",
    ),
    Mutant(
        "viewstamped-answers-while-changing",
        ViewstampedAnswersWhileChanging,
        {"views": 2, "messages": 8},
        "leader_completeness",
        13,
        f"{REVISITED}, section 4.3: a replica replies only when its status is normal",
    ),
    Mutant(
        "viewstamped-takes-longest-log",
        ViewstampedTakesLongestLog,
        {"views": 2, "operations": 2, "values": 2, "messages": 12, "crashes": 0},
        "leader_completeness",
        13,
        f"{REVISITED}, section 4.2: the log with the largest v'",
    ),
    Mutant(
        "viewstamped-keeps-own-log",
        ViewstampedKeepsOwnLog,
        {"messages": 12, "crashes": 0},
        "leader_completeness",
        7,
        f"{REVISITED}, section 4.2: the new log is selected from the messages",
    ),
    Mutant(
        "viewstamped-counts-change-as-normal",
        ViewstampedCountsChangeAsNormal,
        {"views": 2, "operations": 2, "values": 2, "messages": 12, "crashes": 0},
        "leader_completeness",
        13,
        f"{REVISITED}, section 4.2: v' is the latest view in which the status was normal",
    ),
    Mutant(
        "viewstamped-restarts-view",
        ViewstampedRestartsView,
        {"messages": 12, "duplicates": 1, "crashes": 0},
        "committed_log_kept_between_crashes",
        11,
        f"{REVISITED}, section 4.2: a StartView begins a view",
    ),
    Mutant(
        "viewstamped-returns-to-view",
        ViewstampedReturnsToView,
        {"views": 2, "messages": 12, "crashes": 0},
        "epoch_monotonic_between_crashes",
        6,
        f"{REVISITED}, section 4.2 does not say that a StartView of an earlier view is ignored",
    ),
    Mutant(
        "viewstamped-prepares-out-of-order",
        ViewstampedPreparesOutOfOrder,
        {"operations": 2, "values": 2, "messages": 12, "crashes": 0},
        "committed_prefix_agreement",
        5,
        f"{REVISITED}, section 4.1: backups process Prepare messages in order",
    ),
    Mutant(
        "viewstamped-lowers-commit",
        ViewstampedLowersCommit,
        {"operations": 2, "messages": 12, "crashes": 0},
        "commit_monotonic",
        7,
        f"{REVISITED}, section 4.1: a replica commits what the primary has committed",
    ),
    Mutant(
        "viewstamped-commits-alone",
        ViewstampedCommitsAlone,
        {"values": 2, "messages": 12, "crashes": 0},
        "state_machine_safety",
        6,
        f"{REVISITED}, section 4.1: f PrepareOk messages",
    ),
    # the published trace is longer: there a replica asks only if it lacks two operations, and committing is a step
    Mutant(
        "viewstamped-truncates-first",
        ViewstampedTruncatesFirst,
        {"views": 2, "operations": 2, "messages": 12, "crashes": 0},
        "leader_completeness",
        13,
        "Vanlightly, vsr-tlaplus: the state transfer of the paper, section 5.2",
    ),
    # negative controls
    # with three replicas, who acknowledges an operation completes a quorum: it is committed, and in every later log
    Mutant(
        "viewstamped-counts-old-prepare-ok",
        ViewstampedCountsOldPrepareOk,
        {"views": 3, "values": 2, "messages": 10, "crashes": 0},
        None,
        None,
        f"{REVISITED}, section 4.1: acknowledgements are of a view",
    ),
    Mutant(
        "viewstamped-forgets-others-commit",
        ViewstampedForgetsOthersCommit,
        {"messages": 6},
        None,
        None,
        f"{REVISITED}, section 4.2: the largest commit-number",
    ),
)
"""What is known of each."""
