"""Models written in the kernel dialect, run as plain Python beside the semantics of the modelling language."""

from __future__ import annotations

import importlib.util
import itertools
import re
import sys
from collections.abc import Iterator, Sequence
from ctypes import Array, c_int64
from pathlib import Path
from random import Random
from types import ModuleType
from typing import Any

from quorate.checker.frontend import compile_model
from quorate.checker.native.dialect import Machine, compile_module, interpret
from quorate.checker.native.dialect.intrinsics import Words, wrap
from quorate.checker.native.layout.network import Overflow
from quorate.checker.native.lower.code import Code, code_of
from quorate.models.language import Map, Protocol
from quorate.models.semantics import Cut, Judge, Outcome, State, Step, StepFailed, System
from quorate.models.semantics import domains as d
from quorate.models.semantics.properties import PropertyFailed, witnesses

NUMBERS = itertools.count()
Entry = tuple[Any, ...]

ERROR = "error"
"""What stands for the properties violated where evaluating one raised an error."""


class Lowered:
    """A protocol with its kernels; `asked` has the states that the kernels leave to the reference engine."""

    def __init__(self, protocol: Protocol, slots: int = 16, compiled: bool = False) -> None:
        self.program = compile_model(protocol)
        self.system = System(protocol)
        self.judge = Judge(self.system)
        self.code = code_of(self.program, self.system, self.judge, slots=slots)
        self.kernels = interpret(self.code.text, self.code.constants, self.code.tables)
        self.machine = machine_of(self.code) if compiled else None
        self.asked: list[State] = []

    # -- states ----------------------------------------------------------------------------------------------------

    def reached(self, most: int) -> Iterator[State]:
        """The first states of a breadth-first search that stops at constraints."""
        seen: dict[State, None] = dict.fromkeys(_states(self.system.attempts(None)))
        todo = list(seen)
        while todo:
            state = todo.pop(0)
            yield state
            new = [s for s in _states(self.system.attempts(state)) if s not in seen] if self._within(state) else []
            seen |= dict.fromkeys(new)
            todo += dict.fromkeys(new)
            if len(seen) - len(todo) >= most:
                return

    def _within(self, state: State) -> bool:
        try:
            return self.system.within(state)
        except PropertyFailed:
            return False

    def walk(self, chooser: Random, length: int) -> Iterator[State]:
        """The states of a random walk, which begins anew where nothing can happen."""
        state: State | None = None
        for _ in range(length):
            ways = list(_states(self.system.attempts(state))) or list(_states(self.system.attempts(None)))
            state = chooser.choice(ways)
            yield state

    def drawn(self, chooser: Random) -> State:
        """A state with any values in its fields, reachable or not, and no messages."""
        shape = self.system.shape
        (_, tried), *_ = self.system.attempts(None)
        assert isinstance(tried, Outcome)
        processes = tuple(
            self.system.same(ref.cluster, tuple(drawn(f.domain, chooser) for f in shape.shapes[ref.cluster].fields))
            for ref in self.system.refs
        )
        return tried.state._replace(
            shared=self.system.same("", tuple(drawn(f.domain, chooser) for f in shape.fields)), processes=processes
        )

    # -- the two meanings ------------------------------------------------------------------------------------------

    def check(self, state: State) -> None:
        """Everything that the kernels say of a state, against the semantics."""
        if self.fits(state):
            self.check_steps(state)
            self.check_judge(state)
            self.check_witnesses(state)

    def fits(self, state: State) -> bool:
        """Whether there are slots for all messages of a state."""
        try:
            self.words(state)
        except Overflow:
            return False
        return True

    def check_steps(self, state: State) -> None:
        """The entries of `step`, in their order."""
        found = self.entries(state)
        if found is None:
            self.asked.append(state)
        else:
            wanted = list(self.wanted(state))  # an overflow here: the kernels should have asked
            for number, (mine, theirs) in enumerate(itertools.zip_longest(found, wanted)):
                assert mine == theirs, f"entry {number}: {self.told(mine, theirs)}, from {state}"

    def told(self, mine: Entry | None, theirs: Entry | None) -> str:
        """In what two entries differ."""
        if not mine or not theirs or mine[:2] != theirs[:2] or mine[0] != "state" or mine[2] == theirs[2]:
            return f"{mine} instead of {theirs}"
        pair = (self.code.decode([w & (1 << 64) - 1 for w in entry[2]]) for entry in (mine, theirs))
        parts = [(a, b) for a, b in zip(*map(_parts, pair), strict=False) if a != b]
        return f"{mine[1]} gives {' and '.join(f'{a} instead of {b}' for a, b in parts)}"

    def wanted(self, state: State) -> Iterator[Entry]:
        """What the semantics says can happen."""
        for step, tried in self.system.attempts(state):
            if isinstance(tried, StepFailed):
                yield "failed", step.title
            elif isinstance(tried, Cut):
                yield "cut", tried.bound
            else:
                yield "state", step.title, self.words(tried.state), self._laws(state, step, tried.state)

    def words(self, state: State) -> tuple[int, ...]:
        """A state as the words that a cell of memory holds."""
        return tuple(map(wrap, self.code.encode(state)))

    def _laws(self, before: State, step: Step, after: State) -> Any:
        try:
            return [p.name for p in self.judge.of_step(before, step, after)]
        except PropertyFailed:
            return ERROR

    def entries(self, state: State) -> list[Entry] | None:
        """What `step` says can happen, None for ASK."""
        k, most = self.code.words, self.code.out
        out, tags = Words([0] * (k * most)), Words([0] * most)
        scratch = Words([-7] * self.code.scratch)
        count = self._run("step", Words(list(self.words(state))), scratch, out, tags)
        if count < 0:
            return None
        return [self._entry(tags[j], tuple(out.cells[j * k : (j + 1) * k])) for j in range(count)]

    def _run(self, kernel: str, *given: Words | int) -> int:
        """What a kernel gives, as plain Python; machine code must give and write the same, but for its memory."""
        if self.machine is None:
            return self.kernels[kernel](*given)
        arrays = [(c_int64 * len(w.cells))(*w.cells) if isinstance(w, Words) else c_int64(w) for w in given]
        passed = [array if isinstance(array, Array) else array.value for array in arrays]
        found = self.kernels[kernel](*given)
        assert self.machine.function(kernel, len(given))(*passed) == found, kernel
        for array, words in zip(arrays[2:], given[2:], strict=True):
            if isinstance(words, Words) and isinstance(array, Array) and found >= 0:
                assert list(array) == words.cells, kernel
        return found

    def _entry(self, tag: int, words: tuple[int, ...]) -> Entry:
        kind, number = tag & 3, tag >> 8 & 0xFFFFFF
        if kind == 1:
            return "cut", self.code.bounds[number]
        if kind == 2:
            return "failed", self.code.titles[number]
        laws = ERROR if tag & 4 else [n for i, n in enumerate(self.code.step_properties) if tag >> 32 + i & 1]
        return "state", self.code.titles[number], words, laws

    def check_judge(self, state: State) -> None:
        """The violated invariants, and whether the state is inside."""
        verdict = self._run("judge", Words(list(self.words(state))), Words([-7] * self.code.scratch))
        if verdict & 4:
            self.asked.append(state)
            return
        broken = [name for i, name in enumerate(self.code.properties) if verdict >> 3 + i & 1]
        assert (ERROR if verdict & 2 else (broken, bool(verdict & 1))) == self._judged(state), state

    def _judged(self, state: State) -> Any:
        try:
            # what makes a property worth checking is asked for elsewhere
            self.judge._unseen = []
            return [p.name for p in self.judge.of_state(state)], self.system.within(state)
        except PropertyFailed:
            return ERROR

    def check_witnesses(self, state: State) -> None:
        """Each witness on its own."""
        view = self.system.filled_view(state)
        every = {w.property: w for w in witnesses(self.system.shape)}
        for number, name in enumerate(self.code.witnesses):
            memory = Words([-7] * self.code.scratch)
            found = self._run("witness", Words(list(self.words(state))), memory, 1 << number)
            try:
                assert found == (every[name].seen(view) << number), f"{name} in {state}"
            except PropertyFailed:
                assert found < 0, f"{name} in {state}"


def _parts(state: State) -> list[Any]:
    return [*state.shared, *(field for fields in state.processes for field in fields), *state[2:]]


def _states(attempts: Any) -> Iterator[State]:
    return (tried.state for _, tried in attempts if isinstance(tried, Outcome))


def drawn(domain: d.Domain, chooser: Random) -> Any:
    """Any value of a domain."""
    match domain:
        case d.Optional(item=item):
            return None if chooser.random() < 0.3 else drawn(item, chooser)
        case d.Tuples(items=items):
            return tuple(drawn(item, chooser) for item in items)
        case d.Records(cls=cls, items=items):
            return cls(*(drawn(item, chooser) for item in items))
        case d.Sequences(item=item, most=most):
            return tuple(drawn(item, chooser) for _ in range(chooser.randint(0, most)))
        case d.Sets(item=item):
            return frozenset(drawn(item, chooser) for _ in range(chooser.choice((0, 1, 2, 3, 9))))
        case d.Maps(item=item, keys=keys):
            return Map({key: drawn(item, chooser) for key in keys})
        case d.Integers(lo=lo, hi=hi):
            return chooser.randint(lo, hi)
    return chooser.choice(tuple(domain.values()))


def machine_of(code: Code) -> Machine:
    """The kernels of a model as machine code."""
    return compile_module(code.text, code.constants, code.tables, ["step", "judge", "witness"])


def lowered(protocol: Protocol, most: int = 200, compiled: bool = False) -> Lowered:
    """A protocol whose kernels agree with the semantics on the first states of a search."""
    twin = Lowered(protocol, compiled=compiled)
    for state in twin.reached(most):
        twin.check(state)
    return twin


def load(folder: Path, text: str) -> ModuleType:
    """A module of this text: the front end reads the source of a model."""
    name = f"drawn_for_native_{next(NUMBERS)}"
    path = folder / f"{name}.py"
    path.write_text(text)
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


HEAD = """
from __future__ import annotations

import dataclasses
from dataclasses import replace
from enum import Enum
from typing import Annotated

from quorate.models.language import *

"""


def probed(
    folder: Path, model: str, probes: Sequence[str], states: int, seed: int = 0, compiled: bool = False
) -> Lowered:
    """A protocol with an action for each probe, whose kernels agree with the semantics on drawn states.

    `model` is the text of a model with a line `PROBES` in its process class, which has a field `turn`: the probe that
    it can take. A probe is the body of an action, with `;` between its lines and `|>` for indentation.
    """
    body = "".join(_action(number, probe) for number, probe in enumerate(probes))
    # what a probe leaves behind when its guard is not met, the next step would find
    fields = re.findall(r"^    (\w+): .* = durable\(", model, re.MULTILINE)
    body += "    @action\n    def afterwards(self) -> None:\n"
    body += "".join(f"        self.{name} = self.{name}\n" for name in fields) + "\n"
    text = HEAD + model.replace("    PROBES\n", body).replace("TURNS", str(len(probes)))
    twin, chooser = Lowered(load(folder, text).Drawn(), compiled=compiled), Random(seed)
    for turn in range(len(probes)):
        for _ in range(states):
            twin.check(with_turn(twin, twin.drawn(chooser), turn, len(probes)))
    return twin


def _action(number: int, probe: str) -> str:
    lines = "".join(f"        {line.replace('|>', '    ')}\n" for line in probe.split(";"))
    return f"    @action\n    def probe_{number}(self) -> None:\n        require(self.turn == {number})\n{lines}\n"


def with_turn(twin: Lowered, state: State, turn: int, nobody: int) -> State:
    """A state in which the first process can take a probe, and no other can take any."""
    processes = []
    for number, (ref, fields) in enumerate(zip(twin.system.refs, state.processes, strict=True)):
        names = [field.name for field in twin.system.shape.shapes[ref.cluster].fields]
        named = dict(zip(names, fields, strict=True)) | {"turn": nobody if number else turn}
        processes.append(twin.system.same(ref.cluster, tuple(named.values())))
    return state._replace(processes=tuple(processes))
