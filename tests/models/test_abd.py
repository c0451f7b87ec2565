"""The ABD register: its figures, its actions, and what its clients see."""

from __future__ import annotations

import pytest

from quorate.checker import Verdict, check
from quorate.models.registers.abd import ABD


def test_every_step_is_taken() -> None:
    result = check(ABD())
    assert result.verdict is Verdict.HOLDS
    assert not result.warnings
    assert set(result.cut) == {"messages", "operations"}


def test_servers_are_interchangeable_and_clients_are_not() -> None:
    plain, merged = check(ABD()), check(ABD(), symmetry=True)
    assert merged.symmetry == ("servers",)
    assert (plain.verdict, plain.depth) == (merged.verdict, merged.depth)
    assert merged.distinct_states < plain.distinct_states


@pytest.mark.parametrize("servers", [1, 2])
def test_fewer_servers(servers: int) -> None:
    assert check(ABD(servers=servers)).verdict is Verdict.HOLDS


def test_one_client_reads_what_it_wrote() -> None:
    result = check(ABD(clients=1, operations=2, messages=6))
    assert result.verdict is Verdict.HOLDS
    assert not [warning for warning in result.warnings if "linearizable" in warning]
