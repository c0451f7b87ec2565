"""Check a protocol: the front end, an engine, and the result that both make."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from ..models.language import ModelError, Protocol
from ..models.language.protocol import near
from ..models.semantics import Judge, System
from ..models.semantics.properties import properties as declared_properties
from .engines import Engine, Wishes, explore
from .frontend import compile_model, unused
from .ir import Program
from .native.prepare import Subject
from .reference import state_graph
from .search import Limits, Progress, Result, Run, Symmetry, symmetry_of


def check(
    protocol: Protocol,
    *,
    properties: Iterable[str] | None = None,
    symmetry: bool = False,
    deadlock: bool = False,
    go_on: bool = False,
    limits: Limits | None = None,
    engine: Engine = "auto",
    threads: int | None = None,
    cached: bool = True,
    progress: Progress = lambda statistics: None,
) -> Result:
    """Explore every state of a protocol within its bounds: `check(Raft(servers=3, terms=2))`.

    `properties` names those to check, by default all but the lemmas; `symmetry` merges states that differ only in the
    names of interchangeable processes and symbols; `deadlock` reports a state without successors; `go_on` finds a
    shortest counterexample for each property, not just for the first that breaks; `limits` end a run *inconclusive*.
    `engine` is `native` (machine code, with all cores or so many `threads`; what was compiled is kept on disk if
    `cached`), `reference` (the model's Python, the meaning of a run), or `auto`: native where the model allows it.
    Errors: `ModelError` if it is no model; its subclass `ModelFailed`, with a trace, if it fails while it runs;
    `SelfCheckFailed` if a counterexample does not replay, which is our own fault.
    """
    program = compile_model(protocol)
    system = System(protocol)
    judge = Judge(system, known_properties(system, properties))
    merged = symmetry_of(system, program.asymmetric, symmetry)
    subject = Subject(program, system, judge, merged)
    wishes = Wishes(limits or Limits(), deadlock, go_on, progress, threads, cached)
    found = explore(engine, subject, wishes)
    run = Run(
        found.engine,
        found.system,
        found.judge,
        merged,
        found.search.statistics,
        tuple(found.search.findings),
        found.search.chain,
        found.ended,
        partial(state_graph, protocol),
        found.usage,
    )
    return run.result((*found.warnings, *unused(program), *(_notices(program, merged) if symmetry else ())))


def _notices(program: Program, merged: Symmetry) -> list[str]:
    """What symmetry leaves out, and why."""
    notices = [f"symmetry over {a.name} is off: {a.why}, at {a.place}" for a in program.notices]
    return notices + [
        f"symmetry over {name} is off: it has too many members to try every renaming" for name in merged.dropped
    ]


def known_properties(system: System, names: Iterable[str] | None) -> list[str] | None:
    """These names, if each is a property of the system. Errors: `ModelError` with the near matches."""
    if names is None:
        return None
    known = [p.name for p in declared_properties(system.shape)]
    wanted = list(names)
    for name in wanted:
        if name not in known:
            model = type(system.protocol).__name__
            raise ModelError("unknown-property", f"{model} has no property {name}", instead=near(name, known))
    return wanted
