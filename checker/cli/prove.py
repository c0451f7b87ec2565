"""`quorate prove`: show that properties hold in every state that can be reached, by induction."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import click

from ...models.language import Protocol
from ..symbolic.proof import Obligation
from . import options
from .command import Command
from .progress import Silent, clock
from .proofs import Account
from .proving import PROOF, account
from .running import Report, run_and_tell


@click.command("prove", cls=Command)
@options.model
@click.option(
    "--invariant", "invariants", metavar="NAME", multiple=True, required=True, help="Prove this; may be repeated."
)
@click.option(
    "--lemma",
    "lemmas",
    metavar="NAME",
    multiple=True,
    help="Suppose this lemma, and prove it too; may be repeated. By default all that the model declares.",
)
@click.option("--no-lemmas", is_flag=True, help="Suppose no lemmas.")
@options.names("--houdini", "Lemmas that may be wrong: keep the largest subset that is inductive, drop the others.")
@options.names("--unbounded", "Parameters that bound nothing: prove it for all their values.")
@options.names("--any", "Clusters or symbols of any number of members.", "any_number")
@click.option("--k", type=click.IntRange(min=1), default=1, show_default=True, help="Suppose it of K states in a row.")
@options.solver
@click.option(
    "--jobs", type=click.IntRange(min=1), metavar="N", help="Processes. By default as many as there are cores."
)
@options.reporting
def command(
    model: str,
    size: str | None,
    parameters: dict[str, str],
    invariants: tuple[str, ...],
    lemmas: tuple[str, ...],
    no_lemmas: bool,
    houdini: tuple[str, ...],
    unbounded: tuple[str, ...],
    any_number: tuple[str, ...],
    k: int,
    time_limit: float | None,
    seed: int,
    jobs: int | None,
    **report: Any,
) -> None:
    """Prove that invariants of MODEL hold in every state that can be reached, by runs of any length.

    Proved (exit status 0) means: the invariants and lemmas are true of the initial states, and every step keeps them.
    Not inductive (1) shows a step that does not; its first state need not be reachable. Unknown (3) if the solver
    gives up.
    """
    if no_lemmas and lemmas:
        raise click.UsageError("--no-lemmas and --lemma exclude each other")
    chosen = lemmas if lemmas or no_lemmas else None

    def search(protocol: Protocol, progress: Silent) -> Account:
        from .. import prove

        proof = prove(
            protocol,
            invariants,
            chosen,
            unbounded=unbounded,
            any=any_number,
            k=k,
            time_limit=time_limit,
            seed=seed,
            jobs=jobs,
            houdini=houdini,
            progress=told(model, progress),
        )
        return account(proof, protocol)

    run_and_tell(model, size, parameters, search, Report(**report), PROOF)


def told(model: str, progress: Silent) -> Callable[[int, int, Obligation], None]:
    """Progress by obligations: how many are done, of how many, and which one is tried."""
    started = time.monotonic()

    def tell(done: int, total: int, obligation: Obligation) -> None:
        elapsed = time.monotonic() - started
        progress.tell(lambda: f"{model}  {done} of {total} obligations  {clock(elapsed)}  {obligation}")

    return tell
