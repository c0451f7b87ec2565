"""Fast leader election: its figures, and how elections end."""

from __future__ import annotations

import pytest

from quorate.checker import Verdict, check
from quorate.models.zab.election import Election

from .goals_zab_election import GOALS


def test_every_step_is_taken() -> None:
    result = check(Election())
    assert result.verdict is Verdict.HOLDS
    assert not result.warnings
    assert set(result.cut) == {"timeouts"}


def test_figures_of_one_round() -> None:
    result = check(Election.sized("small"))
    assert result.verdict is Verdict.HOLDS
    assert result.warnings == ("servers.time_out was never taken",)
    assert (result.distinct_states, result.generated_states, result.depth) == Election.size_named("small").figures


@pytest.mark.slow
def test_figures_of_two_rounds() -> None:
    result = check(Election.sized("medium"))
    assert result.verdict is Verdict.HOLDS
    assert not result.warnings
    assert (result.distinct_states, result.generated_states, result.depth) == Election.size_named("medium").figures


def test_numbers_break_ties_so_servers_are_not_interchangeable() -> None:
    result = check(Election(timeouts=0), symmetry=True)
    assert result.symmetry == ()
    assert result.distinct_states == check(Election(timeouts=0)).distinct_states


def test_alone_nobody_waits() -> None:
    result = check(Election(servers=1))
    assert result.verdict is Verdict.HOLDS
    assert not result.actions["servers.on_notification"]


@pytest.mark.parametrize(
    ("goal", "length"), [("election-settles", 10), ("election-two-claims", 12), ("election-joins", 17)]
)
def test_it_gets_there(goal: str, length: int) -> None:
    result = check(GOALS[goal])
    assert result.violation
    assert (result.violation.name, result.violation.length) == ("not_yet", length)
