"""quorate itself, through its command line."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from .cases import Case, Size
from .tool import Answer


class Quorate:
    """quorate with one of its engines, without what earlier runs compiled; the reference engine has one thread."""

    name = "quorate"
    slow = False

    def __init__(self, engine: str, folder: Path) -> None:
        self.engine = engine
        self.folder = folder

    def prepare(self, case: Case, size: Size, threads: int) -> str | None:
        return "the reference engine has one thread" if self.engine == "reference" and threads > 1 else None

    def command(self, case: Case, size: Size, threads: int) -> Sequence[str]:
        parameters = [word for name, value in size.parameters.items() for word in ("-p", f"{name}={value}")]
        native = [] if self.engine == "reference" else ["--threads", str(threads), "--no-cache"]
        symmetry = ["--symmetry"] if case.symmetry else []
        how = ["--engine", self.engine, *native, *symmetry, "--format", "json", "--progress", "off"]
        return [sys.executable, "-m", "quorate.checker", "check", case.model, *parameters, *how]

    def read(self, output: str) -> Answer:
        found = json.loads(output)
        return Answer(
            found["verdict"] == "holds",
            found["distinct_states"],
            found["generated_states"],
            found["elapsed_seconds"],
            found.get("memory_bytes", {}),
        )
