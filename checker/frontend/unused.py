"""What of a model never runs: a misspelt override, a handler without its mark, a process class in no cluster."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import suppress
from types import FunctionType

from ...models.language import ModelError, Process, Protocol
from ...models.semantics.shape import cluster_classes
from .. import ir
from .errors import close
from .facts import method
from .source import SourceBook


def unused(program: ir.Program) -> tuple[str, ...]:
    """A warning for each process class and each method of the protocol's own module that plays no part."""
    return (*_without_cluster(program.cls), *_never_called(program))


def _without_cluster(cls: type[Protocol]) -> Iterator[str]:
    """The process classes of a module that no protocol there has in a cluster, and that none in a cluster extends."""
    own = [v for v in vars(sys.modules[cls.__module__]).values() if getattr(v, "__module__", "") == cls.__module__]
    classes = [value for value in own if isinstance(value, type)]
    used: set[type] = set()
    for protocol in (each for each in classes if issubclass(each, Protocol)):
        with suppress(ModelError, NameError):  # another model of the file may be unfinished
            used.update(base for process in cluster_classes(protocol).values() for base in process.__mro__)
    for each in classes:
        if issubclass(each, Process) and each not in used:
            yield f"{each.__name__} is in no cluster: nothing of it runs"


def _never_called(program: ir.Program) -> tuple[str, ...]:
    book = SourceBook()
    called = {(function.place.file, function.place.line) for function in program.functions.values()}
    classes = [program.cls, *(cls for process in program.processes for cls in process.type.classes)]
    found = dict.fromkeys(pair for cls in classes for pair in _methods(cls, program.cls.__module__))
    return tuple(
        f"{cls.__name__}.{function.__name__} is never called{_advice(cls, function.__name__)}"
        for cls, function in found
        if not _is_among(called, function, book)
    )


def _is_among(called: set[tuple[str, int]], function: FunctionType, book: SourceBook) -> bool:
    try:
        return (function.__code__.co_filename, book.function(function).lineno) in called
    except ModelError:
        return True  # without source, such as a lambda: it cannot be told


def _methods(cls: type, module: str) -> Iterator[tuple[type, FunctionType]]:
    """The methods of a class that a module defines, those that a class below overrides left out."""
    names = dict.fromkeys(name for base in cls.__mro__ for name in vars(base) if not name.startswith("__"))
    for found in (method(cls, name) for name in names):
        if found is not None and found[1].__module__ == module:
            yield found[1], found[0]


def _advice(cls: type, name: str) -> str:
    """The method of a base that it may have been meant to override."""
    known = [each for base in cls.__mro__[1:] for each, value in vars(base).items() if isinstance(value, FunctionType)]
    advice = close(name, [each for each in known if not each.startswith("_")])
    return f": {advice}" if advice.startswith("did you mean") else ""
