"""`quorate bmc`: look for a violation within so many steps, with a solver."""

from __future__ import annotations

from typing import Any

import click

from ...models.language import Protocol
from .. import Result
from . import options
from .command import Command
from .progress import Figures, Silent, clock
from .running import Report, run


@click.command("bmc", cls=Command)
@options.model
@options.properties
@click.option("--depth", type=click.IntRange(min=0), required=True, metavar="N", help="The most steps of a run.")
@options.solver
@options.reporting
def command(
    model: str,
    size: str | None,
    parameters: dict[str, str],
    properties: tuple[str, ...],
    depth: int,
    time_limit: float | None,
    seed: int,
    **report: Any,
) -> None:
    """Look for a run of MODEL, of at most N steps, that violates a property: bounded model checking.

    Quick to find a short bug among very many states. A violation (exit status 1) comes with a shortest
    counterexample; without one the run is inconclusive (3), for a longer one may exist.
    """

    def search(protocol: Protocol, progress: Silent) -> Result:
        from .. import bmc

        return bmc(
            protocol,
            depth,
            properties=properties or None,
            time_limit=time_limit,
            seed=seed,
            progress=lambda figures: progress.tell(lambda: line(model, figures, depth)),
        )

    run(model, size, parameters, search, Report(**report))


def line(model: str, figures: Figures, depth: int) -> str:
    """How many steps were searched; the figures count the states of a run, and a run of no steps has one."""
    return f"{model}  {max(0, figures.depth - 1)} of {depth} steps  {clock(figures.elapsed)}"
