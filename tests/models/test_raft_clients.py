"""Raft as its clients see it."""

from __future__ import annotations

from quorate.checker import Verdict, check
from quorate.models.mutants import MUTANTS
from quorate.models.raft.clients import ClientsRaft


def test_every_step_is_taken() -> None:
    result = check(ClientsRaft())
    assert result.verdict is Verdict.HOLDS
    assert (result.distinct_states, result.generated_states, result.depth) == (1653, 3971, 24)
    assert not [warning for warning in result.warnings if "never taken" in warning or "linearizable" in warning]


def test_alone_a_server_answers_at_once() -> None:
    result = check(ClientsRaft(servers=1, reads=2, requests=2, entries=2), properties=["linearizable_log"])
    assert result.verdict is Verdict.HOLDS
    assert result.actions["servers.read"]
    assert not [warning for warning in result.warnings if "linearizable" in warning]


def test_what_a_read_missed() -> None:
    mutant = MUTANTS["raft-clients-of-an-old-leader"]
    result = check(mutant.instance(), properties=["linearizable_log"])
    assert result.violation
    state = result.violation.trace.moments[-1].state
    assert state is not None
    past = result.violation.trace.system.new_view().load(state)
    assert isinstance(past, ClientsRaft)
    append, read = past.past
    assert append.ended is not None
    assert append.ended < read.begun
    assert append.value not in read.seen
