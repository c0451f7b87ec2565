"""The one table of figures that nobody here invented, and that every engine must reproduce.

*generated* is the sharpest of them: it notices a wrong enabling condition that leaves the set of states as it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from quorate.checker import Verdict, check
from quorate.models.classic.alternating_bit import AlternatingBit
from quorate.models.classic.chang_roberts import ChangRoberts
from quorate.models.classic.consensus import Consensus
from quorate.models.classic.die_hard import DieHard
from quorate.models.classic.ewd840 import EWD840
from quorate.models.classic.peterson import Peterson
from quorate.models.classic.simple import Simple
from quorate.models.classic.transaction_commit import TransactionCommit
from quorate.models.classic.voting import Voting
from quorate.models.language import Protocol
from quorate.models.paxos.paxos_sets import PaxosSets
from quorate.models.two_phase_commit import TwoPhaseCommit

CORPUS = "TLC: recorded in tlaplus/Examples, reproduced with TLC cc6b616"
TLC = "TLC cc6b616 on the specification of tlaplus/Examples"
TWICE = "two programs written by hand; stateright 0.31 on our own transcription has the same figures"
TWO = "TLC cc6b616; stateright 0.31 has the same figures"
ORBITS = "TLC cc6b616, with the resource managers as a symmetry set"


@dataclass(frozen=True)
class Row:
    """A protocol, and what exploring all of it must give; for one that fails, the property and the number of steps."""

    protocol: Protocol
    figures: tuple[int, int, int] | None
    source: str
    symmetry: bool = False
    violated: tuple[str, int] | None = None
    slow: bool = False

    def __str__(self) -> str:
        parameters = ",".join(f"{name}={value}" for name, value in self.protocol.parameters.items())
        return f"{type(self.protocol).__name__}({parameters})" + " symmetry" * self.symmetry


TRUTH = [
    #   protocol, then (distinct, generated, depth)
    Row(TransactionCommit(managers=3), (34, 94, 7), CORPUS),
    Row(TwoPhaseCommit(managers=3), (288, 1_146, 11), CORPUS),
    Row(TwoPhaseCommit(managers=5), (8_832, 58_146, 17), TWO),
    Row(TwoPhaseCommit(managers=5), (314, 2_048, 17), ORBITS, symmetry=True),
    Row(TwoPhaseCommit(managers=6), (50_816, 402_306, 20), TLC, slow=True),
    Row(TwoPhaseCommit(managers=7), (296_448, 2_744_706, 23), TLC),
    Row(TwoPhaseCommit(managers=8), (1_745_408, 18_507_778, 26), TWO, slow=True),
    Row(Consensus(values=3), (4, 4, 2), CORPUS),
    Row(Voting(acceptors=3, values=2, ballots=3), (6_752, 41_017, 16), CORPUS),
    Row(PaxosSets(acceptors=3, values=2, ballots=2), (3_921, 23_563, 17), CORPUS),
    Row(PaxosSets(acceptors=3, values=2, ballots=2), (443, 2_697, 17), TLC, symmetry=True),
    Row(PaxosSets(acceptors=3, values=2, ballots=3), (185_369, 1_361_380, 25), CORPUS, slow=True),
    Row(PaxosSets(acceptors=3, values=2, ballots=3), (17_153, 127_002, 25), TLC, symmetry=True, slow=True),
    Row(PaxosSets(acceptors=3, values=2, ballots=4), (710_709, 6_134_208, 33), TLC, symmetry=True, slow=True),
    Row(PaxosSets(acceptors=3, values=2, ballots=4), (8_220_065, 70_696_917, 33), TWICE, slow=True),
    Row(EWD840(nodes=3), (302, 2_001, 9), CORPUS),
    Row(ChangRoberts(nodes=3), (137, 227, 10), CORPUS),
    Row(AlternatingBit(data=2, queue=2), (240, 1_392, 10), CORPUS),
    Row(Simple(processes=5), (723, 1_842, 11), CORPUS),
    Row(Peterson(), (42, 77, 11), CORPUS),
    Row(DieHard(), None, CORPUS, violated=("not_solved", 6)),
]


def rows() -> list[Any]:
    return [pytest.param(row, id=str(row), marks=[pytest.mark.slow] * row.slow) for row in TRUTH]


@pytest.mark.parametrize("row", rows())
def test_figures_are_those_of_others(row: Row) -> None:
    result = check(row.protocol, symmetry=row.symmetry)
    assert result.verdict is (Verdict.HOLDS if row.violated is None else Verdict.VIOLATED)
    found = result.violation and (result.violation.name, result.violation.length)
    assert found == row.violated
    if row.figures is not None:
        assert (result.distinct_states, result.generated_states, result.depth) == row.figures, row.source
    assert not result.cut
    assert not result.warnings
