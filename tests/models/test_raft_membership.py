"""Raft whose members change: that they do, who counts, and what the parameters mean."""

from __future__ import annotations

from quorate.checker import Result, Verdict, check
from quorate.models.language import Protocol
from quorate.models.raft.joint import JointRaft
from quorate.models.raft.learners import LearnersRaft
from quorate.models.raft.membership import MembershipRaft

from .goals_raft_membership import Grows, NewcomerLeads, RemovesItself, Returns, Switches, SwitchesToOthers
from .reaching import steps_to


def holds(protocol: Protocol, symmetry: bool = True) -> Result:
    result = check(protocol, symmetry=symmetry)
    assert result.verdict is Verdict.HOLDS
    return result


def test_of_two_servers_everything_happens() -> None:
    for protocol in (MembershipRaft(), JointRaft()):
        result = holds(protocol)
        assert not result.warnings
        assert result.symmetry == ("servers",)
        assert set(result.cut) >= {"entries", "messages", "terms"}


def test_founders_are_not_like_others() -> None:
    result = holds(LearnersRaft())
    assert result.symmetry == ()
    assert result.actions["servers.teach"]
    assert result.actions["servers.add"]


def test_a_server_is_removed_and_returns() -> None:
    # three steps elect, four commit an entry, two remove the other and add it, and six send it what it lacks
    assert steps_to(Returns(servers=2, messages=1)) == 15


def test_a_leader_removes_itself_and_another_goes_on() -> None:
    assert steps_to(RemovesItself(servers=2, terms=2, changes=1)) == 12


def test_joint_consensus_switches_at_once_to_any_other_configuration() -> None:
    assert steps_to(Switches(servers=3, entries=2, requests=2)) == 8
    assert steps_to(SwitchesToOthers(servers=3, entries=2, requests=2)) == 11


def test_one_server_grows_to_two() -> None:
    assert steps_to(Grows(servers=2)) == 12


def test_a_newcomer_leads() -> None:
    assert steps_to(NewcomerLeads(servers=2, terms=2)) == 12


def test_without_changes_it_is_raft() -> None:
    for protocol in (MembershipRaft(changes=0), JointRaft(changes=0)):
        result = holds(protocol)
        silent = {warning.split()[0] for warning in result.warnings}
        assert {"servers.on_append_configurations", "configuration_matching", "one_configuration_in_flight"} <= silent


def test_in_one_term_joint_consensus_needs_two_entries_and_single_changes_one_more() -> None:
    early, late = (holds(MembershipRaft(entries=length, changes=1)) for length in (1, 2))
    assert not early.actions["servers.remove"]
    assert late.actions["servers.remove"]
    assert holds(JointRaft(entries=1, changes=1)).actions["servers.reconfigure"]
