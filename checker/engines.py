"""Which engine explores a protocol."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from ..models.language import ModelError
from ..models.semantics import Judge, State, System
from .native.engine import NativeExplorer
from .native.exploring import REFUSALS, cores, to_the_end
from .native.prepare import Prepared, Subject
from .reference import Explorer
from .search import INTERRUPTED, Finding, Limits, Progress, Statistics, Usage

Engine = Literal["auto", "native", "reference"]
"""`native` runs machine code, `reference` the model's Python; `auto` is `native` where a model allows it."""


class Searched(Protocol):
    """An explorer after its run."""

    statistics: Statistics

    @property
    def findings(self) -> list[Finding]: ...

    def chain(self, state: State | None) -> list[State]:
        """The canonical states on the first path to a state."""
        ...


@dataclass(frozen=True)
class Wishes:
    """What a run is told: as in `check`."""

    limits: Limits
    deadlock: bool = False
    go_on: bool = False
    progress: Progress = lambda statistics: None
    threads: int | None = None
    cached: bool = True


@dataclass(frozen=True)
class Exploration:
    """A search that has ended, the engine that made it, what ended it, and what there is to say about that."""

    engine: str
    system: System
    judge: Judge
    search: Searched
    ended: str
    usage: Usage
    warnings: tuple[str, ...] = ()


def explore(engine: Engine, subject: Subject, wishes: Wishes) -> Exploration:
    """Explore with an engine. Errors: `ModelError` if `native` is wanted and the model does not allow it."""
    if engine == "reference":
        return _by_reference(subject, wishes)
    try:
        return _as_machine_code(subject, wishes)
    except ModelError as refused:
        return _by_reference(fresh(subject), wishes, (excuse(engine, refused),))


def excuse(engine: Engine, refused: ModelError) -> str:
    """Why the reference engine runs a model instead. Errors: `refused` itself if it may not."""
    if engine == "native" or refused.code not in REFUSALS:
        raise refused
    return f"this was the reference engine, which is slow: {refused.what}"


def fresh(subject: Subject) -> Subject:
    """The same again, without what a run has left in it."""
    system = System(subject.system.protocol)
    judge = Judge(system, [p.name for p in subject.judge.properties])
    return Subject(subject.program, system, judge, subject.symmetry, subject.slots)


def _as_machine_code(subject: Subject, wishes: Wishes) -> Exploration:
    threads = wishes.threads or cores()

    def explorer(subject: Subject, made: Prepared) -> NativeExplorer:
        return NativeExplorer(
            subject.system,
            subject.judge,
            subject.symmetry,
            made.code,
            limits=wishes.limits,
            deadlock=wishes.deadlock,
            go_on=wishes.go_on,
            progress=wishes.progress,
            threads=threads,
            link=made.link,
        )

    found, ended = to_the_end(subject, wishes.cached, explorer)
    usage = Usage(threads, dict(found.memory), found.collisions)
    return Exploration("native", subject.system, subject.judge, found, ended, usage)


def _by_reference(subject: Subject, wishes: Wishes, warnings: tuple[str, ...] = ()) -> Exploration:
    explorer = Explorer(
        subject.system,
        subject.judge,
        subject.symmetry,
        limits=wishes.limits,
        deadlock=wishes.deadlock,
        go_on=wishes.go_on,
        progress=wishes.progress,
    )
    try:
        ended = explorer.run()
    except KeyboardInterrupt:
        ended = INTERRUPTED
    return Exploration("reference", subject.system, subject.judge, explorer, ended, Usage(), warnings)
