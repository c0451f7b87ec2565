"""Arithmetic on cells while code is written: what is known is computed at once, the rest becomes dialect text.

A cell is an int that is known now, or the text of an expression of the dialect. Truth values are 0 and 1.
"""

from __future__ import annotations

import re

Cell = int | str


def add(a: Cell, b: Cell) -> Cell:
    """`a + b`."""
    if isinstance(a, int) and isinstance(b, int):
        return a + b
    if a == 0:
        return b
    if isinstance(b, int) and b <= 0:
        return a if b == 0 else f"({a} - {-b})"
    return f"({a} + {b})"


def sub(a: Cell, b: Cell) -> Cell:
    """`a - b`."""
    if isinstance(b, int):
        return add(a, -b)
    return f"({a} - {b})"


def times(a: Cell, b: Cell) -> Cell:
    """`a * b`."""
    if isinstance(a, int) and isinstance(b, int):
        return a * b
    if a == 0 or b == 0:
        return 0
    return b if a == 1 else a if b == 1 else f"({a} * {b})"


def floor_div(a: Cell, b: Cell) -> Cell:
    """`a // b`, rounding down; `b` is not 0."""
    if isinstance(a, int) and isinstance(b, int):
        return a // b
    return a if b == 1 else f"({a} // {b})"


def remainder(a: Cell, b: Cell) -> Cell:
    """`a % b`, with the sign of `b`; `b` is not 0."""
    if isinstance(a, int) and isinstance(b, int):
        return a % b
    return 0 if b == 1 else f"({a} % {b})"


def part(a: Cell, b: int) -> Cell:
    """`a // b` of what is not negative."""
    if isinstance(a, int):
        return a // b
    return a if b == 1 else f"udiv({a}, {b})"


def rest(a: Cell, b: int) -> Cell:
    """`a % b` of what is not negative."""
    if isinstance(a, int):
        return a % b
    return 0 if b == 1 else f"urem({a}, {b})"


def both_bits(a: Cell, b: Cell) -> Cell:
    """`a & b`."""
    if isinstance(a, int) and isinstance(b, int):
        return a & b
    return 0 if a == 0 or b == 0 else f"({a} & {b})"


def either_bits(a: Cell, b: Cell) -> Cell:
    """`a | b`."""
    if isinstance(a, int) and isinstance(b, int):
        return a | b
    return b if a == 0 else a if b == 0 else f"({a} | {b})"


def other_bits(a: Cell, b: Cell) -> Cell:
    """`a ^ b`."""
    if isinstance(a, int) and isinstance(b, int):
        return a ^ b
    return b if a == 0 else a if b == 0 else f"({a} ^ {b})"


def without_bits(a: Cell, b: Cell) -> Cell:
    """`a & ~b`."""
    if isinstance(b, int):
        return a if b == 0 else a & ~b if isinstance(a, int) else f"({a} & {~b})"
    return 0 if a == 0 else f"({a} & ~{b})"


def bit(n: Cell) -> Cell:
    """`1 << n`."""
    return 1 << n if isinstance(n, int) else f"(1 << {n})"


def has_bit(word: Cell, n: Cell) -> Cell:
    """Whether bit `n` of a word is set."""
    if isinstance(word, int) and isinstance(n, int):
        return word >> n & 1
    if word == 0:
        return 0
    return f"(({word} & {1 << n}) != 0)" if isinstance(n, int) else f"(({word} >> {n}) & 1)"


_COMPARE = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
}


def compare(a: Cell, op: str, b: Cell) -> Cell:
    """`a op b` for one of `== != < <=`."""
    if isinstance(a, int) and isinstance(b, int):
        return int(_COMPARE[op](a, b))
    if a == b:
        return int(op in ("==", "<="))
    return f"({a} {op} {b})"


def same(a: Cell, b: Cell) -> Cell:
    """`a == b`."""
    return compare(a, "==", b)


def negation(a: Cell) -> Cell:
    """`not a`."""
    if isinstance(a, int):
        return int(not a)
    return a[5:-1] if a.startswith("(not ") and _closes_at_end(a) else f"(not {a})"


def _closes_at_end(text: str) -> bool:
    """Whether the bracket that opens a text is the one that ends it."""
    depth = 0
    for at, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if depth == 0:
            return at == len(text) - 1
    return False


def both(*tests: Cell) -> Cell:
    """Whether all are true."""
    if any(t == 0 for t in tests):
        return 0
    open_ = [str(t) for t in dict.fromkeys(tests) if not isinstance(t, int)]
    return 1 if not open_ else _chain("and", "&", open_)


def either(*tests: Cell) -> Cell:
    """Whether one is true."""
    if any(isinstance(t, int) and t != 0 for t in tests):
        return 1
    open_ = [str(t) for t in dict.fromkeys(tests) if not isinstance(t, int)]
    return 0 if not open_ else _chain("or", "|", open_)


_UNSAFE = re.compile(r"\[(?!\d+\])|div|rem|//|%|<<|>>|[a-z]\(")
"""What costs something, or must not be looked at unless what stands before it is true."""


def is_cheap(text: str) -> bool:
    """Whether an expression may be computed although nobody needs its value."""
    return not _UNSAFE.search(text)


def _chain(word: str, sign: str, tests: list[str]) -> str:
    """Tests one after the other; cheap ones are all made, since a branch costs more than they do."""
    if len(tests) == 1:
        return tests[0]
    cheap = sum(map(len, tests)) < 240 and all(map(is_cheap, tests))
    return f"({f' {sign if cheap else word} '.join(tests)})"


def choose(test: Cell, then: Cell, other: Cell) -> Cell:
    """`then if test else other`."""
    if isinstance(test, int):
        return then if test else other
    if then == other:
        return then
    return test if (then, other) == (1, 0) else f"({then} if {test} else {other})"


def greatest(a: Cell, b: Cell) -> Cell:
    """The greater of two."""
    return max(a, b) if isinstance(a, int) and isinstance(b, int) else choose(compare(a, "<", b), b, a)


def least(a: Cell, b: Cell) -> Cell:
    """The less of two."""
    return min(a, b) if isinstance(a, int) and isinstance(b, int) else choose(compare(b, "<", a), b, a)
