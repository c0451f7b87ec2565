"""Counterexamples as files, and how to replay them."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

from ...traces import EXPORTERS, Trace
from .console import complain
from .loading import is_bundled
from .output import write

ENDINGS = {
    ".itf.json": "itf",
    ".json": "json",
    ".graphml": "graphml",
    ".dot": "dot",
    ".gv": "dot",
    ".mmd": "mermaid",
    ".mermaid": "mermaid",
    ".txt": "text",
}
"""The format that the ending of a file names; any other is json."""

_FILE = Path("FILE.json")


def format_of(path: Path) -> str:
    """The format of a trace in a file of this name."""
    return next((form for ending, form in ENDINGS.items() if path.name.lower().endswith(ending)), "json")


def keep(found: Sequence[tuple[str, Trace]], path: Path | None) -> list[str]:
    """Write the counterexamples, the first to this file, each other beside it by its name; returns what to say."""
    if not found:
        _none_to_keep(path)
        return []
    if path is None:
        return ["to keep it, add --trace FILE.json, then to replay it: " + _command(found[0][1], _FILE)]
    return [_kept(trace, path if i == 0 else _beside(path, name)) for i, (name, trace) in enumerate(found)]


def keep_failure(trace: Trace, path: Path | None) -> None:
    """Write the trace that leads to a mistake in the model."""
    if path is not None:
        complain(_kept(trace, path))


def _kept(trace: Trace, path: Path) -> str:
    form = format_of(path)
    write(path, EXPORTERS[form](trace))
    return f"the trace is in {path}" + (f"; to replay it: {_command(trace, path)}" if form == "json" else "")


def _command(trace: Trace, path: Path) -> str:
    known = f"quorate replay {shlex.quote(str(path))}"
    return known if is_bundled(trace.name) else f"{known} --model {shlex.quote(trace.name)}"


def _beside(path: Path, name: str) -> Path:
    stem, dot, endings = path.name.partition(".")
    return path.with_name(f"{stem}-{name}{dot}{endings}")


def _none_to_keep(path: Path | None) -> None:
    if path is not None and path.exists():
        complain(f"there is no counterexample to keep: {path} is left as it was")
