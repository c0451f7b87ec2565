"""A kernel means the same as plain Python and as machine code."""

from __future__ import annotations

from random import Random
from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quorate.checker.native.dialect import compile_module

from .dialect_texts import CONSTANTS, SIZE, TABLES, Writer, run_as_code, run_as_python

WORDS = st.one_of(st.integers(-3, 9), st.integers(-(1 << 63), (1 << 63) - 1), st.just(-(1 << 63)))
INPUTS = st.lists(st.tuples(st.lists(WORDS, min_size=SIZE, max_size=SIZE), WORDS, WORDS), min_size=2, max_size=4)


@pytest.mark.parametrize("optimise", ["quick", "full"])
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(random=st.randoms(use_true_random=False), inputs=INPUTS)
def test_random_kernels(
    optimise: Literal["quick", "full"], random: Random, inputs: list[tuple[list[int], int, int]]
) -> None:
    text = Writer(random).text()
    machine = compile_module(text, CONSTANTS, TABLES, ["main"], optimise=optimise)
    for cells, a, b in inputs:
        assert run_as_code(machine, cells, a, b) == run_as_python(text, cells, a, b), text
