"""The sequence diagrams of the protocol pages are what the checker draws today.

In a page, `<!-- bug: NAME -->` stands before the diagram of a mutant's counterexample, `<!-- run: NAME -->` before one
of a run to a goal: a protocol of `tests/models/goals_*.py` whose one invariant says that the goal is not reached yet.
With QUORATE_UPDATE=1 in the environment the diagrams are written instead of compared.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from quorate.checker import check
from quorate.models.language import Protocol
from quorate.models.mutants import MUTANTS
from quorate.traces import Trace
from quorate.traces.export import mermaid

from . import models as goals

PAGES = sorted((Path(__file__).parent.parent / "docs" / "protocols").glob("[a-z]*.md"))
DIAGRAM = re.compile(r"<!-- (bug|run): (\S+) -->\n```mermaid\n(.*?)```\n", re.DOTALL)


def runs() -> Mapping[str, Protocol]:
    modules = [m.name for m in pkgutil.iter_modules(goals.__path__) if m.name.startswith("goals_")]
    each = [importlib.import_module(f"{goals.__name__}.{name}").GOALS for name in modules]
    return {name: protocol for some in each for name, protocol in some.items()}


def diagram(kind: str, name: str) -> str:
    if kind == "bug":
        return mermaid(found(MUTANTS[name].instance(), MUTANTS[name].breaks or ""))
    # a goal is reached where the invariant that it is not reached yet breaks, and that is no news in a diagram
    return mermaid(replace(found(runs()[name]), kind="run", violated="", why=()))


def found(protocol: Protocol, *properties: str) -> Trace:
    result = check(protocol, properties=properties or None, threads=1)
    assert result.violation, f"{type(protocol).__name__} reaches nothing"
    return result.violation.trace


def stale(page: Path) -> Iterator[tuple[str, str]]:
    """The diagrams of a page that differ from what is drawn now: as they are, and as they should be."""
    for there in DIAGRAM.finditer(page.read_text()):
        kind, name, text = there.groups()
        drawn = diagram(kind, name)
        if text != drawn:
            yield there[0], f"<!-- {kind}: {name} -->\n```mermaid\n{drawn}```\n"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_diagrams(page: Path) -> None:
    old = list(stale(page))
    if os.environ.get("QUORATE_UPDATE"):
        text = page.read_text()
        for was, drawn in old:
            text = text.replace(was, drawn)
        page.write_text(text)
        return
    assert not old


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_normal_run_and_two_bugs_are_drawn(page: Path) -> None:
    kinds = [there[1] for there in DIAGRAM.finditer(page.read_text())]
    assert kinds.count("run") >= 1
    assert kinds.count("bug") >= 2
