"""Obligations decided in several processes at once."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from .proof import Obligation
from .tasks import Decision

Decide = Callable[[Obligation], Decision]
Told = Callable[[int, int, Obligation], None]

_decide: Decide | None = None
"""How to decide an obligation: set before the processes are forked, because formulas cannot be sent to them."""


def decided(decide: Decide, work: Sequence[Obligation], jobs: int, told: Told) -> Iterator[tuple[Obligation, Decision]]:
    """Each obligation with what was found out, as soon as it is known."""
    if jobs <= 1 or len(work) <= 1 or "fork" not in multiprocessing.get_all_start_methods():
        yield from _one_by_one(decide, work, told)
    else:
        yield from _side_by_side(decide, work, jobs, told)


def _one_by_one(decide: Decide, work: Sequence[Obligation], told: Told) -> Iterator[tuple[Obligation, Decision]]:
    for done, obligation in enumerate(work):
        told(done, len(work), obligation)
        yield obligation, decide(obligation)


def _side_by_side(
    decide: Decide, work: Sequence[Obligation], jobs: int, told: Told
) -> Iterator[tuple[Obligation, Decision]]:
    global _decide
    _decide = decide
    context: Any = multiprocessing.get_context("fork")
    try:
        # leaving the block ends the processes, whatever they are at
        with context.Pool(min(jobs, len(work)), _begin) as pool:
            yield from _finished(pool.imap_unordered(_in_worker, work), work, told)
    finally:
        _decide = None


def _begin() -> None:
    """Ctrl-C is for the process that waits for this one, and ends it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _in_worker(obligation: Obligation) -> tuple[Obligation, Decision]:
    assert _decide is not None
    return obligation, _decide(obligation)


def _finished(results: Any, work: Sequence[Obligation], told: Told) -> Iterator[tuple[Obligation, Decision]]:
    waiting = dict.fromkeys(work)
    while waiting:
        told(len(work) - len(waiting), len(work), next(iter(waiting)))
        try:
            obligation, decision = results.next(timeout=0.1)
        except multiprocessing.TimeoutError:
            continue
        del waiting[obligation]
        yield obligation, decision
