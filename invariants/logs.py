"""What must hold of any protocol that replicates a log under leaders: Raft's five properties and their kin."""

from __future__ import annotations

import typing
from typing import Any

from ..models.language import Has, Map, Member, Ref, between_crashes, vacuous_unless
from .elections import Elects


class Keeps(Member, typing.Protocol):
    """A process with a log; each entry has the `term` in which a leader made it."""

    @property
    def log(self) -> tuple[Any, ...]:
        """The entries; the first one has index 1."""
        ...


class Commits(Keeps, typing.Protocol):
    """A process that knows how far its log is committed."""

    @property
    def commit(self) -> int:
        """The highest index that it takes for committed, 0 if none."""
        ...


class Leads(Keeps, Elects, typing.Protocol):
    """A process with a log that may lead its epoch."""


class Tracks(Leads, typing.Protocol):
    """A process that, as leader, keeps how far every other log agrees with its own."""

    @property
    def match_index(self) -> Map[Any, int]:
        """For each process the highest index up to which its log is known to agree, 0 if none."""
        ...


class Replicates(Tracks, typing.Protocol):
    """A process that, as leader, also keeps what it will send to every other one."""

    @property
    def next_index(self) -> Map[Any, int]:
        """For each process the index of the next entry to send to it."""
        ...


class Counts(Commits, typing.Protocol):
    """A process with a log that can tell a quorum."""

    def is_quorum(self, members: frozenset[Ref[Any]]) -> bool:
        """Whether these are enough to commit."""
        ...


class RemembersCommits(typing.Protocol):
    """A protocol that keeps as history what was ever committed."""

    def commitments(self) -> frozenset[Any]:
        """Every `index` ever committed, the `entry` first committed there and the `term` of the leader that did it."""
        ...

    def committed_logs(self) -> tuple[tuple[Any, ...], ...]:
        """For each process the part of its log that it takes for committed."""
        ...

    def leader_logs(self) -> tuple[tuple[int, tuple[Any, ...]], ...]:
        """For each process that leads its term and log."""
        ...


class StoresCommits(RemembersCommits, typing.Protocol):
    """A protocol that also tells what of it would be left if everybody crashed now."""

    def is_stored(self, committed: Any) -> bool:
        """Whether a quorum has an entry of `commitments` where a crash leaves it."""
        ...


def _logs_share_a_term(p: Has[Keeps]) -> bool:
    return any(
        mine.term == theirs.term
        for one in p.members
        for other in p.members
        if one.id != other.id
        for mine, theirs in zip(one.log, other.log, strict=False)
    )


@vacuous_unless(_logs_share_a_term)
def log_matching(p: Has[Keeps]) -> bool:
    """If two logs have an entry with the same index and term, they are the same up to that entry.

    Log Matching (Ongaro and Ousterhout 2014, figure 3). Entries that differ in their values alone are seen to differ
    only if the model lets clients ask for more than one value.
    """
    return all(
        one.log[: index + 1] == other.log[: index + 1]
        for one in p.members
        for other in p.members
        for index in range(min(len(one.log), len(other.log)))
        if one.log[index].term == other.log[index].term
    )


def _somebody_has_entries(p: Has[Leads]) -> bool:
    return any(len(process.log) > 0 for process in p.members)


@vacuous_unless(_somebody_has_entries)
def log_terms(p: Has[Leads]) -> bool:
    """The terms in a log never decrease, and none is later than the process's own.

    A conjunct of the proofs of Raft (Ongaro, "Consensus: Bridging Theory and Practice", 2014, appendix B).
    """
    return all(
        process.log[index - 1].term <= process.log[index].term
        for process in p.members
        for index in range(1, len(process.log))
    ) and all(entry.term <= process.epoch() for process in p.members for entry in process.log)


def _something_committed(p: RemembersCommits) -> bool:
    return len(p.commitments()) > 0


@vacuous_unless(_something_committed)
def leader_completeness(p: RemembersCommits) -> bool:
    """An entry committed in some term is in the log of every leader of a later term.

    Leader Completeness (Ongaro and Ousterhout 2014, figure 3). What counts is the term in which the entry was
    committed, which history alone knows: neither its own term nor what a server now takes for committed will do.
    """
    return all(
        log[committed.index - 1 : committed.index] == (committed.entry,)
        for term, log in p.leader_logs()
        for committed in p.commitments()
        if term > committed.term
    )


@vacuous_unless(_something_committed)
def state_machine_safety(p: RemembersCommits) -> bool:
    """Whatever a process takes for committed at an index is what was first committed there.

    State Machine Safety (Ongaro and Ousterhout 2014, figure 3): no two servers apply different entries at an index,
    not even one after the other has gone.
    """
    return all(
        log[committed.index - 1] == committed.entry
        for log in p.committed_logs()
        for committed in p.commitments()
        if committed.index <= len(log)
    )


@vacuous_unless(_something_committed)
def committed_is_durable(p: StoresCommits) -> bool:
    """Every entry ever committed is on the disks of a quorum, so that no crash can lose it.

    Ongaro 2014, section 10.2.1: an entry is committed once a majority has it on disk, whether or not the leader has.
    """
    return all(p.is_stored(committed) for committed in p.commitments())


def _two_have_committed(p: Has[Commits]) -> bool:
    return any(one.commit > 0 and other.commit > 0 for one in p.members for other in p.members if one.id != other.id)


@vacuous_unless(_two_have_committed)
def committed_prefix_agreement(p: Has[Commits]) -> bool:
    """Of any two committed logs, one is a prefix of the other.

    State Machine Safety (Ongaro and Ousterhout 2014, figure 3), as a predicate on one state that needs no history.
    """
    return all(
        mine == theirs
        for one in p.members
        for other in p.members
        for mine, theirs in zip(one.log[: one.commit], other.log[: other.commit], strict=False)
    )


def _somebody_committed(p: Has[Commits]) -> bool:
    return any(process.commit > 0 for process in p.members)


@vacuous_unless(_somebody_committed)
def quorum_log(p: Has[Counts]) -> bool:
    """What a process takes for committed is in the logs of a quorum.

    Ongaro and Ousterhout 2014, section 5.3: what is committed is on a majority of the servers,
    which keep it.
    """
    return all(
        process.is_quorum(
            frozenset(other.id for other in p.members if other.log[: process.commit] == process.log[: process.commit])
        )
        for process in p.members
    )


@vacuous_unless(_somebody_committed)
def committed_log_append_only(before: Has[Commits], after: Has[Commits]) -> bool:
    """What a process takes for committed stays in its log, whatever happens to it, a crash included.

    Ongaro and Ousterhout 2014, section 5.3: committed entries are durable.
    """
    pairs = zip(before.members, after.members, strict=True)
    return all(new.log[: old.commit] == old.log[: old.commit] for old, new in pairs)


@between_crashes
@vacuous_unless(_somebody_committed)
def committed_log_append_only_between_crashes(before: Has[Commits], after: Has[Commits]) -> bool:
    """What a process takes for committed stays in its log, unless it crashes.

    Where a leader may commit an entry that others have on disk and it has not (Ongaro 2014, section 10.2.1).
    """
    return committed_log_append_only(before, after)


@between_crashes
@vacuous_unless(_somebody_committed)
def commit_monotonic(before: Has[Commits], after: Has[Commits]) -> bool:
    """Between crashes, no commit index ever goes down.

    Ongaro and Ousterhout 2014, figure 2: the commit index "increases monotonically".
    """
    pairs = zip(before.members, after.members, strict=True)
    return all(new.commit >= old.commit for old, new in pairs)


def _leader_has_entries(p: Has[Leads]) -> bool:
    return any(process.leads() and len(process.log) > 0 for process in p.members)


@vacuous_unless(_leader_has_entries)
def leader_append_only(before: Has[Leads], after: Has[Leads]) -> bool:
    """A leader never overwrites or deletes entries of its log; it only appends.

    Leader Append-Only (Ongaro and Ousterhout 2014, figure 3).
    """
    pairs = zip(before.members, after.members, strict=True)
    return all(
        new.log[: len(old.log)] == old.log
        for old, new in pairs
        if old.leads() and new.leads() and old.epoch() == new.epoch()
    )


def _somebody_matches(p: Has[Tracks]) -> bool:
    return any(process.leads() and max(process.match_index.values()) > 0 for process in p.members)


@vacuous_unless(_somebody_matches)
def match_monotonic(before: Has[Tracks], after: Has[Tracks]) -> bool:
    """While a process leads, what it knows of another's log is never taken back.

    Ongaro and Ousterhout 2014, figure 2: each match index "increases monotonically".
    """
    pairs = zip(before.members, after.members, strict=True)
    return all(
        new.match_index[process] >= known
        for old, new in pairs
        if old.leads() and new.leads() and old.epoch() == new.epoch()
        for process, known in old.match_index.items()
    )


@vacuous_unless(_somebody_matches)
def match_sound(p: Has[Tracks]) -> bool:
    """What a leader knows of another's log is so, unless that process has moved on to a later term.

    `match_index_all_entries` of the proof of Raft in Coq (Woos and others, "Planning for Change in a Formal
    Verification of the Raft Consensus Protocol", 2016).
    """
    return all(
        other.log[: leader.match_index[other.id]] == leader.log[: leader.match_index[other.id]]
        for leader in p.members
        if leader.leads()
        for other in p.members
        if other.epoch() <= leader.epoch() and other.id != leader.id
    )


@vacuous_unless(_somebody_matches)
def next_after_match(p: Has[Replicates]) -> bool:
    """A leader never sends again what it knows that another has.

    What figure 2 of Ongaro and Ousterhout 2014 sets in pairs: after a success both indices, after a failure only the
    next one, which goes back no further than the match index allows.
    """
    return all(
        leader.next_index[process] > known
        for leader in p.members
        if leader.leads()
        for process, known in leader.match_index.items()
    )
