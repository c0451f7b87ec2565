"""What a protocol runs on and where its marks stand: mistakes that Python itself would pass over in silence."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from types import FunctionType

from ...models.language import Bag, Crash, Fifo, MessageSet, ModelError, Partition, Process, Protocol
from ...models.language.domains import Bound
from ...models.language.marks import Mark, mark_of
from ...models.semantics.shape import marked
from .. import ir
from .collect import definer
from .errors import close, mistake
from .facts import Facts
from .source import SourceBook
from .types import Annotations

_NETWORKS = (MessageSet, Bag, Fifo)
_LEAST = {"copies": 1, "capacity": 1, "duplicates": 0, "times": 0}
_TUPLES: dict[str, tuple[tuple[type, ...], str]] = {
    "faults": ((Crash, Partition), "faults such as (Crash(times=1),)"),
    "invariants": ((FunctionType,), "functions such as (agreement,)"),
    "step_invariants": ((FunctionType,), "functions such as (epoch_monotonic,)"),
    "lemmas": ((FunctionType,), "functions such as (votes_are_safe,)"),
}


def check_settings(cls: type[Protocol], book: SourceBook) -> None:
    """Whether `network`, `faults` and the properties are what they are taken for. Errors: `bad-setting`."""
    if not isinstance(cls.network, _NETWORKS):
        raise _setting(cls, book, "network", cls.network, "a network such as Bag()")
    for name, (kinds, wanted) in _TUPLES.items():
        given = getattr(cls, name)
        if not isinstance(given, tuple):
            raise _setting(cls, book, name, given, f"a tuple of {wanted}")
        for item in given:
            if not isinstance(item, kinds):
                raise _setting(cls, book, name, item, f"made of {wanted}")
    for setting, word, name, bound in _bounds(cls):
        if isinstance(bound, int) and bound < _LEAST[name]:
            words = {"setting": f"{name} of {word}", "actual": str(bound), "wanted": f"at least {_LEAST[name]}"}
            raise mistake("bad-setting", book.attribute(definer(cls, setting), setting), **words)


def _setting(cls: type[Protocol], book: SourceBook, name: str, given: object, wanted: str) -> ModelError:
    actual = f"the class {given.__name__}" if isinstance(given, type) else f"a {type(given).__name__}"
    return mistake("bad-setting", book.attribute(definer(cls, name), name), setting=name, actual=actual, wanted=wanted)


def _bounds(cls: type[Protocol]) -> Iterator[tuple[str, str, str, Bound]]:
    """The bounds of the network and of the faults: where, of what, which, and the bound."""
    for setting, part in [("network", cls.network), *(("faults", fault) for fault in cls.faults)]:
        for name in _LEAST:
            bound = getattr(part, name, None)
            if bound is not None:
                yield setting, type(part).__name__, name, bound


# -- marks ---------------------------------------------------------------------------------------------------------

_BOTH = (Mark.ACTION,)
_OF_PROCESSES = (Mark.RECEIVE, Mark.RESTART)


def check_marks(facts: Facts, book: SourceBook) -> Iterator[ModelError]:
    """Marked methods of a class that nobody would ask for them."""
    for cls in (facts.protocol, *facts.processes):
        misplaced = _MISPLACED[issubclass(cls, Process)]
        for name in dict.fromkeys(name for base in cls.__mro__ for name in vars(base)):
            mark = mark_of(getattr(cls, name, None))
            if mark in misplaced:
                owner = definer(cls, name)
                words = {"owner": owner.__name__, "method": name, "mark": mark.name.lower()}
                kind = "process-property" if issubclass(cls, Process) else _OF_PROTOCOLS[mark]
                yield mistake(kind, book.attribute(owner, name), protocol=facts.protocol.__name__, **words)


_OF_PROTOCOLS = {Mark.RECEIVE: "protocol-handler", Mark.RESTART: "protocol-restart"}
_MISPLACED: dict[bool, frozenset[Mark]] = {
    True: frozenset(Mark) - {*_BOTH, *_OF_PROCESSES},
    False: frozenset(_OF_PROCESSES),
}


def check_restarts(facts: Facts, book: SourceBook) -> Iterator[ModelError]:
    """Classes with several restarts, and restarts with parameters."""
    for cls in facts.processes:
        names = marked(cls, Mark.RESTART)
        for name in names:
            taken = list(inspect.signature(getattr(cls, name)).parameters)[1:]
            if taken:
                words = {"method": name, "parameters": ", ".join(taken)}
                yield mistake("restart-signature", book.attribute(definer(cls, name), name), **words)
        for name in names[1:]:
            words = {"owner": cls.__name__, "first": names[0], "second": name}
            yield mistake("two-restarts", book.attribute(definer(cls, name), name), **words)


def check_results(program: ir.Program) -> Iterator[ModelError]:
    """Steps that give a value, which nobody looks at."""
    own = [*program.actions, *program.initial, *program.histories]
    for name in (*own, *(step for process in program.processes for step in process.steps)):
        function = program.functions[name]
        if not isinstance(function.returns, ir.NoneT):
            words = {"method": name, "actual": ir.describe(function.returns)}
            yield mistake("step-result", function.place, **words)


def check_names(program: ir.Program) -> Iterator[ModelError]:
    """Properties of one name."""
    seen: dict[str, ir.Property] = {}
    for prop in (*program.invariants, *program.step_invariants, *program.lemmas):
        first = seen.setdefault(prop.name, prop)
        if first is not prop:
            words = {"property": prop.name, "other": str(first.place)}
            yield mistake("two-properties", prop.place, protocol=program.name, **words)


# -- bounds that name parameters -----------------------------------------------------------------------------------


def check_bounds(facts: Facts, annotations: Annotations, book: SourceBook) -> Iterator[ModelError]:
    """Bounds that name what is no parameter."""
    known = [*facts.clusters, *facts.settings]
    for place, bound in _all_bounds(facts, annotations, book):
        for name in _names(bound):
            if name not in known:
                plain = type(vars(facts.protocol).get(name)) is int
                near = f"annotate it: {name}: int = ..." if plain else close(name, known)
                words = {"bound": repr(bound), "name": name, "protocol": facts.protocol.__name__}
                yield mistake("unknown-bound", place, near=near, **words)


def _all_bounds(facts: Facts, annotations: Annotations, book: SourceBook) -> Iterator[tuple[ir.Place, Bound]]:
    for cls, fields in facts.fields.items():
        for name, declared in fields.items():
            place = book.attribute(definer(cls, name), name)
            yield from ((place, bound) for bound in _within(declared.type))
    for record in map(annotations.record, annotations.records):
        for name, type_ in zip(record.names, record.items, strict=True):
            yield from ((book.attribute(record.cls, name), bound) for bound in _within(type_))
    for setting, _, _, bound in _bounds(facts.protocol):
        yield book.attribute(definer(facts.protocol, setting), setting), bound


def _within(type_: ir.Type) -> Iterator[Bound]:
    """The bounds in a type; those of a record's fields are found where it is declared."""
    match type_:
        case ir.Int(lo=lo, hi=hi):
            yield from (bound for bound in (lo, hi) if bound is not None)
        case ir.SeqT(most=most) if most is not None:
            yield most
    if not isinstance(type_, ir.RecordT):
        for part in ir.parts(type_):
            yield from _within(part)


def _names(bound: Bound) -> list[str]:
    if isinstance(bound, int):
        return []
    try:
        return [node.id for node in ast.walk(ast.parse(bound, mode="eval")) if isinstance(node, ast.Name)]
    except SyntaxError:
        return []  # whoever evaluates it says so
