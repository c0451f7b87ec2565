"""Raft whose leaders can hand over."""

from __future__ import annotations

from quorate.checker import Verdict, check
from quorate.models.raft.steady_transfer import SteadyTransferRaft
from quorate.models.raft.transfer import TransferRaft

from .goals_raft import SteadySuccessorLeads, SuccessorLeads
from .reaching import steps_to


def test_holds_and_every_step_is_taken() -> None:
    result = check(TransferRaft())
    assert result.verdict is Verdict.HOLDS
    assert not result.warnings


def test_a_successor_leads() -> None:
    assert steps_to(SuccessorLeads(messages=3)) == 8


def test_a_successor_leads_though_its_voters_hear_the_old_leader() -> None:
    assert steps_to(SteadySuccessorLeads(terms=2, messages=4)) == 10


def test_no_term_for_a_successor() -> None:
    result = check(SteadyTransferRaft())
    assert result.verdict is Verdict.HOLDS
    assert {warning.split()[0] for warning in result.warnings} == {
        "servers.on_timeout_now",
        "servers.on_request_vote_now",
    }
