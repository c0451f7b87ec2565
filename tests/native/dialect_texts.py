"""Random texts of kernels, all of which end, keep to their memory and never leave 64 bits in plain Python."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Sequence
from random import Random

from quorate.checker.native.dialect import Machine, Words, interpret
from quorate.checker.native.dialect.intrinsics import wrap

CELLS = 8
SIZE = 2 * CELLS
CONSTANTS = {"K": 5, "BIG": (1 << 64) - 3, "LOW": -(1 << 63)}
TABLES = {"T": (3, 1, -4, 1 << 62, (1 << 64) - 1, 0, 7, 63), "ONE": (9,)}
NUMBERS = (0, 1, 2, 3, 7, 8, 63, 64, -1, -2, 255, 1 << 31, 1 << 32, (1 << 62) + 5, (1 << 63) - 1, -(1 << 63))
WORDS = ("w0", "w1", "w2", "w3", "a", "b")
POINTERS = ("p", "q", "r")
AUGMENTED = ("+", "-", "*", "&", "|", "^", "<<", ">>", "//", "%")
HEAD = "def {}(p: Words, a: Word, b: Word) -> Word:"


class Writer:
    """Writes functions of a text; each choice is made by `random`, so that Hypothesis can make them smaller."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.lines: list[str] = []
        self.callable: list[str] = []
        self.loops = 0

    def text(self) -> str:
        for name in ("inner", "middle", "main"):
            self.function(name)
            self.callable = [name]
        return "\n".join(self.lines)

    def function(self, name: str) -> None:
        self.lines.append(HEAD.format(name))
        self.lines += [f"    w{i} = {self.number()}" for i in range(4)]
        self.lines += [f"    q = cells({self.pick('16', 'K * 3 + 1', '20 - 4')})", f"    for i in range({SIZE}):"]
        self.lines += ["        q[i] = i * 3", "    r = at(p, 1)"]
        self.block(1, self.random.randint(1, 5))
        if self.random.randint(0, 3):
            self.lines.append(f"    return {self.word(3)}")

    def pick(self, *choices: str) -> str:
        return choices[self.random.randint(0, len(choices) - 1)]

    # statements

    def block(self, depth: int, count: int) -> None:
        for _ in range(count):
            kinds = [self.assign, self.assign, self.cell, self.augment, self.effect, self.move]
            if depth < 4:
                kinds += [self.branch, self.branch, self.count_up, self.repeat]
            kinds[self.random.randint(0, len(kinds) - 1)](depth)

    def add(self, depth: int, line: str) -> None:
        self.lines.append("    " * depth + line)

    def assign(self, depth: int) -> None:
        self.add(depth, f"{self.pick(*WORDS)} = {self.word(3)}")

    def cell(self, depth: int) -> None:
        self.add(depth, f"{self.place()} = {self.word(2)}")

    def augment(self, depth: int) -> None:
        op = self.pick(*AUGMENTED)
        operand = self.word(2)
        if op in ("<<", ">>"):
            operand = f"({operand}) & 63"
        elif op in ("//", "%"):
            operand = self.pick("3", "8", "-3", "-1", "K", "BIG", "(a | 1)")
        if self.random.randint(0, 1):
            self.add(depth, f"{self.place()} {op}= {operand}")
        else:
            name = self.pick(*WORDS)
            self.add(depth, f"{name} {op}= {operand}")
            self.add(depth, f"{name} = wrap({name})")

    def effect(self, depth: int) -> None:
        place = f"{self.pick(*POINTERS)}, {self.index(1)}"
        calls = [
            f"store({place}, {self.word(1)})", f"prefetch({place})", f"cas({place}, {self.word(1)}, {self.word(1)})",
            f"fetch_add({place}, {self.word(1)})", f"copy(q, p, {self.index(1)})", "pass",
            f"copy(at(p, 4), q, {self.index(1)} & 3)",
        ]  # fmt: skip
        self.add(depth, self.pick(*calls))

    def move(self, depth: int) -> None:
        self.add(depth, f"r = {self.pointer(2)}")

    def branch(self, depth: int) -> None:
        self.add(depth, f"if {self.truth(3)}:")
        self.arm(depth)
        if self.random.randint(0, 1):
            self.add(depth, f"elif {self.truth(2)}:")
            self.arm(depth)
        if self.random.randint(0, 1):
            self.add(depth, "else:")
            self.arm(depth)

    def arm(self, depth: int) -> None:
        self.block(depth + 1, self.random.randint(1, 2))
        leave = self.random.randint(0, 7)
        if leave == 0:
            self.add(depth + 1, self.pick("return", f"return {self.word(2)}"))
        elif leave < 3 and self.loops:
            self.add(depth + 1, self.pick("break", "continue"))

    def count_up(self, depth: int) -> None:
        first = self.pick("", f"{self.index(1)} - 4, ")
        self.add(depth, f"for {self.pick('w0', 'w1', 'i')} in range({first}{self.index(1)}):")
        self.loop(depth)

    def repeat(self, depth: int) -> None:
        fuel = f"fuel{len(self.lines)}"
        self.add(depth, f"{fuel} = 0")
        self.add(depth, self.pick(f"while {fuel} < 4:", f"while {fuel} < 4 and {self.truth(2)}:"))
        self.add(depth + 1, f"{fuel} += 1")
        self.loop(depth)

    def loop(self, depth: int) -> None:
        self.loops += 1
        self.block(depth + 1, self.random.randint(1, 3))
        if self.random.randint(0, 2) == 0:
            self.add(depth + 1, f"if {self.truth(1)}:")
            self.add(depth + 2, self.pick("break", "continue"))
            self.block(depth + 1, 1)
        self.loops -= 1

    # expressions

    def number(self) -> str:
        return str(NUMBERS[self.random.randint(0, len(NUMBERS) - 1)])

    def word(self, depth: int) -> str:
        if depth == 0 or self.random.randint(0, 4) == 0:
            return self.pick(*WORDS, self.number(), "K", "LOW", "wrap(BIG)")
        kinds: list[Callable[[int], str]] = [
            self.ring, self.ring, self.bits, self.divided, self.chosen, self.truth_value, self.read, self.intrinsic,
            self.call,
        ]  # fmt: skip
        return kinds[self.random.randint(0, len(kinds) - 1)](depth - 1)

    def ring(self, d: int) -> str:
        x, y = self.word(d), self.word(d)
        return self.pick(f"wrap({x} + {y})", f"wrap({x} - {y})", f"wrap({x} * {y})", f"wrap(-{x})", f"mul({x}, {y})")

    def bits(self, d: int) -> str:
        x, y = self.word(d), self.word(d)
        shift = self.pick("0", "1", "17", "63", f"({y} & 63)")
        return self.pick(
            f"({x} & {y})", f"({x} | {y})", f"({x} ^ {y})", f"(~{x})", f"({x} >> {shift})", f"wrap({x} << {shift})",
            f"lshr({x}, {shift})",
        )  # fmt: skip

    def divided(self, d: int) -> str:
        op = self.pick("//", "%")
        x, y = self.word(d), self.pick(*WORDS)
        known = self.pick("1", "2", "3", "8", "-1", "-2", "-5", "BIG", "K", "LOW", "(1 << 62)")
        guarded = f"(wrap({x} {op} {y}) if {y} != 0 else {self.word(d)})"
        natural = f"{self.pick('udiv', 'urem')}({x} & {(1 << 63) - 1}, {self.pick('3', 'K', '(b & 7) + 1')})"
        return self.pick(f"wrap({x} {op} {known})", guarded, natural)

    def chosen(self, d: int) -> str:
        return f"({self.word(d)} if {self.truth(d)} else {self.word(d)})"

    def truth_value(self, d: int) -> str:
        x, y = self.word(d), self.word(d)
        return f"({self.pick(self.truth(d), f'{x} and {y}', f'{x} or {y}', f'not {x}')})"

    def read(self, d: int) -> str:
        return self.pick(
            self.place(), f"T[{self.index(d)}]", "ONE[0]", f"load({self.pick(*POINTERS)}, {self.index(d)})"
        )

    def intrinsic(self, d: int) -> str:
        x = self.word(d)
        return self.pick(
            f"popcount({x})", f"ctz({x})", f"clz({x})", f"wrap({x})", f"fetch_add(p, {self.index(0)}, {x})"
        )

    def call(self, d: int) -> str:
        if not self.callable or self.loops:
            return self.word(d)
        return f"{self.callable[0]}({self.pick('p', 'q')}, {self.word(d)}, {self.word(d)})"

    def truth(self, depth: int) -> str:
        if depth == 0:
            return self.pick("a < b", "w0 == w1", "w2", "1", "0")
        d = depth - 1
        x, y, z = self.word(d), self.word(d), self.word(d)
        compare = self.pick("==", "!=", "<", "<=", ">", ">=")
        return self.pick(
            f"{x} {compare} {y}", f"{x} < {y} {compare} {z}", f"ult({x}, {y})", f"not ({self.truth(d)})", x,
            f"({self.truth(d)} and {self.truth(d)})", f"({self.truth(d)} or {self.truth(d)} or {self.truth(d)})",
            f"(b != 0 and wrap(a // b) {compare} {z})",
        )  # fmt: skip

    # memory: 16 cells where p and q point; r points up to 4 cells further; all indices are below 8

    def index(self, depth: int) -> str:
        return f"({self.word(depth)} & {CELLS - 1})"

    def place(self) -> str:
        return f"{self.pick(*POINTERS)}[{self.index(1)}]"

    def pointer(self, depth: int) -> str:
        moved = f"at({self.pick('p', 'q')}, {self.word(1)} & 3)"
        return self.pick(moved, f"at({moved}, 1)", f"({moved} if {self.truth(depth)} else at(p, 1))")


def run_as_python(text: str, cells: Sequence[int], a: int, b: int) -> tuple[int, list[int]]:
    memory = list(cells)
    result = interpret(text, CONSTANTS, TABLES)["main"](Words(memory), a, b)
    return wrap(result), memory


def run_as_code(machine: Machine, cells: Sequence[int], a: int, b: int) -> tuple[int, list[int]]:
    memory = (ctypes.c_int64 * len(cells))(*cells)
    return machine.function("main", 3)(memory, a, b), list(memory)
