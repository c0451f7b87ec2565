"""stateright, through the crate in `benchmarks/stateright`."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path

from .cases import Case, Size
from .process import built
from .tool import Answer

CRATE = Path(__file__).parent.parent / "stateright"
ORDER = {"paxos_sets": ("acceptors", "values", "ballots"), "two_phase_commit": ("managers",)}


class Stateright:
    """stateright's breadth-first search."""

    name = "stateright"
    slow = False

    def __init__(self, work: Path, which: Callable[[str], str | None] = shutil.which) -> None:
        self.folder = work
        self._which = which

    @cached_property
    def _missing(self) -> str | None:
        """Why the crate cannot be run, once it was built."""
        if self._which("cargo") is None:
            return "there is no cargo"
        target = {**os.environ, "CARGO_TARGET_DIR": str(self.folder)}
        return built(["cargo", "build", "--release", "--locked"], CRATE, target)

    def prepare(self, case: Case, size: Size, threads: int) -> str | None:
        return self._missing

    def command(self, case: Case, size: Size, threads: int) -> Sequence[str]:
        numbers = [str(size.parameters[name]) for name in ORDER[case.model]]
        return [str(self.folder / "release" / "quorate-peers"), case.model, str(threads), *numbers]

    def read(self, output: str) -> Answer:
        found = json.loads(output)
        return Answer(found["holds"], found["distinct"], found["generated"], found["seconds"])
