"""The native engine against the reference engine: all that a result says, on every bundled model and known bug."""

from collections.abc import Mapping
from typing import Any

import pytest

from quorate.checker import Limits
from quorate.checker.cli.bundled import everything, mutants
from quorate.models.mutants import MUTANTS

from .agreeing import check

SMALLER: Mapping[str, Mapping[str, Any]] = {"paxos": {"ballots": 1}, "raft": {"messages": 1}}
"""Parameters for models whose default size the reference engine needs long for."""

MODELS = {b.name: b.model(**{**b.parameters, **SMALLER.get(b.name, {})}) for b in everything()}
BUGS = {b.name: b.model(**b.parameters) for b in mutants()}
QUICK = [f"mutant:{name}" for name, mutant in MUTANTS.items() if mutant.breaks and (mutant.length or 0) <= 8]
FEW = Limits(states=1000)


@pytest.mark.parametrize("symmetry", [False, True], ids=["plain", "symmetric"])
@pytest.mark.parametrize("name", MODELS)
def test_bundled_models(name: str, symmetry: bool) -> None:
    check(MODELS[name], threads=[1, 3], symmetry=symmetry)


@pytest.mark.parametrize("name", QUICK)
def test_known_bugs(name: str) -> None:
    check(BUGS[name], threads=[2])


@pytest.mark.parametrize("name", QUICK)
def test_known_bugs_under_symmetry(name: str) -> None:
    check(BUGS[name], symmetry=True)


@pytest.mark.parametrize("name", QUICK[:4])
def test_a_counterexample_for_each_property(name: str) -> None:
    check(BUGS[name], go_on=True, limits=Limits(depth=8))


@pytest.mark.parametrize("name", [n for n in BUGS if n not in QUICK])
def test_the_first_states_of_the_others(name: str) -> None:
    check(BUGS[name], limits=FEW)


@pytest.mark.parametrize("name", MODELS)
def test_a_limit_of_depth(name: str) -> None:
    check(MODELS[name], threads=[2], limits=Limits(depth=6))


def test_the_names_are_unique() -> None:
    assert len(MODELS) + len(BUGS) == len({*MODELS, *BUGS})
