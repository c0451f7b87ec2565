"""A function on its way to machine code: the lines written so far and what is known at this point of it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from .errors import IllegalKernel
from .signatures import POINTER, WORD, Parameter

MOST_KNOWN = 64  # beyond this, copying what is known at every branch costs more than it saves


class Forms(NamedTuple):
    """How each form of expression and statement is lowered, by the class of its node or the name that is called."""

    values: Mapping[type, Callable[[Body, Any], str]]
    tests: Mapping[type, Callable[[Body, Any, str, str], None]]
    bits: Mapping[type, Callable[[Body, Any], str]]
    statements: Mapping[type, Callable[[Body, Any], None]]
    calls: Mapping[str, Callable[[Body, ast.Call], str]]


class Names(NamedTuple):
    """The names that all functions of a module see."""

    constants: Mapping[str, str]
    tables: Mapping[str, int]
    functions: Mapping[str, tuple[Parameter, ...]]


class Loop(NamedTuple):
    """Where `continue` and `break` lead."""

    again: str
    out: str


class Body:
    """Writes the lines of one function.

    Locals live in memory of the function's own, from which LLVM makes registers; within a stretch without joins the
    value that was last written or read is remembered, which spares most reads. `known` maps words to operands.
    """

    __slots__ = (
        "arrays", "called", "count", "ended", "forms", "here", "known", "lines", "loops", "name", "names",
        "pointers", "read", "words", "writes",
    )  # fmt: skip

    def __init__(self, name: str, forms: Forms, names: Names) -> None:
        self.name = name
        self.forms = forms
        self.names = names
        self.lines: list[str] = []
        self.count = 0
        self.here = "entry"
        self.ended = False
        self.known: dict[str, str] = {}
        self.words: dict[str, str] = {}  # parameters that are never assigned: their operand; other locals: empty
        self.pointers: dict[str, str] = {}
        self.arrays: list[int] = []
        self.read: set[str] = set()
        self.writes: dict[str, list[int]] = {}
        self.loops: list[Loop] = []
        self.called: list[str] = []

    def illegal(self, node: ast.AST, why: str) -> IllegalKernel:
        """The complaint about a part of the function, to be raised."""
        return IllegalKernel(why, getattr(node, "lineno", 0), self.name)

    # expressions

    def value(self, node: ast.expr) -> str:
        """Write what computes an expression; gives the operand that holds it."""
        form = self.forms.values.get(type(node))
        if form is None:
            raise self.illegal(node, f"{type(node).__name__} is no expression of a kernel")
        return form(self, node)

    def bit(self, node: ast.expr) -> str:
        """The truth of an expression as an operand of type i1, without branches of its own."""
        form = self.forms.bits.get(type(node))
        if form is None:
            return self.emit(f"icmp ne i64 {self.value(node)}, 0")
        return form(self, node)

    def test(self, node: ast.expr, yes: str, no: str) -> None:
        """Branch on the truth of an expression."""
        form = self.forms.tests.get(type(node))
        if form is None:
            self.branch(self.bit(node), yes, no)
        else:
            form(self, node, yes, no)

    def decide(self, node: ast.expr, yes: str, no: str) -> dict[str, str]:
        """Branch on the truth of an expression; gives what is known at both ends."""
        before, here = self.known.copy(), self.here
        self.test(node, yes, no)
        return self.known if self.here == here else before  # later operands may not have been computed

    def emit(self, instruction: str) -> str:
        """Write an instruction that gives a value; gives its operand."""
        self.count += 1
        operand = f"%t{self.count}"
        self.lines.append(f"{operand} = {instruction}")
        return operand

    # locals

    def set_word(self, name: str, operand: str) -> None:
        """Write a local that is a word."""
        self.known[name] = operand
        self.writes.setdefault(name, []).append(len(self.lines))
        self.lines.append(f"store i64 {operand}, ptr %v.{name}")

    def get_word(self, name: str) -> str:
        """Read a local that is a word from memory."""
        self.read.add(name)
        operand = self.known[name] = self.emit(f"load i64, ptr %v.{name}")
        return operand

    # blocks

    def label(self) -> str:
        """A label of its own."""
        self.count += 1
        return f"L{self.count}"

    def start(self, label: str, known: dict[str, str]) -> None:
        """Go on writing at a label."""
        self.lines.append(f"{label}:")
        self.here = label
        self.ended = False
        self.known = known if len(known) <= MOST_KNOWN else {}

    def jump(self, label: str) -> None:
        """End the block with a jump, if it has not ended yet."""
        if not self.ended:
            self.end(f"br label %{label}")

    def branch(self, bit: str, yes: str, no: str) -> None:
        """End the block with a branch."""
        self.end(f"br i1 {bit}, label %{yes}, label %{no}")

    def end(self, instruction: str) -> None:
        """End the block."""
        self.lines.append(instruction)
        self.ended = True

    def block(self, statements: Sequence[ast.stmt]) -> None:
        """Write statements one after another."""
        forms = self.forms.statements
        for statement in statements:
            form = forms.get(type(statement))
            if form is None:
                raise self.illegal(statement, f"{type(statement).__name__} is no statement of a kernel")
            if self.ended:
                self.start(self.label(), {})
            form(self, statement)

    # the whole

    def text(self, parameters: Sequence[Parameter], linkage: str, attributes: str) -> str:
        """The function in LLVM's own language."""
        for name in self.writes.keys() - self.read:
            for position in self.writes[name]:
                self.lines[position] = ""
        takes = ", ".join(f"{p.type} %a.{p.name}" for p in parameters)
        head = f"define {linkage}i64 @{self.name}({takes}) nounwind{attributes} {{\nentry:"
        tail = [] if self.ended else ["ret i64 0"]
        return "\n".join([head, *self._locals(parameters), *self.lines, *tail, "}\n"])

    def _locals(self, parameters: Sequence[Parameter]) -> list[str]:
        given = {p.name for p in parameters}
        lines = [f"%c.{i} = alloca [{n} x i64], align 16" for i, n in enumerate(self.arrays)]
        for type_, names, nothing in ((WORD, self.read, "0"), (POINTER, self.pointers, "null")):
            for name in sorted(names if type_ == WORD else [n for n in names if not self.pointers[n]]):
                first = f"%a.{name}" if name in given else nothing
                lines += [f"%v.{name} = alloca {type_}", f"store {type_} {first}, ptr %v.{name}"]
        return lines
