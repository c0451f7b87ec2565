"""Zab with ZooKeeper's synchronisation: its figures, how followers are synchronised, and what parameters do."""

from __future__ import annotations

import pytest

from quorate.checker import Verdict, check
from quorate.models.zab.sync import ZabSync

from .goals_zab_sync import GOALS, Diff


def test_every_step_but_failures_is_taken() -> None:
    result = check(ZabSync(), engine="reference")
    assert result.verdict is Verdict.HOLDS
    assert {name for name, times in result.actions.items() if not times} == {"crash", "time_out", "lose_leader"}


def test_figures() -> None:
    result = check(ZabSync.sized("small"))
    assert result.verdict is Verdict.HOLDS
    assert not result.warnings
    assert (result.distinct_states, result.generated_states, result.depth) == ZabSync.size_named("small").figures


def test_figures_under_symmetry() -> None:
    result = check(ZabSync.sized("small"), symmetry=True)
    assert result.verdict is Verdict.HOLDS
    assert not result.warnings
    assert (result.distinct_states, result.generated_states, result.depth) == ZabSync.size_named("small").symmetric


@pytest.mark.slow
def test_nothing_is_vacuous() -> None:
    result = check(ZabSync.sized("medium"), symmetry=True)
    assert result.verdict is Verdict.HOLDS
    assert not result.warnings
    assert (result.distinct_states, result.generated_states, result.depth) == ZabSync.size_named("medium").symmetric


@pytest.mark.parametrize(("goal", "length"), [("zab-sync-snap", 6), ("zab-sync-diff", 10), ("zab-sync-serves", 10)])
def test_it_gets_there(goal: str, length: int) -> None:
    result = check(GOALS[goal], symmetry=True, engine="reference")
    assert result.violation
    assert (result.violation.name, result.violation.length) == ("not_yet", length)


@pytest.mark.slow
def test_a_history_is_cut_back_and_goes_on() -> None:
    result = check(GOALS["zab-sync-trunc"], symmetry=True)
    assert result.violation
    assert (result.violation.name, result.violation.length) == ("not_yet", 17)


def test_who_is_behind_what_a_leader_keeps_gets_no_difference() -> None:
    kept = Diff(epochs=2, transactions=2, timeouts=1, remembered=1)
    assert check(kept, symmetry=True).verdict is Verdict.HOLDS
