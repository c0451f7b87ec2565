"""A model as text in the kernel dialect, with what an engine must know to run it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ....models.semantics import Judge, State, System
from ... import ir
from ...search import Symmetry
from ..layout.pack import Packing
from ..layout.state import StateLayout
from .context import Context
from .judgement import claim_kernels, claims
from .post import mail_kernels
from .steps import Steps
from .symmetry import symmetry_kernels


@dataclass(frozen=True)
class Code:
    """The kernels `step`, `judge` and `witness` of a model.

    A state has `words` words; `step` writes at most `out` entries and uses `scratch` cells of memory. `titles` and
    `bounds` are what the numbers of entries stand for, the properties what the bits of `judge` and of tags do.
    """

    packing: Packing
    words: int
    out: int
    scratch: int
    titles: tuple[str, ...]
    bounds: tuple[str, ...]
    properties: tuple[str, ...]
    step_properties: tuple[str, ...]
    witnesses: tuple[str, ...]
    text: str
    constants: Mapping[str, int]
    tables: Mapping[str, tuple[int, ...]]

    def encode(self, state: State) -> list[int]:
        """A state as words. Errors: `Overflow` if more messages are under way than there are slots."""
        return self.packing.encode(state)

    def decode(self, words: list[int]) -> State:
        """The state that these words hold."""
        return self.packing.decode(words)


def code_of(
    program: ir.Program, system: System, judge: Judge, symmetry: Symmetry | None = None, slots: int = 16
) -> Code:
    """Write a model in the kernel dialect. Errors: `NotNative` and `NoLayout`, which are model errors."""
    layout = StateLayout(system, program, slots)
    packing = Packing(layout)
    context = Context(program, system, layout)
    asked = claims(program, judge)
    steps = Steps(context, packing, len(asked.on_steps))
    lines = [packing.text(), packing.twice_text(context.after)]
    lines += mail_kernels(context)
    lines += claim_kernels(context, asked)
    lines += steps.text()
    lines += symmetry_kernels(context, symmetry) if symmetry is not None and symmetry.names else ()
    return Code(
        packing,
        packing.words,
        max(1, steps.most),
        context.memory,
        tuple(steps.titles),
        tuple(context.bounds),
        tuple(p.name for p in asked.on_states),
        tuple(p.name for p in asked.on_steps),
        tuple(p.name for p in asked.witnesses),
        "\n".join(lines) + "\n",
        {},
        context.tables,
    )
