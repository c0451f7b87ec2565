"""Drawn expressions: Python and the evaluator give the same value, or both say that there is none."""

import importlib.util
import itertools
import sys
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

import pytest

from quorate.checker.frontend import compile_model
from quorate.checker.ir import Program
from quorate.checker.ir.evaluate import run
from quorate.checker.ir.world import World
from quorate.models.language import Map, ModelError, Ref
from quorate.models.semantics import State, System

from .drawing import draw

NUMBERS = itertools.count()
RESULTS = {
    "int": "int",
    "bool": "bool",
    "set": "frozenset[Ref[Node]]",
    "seq": "tuple[int, ...]",
    "map": "Map[Ref[Node], int]",
    "optional": "Ref[Node] | None",
}
HEAD = """
from __future__ import annotations

from typing import Annotated

from quorate.models.language import *

Small = Annotated[int, Range(0, 3)]


class Node(Process):
    n: Small = durable(0)
    k: Small = durable(0)
    flag: bool = durable(False)
    friend_or_none: Ref[Node] | None = durable(None)
    vote: Ref[Node] | None = durable(None)
    known: frozenset[Ref[Node]] = durable(frozenset())
    path: Annotated[tuple[Small, ...], AtMost(3)] = durable(())
    scores: Map[Ref[Node], Small] = durable(every(0))

    @property
    def friend(self) -> Ref[Node]:
        return self.id if self.friend_or_none is None else self.friend_or_none
"""
TAIL = """

class Drawn(Protocol):
    nodes: Cluster[Node] = cluster(3)

    @invariant
    def probed(self) -> bool:
        return all({probes} for n in self.nodes)
"""
REFS: list[Ref[Any]] = [Ref("nodes", i) for i in range(3)]


def drawn_fields(chooser: Random) -> tuple[Any, ...]:
    def numbers(count: int) -> list[int]:
        return [chooser.randint(0, 3) for _ in range(count)]

    refs = [chooser.choice([None, *REFS]) for _ in range(2)]
    known = frozenset(ref for ref in REFS if chooser.random() < 0.5)
    scores = Map(dict(zip(REFS, numbers(3), strict=True)))
    return (*numbers(2), chooser.random() < 0.5, *refs, known, tuple(numbers(chooser.randint(0, 3))), scores)


def drawn_probes(chooser: Random) -> list[tuple[str, str]]:
    kinds = chooser.choices(sorted(RESULTS), k=20)
    return [(kind, draw(chooser, kind, 3)) for kind in kinds]


def source(probes: list[tuple[str, str]]) -> str:
    methods = [
        f"    def probe_{i}(self) -> {RESULTS[kind]}:\n        return {text}\n" for i, (kind, text) in enumerate(probes)
    ]
    called = " and ".join(f"n.probe_{i}() == n.probe_{i}()" for i in range(len(probes)))
    return "\n".join([HEAD, *methods]) + TAIL.replace("{probes}", called)


def load(folder: Path, text: str) -> ModuleType:
    name = f"drawn_expressions_{next(NUMBERS)}"
    path = folder / f"{name}.py"
    path.write_text(text)
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def by_python(system: System, state: State, name: str) -> Any:
    view = system.new_view()
    view.load(state)
    try:
        return getattr(view.processes[0], name)()
    except (IndexError, KeyError, ValueError, ZeroDivisionError):
        return ModelError


def by_evaluator(program: Program, system: System, state: State, name: str) -> Any:
    names = [f.name for f in system.shape.shapes["nodes"].fields]
    processes = {ref: dict(zip(names, fields, strict=True)) for ref, fields in zip(REFS, state.processes, strict=True)}
    world = World(program, system.protocol.parameters, {}, processes)
    try:
        return run(world, f"Node.{name}", REFS[0], ()).result
    except ModelError:
        return ModelError


@pytest.mark.parametrize("seed", range(60))
def test_python_and_the_evaluator_give_the_same_value(seed: int, tmp_path: Path) -> None:
    chooser = Random(seed)
    probes = drawn_probes(chooser)
    protocol = load(tmp_path, source(probes)).Drawn()
    program, system = compile_model(protocol), System(protocol)
    for own in (drawn_fields(chooser) for _ in range(6)):
        state = State((), (own, own, own), system.carrier.empty(), (), frozenset())
        for i, (_, text) in enumerate(probes):
            name = f"probe_{i}"
            assert by_evaluator(program, system, state, name) == by_python(system, state, name), text
