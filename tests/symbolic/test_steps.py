"""What can happen in a state is the same by the reference semantics and by the symbolic engine."""

from __future__ import annotations

import tempfile
from functools import cache
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from quorate.checker.cli.bundled import everything
from quorate.models.language import Protocol
from quorate.models.semantics import State

from ..native.test_disconnects import MODELS as CONNECTIONS
from ..reference.family import Drawn, protocols
from ..reference.test_generated import protocol_of
from ..reference.wide import Wide, wide_protocols
from .network_toys import TOYS
from .stepping import Both

SMALL: dict[str, Protocol] = {
    **{toy.__name__: toy() for toy in TOYS},
    **{f"{type(model).__name__} {i}": model for i, model in enumerate(CONNECTIONS)},
}
BUNDLED: dict[str, Protocol] = {bundled.name: bundled.model(**bundled.parameters) for bundled in everything()}
RANDOM = st.randoms(use_true_random=False)


@cache
def both(name: str) -> Both:
    return Both({**SMALL, **BUNDLED}[name])


def some(rng: Random, run: list[State], most: int) -> list[State]:
    """A few different states of a run, in any order."""
    different = list(dict.fromkeys(run))
    return rng.sample(different, min(most, len(different)))


@pytest.mark.parametrize("name", SMALL)
@given(RANDOM)
@settings(max_examples=10, deadline=None)
def test_the_steps_of_small_models(name: str, rng: Random) -> None:
    run = both(name).walk(rng, 20)
    both(name).agree(some(rng, run, 6))


@pytest.mark.parametrize("name", BUNDLED)
@given(RANDOM)
@settings(max_examples=3, deadline=None)
def test_the_steps_of_bundled_models(name: str, rng: Random) -> None:
    run = both(name).walk(rng, 60)
    both(name).agree(some(rng, run, 3))


@given(st.one_of(protocols(), wide_protocols()), RANDOM)
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_steps_of_drawn_models(drawn: Drawn | Wide, rng: Random) -> None:
    with tempfile.TemporaryDirectory() as folder:
        model = Both(protocol_of(drawn, folder))
        model.agree(some(rng, model.walk(rng, 20), 6))
