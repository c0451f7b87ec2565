"""Whether a model looks at what was ever sent, so that its states must keep it."""

from __future__ import annotations

import dis
from collections.abc import Iterable, Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any

from ..language import Protocol


def asks_for_sent(protocol: type[Protocol], others: tuple[type, ...]) -> bool:
    """Whether a method or property of the protocol, or a function that one of these may call, asks for `sent(...)`.

    `others` are the process classes: a property may ask them for anything, and hand them the protocol.
    """
    todo = [f for cls in (protocol, *others) for f in _methods(cls)]
    todo += _functions((*protocol.invariants, *protocol.step_invariants, *protocol.lemmas))
    seen: dict[CodeType, None] = {}
    while todo:
        function = todo.pop()
        if function.__code__ not in seen:
            seen[function.__code__] = None
            todo += _used(function)
    return any(_asks(code) for code in seen)


def _methods(cls: type) -> Iterator[FunctionType]:
    for base in cls.__mro__:
        if not base.__module__.startswith(Protocol.__module__.rpartition(".")[0]):
            yield from _functions(m.fget if isinstance(m, property) else m for m in vars(base).values())


def _functions(found: Iterable[object]) -> Iterator[FunctionType]:
    yield from (f for f in found if isinstance(f, FunctionType))


def _used(function: FunctionType) -> Iterator[FunctionType]:
    """The functions that a function names, and the witness of a property."""
    cells = [cell.cell_contents for cell in function.__closure__ or ()]
    named = [found for name in _names(function.__code__) for found in _meant(function, name)]
    witness = vars(function).get("__quorate_witness__")
    yield from _functions((*cells, *named, witness))


def _meant(function: FunctionType, name: str) -> Iterator[Any]:
    """What a name may stand for: a global, or something in a module that is one."""
    yield function.__globals__.get(name)
    modules = [function.__globals__.get(other) for other in _names(function.__code__)]
    yield from (getattr(module, name, None) for module in modules if isinstance(module, ModuleType))


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _names(code: CodeType) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for each in _codes(code) for name in each.co_names))


def _asks(code: CodeType) -> bool:
    """Whether a method `sent` is called; a field of that name is only read."""
    return any(_calls(instruction) for each in _codes(code) for instruction in dis.get_instructions(each))


def _calls(instruction: dis.Instruction) -> bool:
    # before Python 3.12 a method that is called has an instruction of its own, since then a flag
    called = "METHOD" in instruction.opname or "self" in instruction.argrepr or "SUPER" in instruction.opname
    return instruction.argval == "sent" and called
