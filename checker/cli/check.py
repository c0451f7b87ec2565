"""`quorate check`: explore every state of a model."""

from __future__ import annotations

from typing import Any

import click

from ...models.language import Protocol
from .. import Limits, Result, check
from ..engines import Engine
from . import options
from .command import Command
from .progress import Silent
from .running import Report, run


@click.command("check", cls=Command)
@options.model
@options.properties
@click.option("--symmetry", is_flag=True, help="Merge states that differ only in the names of interchangeable things.")
@click.option("--deadlock", is_flag=True, help="Report a state that no step leaves.")
@click.option("--all", "go_on", is_flag=True, help="Go on after a violation: one counterexample for each property.")
@click.option("--max-depth", type=click.IntRange(min=1), metavar="N", help="End inconclusive at paths of N states.")
@options.limits
@options.engine
@options.reporting
def command(
    model: str,
    size: str | None,
    parameters: dict[str, str],
    properties: tuple[str, ...],
    symmetry: bool,
    deadlock: bool,
    go_on: bool,
    max_depth: int | None,
    max_states: int | None,
    time_limit: float | None,
    memory_limit: int | None,
    engine: Engine,
    threads: int | None,
    no_cache: bool,
    **report: Any,
) -> None:
    """Explore every state of MODEL and check its properties.

    Holds (exit status 0) means: in every state within the bounds. A violation (1) comes with a shortest
    counterexample.
    """
    limits = Limits(max_depth, max_states, time_limit, memory_limit)

    def explore(protocol: Protocol, progress: Silent) -> Result:
        return check(
            protocol,
            properties=properties or None,
            symmetry=symmetry,
            deadlock=deadlock,
            go_on=go_on,
            limits=limits,
            engine=engine,
            threads=threads,
            cached=not no_cache,
            progress=progress,
        )

    run(model, size, parameters, explore, Report(**report))
