"""Lowers a text of kernels to a module in LLVM's own language."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from .body import Body, Forms, Names
from .calls import CALLS, DECLARATIONS
from .errors import IllegalKernel
from .expressions import BITS, TESTS, VALUES
from .intrinsics import wrap
from .locals import locals_of
from .signatures import functions_of, signatures_of
from .statements import STATEMENTS

FORMS = Forms(VALUES, TESTS, BITS, STATEMENTS, CALLS)
SMALL = 60  # lines of a function that is put in the place of each of its calls
MEDIUM = 400  # lines of a function that is put in the place of its only call


def lower(
    text: str, constants: Mapping[str, int], tables: Mapping[str, tuple[int, ...]], exports: Collection[str]
) -> str:
    """A text of kernels as an LLVM module; `exports` are the functions that can be called from outside.

    Errors: `IllegalKernel` for whatever the dialect does not have.
    """
    functions = functions_of(text)
    names = Names(
        {name: str(wrap(x)) for name, x in constants.items()},
        {name: len(values) for name, values in tables.items()},
        signatures_of(functions),
    )
    _check_names(names, exports)
    bodies = [_body(function, names) for function in functions]
    calls = Counter(name for body in bodies for name in body.called)
    parts = [_finished(body, names, exports, calls[body.name]) for body in bodies]
    return "\n".join([DECLARATIONS, *_tables(tables), *parts])


def _check_names(names: Names, exports: Iterable[str]) -> None:
    taken = Counter([*names.constants, *names.tables, *names.functions, *CALLS, "range"])
    for name, times in taken.items():
        if times > 1:
            raise IllegalKernel(f"the name {name} is taken")
    for name in exports:
        if name not in names.functions:
            raise IllegalKernel(f"there is no kernel {name} to export")


def _body(function: ast.FunctionDef, names: Names) -> Body:
    body = Body(function.name, FORMS, names)
    body.words, body.pointers = locals_of(function, names.functions[function.name])
    body.block(function.body)
    return body


def _finished(body: Body, names: Names, exports: Collection[str], calls: int) -> str:
    parameters = names.functions[body.name]
    if body.name in exports:
        return body.text(parameters, "dso_local ", "")
    inline = len(body.lines) <= SMALL or (calls == 1 and len(body.lines) <= MEDIUM)
    return body.text(parameters, "internal ", " alwaysinline" if inline else "")


def _tables(tables: Mapping[str, Sequence[int]]) -> list[str]:
    return [
        f"@table.{name} = private unnamed_addr constant [{len(values)} x i64] "
        f"[{', '.join(f'i64 {wrap(x)}' for x in values)}], align 8"
        for name, values in tables.items()
    ]
