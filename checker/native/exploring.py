"""Runs a model as machine code, with more room for messages where that turns out to be too little."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol, TypeVar

from ..search import INTERRUPTED
from .engine import NativeGaveUp
from .layout.network import Overflow
from .lower.errors import NotNative
from .prepare import Prepared, Subject, cache_folder, prepared

REFUSALS = ("not-native", "no-layout", "no-llvm")
"""The codes of model errors after which the reference engine can still run a model."""


class Runner(Protocol):
    """A search or a number of walks."""

    def run(self) -> str:
        """Run; returns what ended it."""
        ...


R = TypeVar("R", bound=Runner)


def to_the_end(subject: Subject, cached: bool, make: Callable[[Subject, Prepared], R]) -> tuple[R, str]:
    """Make something that runs a model, and let it run; gives it back with what ended it.

    Errors: as `prepared`; `ModelError` if the machine code cannot say what the model means somewhere.
    """
    while True:
        runner = make(subject, prepared(subject, cache_folder(cached)))
        try:
            return runner, _run(runner)
        except Overflow:
            subject = replace(subject, slots=2 * subject.slots)


def _run(runner: Runner) -> str:
    try:
        return runner.run()
    except KeyboardInterrupt:
        return INTERRUPTED
    except NativeGaveUp as unsure:
        raise NotNative(str(unsure)) from unsure


def cores() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
