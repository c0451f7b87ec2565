"""What must hold of any protocol that changes its members by entries of its log."""

from __future__ import annotations

import typing
from typing import Any

from ..models.language import Has, Ref, vacuous_unless
from .elections import Votes
from .logs import Commits, Leads, RemembersCommits


class Appoints(Commits, Leads, Votes, typing.Protocol):
    """A process whose log also says who counts."""

    @property
    def configurations(self) -> tuple[Any, ...]:
        """The configurations in its log, in order, each with the `index` of its entry."""
        ...

    def majorities(self) -> tuple[frozenset[Ref[Any]], ...]:
        """The sets of processes of each of which it needs a majority, by the configuration in force."""
        ...


class RemembersAppointments(RemembersCommits, typing.Protocol):
    """A protocol with such processes that keeps as history what was ever committed."""

    def leader_configurations(self) -> tuple[tuple[tuple[int, Any], ...], ...]:
        """For each process that leads, the index and the entry of each configuration in its log."""
        ...


def _something_appointed(p: Has[Appoints]) -> bool:
    return any(len(process.configurations) > 0 for process in p.members)


@vacuous_unless(_something_appointed)
def configuration_matching(p: Has[Appoints]) -> bool:
    """Each configuration is that of an entry in the log, and wherever that entry is, the configuration is.

    Log Matching (Ongaro and Ousterhout 2014, figure 3), for what else an entry may have. A process that goes on with a
    configuration whose entry it lost, or without one whose entry it has, breaks it.
    """
    return all(
        configuration in other.configurations
        for one in p.members
        for configuration in one.configurations
        for other in p.members
        if other.id == one.id or other.log[configuration.index - 1 :][:1] == one.log[configuration.index - 1 :][:1]
    )


def _leader_has_appointed(p: RemembersAppointments) -> bool:
    return any(len(configurations) > 0 for configurations in p.leader_configurations())


@vacuous_unless(_leader_has_appointed)
def one_configuration_in_flight(p: RemembersAppointments) -> bool:
    """The log of a leader has at most one configuration that was never committed.

    Ongaro, "Consensus: Bridging Theory and Practice", 2014, section 4.1: the next change may begin once the
    configuration of the previous one is committed.
    """
    return all(
        sum(not _was_committed(p, index, entry) for index, entry in configurations) <= 1
        for configurations in p.leader_configurations()
    )


def _was_committed(p: RemembersAppointments, index: int, entry: Any) -> bool:
    return any(committed.index == index and committed.entry == entry for committed in p.commitments())


@vacuous_unless(_something_appointed)
def active_configurations_overlap(p: Has[Appoints]) -> bool:
    """No two processes that may still win an election can do so with quorums that share no process.

    Ongaro and Ousterhout 2014, section 6: there must be no point at which two majorities decide independently. A
    process may still win if a quorum has no log that is more up to date. `ActiveConfigsOverlap` is the like of it in
    Schultz, Dardik and Tripakis, "Formal Verification of a Distributed Dynamic Reconfiguration Protocol", 2022.
    """
    return all(
        any(_share(mine, theirs) for mine in one.majorities() for theirs in other.majorities())
        for one in p.members
        if _may_win(p, one)
        for other in p.members
        if other.id != one.id and _may_win(p, other)
    )


def _may_win(p: Has[Appoints], process: Appoints) -> bool:
    willing = frozenset(other.id for other in p.members if _standing(other) <= _standing(process))
    return _are_quorum(process, willing)


def _standing(process: Appoints) -> tuple[int, int]:
    length = len(process.log)
    return (process.log[length - 1].term if length > 0 else 0, length)


def _are_quorum(process: Appoints, members: frozenset[Ref[Any]]) -> bool:
    return all(2 * len(each & members) > len(each) for each in process.majorities())


def _share(one: frozenset[Ref[Any]], other: frozenset[Ref[Any]]) -> bool:
    """Whether every majority of the one has a process in common with every majority of the other."""
    mine = max(0, len(one) // 2 + 1 - len(one - other))
    theirs = max(0, len(other) // 2 + 1 - len(other - one))
    return mine + theirs > len(one & other)


def _somebody_leads(p: Has[Appoints]) -> bool:
    return any(process.leads() for process in p.members)


@vacuous_unless(_somebody_leads)
def elected_by_members(before: Has[Appoints], after: Has[Appoints]) -> bool:
    """Whoever wins an election has the votes of a quorum of members, by its own configuration.

    Ongaro 2014, section 4.2.2: a server does not count itself unless it is a member. A voter that is in a later epoch
    by now may have voted for anybody.
    """
    return all(
        _are_quorum(new, frozenset(v.id for v in after.members if v.epoch() > new.epoch() or _votes_for(v, new)))
        for old, new in zip(before.members, after.members, strict=True)
        if new.leads() and not old.leads()
    )


def _votes_for(voter: Appoints, leader: Appoints) -> bool:
    return voter.epoch() == leader.epoch() and voter.vote() == leader.id


def _leader_committed(p: Has[Appoints]) -> bool:
    return any(process.leads() and process.commit > 0 for process in p.members)


@vacuous_unless(_leader_committed)
def committed_by_members(before: Has[Appoints], after: Has[Appoints]) -> bool:
    """What a leader commits is in the logs of a quorum of members, by its own configuration.

    Ongaro 2014, section 4.2.2: a leader that is removed "does not include itself in majorities".
    """
    return all(
        _are_quorum(new, frozenset(o.id for o in after.members if o.log[: new.commit] == new.log[: new.commit]))
        for old, new in zip(before.members, after.members, strict=True)
        if old.leads() and old.epoch() == new.epoch() and new.commit > old.commit
    )
