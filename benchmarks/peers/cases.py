"""What is run: the state machines, their sizes, and who runs them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Parameters = Mapping[str, int]


@dataclass(frozen=True)
class Size:
    """Parameters of a model, and the distinct states that they must give; None where nobody has counted them yet."""

    parameters: Parameters
    distinct: int | None


@dataclass(frozen=True)
class Case:
    """A model at a size; tools for which that is a matter of minutes run the `smaller` one, to have their rate.

    `quick` is the size of a trial run, which leaves out the cases that have none.
    """

    name: str
    model: str
    full: Size
    smaller: Size | None = None
    quick: Size | None = None
    symmetry: bool = False
    tools: tuple[str, ...] = ("quorate", "tlc")


def paxos(acceptors: int, values: int, ballots: int, distinct: int) -> Size:
    """A size of `models/paxos/paxos_sets.py`."""
    return Size({"acceptors": acceptors, "values": values, "ballots": ballots}, distinct)


def raft(distinct: int | None, **parameters: int) -> Size:
    """A size of `models/raft/raft.py`, with one client's request unless said."""
    usual = {"servers": 3, "terms": 2, "entries": 1, "requests": 1, "values": 1, "messages": 2}
    return Size({**usual, "crashes": 0, "duplicates": 0, **parameters}, distinct)


RAFT_SMALL = raft(24_946)
RAFT_CRASH = raft(101_786, crashes=1)
RAFT_MIDDLE = raft(935_843, crashes=1, entries=2, requests=2)
RAFT_LARGE = raft(38_568_533, crashes=1, entries=2, requests=2, messages=3)

CASES = (
    Case(
        "Paxos",
        "paxos_sets",
        full=paxos(3, 2, 4, 8_220_065),
        smaller=paxos(3, 2, 3, 185_369),
        quick=paxos(3, 2, 2, 3_921),
        tools=("quorate", "tlc", "stateright"),
    ),
    Case(
        "Paxos, symmetry",
        "paxos_sets",
        full=paxos(3, 2, 4, 710_709),
        smaller=paxos(3, 2, 3, 17_153),
        quick=paxos(3, 2, 2, 443),
        symmetry=True,
    ),
    Case(
        "Paxos, 5 acceptors",
        "paxos_sets",
        full=paxos(5, 1, 3, 161_878_625),
        smaller=paxos(5, 1, 2, 297_025),
    ),
    Case(
        "two-phase commit",
        "two_phase_commit",
        full=Size({"managers": 8}, 1_745_408),
        quick=Size({"managers": 3}, 288),
        tools=("quorate", "tlc", "stateright", "spin"),
    ),
    Case("Raft, small", "raft", full=RAFT_SMALL, quick=raft(837, servers=2)),
    Case("Raft, middle", "raft", full=RAFT_MIDDLE, smaller=RAFT_CRASH),
    Case("Raft, large", "raft", full=RAFT_LARGE, tools=("quorate",)),
)
