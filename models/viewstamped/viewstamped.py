"""Viewstamped Replication Revisited (Liskov and Cowling, MIT-CSAIL-TR-2012-021, 2012), without disks.

Normal operation, view changes and recovery (sections 4.1 to 4.3). Replicas keep nothing on disk except a counter for
nonces: who restarts knows nothing, and asks the others before it takes part again. One step is a timeout, a client's
request, a Commit message, or the whole handling of one message; committing an operation, becoming primary and the end
of a recovery belong to the message that completes the quorum. A primary counts itself without a message.
"""

from __future__ import annotations

from enum import Enum

from ...invariants import commit_monotonic, committed_prefix_agreement, leader_completeness, state_machine_safety
from ...invariants.diskless import (
    committed_log_kept_between_crashes,
    epoch_monotonic_between_crashes,
    logs_agree_within_epoch,
)
from ..language import (
    Bag,
    Cluster,
    Crash,
    Faults,
    Figures,
    Invariants,
    Map,
    Network,
    Process,
    Protocol,
    Ref,
    Size,
    Sizes,
    StepInvariants,
    action,
    cluster,
    durable,
    every,
    ghost,
    history,
    rank,
    receive,
    record,
    require,
    restart,
    volatile,
)
from ._messages import (
    Commit,
    DoViewChange,
    Log,
    Nonce,
    Number,
    Operation,
    Prepare,
    PrepareOk,
    Recovery,
    RecoveryResponse,
    StartView,
    StartViewChange,
    State,
    View,
)


class Status(Enum):
    """What a replica is doing (section 4)."""

    NORMAL, VIEW_CHANGE, RECOVERING = range(3)


@record
class Newest:
    """A log, and the latest view in which it was a log of normal operation."""

    view: View
    log: Log


@record
class Committed:
    """The operation that was first committed at a position, and the view (`term`) in which that was."""

    index: Number
    entry: Operation
    term: View


class Replica(Process):
    """A replica (figure 2)."""

    # on disk
    nonce: Nonce = durable(0)
    # lost in a crash
    status: Status = volatile(Status.NORMAL)
    view: View = volatile(0)
    last_normal: View = volatile(0)
    log: Log = volatile(())
    commit: Number = volatile(0)
    # of a primary: how far each backup has acknowledged
    prepared: Map[Ref[Replica], Number] = volatile(every(0))
    # of a view change: who wants it, and who has left a log to the new primary
    started: frozenset[Ref[Replica]] = volatile(frozenset())
    done: frozenset[Ref[Replica]] = volatile(frozenset())
    newest: Newest = volatile(Newest(0, ()))
    known_commit: Number = volatile(0)
    # of a recovery: who has answered, the latest view, and what its primary said
    answered: frozenset[Ref[Replica]] = volatile(frozenset())
    latest: View = volatile(0)
    found: State | None = volatile(None)

    def is_primary(self) -> bool:
        """Whether its view is this replica's."""
        return self.owns(self.view)

    def owns(self, view: View) -> bool:
        """Whether a view has this replica as primary."""
        return view % len(self.members(Replica)) == rank(self.id)

    def leads(self) -> bool:
        """Whether it is primary and its view has begun."""
        return self.status is Status.NORMAL and self.is_primary()

    # -- normal operation (section 4.1) --------------------------------------------------------------------------------

    @action
    def request(self, operation: Operation) -> None:
        """The primary receives a request, and asks the backups to prepare it."""
        require(self.leads())
        self.log += (operation,)
        self.broadcast(Prepare(self.view, len(self.log), operation, self.commit))
        self.count_prepared()

    @receive
    def on_prepare(self, m: Prepare, sender: Ref[Replica]) -> None:
        """A backup adds the next operation to its log, in order."""
        require(self.status is Status.NORMAL and m.view == self.view and m.number == len(self.log) + 1)
        self.log += (m.operation,)
        self.follow_commit(m.commit)
        self.send(sender, PrepareOk(self.view, len(self.log)))

    @receive
    def on_prepare_ok(self, m: PrepareOk, sender: Ref[Replica]) -> None:
        """The primary notes how far a backup's log goes."""
        require(self.leads() and m.view == self.view and m.number > self.prepared[sender])
        self.prepared |= {sender: m.number}
        self.count_prepared()

    def count_prepared(self) -> None:
        """Commit up to the last operation that a quorum has, the primary included."""
        ahead = range(self.commit + 1, len(self.log) + 1)
        self.commit = max((number for number in ahead if self.is_prepared(number)), default=self.commit)

    def is_prepared(self, number: Number) -> bool:
        """Whether f backups have an operation."""
        return self.is_quorum(frozenset(r for r in self.peers if self.prepared[r] >= number) | {self.id})

    @action
    def announce(self) -> None:
        """The primary tells what is committed, when there is no request that would carry it."""
        require(self.leads() and self.commit > 0)
        self.broadcast(Commit(self.view, self.commit))

    @receive
    def on_commit(self, m: Commit) -> None:
        """A backup commits what it has."""
        require(self.status is Status.NORMAL and m.view == self.view)
        self.follow_commit(m.commit)

    def follow_commit(self, commit: Number) -> None:
        """Commit what the primary has committed, as far as the log goes."""
        self.commit = max(self.commit, min(commit, len(self.log)))

    # -- view changes (section 4.2) ------------------------------------------------------------------------------------

    @action
    def timeout(self) -> None:
        """A replica that hears nothing from the primary wants the next view."""
        require(self.status is not Status.RECOVERING and not self.leads())
        self.change_view(self.view + 1)

    def change_view(self, view: View) -> None:
        """Stop normal operation, and tell the others which view should begin."""
        self.leave_view()
        self.view = view
        self.status = Status.VIEW_CHANGE
        self.broadcast(StartViewChange(view))

    def leave_view(self) -> None:
        """Drop what belongs to the present view or to an attempt to begin it."""
        self.prepared = Map({replica: 0 for replica in self.members(Replica)})
        self.started = frozenset()
        self.done = frozenset()
        self.newest = Newest(0, ())
        self.known_commit = 0

    @receive
    def on_start_view_change(self, m: StartViewChange, sender: Ref[Replica]) -> None:
        """Join a view change; once f others have, leave the log to the new primary."""
        require(self.joins(m.view) and (m.view > self.view or not self.is_quorum(self.started | {self.id})))
        if m.view > self.view:
            self.change_view(m.view)
        self.started |= {sender}
        if self.is_quorum(self.started | {self.id}):
            self.do_view_change()

    def joins(self, view: View) -> bool:
        """Whether to take part in a change to a view: it is later, or the one that this replica wants."""
        if self.status is Status.RECOVERING:
            return False
        return view > self.view or (view == self.view and self.status is Status.VIEW_CHANGE)

    def do_view_change(self) -> None:
        """Give the log to the primary of the view."""
        if self.is_primary():
            self.note_log(self.id, DoViewChange(self.view, self.log, self.last_normal, self.commit))
        for replica in self.peers:
            if rank(replica) == self.view % len(self.members(Replica)):
                self.send(replica, DoViewChange(self.view, self.log, self.last_normal, self.commit))

    @receive
    def on_do_view_change(self, m: DoViewChange, sender: Ref[Replica]) -> None:
        """The new primary collects logs; it may not know of the view change yet."""
        require(self.joins(m.view))
        if m.view > self.view:
            self.change_view(m.view)
        self.note_log(sender, m)

    def note_log(self, sender: Ref[Replica], m: DoViewChange) -> None:
        """Keep the newest log and the greatest commit-number; with f + 1 of them, begin the view."""
        if len(self.done) == 0 or self.is_newer(m):
            self.newest = Newest(m.last_normal, m.log)
        self.known_commit = max(self.known_commit, m.commit)
        self.done |= {sender}
        if self.is_quorum(self.done):
            self.start_view()

    def is_newer(self, m: DoViewChange) -> bool:
        """Whether a log is from a later view than the newest so far or, if from the same view, longer."""
        return (m.last_normal, len(m.log)) > (self.newest.view, len(self.newest.log))

    def start_view(self) -> None:
        """Become primary with the newest log, and tell the others."""
        log, commit = self.newest.log, max(self.commit, self.known_commit)
        self.enter(self.view, log, commit)
        self.broadcast(StartView(self.view, log, commit))

    def enter(self, view: View, log: Log, commit: Number) -> None:
        """Take up normal operation in a view."""
        self.leave_view()
        self.status = Status.NORMAL
        self.view = view
        self.last_normal = view
        self.log = log
        self.commit = commit

    @receive
    def on_start_view(self, m: StartView, sender: Ref[Replica]) -> None:
        """Enter the new view with the primary's log, and acknowledge what is not committed yet."""
        require(self.may_enter(m.view))
        self.enter(m.view, m.log, max(self.commit, m.commit))
        if len(m.log) > m.commit:
            self.send(sender, PrepareOk(m.view, len(m.log)))

    def may_enter(self, view: View) -> bool:
        """Whether to enter a view that begins: one that is later, or that this replica wants."""
        return self.joins(view)

    # -- recovery (section 4.3) ----------------------------------------------------------------------------------------

    @restart
    def recover(self) -> None:
        """Know nothing, take part in nothing, and ask all others."""
        self.nonce += 1
        self.status = Status.RECOVERING
        self.broadcast(Recovery(self.nonce))

    @receive
    def on_recovery(self, m: Recovery, sender: Ref[Replica]) -> None:
        """Answer in normal operation; the primary adds its log."""
        require(self.may_answer())
        state = State(self.log, self.commit) if self.is_primary() else None
        self.send(sender, RecoveryResponse(self.view, m.nonce, state))

    def may_answer(self) -> bool:
        """Whether what it knows is what its view has come to."""
        return self.status is Status.NORMAL

    @receive
    def on_recovery_response(self, m: RecoveryResponse, sender: Ref[Replica]) -> None:
        """Collect answers to the latest question; f + 1, with one from the primary of the latest view, will do."""
        require(self.status is Status.RECOVERING and m.nonce == self.nonce)
        self.note_answer(sender, m)
        self.try_to_resume()

    def note_answer(self, sender: Ref[Replica], m: RecoveryResponse) -> None:
        """Keep the latest view, and what its primary says."""
        if m.view > self.latest:
            self.latest = m.view
            self.found = None
        if m.view == self.latest and m.state is not None:
            self.found = m.state
        self.answered |= {sender}

    def try_to_resume(self) -> None:
        """Take part again, once it is known how."""
        if self.is_quorum(self.answered) and self.found is not None:
            self.enter(self.latest, self.found.log, self.found.commit)
            self.answered = frozenset()
            self.latest = 0
            self.found = None

    # -- what the shared properties ask for ----------------------------------------------------------------------------

    def epoch(self) -> View:
        """The view that it is in."""
        return self.view

    def is_normal(self) -> bool:
        """Whether it is in normal operation."""
        return self.status is Status.NORMAL


class ViewstampedReplication(Protocol):
    """Viewstamped Replication Revisited: replicas that order operations under a primary, and keep nothing on disk.

    `views` is the last view and `operations` the length of the longest log; clients ask for `values` different
    operations. At most `messages` are under way at a time, equal ones counted once, and the network delivers up to
    `duplicates` of them once more; replicas crash and restart up to `crashes` times in all. A message that its receiver
    has no use for stays under way, which is as good as losing it.
    """

    replicas: Cluster[Replica] = cluster(3)
    views: int = 1
    operations: int = 1
    values: int = 1
    messages: int = 4
    crashes: int = 1
    duplicates: int = 0

    network: Network = Bag(copies=1, duplicates="duplicates", capacity="messages")
    faults: Faults = (Crash(times="crashes"),)
    invariants: Invariants = (
        leader_completeness,
        state_machine_safety,
        committed_prefix_agreement,
        logs_agree_within_epoch,
    )
    step_invariants: StepInvariants = (
        commit_monotonic,
        committed_log_kept_between_crashes,
        epoch_monotonic_between_crashes,
    )
    sizes: Sizes = (
        Size(
            "small",
            {"views": 2, "operations": 2, "values": 2, "messages": 6},
            Figures(1_401_751, 3_460_191, 36),
            symmetric=Figures(702_461, 1_733_117, 36),
        ),
        Size(
            "medium",
            {"views": 2, "operations": 2, "values": 2, "messages": 7},
            Figures(6_203_348, 14_921_966, 38),
            symmetric=Figures(3_106_123, 7_469_931, 38),
        ),
        Size(
            "large",
            {"views": 2, "operations": 2, "values": 2, "messages": 8},
            symmetric=Figures(13_724_462, 33_523_503, 40),
        ),
    )

    committed: frozenset[Committed] = ghost(frozenset())

    @history
    def remember(self, before: ViewstampedReplication) -> None:
        """Remember what was committed, and in which view first."""
        self.committed |= frozenset(
            Committed(index, operation, replica.view)
            for replica in self.replicas
            for index, operation in enumerate(replica.log[: replica.commit], 1)
            if not self.was_committed(index)
        )

    def was_committed(self, index: Number) -> bool:
        """Whether anything was ever committed at a position."""
        return any(committed.index == index for committed in self.committed)

    def commitments(self) -> frozenset[Committed]:
        """What was first committed at each position, and in which view."""
        return self.committed

    def leader_logs(self) -> tuple[tuple[View, Log], ...]:
        """The views and logs of the primaries whose views have begun."""
        return tuple((replica.view, replica.log) for replica in self.replicas if replica.leads())

    def committed_logs(self) -> tuple[Log, ...]:
        """What each replica takes for committed."""
        return tuple(replica.log[: replica.commit] for replica in self.replicas)
