"""`quorate simulate`: random walks through the states of a model."""

from __future__ import annotations

from typing import Any

import click

from ...models.language import Protocol
from .. import Limits, Result, simulate
from ..engines import Engine
from . import options
from .command import Command
from .progress import Silent
from .running import Report, run


@click.command("simulate", cls=Command)
@options.model
@options.properties
@click.option("--walks", type=click.IntRange(min=1), default=1000, show_default=True, help="How many walks to take.")
@click.option("--steps", type=click.IntRange(min=1), default=100, show_default=True, help="The most steps of a walk.")
@click.option("--seed", type=int, default=0, show_default=True, help="The same seed gives the same walks.")
@options.limits
@options.engine
@options.reporting
def command(
    model: str,
    size: str | None,
    parameters: dict[str, str],
    properties: tuple[str, ...],
    walks: int,
    steps: int,
    seed: int,
    max_states: int | None,
    time_limit: float | None,
    memory_limit: int | None,
    engine: Engine,
    threads: int | None,
    no_cache: bool,
    **report: Any,
) -> None:
    """Take random walks through the states of MODEL and check its properties on the way.

    Quick to find a bug, never a proof: the exit status is 1 or 3. States are those met, generated states the steps.
    """
    limits = Limits(None, max_states, time_limit, memory_limit)

    def walk(protocol: Protocol, progress: Silent) -> Result:
        return simulate(
            protocol,
            walks=walks,
            steps=steps,
            seed=seed,
            properties=properties or None,
            limits=limits,
            engine=engine,
            threads=threads,
            cached=not no_cache,
            progress=progress,
        )

    run(model, size, parameters, walk, Report(**report))
