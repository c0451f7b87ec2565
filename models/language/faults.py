"""What may go wrong, declared on the protocol and never coded by hand."""

from __future__ import annotations

from dataclasses import dataclass

from .domains import Bound
from .process import Process


@dataclass(frozen=True)
class Crash:
    """A process loses its volatile fields and restarts, in one step; at most `times` in a run.

    Its method marked `@restart`, if it has one, is part of the step.
    `of` says which processes crash, by class; by default all. With `stays_down` the process never takes
    another step.
    """

    times: Bound = 1
    of: type[Process] = Process
    stays_down: bool = False


@dataclass(frozen=True)
class Partition:
    """The processes fall into two sides that cannot reach each other, until the partition heals.

    At most `times` in a run, one at a time; forming and healing are steps of their own. Messages between the
    sides wait.
    """

    times: Bound = 1


Fault = Crash | Partition
