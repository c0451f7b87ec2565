"""What the toys of introductory texts get wrong, and in how few steps."""

from __future__ import annotations

import pytest

from quorate.checker import Verdict, check
from quorate.models.language import Protocol
from quorate.models.toys import ToyPaxos, ToyRaft

BROKEN = [
    (ToyPaxos(), "agreement", 6),
    (ToyPaxos(), "decisions_agree", 10),
    (ToyRaft(), "one_leader", 3),
    (ToyRaft(), "one_value_acknowledged", 5),
    (ToyRaft(), "acknowledged_values_agree", 5),
]


@pytest.mark.parametrize(("toy", "broken", "steps"), BROKEN, ids=[name for _, name, _ in BROKEN])
def test_toy_breaks(toy: Protocol, broken: str, steps: int) -> None:
    result = check(toy, properties=[broken])
    assert result.verdict is Verdict.VIOLATED
    assert result.violation
    assert (result.violation.name, result.violation.length) == (broken, steps)
