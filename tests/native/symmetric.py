"""Canonical forms as text, and images of states made by other means, for tests of the two."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping
from typing import Any

from quorate.checker.frontend import compile_model
from quorate.checker.native.dialect.interpret import interpret
from quorate.checker.native.dialect.intrinsics import Words, wrap
from quorate.checker.native.layout import Packing, StateLayout
from quorate.checker.native.layout.reps import Renaming
from quorate.checker.native.lower.context import Context
from quorate.checker.native.lower.symmetry import symmetry_kernels
from quorate.checker.search import symmetry_of
from quorate.models.language import Protocol, Ref
from quorate.models.semantics import Envelope, State, System


class Canon:
    """The canonical form of a model's states, by the reference engine and by the text of kernels."""

    def __init__(self, protocol: Protocol, slots: int = 16) -> None:
        program = compile_model(protocol)
        self.system = System(protocol)
        self.layout = StateLayout(self.system, program, slots)
        self.packing = Packing(self.layout)
        self.symmetry = symmetry_of(self.system, program.asymmetric)
        context = Context(program, self.system, self.layout)
        lines = symmetry_kernels(context, self.symmetry)
        self.text = "\n".join([self.packing.text(), *lines, ""])
        self.tables: Mapping[str, tuple[int, ...]] = context.tables
        self.memory = context.memory
        self.kernels = interpret(self.text, {}, self.tables)

    def encoded(self, state: State) -> list[int]:
        """The words of a state."""
        return list(map(wrap, self.packing.encode(state)))

    def expected(self, state: State) -> list[int]:
        """The words of the image that the reference engine chooses."""
        return self.encoded(self.symmetry.canonical(state))

    def found(self, state: State) -> list[int]:
        """The words of the image that the text chooses."""
        words = Words(self.encoded(state))
        assert self.kernels["canon"](words, Words([-7] * self.memory)) == 0
        return words.cells

    # -- images, by the renaming of representations ----------------------------------------------------------------

    def renamings(self) -> Iterator[Renaming]:
        """Every renaming of all orbits."""
        orbits = [self._numbers(orbit.members) for orbit in self.symmetry.orbits]
        for chosen in itertools.product(*map(itertools.permutations, orbits)):
            pairs = [pair for orbit, new in zip(orbits, chosen, strict=True) for pair in zip(orbit, new, strict=True)]
            yield {old: number for old, (_, number) in pairs}

    def some_renaming(self, chance: random.Random) -> Renaming:
        """One renaming."""
        found: dict[tuple[object, int], int] = {}
        for orbit in self.symmetry.orbits:
            numbers = self._numbers(orbit.members)
            new = chance.sample(numbers, len(numbers))
            found |= {old: to for old, (_, to) in zip(numbers, new, strict=True)}
        return found

    def _numbers(self, members: tuple[Any, ...]) -> list[tuple[object, int]]:
        return [("identity", self.system.number(m)) if isinstance(m, Ref) else (type(m), m.index) for m in members]

    def image(self, state: State, renaming: Renaming) -> State:
        """The image of a state."""
        layout, refs = self.layout, self.system.refs
        to = [renaming.get(("identity", number), number) for number in range(len(refs))]
        processes: list[Any] = [None] * len(refs)
        for number, fields in enumerate(state.processes):
            processes[to[number]] = self._fields(refs[number].cluster, fields, renaming)

        def ref(one: Ref[Any]) -> Ref[Any]:
            return refs[to[self.system.number(one)]]

        def envelope(one: Envelope) -> Envelope:
            block, cells = layout.envelopes.parts(one)
            rep = layout.envelopes.messages[block.kind].rep
            return Envelope(ref(one.source), ref(one.target), rep.unflatten(rep.rename(cells, renaming)))

        breakages = zip(self.system.breakages, state.faults, strict=True)
        return State(
            self._fields("", state.shared, renaming),
            tuple(processes),
            self.system.carrier.renamed(state.network, envelope),
            tuple(breakage.renamed(kept, ref) for breakage, kept in breakages),
            frozenset(map(envelope, state.sent)),
        )

    def _fields(self, owner: str, values: tuple[Any, ...], renaming: Renaming) -> tuple[Any, ...]:
        reps = [rep for _, rep in self.layout.records[owner].fields.values()]
        pairs = zip(reps, values, strict=True)
        return tuple(rep.unflatten(rep.rename(rep.flatten(value), renaming)) for rep, value in pairs)
