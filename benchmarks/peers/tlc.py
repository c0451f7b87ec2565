"""TLC, on the modules in `benchmarks/tlc`."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from .cases import Case, Size
from .tool import Answer

MODULES = Path(__file__).parent.parent / "tlc"
MODULE = {"paxos_sets": "PaxosSets", "two_phase_commit": "TwoPhaseCommit", "raft": "Raft"}
SETS = {"acceptors": "Acceptor", "values": "Value", "managers": "Manager", "servers": "Server"}
COUNTS = re.compile(r"^(\d+) states generated, (\d+) distinct states found, 0 states left on queue", re.MULTILINE)
TIME = re.compile(r"^Finished in (?:(\d+)h )?(?:(\d+)min )?(\d+)s at", re.MULTILINE)


def constant(name: str, value: int) -> str:
    """A parameter of a model as an assignment of the configuration: a number, or a set of so many names."""
    if name not in SETS:
        return f"    {name.capitalize()} = {value}"
    members = ", ".join(f"{SETS[name][0].lower()}{i + 1}" for i in range(value))
    return f"    {SETS[name]} = {{{members}}}"


def configuration(kept: str, size: Size, symmetry: bool) -> str:
    """A configuration that is kept beside its module, at another size."""
    for name, value in size.parameters.items():
        line = constant(name, value)
        kept = re.sub(rf"^{line.split('=')[0]}=.*$", line, kept, flags=re.MULTILINE)
    return kept + ("SYMMETRY Symmetry\n" if symmetry else "")


def seconds(hours: str | None, minutes: str | None, rest: str) -> float:
    """A time as TLC prints it, in whole seconds."""
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(rest)


class Tlc:
    """TLC with all cores that it is given, its fingerprints in memory and on disk as it pleases."""

    name = "tlc"
    slow = True

    def __init__(self, jar: Path | None, work: Path, which: Callable[[str], str | None] = shutil.which) -> None:
        self.jar = jar
        self.folder = work
        self._which = which

    def _missing(self) -> str | None:
        if self.jar is None:
            return "no --tlc JAR was given"
        if not self.jar.is_file():
            return f"there is no {self.jar}"
        return None if self._which("java") else "there is no java"

    def prepare(self, case: Case, size: Size, threads: int) -> str | None:
        missing = self._missing()
        if missing is None:
            module = MODULES / f"{MODULE[case.model]}.tla"
            shutil.copy(module, self.folder)
            kept = module.with_suffix(".cfg").read_text(encoding="utf-8")
            (self.folder / "run.cfg").write_text(configuration(kept, size, case.symmetry), encoding="utf-8")
        return missing

    def command(self, case: Case, size: Size, threads: int) -> Sequence[str]:
        states = ["-metadir", str(self.folder / "states"), "-cleanup", "-noGenerateSpecTE"]
        java = ["java", "-XX:+UseParallelGC", "-jar", str(self.jar)]
        return [*java, "-workers", str(threads), *states, "-config", "run.cfg", MODULE[case.model]]

    def read(self, output: str) -> Answer:
        counts, time = COUNTS.search(output), TIME.search(output)
        if counts is None or time is None:
            raise ValueError("TLC did not finish")
        holds = "No error has been found" in output
        return Answer(holds, int(counts[2]), int(counts[1]), seconds(*time.groups()))
