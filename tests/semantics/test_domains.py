"""What a domain holds, and what renaming makes of it."""

from __future__ import annotations

from typing import Annotated, Any

import pytest

from quorate.models.language import Crash, Map, Partition, Protocol, Range, Ref, shared
from quorate.models.semantics import Stray, System
from quorate.models.semantics.domains import Identities, Integers, Maps
from quorate.models.semantics.faults import breakage

A, B, C = (Ref[Any]("nodes", i) for i in range(3))
SWAP = {A: B, B: A}
ONE = frozenset({A})


def test_a_map_is_renamed_in_its_keys_and_in_its_values() -> None:
    maps = Maps(Identities((A, B)), Identities((A, B, C)))
    assert maps.rename(Map({A: A, B: C}), SWAP) == Map({B: B, A: C})


def test_a_map_has_every_key_and_its_values_are_in_their_domain() -> None:
    maps = Maps(Identities((A, B)), Integers(0, 1, None))
    assert maps.check(Map({A: 0, B: 1})) is None
    for bad in (Map({A: 0, B: 2}), Map({A: 0}), Map({A: 0, B: 1, C: 1})):
        with pytest.raises(Stray):
            maps.check(bad)
    assert Maps(Identities((A,)), Integers(0, 1, "terms")).check(Map({A: 2})) == "terms"


class Low(Protocol):
    """Only the lower bound names a parameter."""

    least: int = 1
    n: Annotated[int, Range("least", 3)] = shared(2)


def test_a_lower_bound_that_names_a_parameter_is_cut_under_its_name() -> None:
    assert System(Low()).shape.fields[0].domain.check(0) == "least"


@pytest.mark.parametrize(
    ("fault", "kept", "renamed"),
    [
        (Crash(), (0, frozenset((A,))), (0, frozenset((B,)))),
        (Partition(), (0, frozenset({ONE, frozenset({B, C})})), (0, frozenset({frozenset({B}), frozenset({A, C})}))),
    ],
)
def test_a_fault_is_renamed_with_whom_it_hit(fault: Crash | Partition, kept: object, renamed: object) -> None:
    running = breakage(fault, lambda of: (A, B, C), lambda bound: (1, None))
    assert running.renamed(kept, lambda ref: SWAP.get(ref, ref)) == renamed
