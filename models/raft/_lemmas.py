"""Why a term has at most one leader: the lemmas that make Election Safety inductive.

They speak of the votes that still count for something, those under way to a candidate and those that it has counted. A
leader drops the votes that elected it. What remains of them is that a quorum gave its votes and can give no others.
"""

from __future__ import annotations

import typing
from collections.abc import Iterable
from typing import Any

from ...invariants.elections import RemembersLeaders, StandsForElection
from ..language import Ref, vacuous_unless


class Voter(StandsForElection, typing.Protocol):
    """A server that votes, may be voted for, and leads with the votes of a quorum."""

    def is_quorum(self, members: frozenset[Ref[Any]]) -> bool:
        """Whether the votes of these make it a leader."""
        ...


class HoldsElections(RemembersLeaders, typing.Protocol):
    """A protocol with such servers that can tell which votes there are."""

    @property
    def servers(self) -> Iterable[Voter]:
        """The servers."""
        ...

    def votes_given(self) -> frozenset[tuple[int, Ref[Any], Ref[Any]]]:
        """Every vote that is under way or counted: its term, the voter and the candidate."""
        ...


def _somebody_voted(p: HoldsElections) -> bool:
    return len(p.votes_given()) > 0


@vacuous_unless(_somebody_voted)
def votes_bind(p: HoldsElections) -> bool:
    """Who gave a vote keeps to it: the voter is in that term and has noted whom it voted for, or is in a later term.

    A server notes its vote before the answer leaves, and changes it only with its term, which never goes back; a crash
    takes neither.
    """
    return all(
        is_bound(server, candidate, term)
        for term, voter, candidate in p.votes_given()
        for server in p.servers
        if server.id == voter
    )


@vacuous_unless(_somebody_voted)
def one_vote_in_a_term(p: HoldsElections) -> bool:
    """No server has given votes to two candidates of one term.

    The first vote binds it (`votes_bind`): in that term it votes for nobody else, and in a later one for candidates of
    that.
    """
    return all(voter not in voters_of_others(p, candidate, term) for term, voter, candidate in p.votes_given())


def _somebody_led(p: HoldsElections) -> bool:
    return len(p.leaders_ever()) > 0


@vacuous_unless(_somebody_led)
def leaders_are_remembered(p: HoldsElections) -> bool:
    """Who leads a term is among those who ever led it: the history misses nobody."""
    return all((server.epoch(), server.id) in p.leaders_ever() for server in p.servers if server.leads())


@vacuous_unless(_somebody_led)
def quorum_stands_by_leader(p: HoldsElections) -> bool:
    """For everyone who ever led a term, there is a quorum that gives no other candidate a vote of that term.

    It is the quorum that elected the leader: its votes bind it (`votes_bind`) and were its only ones
    (`one_vote_in_a_term`). Another candidate would need a vote from that quorum.
    """
    return all(
        server.is_quorum(supporters(p, server, term))
        for term, leader in p.leaders_ever()
        for server in p.servers
        if server.id == leader
    )


def supporters(p: HoldsElections, leader: Voter, term: int) -> frozenset[Ref[Any]]:
    """The servers of which no other candidate has a vote in a term, nor will get one."""
    bound = frozenset(server.id for server in p.servers if is_bound(server, leader.id, term))
    return bound - voters_of_others(p, leader.id, term)


def is_bound(server: Voter, candidate: Ref[Any], term: int) -> bool:
    """Whether a server votes for no other candidate of a term: it voted for this one, or is in a later term."""
    return server.epoch() > term or (server.epoch() == term and server.vote() == candidate)


def voters_of_others(p: HoldsElections, candidate: Ref[Any], term: int) -> frozenset[Ref[Any]]:
    """The servers that gave a vote of a term to anybody but this candidate."""
    return frozenset(voter for given, voter, other in p.votes_given() if given == term and other != candidate)
