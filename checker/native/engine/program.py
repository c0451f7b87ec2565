"""Kernels and a model's code made into one program, whose functions work on regions of memory."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeVar, cast

from ..dialect import Machine, compile_module, interpret, source_of
from ..dialect.intrinsics import Words
from . import control, expanding, hashing, walking
from .code import Code
from .memory import Region
from .model import canon, judge, step

Kernel = Callable[..., int]
"""Takes regions, and offsets into the one before, where the function takes pointers."""

_KERNELS = (
    *(hashing.mix, hashing.fingerprint, hashing.insert, hashing.contains, hashing.rehash, hashing.reserve),
    *(expanding.expand, expanding.generate, expanding.admit, expanding.hash_entries, expanding.differ),
    *(expanding.enter, expanding.follow, expanding.look, expanding.keep, expanding.append),
    *(expanding.look_for_witnesses, expanding.probe, expanding.probe_batch, expanding.place),
    *(walking.walk, walking.stretch, walking.end_walk, walking.draw, walking.set_out, walking.go_on),
    *(walking.choose, walking.take, walking.arrive, walking.extend),
)
_NO_SYMMETRY = "def canon(s: Words, m: Words) -> Word:\n    return 0\n"
_OURS = "engine_"
"""What the names of the engine begin with, so that they are none of the model's."""


@dataclass(frozen=True)
class Program:
    """The functions that the driver calls, and where on a desk what is."""

    places: dict[str, int]
    expand: Kernel
    admit: Kernel
    probe: Kernel
    probe_batch: Kernel
    place: Kernel
    rehash: Kernel
    walk: Kernel
    step: Kernel
    judge: Kernel
    canon: Kernel


_CALLED = (
    *(expanding.expand, expanding.admit, expanding.probe, expanding.probe_batch, expanding.place),
    *(hashing.rehash, walking.walk),
)
_ARGUMENTS = {
    **{_OURS + kernel.__name__: len(inspect.signature(kernel).parameters) for kernel in _CALLED},
    **{function.__name__: len(inspect.signature(function).parameters) for function in (step, judge, canon)},
}


class Source(NamedTuple):
    """A program as `compile_module` and `interpret` take it."""

    text: str
    constants: dict[str, int]
    tables: Mapping[str, tuple[int, ...]]
    exports: tuple[str, ...] = tuple(_ARGUMENTS)


AnyCode = TypeVar("AnyCode", bound=Code)
Link = Callable[[AnyCode], Program]


def compiled(code: Code) -> Program:
    """The program as machine code."""
    return loaded(compile_module(*source(code)), code)


def loaded(machine: Machine, code: Code) -> Program:
    """The program, from machine code that was made of its `source`."""
    functions = (machine.function(name, count) for name, count in _ARGUMENTS.items())
    return Program(_places(code), *map(_on_addresses, functions))


def interpreted(code: Code) -> Program:
    """The program run by Python: slow, and what the machine code is compared with."""
    functions = interpret(*source(code)[:3])
    return Program(_places(code), *(_on_words(functions[name]) for name in _ARGUMENTS))


def source(code: Code) -> Source:
    """The kernels of the engine and the code of a model, whose names nothing of the engine shares."""
    symmetry = "" if "def canon(" in code.text else _NO_SYMMETRY
    ours = {**control.fixed(), **_places(code), "WORDS": code.words}
    constants = {**code.constants, **{_OURS + name: value for name, value in ours.items()}}
    return Source("\n".join((_apart(source_of(*_KERNELS)), symmetry, code.text)), constants, code.tables)


def desk_size(program: Program, code: Code) -> int:
    """How many cells a desk has."""
    return program.places["STATES"] + control.BATCH * code.out * code.words


def _apart(text: str) -> str:
    names = [*control.fixed(), *(kernel.__name__ for kernel in _KERNELS)]
    return re.sub(rf"\b({'|'.join(names)})\b", rf"{_OURS}\1", text)


def _places(code: Code) -> dict[str, int]:
    """Where on a desk what is."""
    entries = control.BATCH * code.out
    sizes = {
        "COUNTS": len(code.titles),
        "CUTS": len(code.bounds),
        "SEEN": len(code.witnesses) * code.words,
        "SCRATCH": code.scratch,
        "ENDS": control.BATCH + 1,
        "TAGS": entries,
        "PRINTS": entries,
        "STATES": entries * code.words,
    }
    places, free = {}, control.HEAD
    for name, size in sizes.items():
        places[name] = free
        free += size
    return places


def _on_addresses(function: Kernel) -> Kernel:
    return lambda *given: function(*(g.address if isinstance(g, Region) else g for g in given))


def _on_words(function: Kernel) -> Kernel:
    return lambda *given: function(*(_words(g) if isinstance(g, Region) else g for g in given))


def _words(region: Region) -> Words:
    # to Python cells are cells, whether a list holds them or a region does
    return Words(cast(list[int], region.cells))
