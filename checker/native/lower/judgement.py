"""The kernels of what a model claims: constraints, properties, and what makes a property worth checking."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ....models.semantics import Judge
from ... import ir
from .context import Context
from .kernels import kernel, of_function, written
from .status import ASK, DONE, FAILED, TRUE
from .values import Flat, Value, World, asked

ERROR = 2
"""`judge`: evaluating something raised an error."""

UNSURE = 4
"""`judge`: the reference engine must say."""


@dataclass(frozen=True)
class Claims:
    """The properties that a run checks, by name, in the order of `Judge`."""

    on_states: tuple[ir.Property, ...]
    on_steps: tuple[ir.Property, ...]
    witnesses: tuple[ir.Property, ...]


def claims(program: ir.Program, judge: Judge) -> Claims:
    """What a judge asks, in the program."""
    wanted = [p.name for p in judge.properties]
    invariants = {p.name: p for p in (*program.invariants, *program.lemmas)}
    on_steps = {p.name: p for p in program.step_invariants}
    chosen = [*(invariants.get(n) or on_steps[n] for n in wanted)]
    return Claims(
        tuple(p for p in chosen if p.name in invariants),
        tuple(p for p in chosen if p.name in on_steps and p.name not in invariants),
        tuple(p for p in chosen if p.witness),
    )


def claim_kernels(context: Context, found: Claims) -> Iterator[str]:
    """`judge`, `witness` and `on_step`, with a kernel for each property."""
    for n, name in enumerate(context.program.constraints):
        yield from _question(context, f"constraint{n}", name, (0,))
    for n, p in enumerate(found.on_states):
        yield from _question(context, f"invariant{n}", p.function, (0,))
    for n, p in enumerate(found.on_steps):
        yield from _question(context, f"law{n}", p.function, (0, context.after))
    for n, p in enumerate(found.witnesses):
        yield from _question(context, f"witness{n}", p.witness or "", (0,))
    yield from _judge(len(context.program.constraints), len(found.on_states))
    yield from _witness(len(found.witnesses))
    yield from _on_step(found.on_steps)


def _question(context: Context, name: str, function: str, worlds: Sequence[int]) -> list[str]:
    """A kernel that answers a yes or no question about states at these addresses."""
    made = kernel(context, writes=False)
    declared = context.program.functions[function]
    states: list[Value] = [Flat(World(), (world,)) for world in worlds]
    owner = states.pop(0) if isinstance(declared.owner, ir.ProtocolT) else None
    value = of_function(made, function, owner, states[: len(declared.parameters)])
    assert value is not None
    made.writer.emit(f"return {TRUE} if {asked(value)} else {DONE}")
    return written(made, name, ())


def _judge(constraints: int, invariants: int) -> Iterator[str]:
    yield "def judge(s: Words, m: Words) -> Word:"
    yield "    unpack(s, m)"
    yield "    inside = 1"
    yield "    found = 0"
    for n in range(invariants):
        yield f"    a = invariant{n}(m)"
        yield from _told("found")
        yield "    if a == 0:"
        yield f"        found |= {8 << n}"
    for n in range(constraints):
        yield "    if inside != 0:"
        yield f"        a = constraint{n}(m)"
        yield from (f"    {line}" for line in _told("found"))
        yield "        inside = a"
    yield "    return found | inside"
    yield ""
    yield ""


def _told(found: str) -> Iterator[str]:
    yield f"    if a == {FAILED}:"
    yield f"        return {found} | {ERROR}"
    yield f"    if a == {ASK}:"
    yield f"        return {found} | {UNSURE}"


def _witness(count: int) -> Iterator[str]:
    """`witness(s, m, unseen)`: which of these a state satisfies, -1 if asking raises an error."""
    yield "def witness(s: Words, m: Words, unseen: Word) -> Word:"
    yield "    unpack(s, m)"
    yield "    seen = 0"
    for n in range(count):
        yield f"    if unseen & {1 << n}:"
        yield f"        a = witness{n}(m)"
        yield f"        if a > {TRUE}:"
        yield "            return -1"
        yield f"        seen |= a * {1 << n}"
    yield "    return seen"
    yield ""
    yield ""


def _on_step(laws: Sequence[ir.Property]) -> Iterator[str]:
    """`on_step(m, crash)`: a mask of the step invariants that a step violates, -1 for an error, -2 for ASK."""
    yield "def on_step(m: Words, crash: Word) -> Word:"
    yield "    found = 0"
    for n, law in enumerate(laws):
        inner = "    "
        if law.between_crashes:
            yield "    if not crash:"
            inner = "        "
        yield f"{inner}a = law{n}(m)"
        yield f"{inner}if a == {FAILED}:"
        yield f"{inner}    return -1"
        yield f"{inner}if a == {ASK}:"
        yield f"{inner}    return -2"
        yield f"{inner}if a == 0:"
        yield f"{inner}    found |= {1 << n}"
    yield "    return found"
    yield ""
    yield ""
