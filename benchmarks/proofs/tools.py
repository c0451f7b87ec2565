"""The commands that are measured, and what their output says."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from .cases import BUG, EXAMPLES, PROOFS, Bug, Proof
from .lemmas import Lemmas, lemmas_of

QUORATE = (sys.executable, "-m", "quorate.checker")
QUERY = re.compile(r"\.\.\. ok\. \((\d+):(\d+):([\d.]+)\)")


@dataclass(frozen=True)
class Answer:
    """What a run says: its verdict, how many things it showed, and the seconds that these took."""

    verdict: str
    shown: int | None
    seconds: float


class Tool(Protocol):
    """What is run with one seed after another, and is expected to give the same answer each time."""

    case: str
    tool: str
    expected: str

    def command(self, seed: int) -> Sequence[str]:
        """The command of a run."""
        ...

    def read(self, output: str) -> Answer:
        """What the output of a run says. Errors: `ValueError` if it is not the end of a run."""
        ...

    def lemmas(self) -> Lemmas | None:
        """What the proof rests on, None if this is not known."""
        ...


class Prove:
    """`quorate prove` in one process."""

    tool = "quorate prove"
    expected = "proved"

    def __init__(self, proof: Proof, time_limit: float) -> None:
        self.case = proof.name
        self.proof = proof
        self.time_limit = time_limit

    def command(self, seed: int) -> Sequence[str]:
        proof = self.proof
        parameters = [word for name, value in proof.parameters.items() for word in ("-p", f"{name}={value}")]
        unbounded = ["--unbounded", ",".join(proof.unbounded)] if proof.unbounded else []
        anybody = ["--any", ",".join(proof.any)] if proof.any else []
        lemmas = [word for name in proof.lemmas or () for word in ("--lemma", name)]
        what = [proof.model, *parameters, "--invariant", proof.invariant, *lemmas, *unbounded, *anybody]
        how = ["--jobs", "1", "--seed", str(seed), "--time-limit", str(self.time_limit)]
        return [*QUORATE, "prove", *what, *how, "--format", "json", "--progress", "off"]

    def read(self, output: str) -> Answer:
        found = json.loads(output)
        seconds = [obligation["seconds"] for obligation in found["obligations"]]
        return Answer(found["verdict"], len(seconds), sum(seconds))

    def lemmas(self) -> Lemmas:
        return lemmas_of(self.proof)


class Search:
    """A search for a known bug: by unrolling with `quorate bmc`, or state by state with `quorate check`."""

    def __init__(self, bug: Bug, engine: str) -> None:
        self.case = f"{bug.mutant}, {bug.steps} steps"
        self.tool = f"quorate {engine}"
        self.expected = f"violated in {bug.steps} steps"
        self.bug = bug
        self.engine = engine

    def command(self, seed: int) -> Sequence[str]:
        deep = ["--depth", str(self.bug.steps), "--seed", str(seed)]
        how = deep if self.engine == "bmc" else ["--threads", "1", "--no-cache"]
        what = [f"mutant:{self.bug.mutant}", "--property", self.bug.breaks]
        return [*QUORATE, self.engine, *what, *how, "--format", "json", "--progress", "off"]

    def read(self, output: str) -> Answer:
        found = json.loads(output)
        steps = f" in {found['violation']['length']} steps" if found["violation"] else ""
        return Answer(found["verdict"] + steps, None, found["elapsed_seconds"])

    def lemmas(self) -> None:
        return None


class Mypyvy:
    """`mypyvy verify` on one of its examples, with this Python and its z3."""

    tool = "mypyvy verify"
    expected = "proved"

    def __init__(self, folder: Path, example: str) -> None:
        self.case = f"{example}.pyv"
        self.folder = folder

    def command(self, seed: int) -> Sequence[str]:
        script, example = self.folder / "src" / "mypyvy.py", self.folder / "examples" / self.case
        return [sys.executable, str(script), "verify", "--seed", str(seed), str(example)]

    def read(self, output: str) -> Answer:
        found = QUERY.findall(output)
        if not found:
            raise ValueError("mypyvy proved nothing")
        seconds = sum(int(h) * 3600 + int(m) * 60 + float(s) for h, m, s in found)
        return Answer("proved" if "all ok!" in output.splitlines() else "not proved", len(found), seconds)

    def lemmas(self) -> None:
        return None


def tools(mypyvy: Path | None, time_limit: float) -> Iterator[Tool]:
    """Everything that is measured; mypyvy's proofs if this is where it is."""
    yield from (Prove(proof, time_limit) for proof in PROOFS)
    yield from (Search(BUG, engine) for engine in ("bmc", "check"))
    if mypyvy is not None:
        yield from (Mypyvy(mypyvy.resolve(), example) for example in EXAMPLES)
