"""What functions mean is the same by the evaluator and by the symbolic engine, on states that are known or not."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quorate.checker import ir
from quorate.checker.frontend import compile_model
from quorate.checker.symbolic.setting import Setting
from quorate.checker.symbolic.statements import EXPRESSIONS, STATEMENTS
from quorate.models.language import MessageSet, Protocol

from ..ir.kitchen import Kitchen
from ..ir.test_expressions import REFS, drawn_probes, load, source
from ..ir.test_expressions import drawn_fields as drawn_node
from ..ir.test_nodes import kinds
from .larder import ACTIONS, QUESTIONS, drawn_fields, protocol_of
from .meaning import Plain, evaluated, meaning
from .stepping import Both

SETTINGS = ((), ("top",), ("top", "most"))
SEEDS = st.integers(0, 10_000)


def test_each_expression_and_statement_has_a_symbolic_meaning() -> None:
    assert (set(EXPRESSIONS), set(STATEMENTS)) == (kinds(ir.Expr), kinds(ir.Stmt))


# -- a larder ------------------------------------------------------------------------------------------------------

FUNCTIONS = [
    *(f"Larder.question_{i}" for i in range(len(QUESTIONS))),
    *(f"Larder.action_{i}" for i in range(len(ACTIONS))),
]


@pytest.fixture(scope="module")
def larder(tmp_path_factory: pytest.TempPathFactory) -> Protocol:
    return protocol_of(tmp_path_factory.mktemp("larder"))


@pytest.fixture(scope="module", params=SETTINGS, ids=lambda free: "+".join(free) or "bounded")
def setting(request: pytest.FixtureRequest, larder: Protocol) -> Setting:
    return Setting(compile_model(larder), dict(larder.parameters), frozenset(request.param))


@pytest.mark.parametrize("seed", range(2))
def test_functions_of_fields_that_are_not_known(setting: Setting, larder: Protocol, seed: int) -> None:
    asked = {name: symbolic for name in FUNCTIONS if (symbolic := meaning(setting, name, None))}
    assert len(FUNCTIONS) - len(asked) == {0: 1, 1: 7, 2: 19}[len(setting.free)]
    for number, (name, symbolic) in enumerate(asked.items()):
        own = drawn_fields(larder, Random(1000 * seed + number))
        symbolic.require(own, evaluated(setting, own, name, None))


@given(SEEDS)
@settings(max_examples=10, deadline=None)
def test_what_is_known_folds(larder: Protocol, seed: int) -> None:
    own, known = drawn_fields(larder, Random(seed)), Setting(compile_model(larder), dict(larder.parameters))
    for name in FUNCTIONS:
        symbolic = meaning(known, name, None, own)
        assert symbolic is None or symbolic.says(evaluated(known, own, name, None)) is True, name


# -- drawn expressions ---------------------------------------------------------------------------------------------


def drawn_setting(seed: int, folder: Path) -> tuple[Setting, list[str]]:
    """Methods of a process, each of one drawn expression."""
    probes = drawn_probes(Random(seed))
    text = source(probes).replace("Range(0, 3)", 'Range(0, "top")')
    protocol = load(folder, text.replace("cluster(3)", "cluster(3)\n    top: int = 3")).Drawn()
    names = [f"Node.probe_{i}" for i in range(len(probes))]
    return Setting(compile_model(protocol), dict(protocol.parameters)), names


def drawn_process(setting: Setting, chooser: Random) -> Plain:
    names = [field.name for field in setting.class_of(REFS[0]).fields]
    return dict(zip(names, drawn_node(chooser), strict=True))


@pytest.mark.parametrize("free", [frozenset(), frozenset({"top"})], ids=["bounded", "open"])
@pytest.mark.parametrize("seed", range(6))
def test_drawn_expressions(seed: int, free: frozenset[str], tmp_path: Path) -> None:
    known, names = drawn_setting(seed, tmp_path)
    setting, chooser = Setting(known.program, known.parameters, free), Random(seed)
    for name in names:
        symbolic, own = meaning(setting, name, REFS[0]), drawn_process(setting, chooser)
        if symbolic:
            symbolic.require(own, evaluated(setting, own, name, REFS[0]))


@pytest.mark.parametrize("seed", range(20))
def test_drawn_expressions_of_what_is_known(seed: int, tmp_path: Path) -> None:
    setting, names = drawn_setting(seed, tmp_path)
    for number, name in enumerate(names):
        own = drawn_process(setting, Random(number))
        symbolic = meaning(setting, name, REFS[0], own)
        assert symbolic is None or symbolic.says(evaluated(setting, own, name, REFS[0])) is True, name


# -- the kitchen ---------------------------------------------------------------------------------------------------


class Remembering(Kitchen):
    """With a network that forgets nothing, so that what was ever sent has a meaning."""

    network: Any = MessageSet()


@pytest.mark.parametrize("seed", range(3))
def test_each_construct_in_a_step(seed: int) -> None:
    both = Both(Remembering())
    both.agree(both.walk(Random(seed), 12)[-1:])
