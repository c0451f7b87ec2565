"""SPIN, on the Promela in `benchmarks/spin`."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from .cases import Case, Size
from .process import built
from .tool import Answer

MODEL = Path(__file__).parent.parent / "spin" / "two_phase_commit.pml"
SAFETY = ["-O3", "-march=native", "-DSAFETY", "-DNOREDUCE", "-DMEMLIM=16000"]
ERRORS = re.compile(r"errors: (\d+)")
STORED = re.compile(r"^\s*(\d+) states, stored", re.MULTILINE)
TRANSITIONS = re.compile(r"^\s*(\d+) transitions", re.MULTILINE)
TIME = re.compile(r"elapsed time ([\d.e+-]+) seconds")


class Spin:
    """SPIN's verifier without partial-order reduction: depth-first in one thread, parallel breadth-first in more.

    Only the run of the verifier is measured: not its generation, nor what gcc takes.
    """

    name = "spin"
    slow = False

    def __init__(self, work: Path, which: Callable[[str], str | None] = shutil.which) -> None:
        self.folder = work
        self._which = which

    def prepare(self, case: Case, size: Size, threads: int) -> str | None:
        absent = next((program for program in ("spin", "gcc") if self._which(program) is None), None)
        if absent is not None:
            return f"there is no {absent}"
        parallel = ["-DBFS_PAR"] if threads > 1 else []
        generate = ["spin", "-a", f"-DMANAGERS={size.parameters['managers']}", str(MODEL)]
        compile_ = ["gcc", *SAFETY, *parallel, "-o", "pan", "pan.c"]
        return built(generate, self.folder) or built(compile_, self.folder)

    def command(self, case: Case, size: Size, threads: int) -> Sequence[str]:
        cores = [f"-u{threads}"] if threads > 1 else []
        return ["./pan", "-m1000000", "-w24", *cores]

    def read(self, output: str) -> Answer:
        found = [pattern.search(output) for pattern in (ERRORS, STORED, TRANSITIONS, TIME)]
        errors, stored, transitions, time = (match[1] if match else "" for match in found)
        if not (errors and stored and transitions and time):
            raise ValueError("SPIN did not finish")
        return Answer(errors == "0", int(stored), int(transitions), float(time))
