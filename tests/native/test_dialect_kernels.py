"""Kernels as functions of Python: the words of the dialect, their source, and their meaning in both worlds."""

from __future__ import annotations

import ctypes
import threading
from textwrap import indent
from typing import Any, Literal

import pytest

from quorate.checker.native.dialect import (
    Word,
    Words,
    compile_module,
    interpret,
    kernel,
    source_of,
    surroundings_of,
)
from quorate.checker.native.dialect.intrinsics import at, cells, copy, fetch_add, lshr, popcount, wrap

LOWEST, HIGHEST = -(1 << 63), (1 << 63) - 1
STEP = 3
STEPS = (5, 7, 11)


@kernel
def folded(p: Words, n: Word) -> Word:
    """Adds what is in cells, each turned by a step of the table."""
    total = 0
    for i in range(n):
        total ^= lshr(p[i], STEPS[i % STEP])
    return total


@kernel
def weighed(
    p: Words,
    n: Word,
) -> Word:
    return popcount(folded(p, n)) * STEP


def test_a_kernel_stays_the_function_that_it_is() -> None:
    assert weighed(Words([1 << 5, 1 << 7, 1 << 20]), 3) == 3 * (
        1 + (1 << 5 >> 5 ^ 1 << 7 >> 7 ^ 1 << 9).bit_count() - 1
    )


def test_kernels_are_compiled_from_their_source() -> None:
    constants, tables = surroundings_of(folded, weighed)
    assert (constants, tables) == ({"STEP": 3}, {"STEPS": STEPS})
    text = source_of(folded, weighed)
    machine = compile_module(text, constants, tables, ["weighed"])
    data = [-1, 12345678901, LOWEST, 77]
    expected = weighed(Words(data), 4)
    assert machine.function("weighed", 2)((ctypes.c_int64 * 4)(*data), 4) == expected
    assert interpret(text, constants, tables)["weighed"](Words(data), 4) == expected


# each: an expression of a and b, arguments, what it is
MEANINGS: list[tuple[str, int, int, int]] = [
    ("lshr(a, b)", -1, 63, 1),
    ("lshr(a, b)", -1, 0, -1),
    ("lshr(a, 1)", LOWEST, 0, 1 << 62),
    ("a >> b", LOWEST, 63, -1),
    ("a >> 1", -3, 0, -2),
    ("wrap(a << b)", 1, 63, LOWEST),
    ("ult(a, b)", -1, 1, 0),
    ("ult(a, b)", 1, -1, 1),
    ("ult(a, b)", LOWEST, HIGHEST, 0),
    ("mul(a, b)", 0x9E3779B97F4A7C15 - (1 << 64), 3, wrap(0x9E3779B97F4A7C15 * 3)),
    ("mul(a, b)", LOWEST, -1, LOWEST),
    ("popcount(a)", -1, 0, 64),
    ("popcount(a)", LOWEST, 0, 1),
    ("ctz(a)", 0, 0, 64),
    ("ctz(a)", LOWEST, 0, 63),
    ("ctz(a)", -8, 0, 3),
    ("clz(a)", 0, 0, 64),
    ("clz(a)", 1, 0, 63),
    ("clz(a)", -1, 0, 0),
    ("udiv(a, b)", HIGHEST, 10, HIGHEST // 10),
    ("urem(a, b)", HIGHEST, 10, HIGHEST % 10),
    ("a // b", -7, 2, -4),
    ("a // b", 7, -2, -4),
    ("a // b", -8, -2, 4),
    ("a // 2", -7, 0, -4),
    ("a // 8", LOWEST, 0, LOWEST // 8),
    ("a // -3", 7, 0, -3),
    ("wrap(a // b)", LOWEST, -1, LOWEST),
    ("a // b", LOWEST, 1, LOWEST),
    ("a % b", -7, 2, 1),
    ("a % b", 7, -2, -1),
    ("a % b", -8, 8, 0),
    ("a % 8", -7, 0, 1),
    ("a % b", LOWEST, -1, 0),
    ("a % b", LOWEST, HIGHEST, HIGHEST - 1),
    ("-a", 5, 0, -5),
    ("wrap(-a)", LOWEST, 0, LOWEST),
    ("~a", LOWEST, 0, HIGHEST),
    ("+a", 5, 0, 5),
    ("a < b", LOWEST, HIGHEST, 1),
    ("0 <= a < b", 3, 4, 1),
    ("0 <= a < b", 4, 4, 0),
    ("a and b", 6, 9, 9),
    ("a and b", 0, 9, 0),
    ("a or b", 6, 9, 6),
    ("a or b", 0, 9, 9),
    ("not a", 6, 0, 0),
    ("not a", 0, 0, 1),
    ("a if b else 7", 6, 0, 7),
    ("True + a", 6, 0, 7),
    ("18446744073709551615 & a", 6, 0, 6),
]


@pytest.mark.parametrize(("expression", "a", "b", "expected"), MEANINGS)
def test_an_expression_on_the_edge(expression: str, a: int, b: int, expected: int) -> None:
    text = f"def f(a: Word, b: Word) -> Word:\n    return {expression}"
    assert interpret(text)["f"](a, b) == expected
    assert compile_module(text, {}, {}, ["f"]).function("f", 2)(a, b) == expected
    folded_text = f"def f() -> Word:\n    return g({a}, {b})\n" + text.replace("def f", "def g")
    assert compile_module(folded_text, {}, {}, ["f"]).function("f", 0)() == expected


# each: a function f of one word in the text, and what it gives for 0, 1, 2, 3
BEHAVIOURS: dict[str, tuple[str, list[int]]] = {
    "nothing returned": ("pass", [0, 0, 0, 0]),
    "a bare return": (
        """
if x == 1: return
return 5
""",
        [5, 0, 5, 5],
    ),
    "both arms return": (
        """
if x > 1:
    return 1
else:
    return 2
""",
        [2, 2, 1, 1],
    ),
    "what a counter is after its loop": (
        """
i = 9
for i in range(x): pass
return i
""",
        [9, 0, 1, 2],
    ),
    "a counter changed in its loop": (
        """
n = 0
for i in range(x):
    i += 5
    n += i
return n
""",
        [0, 5, 11, 18],
    ),
    "an end changed in its loop": (
        """
n = 0
for i in range(x):
    x = 0
    n += 1
return n
""",
        [0, 1, 2, 3],
    ),
    "an empty range": (
        """
n = 0
for i in range(2, x): n += 1
return n
""",
        [0, 0, 0, 1],
    ),
    "break": (
        """
for i in range(5):
    if i == x: break
return i
""",
        [0, 1, 2, 3],
    ),
    "continue": (
        """
n = 0
for i in range(3):
    if i == x: continue
    n += i
return n
""",
        [3, 2, 1, 3],
    ),
    "nested loops": (
        """
n = 0
for i in range(3):
    for j in range(i):
        if j == x: break
        n += 1
return n
""",
        [0, 2, 3, 3],
    ),
    "while": (
        """
n = 0
while n * n < x + 3: n += 1
return n
""",
        [2, 2, 3, 3],
    ),
    "while True": (
        """
while True:
    x += 1
    if x > 2: return x
""",
        [3, 3, 3, 4],
    ),
    "elif": (
        """
if x == 0: return 5
elif x == 1: return 6
elif x == 2: return 7
return 8
""",
        [5, 6, 7, 8],
    ),
    "a guard before a division": ("return 6 // x if x != 0 else 0", [0, 6, 3, 2]),
    "a guard by and": ("if x != 0 and 6 // x > 2: return 1", [0, 1, 1, 0]),
    "a guard by or": ("if x == 0 or 6 // x > 2: return 1", [1, 1, 1, 0]),
    "a guard in a chain": ("if 0 < x < 6 // x: return 1", [0, 1, 1, 0]),
    "a guard before a shift": ("return 1 << x + 61 if x < 3 else 0", [1 << 61, 1 << 62, LOWEST, 0]),
    "recursion": ("return x * f(x - 1) if x > 0 else 1", [1, 1, 2, 6]),
    "a local array": (
        """
q = cells(K)
q[x] = 4
return q[x] + x
""",
        [4, 5, 6, 7],
    ),
    "one name for two arrays": (
        """
q = cells(4)
q[0] = 1
r = at(q, 0)
if x > 1:
    q = cells(4)
    q[0] = 2
return q[0] * 10 + r[0]
""",
        [11, 11, 21, 21],
    ),
    "a chosen pointer": (
        """
q = cells(2)
r = cells(2)
q[1] = 3
r[1] = 4
return at(q if x > 1 else r, 1)[0]
""",
        [4, 4, 3, 3],
    ),
    "a pointer that moves": (
        """
q = cells(4)
for i in range(4): q[i] = i * i
r = at(q, 0)
for i in range(x): r = at(r, 1)
return r[0]
""",
        [0, 1, 4, 9],
    ),
    "a table": ("return T[x]", [7, -2, 1 << 62, -1]),
    "a table of one": ("return ONE[0] + x", [9, 10, 11, 12]),
    "copying": (
        """
q = cells(4)
q[0] = 5
q[1] = 6
copy(at(q, 2), q, 2)
return q[2 + (x & 1)]
""",
        [5, 6, 5, 6],
    ),
    "a condition as a number": ("return (x > 0) + (x > 1) * 2", [0, 1, 3, 3]),
    "a known value after a nested test": (
        """
n = x
if (x > 5 and n > x) or x > 1: n = n + 1
return n
""",
        [0, 1, 3, 4],
    ),
    "a long sum": ("return " + " + ".join(["x"] * 300), [0, 300, 600, 900]),
    "many arms": (
        "if x == 999: return 1\n" + "".join(f"elif x == {i}: return {i}\n" for i in range(300, 0, -1)),
        [0, 1, 2, 3],
    ),
}


@pytest.mark.parametrize("optimise", ["quick", "full"])
@pytest.mark.parametrize(("body", "expected"), BEHAVIOURS.values(), ids=BEHAVIOURS)
def test_a_statement(body: str, expected: list[int], optimise: Literal["quick", "full"]) -> None:
    text = 'def f(x: Word) -> Word:\n    """What it does."""\n' + indent(body, "    ")
    more: dict[str, Any] = {"constants": {"K": 4}, "tables": {"T": (7, -2, 1 << 62, (1 << 64) - 1), "ONE": (9,)}}
    python = interpret(text, **more)["f"]
    assert [wrap(python(x)) for x in range(4)] == expected
    function = compile_module(text, **more, exports=["f"], optimise=optimise).function("f", 1)
    assert [function(x) for x in range(4)] == expected


def test_the_order_of_effects() -> None:
    text = """
def bump(p: Words, x: Word) -> Word:
    p[0] = p[0] * 10 + x
    return p[0]
def f(p: Words) -> Word:
    p[1] = p[0] - bump(p, 1) + bump(p, 2) * p[0]
    p[0] += bump(p, 3)
    p[bump(p, 4) & 1] = bump(p, 5)
    return bump(p, 6) if bump(p, 7) < p[0] else bump(p, 8)
"""
    memory = [1, 0]
    expected = interpret(text)["f"](Words(memory))
    array = (ctypes.c_int64 * 2)(1, 0)
    assert compile_module(text, {}, {}, ["f"]).function("f", 1)(array) == expected
    assert list(array) == memory


def test_pointers_may_overlap() -> None:
    text = "def f(p: Words, q: Words) -> Word:\n    p[0] = 1\n    q[0] = 2\n    return p[0]"
    array = (ctypes.c_int64 * 1)()
    assert compile_module(text, {}, {}, ["f"], optimise="full").function("f", 2)(array, array) == 2


COUNTING = """
def count(p: Words, n: Word) -> Word:
    for i in range(n):
        fetch_add(p, 0, 1)
        old = load(p, 1)
        while cas(p, 1, old, old + 1) != old:
            old = load(p, 1)
    store(p, 2, 1)
    return 0
"""


def test_atomic_cells_lose_nothing_between_threads() -> None:
    count = compile_module(COUNTING, {}, {}, ["count"]).function("count", 2)
    array, rounds = (ctypes.c_int64 * 3)(), 300_000
    threads = [threading.Thread(target=count, args=(array, rounds)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert list(array) == [2 * rounds, 2 * rounds, 1]


WAITING = """
def wait(p: Words) -> Word:
    while load(p, 0) == 0:
        p[1] = 0
    return p[0]
"""


def test_other_threads_of_python_run_during_a_call() -> None:
    wait = compile_module(WAITING, {}, {}, ["wait"]).function("wait", 1)
    array = (ctypes.c_int64 * 2)()
    given: list[int] = []
    thread = threading.Thread(target=lambda: given.append(wait(array)))
    thread.start()
    array[0] = 5  # never reached if the call kept Python to itself
    thread.join()
    assert given == [5]


# plain Python complains where machine code would go astray


@pytest.mark.parametrize(
    "mistake",
    [
        lambda: Words([1, 2], 1)[-1],
        lambda: Words([1, 2], 1).__setitem__(-1, 5),
        lambda: at(Words([1, 2]), -1)[0],
        lambda: Words([1, 2])[2],
        lambda: interpret("def f() -> Word:\n    return T[0 - 1]", {}, {"T": (1, 2)})["f"](),
    ],
)
def test_memory_that_is_not_there(mistake: Any) -> None:
    with pytest.raises(IndexError):
        mistake()


def test_copying_within_a_range_is_refused() -> None:
    p = Words([1, 2, 3, 4])
    with pytest.raises(ValueError, match="overlaps"):
        copy(at(p, 1), p, 2)


@pytest.mark.parametrize("expression", ["lshr(1, 64)", "lshr(1, 0 - 1)", "udiv(0 - 1, 2)", "urem(5, 0 - 2)"])
def test_operands_that_are_not_allowed(expression: str) -> None:
    with pytest.raises(ValueError, match=r"shift|negative"):
        interpret(f"def f() -> Word:\n    return {expression}")["f"]()


def test_cells_hold_what_64_bits_hold() -> None:
    p = cells(2)
    p[0] = 1 << 63
    p[1] = -1
    fetch_add(p, 1, 1 << 64)
    assert (p[0], p[1]) == (LOWEST, -1)


def test_fresh_cells_hold_nothing_to_rely_on() -> None:
    assert cells(3)[1] not in (0, 1, -1)
