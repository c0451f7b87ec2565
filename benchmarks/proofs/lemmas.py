"""How much had to be written for a proof.

The lines of the functions that are its lemmas, and of the helpers that nothing else in the model calls; docstrings,
comments and empty lines do not count, the line of `def` and the decorators do.
"""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from quorate.checker import ir
from quorate.checker.cli.loading import load
from quorate.checker.frontend import compile_model
from quorate.models.language import Place

from .cases import Proof

BLANK = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}


@dataclass(frozen=True)
class Lemmas:
    """How many there are, and their lines."""

    count: int
    lines: int


def lemmas_of(proof: Proof) -> Lemmas:
    """What is written in a model for a proof."""
    parameters = {name: str(value) for name, value in proof.parameters.items()}
    program = compile_model(load(proof.model).instance(None, parameters))
    helping = [p for p in (*program.invariants, *program.lemmas) if _is_lemma(p, program, proof)]
    places = {(place.file, place.line) for place in _only_for([p.function for p in helping], program)}
    return Lemmas(len(helping), sum(lines(Path(file).read_text(encoding="utf-8"), line) for file, line in places))


def _is_lemma(one: ir.Property, program: ir.Program, proof: Proof) -> bool:
    return one.helps or one in program.lemmas if proof.lemmas is None else one.name in proof.lemmas


def _only_for(lemmas: list[str], program: ir.Program) -> Iterator[Place]:
    """Where the functions are that only the lemmas need."""
    others = _called(_begun(program, lemmas), program)
    for name in _called(lemmas, program) - others:
        place = program.functions[name].place
        assert place is not None
        yield place


def _begun(program: ir.Program, lemmas: list[str]) -> Iterator[str]:
    """The functions that begin something else than a lemma."""
    yield from (*program.initial, *program.actions, *program.histories, *program.constraints)
    yield from (step for process in program.processes for step in process.steps)
    for one in (*program.invariants, *program.step_invariants):
        yield from (name for name in (one.function, one.witness) if name and name not in lemmas)


def _called(names: Iterable[str], program: ir.Program) -> set[str]:
    """These functions and all that they call."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            nodes = ir.walk(*program.functions[name].body)
            waiting += [each for node in nodes for each in getattr(node, "functions", ())]
    return found


def lines(source: str, line: int) -> int:
    """The lines with code of the function that is defined at this line."""
    functions = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef))
    found = next(node for node in functions if line in range(_first(node), node.body[0].lineno))
    document = found.body[0] if ast.get_docstring(found) is not None else None
    in_document = range(document.lineno, (document.end_lineno or 0) + 1) if document else ()
    text = source.splitlines()[_first(found) - 1 : found.end_lineno]
    return len({number + _first(found) - 1 for number in _with_code("\n".join(text))} - set(in_document))


def _first(function: ast.FunctionDef) -> int:
    """The line on which it begins, with its decorators."""
    return min([function.lineno, *(decorator.lineno for decorator in function.decorator_list)])


def _with_code(text: str) -> Iterator[int]:
    """The lines, from 1, on which something stands that is no comment."""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type not in BLANK:
            yield from range(token.start[0], token.end[0] + 1)
