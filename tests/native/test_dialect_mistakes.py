"""What the dialect does not have is refused, with the line."""

from __future__ import annotations

import pytest

from quorate.checker.native.dialect import IllegalKernel, Word, interpret, source_of
from quorate.checker.native.dialect.module import lower

CONSTANTS = {"K": 3}
TABLES = {"T": (1, 2)}
HEAD = """
def helper(p: Words, x: Word) -> Word:
    return x

def f(p: Words, x: Word) -> Word:
"""

MISTAKES = [
    ("return y", "y is not defined"),
    ("x = x + missing", "missing is not defined"),
    ("return p", "p is no word"),
    ("return T", "T is no word"),
    ("return helper", "helper is no word"),
    ("return p + 1", "p is no word"),
    ("return x[0]", "x is no pointer"),
    ("x[0] = 1", "x is no pointer"),
    ("K[0] = 1", "K is no pointer"),
    ("T[0] = 1", "T is a table, which is never written"),
    ("T[0] += 1", "T is a table, which is never written"),
    ("helper(p)", "helper takes 2 arguments and not 1"),
    ("helper(p, 1, 2)", "helper takes 2 arguments and not 3"),
    ("helper(x, 1)", "x is no pointer"),
    ("helper(T, 1)", "T is no pointer"),
    ("helper(x + 1, 1)", "a pointer is expected here"),
    ("helper(p, p)", "p is no word"),
    ("helper(p, x=1)", "arguments have no names"),
    ("missing(1)", "missing is no kernel"),
    ("p.append(1)", "this is no kernel"),
    ("popcount()", "1 arguments are expected and not 0"),
    ("cas(p, 0, 1)", "4 arguments are expected and not 3"),
    ("load(x, 0)", "x is no pointer"),
    ("copy(p, p)", "3 arguments are expected and not 2"),
    ("q = at(p)", "a pointer and how far to move it are expected"),
    ("return at(p, 0)", "this is a pointer and no word"),
    ("return cells(3)", "this is a pointer and no word"),
    ("q = cells(x)", "how many cells there are is a constant"),
    ("q = cells(-1)", "how many cells there are is a constant"),
    ("q = cells(K - 4)", "how many cells there are is a constant"),
    ("q = cells()", "how many cells there are is a constant"),
    ("q = p", "p is no word"),
    ("q = cells(1) if x else p", "this is a pointer and no word"),
    ("x = at(p, 1)", "x is a word and a pointer"),
    ("p = 1", "p is a word and a pointer"),
    ("for p in range(3): pass", "p is a word and a pointer"),
    ("p += 1", "p is a word and a pointer"),
    ("x, y = 1, 2", "Tuple is nothing to assign to"),
    ("x = y = 1", "one name is assigned at a time"),
    ("x: Word = 1", "AnnAssign is no statement of a kernel"),
    ("x / 2", "an expression that does nothing"),
    ("return x / 2", "Div is no operator of a kernel"),
    ("return x ** 2", "Pow is no operator of a kernel"),
    ("return 1.5", "1.5 is no 64-bit integer"),
    ("return 'a'", "'a' is no 64-bit integer"),
    ("return None", "None is no 64-bit integer"),
    ("return 18446744073709551616", "18446744073709551616 is no 64-bit integer"),
    ("return x << 64", "a shift by 64"),
    ("return x >> -1", "a shift by -1"),
    ("return lshr(x, 64)", "a shift by 64"),
    ("x <<= 64", "a shift by 64"),
    ("return x in x", "In is no comparison of a kernel"),
    ("return x is 1", "Is is no comparison of a kernel"),
    ("return [x]", "List is no expression of a kernel"),
    ("return (x := 1)", "NamedExpr is no expression of a kernel"),
    ("return p[0:1]", "Slice is no expression of a kernel"),
    ("return lambda: 1", "Lambda is no expression of a kernel"),
    ("for i in p: pass", "a loop runs over range(end) or range(first, end)"),
    ("for i in range(1, 2, 3): pass", "a range has an end, or a first number and an end"),
    ("for i in range(): pass", "a range has an end, or a first number and an end"),
    ("for p[0] in range(3): pass", "a loop counts with a name"),
    ("while x: pass\n    else: pass", "a loop has no else"),
    ("for i in range(3): pass\n    else: pass", "a loop has no else"),
    ("break", "break outside a loop"),
    ("continue", "continue outside a loop"),
    ("try: pass\n    finally: pass", "Try is no statement of a kernel"),
    ("global x", "Global is no statement of a kernel"),
    ("assert x", "Assert is no statement of a kernel"),
    ("def g(): pass", "FunctionDef is no statement of a kernel"),
    ("return\n    return y", "y is not defined"),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "why"), MISTAKES, ids=[m[0] for m in MISTAKES])
def test_a_mistake_in_a_statement(statement: str, why: str) -> None:
    with pytest.raises(IllegalKernel) as caught:
        lower(f"{HEAD}    x = 1\n    {statement}\n", CONSTANTS, TABLES, ["f"])
    assert why in caught.value.why
    assert caught.value.line in (7, 8)
    assert caught.value.function == "f"


TEXTS = [
    ("x = 1", 1, "only functions may stand here"),
    ("def f(x: Word) -> Word:\n    return x\nimport os", 3, "only functions may stand here"),
    ("def f(:", 1, "no Python"),
    ("def f(x) -> Word:\n    return x", 1, "parameter x is neither Word nor Words"),
    ("def f(x: int) -> Word:\n    return x", 1, "parameter x is neither Word nor Words"),
    ("def f(x: Word = 1) -> Word:\n    return x", 1, "only plain parameters"),
    ("def f(*x: Word) -> Word:\n    return 1", 1, "only plain parameters"),
    ("def f() -> int:\n    return 1", 1, "a kernel gives a Word"),
    ("def f() -> Words:\n    return 1", 1, "a kernel gives a Word"),
    ("def f() -> Word:\n    return 1\ndef f() -> Word:\n    return 2", 3, "the name f is taken"),
    ("def load() -> Word:\n    return 1", 1, "the name load is taken"),
    ("def K() -> Word:\n    return 1", 0, "the name K is taken"),
    ("def T() -> Word:\n    return 1", 0, "the name T is taken"),
    ("def range() -> Word:\n    return 1", 0, "the name range is taken"),
    ("def g() -> Word:\n    return 1", 0, "there is no kernel f to export"),
]


@pytest.mark.parametrize(("text", "line", "why"), TEXTS, ids=[t[0] for t in TEXTS])
def test_a_mistake_in_a_text(text: str, line: int, why: str) -> None:
    with pytest.raises(IllegalKernel) as caught:
        lower(text, CONSTANTS, TABLES, ["f"])
    assert why in caught.value.why
    assert caught.value.line == line


def test_a_constant_and_a_table_of_one_name() -> None:
    with pytest.raises(IllegalKernel, match="the name K is taken"):
        lower("", {"K": 1}, {"K": (1,)}, [])


def test_a_message_names_function_and_line() -> None:
    with pytest.raises(IllegalKernel, match=r"^f line 2: y is not defined$"):
        lower("def f() -> Word:\n    return y", {}, {}, [])


def test_a_text_that_is_no_list_of_functions_is_not_interpreted() -> None:
    with pytest.raises(IllegalKernel):
        interpret("x = 1")


def test_a_function_that_is_no_kernel_has_no_source() -> None:
    def plain(x: Word) -> Word:
        return x

    with pytest.raises(IllegalKernel, match="not marked @kernel"):
        source_of(plain)
