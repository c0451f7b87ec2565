"""A model made ready to run as machine code: written, compiled, or taken from the cache."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...models.semantics import Judge, System
from .. import ir
from ..search import Symmetry
from .dialect import Cache, build, default_folder, key_of, recall
from .engine.program import Program, loaded, source
from .layout.pack import Packing
from .layout.state import StateLayout
from .lower.code import Code, code_of

SLOTS = 16
"""How many messages a network without a capacity has room for at first."""

_KEPT = ("words", "out", "scratch", "titles", "bounds", "properties", "step_properties", "witnesses")
"""What is stored of a model's code beside the machine code."""


@dataclass(frozen=True)
class Subject:
    """What is compiled: a program with its parameters, what is asked of it, and the room for messages."""

    program: ir.Program
    system: System
    judge: Judge
    symmetry: Symmetry
    slots: int = SLOTS


@dataclass(frozen=True)
class Prepared:
    """A model's code, and the program that was made of it."""

    code: Code
    program: Program

    def link(self, code: Code) -> Program:
        """The program: what an engine asks for once it knows the code."""
        return self.program


def prepared(subject: Subject, folder: Path | None) -> Prepared:
    """The code of a model as a program; `folder` is where compiled code is kept, None keeps none.

    Errors: `ModelError` for a model that has no fixed number of bits, or if there is no LLVM.
    """
    cache, key = Cache(folder), _key(subject)
    known = recall(cache, key)
    if known is not None:
        code = _recalled(subject, known.meta)
        return Prepared(code, loaded(known, code))
    code = code_of(subject.program, subject.system, subject.judge, subject.symmetry, subject.slots)
    text, constants, tables, exports = source(code)
    machine = build(text, constants, tables, exports, cache=cache, key=key, meta=_meta(code))
    return Prepared(code, loaded(machine, code))


def cache_folder(wanted: bool) -> Path | None:
    """Where compiled code is kept, if that is wanted and there is such a place."""
    return default_folder() if wanted else None


def _meta(code: Code) -> dict[str, Any]:
    return {name: getattr(code, name) for name in _KEPT}


def _recalled(subject: Subject, meta: Mapping[str, Any]) -> Code:
    kept: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in meta.items()}
    packing = Packing(StateLayout(subject.system, subject.program, subject.slots))
    return Code(packing=packing, text="", constants={}, tables={}, **kept)


def _key(subject: Subject) -> str:
    """What the machine code depends on."""
    return key_of(
        repr(subject.program),
        repr(sorted(subject.system.protocol.parameters.items())),
        repr([p.name for p in subject.judge.properties]),
        repr(sorted(set(map(_told, _types(subject.program))))),
        repr((subject.symmetry.names, subject.slots)),
    )


def _types(program: ir.Program) -> set[ir.Type]:
    """Every type that occurs in a program, and those it is made of."""
    found: set[ir.Type] = set()
    todo = [n.type for n in ir.walk(program, *program.functions.values()) if isinstance(n, ir.Expr | ir.Variable)]
    todo += [field.type for process in program.processes for field in process.fields]
    todo += [handler.message for process in program.processes for handler in process.handlers]
    while todo:
        one = todo.pop()
        if one not in found:
            found.add(one)
            todo += ir.parts(one)
    return found


def _told(one: ir.Type) -> str:
    """What the printed form of a type leaves out."""
    match one:
        case ir.EnumT(cls=cls):
            return f"{cls.__qualname__} {[member.name for member in cls]}"
        case ir.SymbolT(cls=symbol):
            return f"{symbol.__qualname__} {symbol.size}"
    return ""
