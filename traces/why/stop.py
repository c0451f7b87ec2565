"""Where the code of a model stopped: at a guard, at an assertion, or at a mistake."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from types import TracebackType
from typing import NamedTuple

from ...models import language, semantics
from ..show import show, shown_path
from ..trace import Reason
from .blame import blame
from .scope import Scope, source_of

OURS = (language.__name__, semantics.__name__)
"""The packages that a model's code calls, but is not part of."""


class Stop(NamedTuple):
    """The statement at which a model's code stopped, its place, and the part of its condition that decided."""

    statement: str
    file: str
    line: int
    because: tuple[Reason, ...]

    def __str__(self) -> str:
        values = [f"{name} is {value}" for reason in self.because for name, value in reason.bindings]
        return f"{self.statement} at {self.file}:{self.line}" + (f" ({', '.join(values)})" if values else "")


def explain_guard(disabled: BaseException) -> Stop | None:
    """The `require` that was not met, None if it cannot be found."""
    return _stop(disabled, lambda node: isinstance(node, ast.Call) and _condition(node) is not None)


def explain_failure(cause: BaseException) -> tuple[Reason, ...]:
    """Why a step failed: the part of an assertion that is false, or the statement and what it raised. Never fails."""
    raised = _raised(cause)
    if isinstance(cause, AssertionError):
        stop = _stop(cause, lambda node: isinstance(node, ast.Assert))
        if stop is not None and stop.because:
            return (_with_message(stop.because[0], str(cause)), *stop.because[1:])
    else:
        stop = _stop(cause, lambda node: isinstance(node, ast.stmt))
    if stop is None:
        return (Reason(raised, "", 0),)
    return (Reason(stop.statement, stop.file, stop.line, (("raised", raised),)),)


def _with_message(reason: Reason, message: str) -> Reason:
    return replace(reason, bindings=(*reason.bindings, ("message", message))) if message else reason


def _raised(cause: BaseException) -> str:
    if isinstance(cause, semantics.Stray):
        return f"{cause.where} becomes {show(cause.value)}, which is not {cause.domain}"
    return f"{type(cause).__name__}: {cause}" if str(cause) else type(cause).__name__


def _stop(cause: BaseException, wanted: Callable[[ast.AST], bool]) -> Stop | None:
    try:
        scope, line, column = list(_frames(cause.__traceback__))[-1]
        node = _innermost(scope, line, column, wanted)
    except Exception:
        return None
    return Stop(scope.source.segment(node), shown_path(scope.source.file), node.lineno, _because(node, scope))


def _frames(traceback: TracebackType | None) -> Iterator[tuple[Scope, int, int]]:
    """The frames of the model's own code, outermost first, each with the position that it had reached."""
    while traceback is not None:
        frame = traceback.tb_frame
        if not str(frame.f_globals.get("__name__", "")).startswith(OURS):
            scope = Scope(source_of(frame.f_code), {**frame.f_globals, **frame.f_locals})
            where = next(itertools.islice(frame.f_code.co_positions(), traceback.tb_lasti // 2, None))
            yield scope, where[0] or traceback.tb_lineno, where[2] or 0
        traceback = traceback.tb_next


def _innermost(scope: Scope, line: int, column: int, wanted: Callable[[ast.AST], bool]) -> ast.expr | ast.stmt:
    """The smallest wanted node around a position."""
    around = [
        node
        for node in scope.source.nodes()
        if isinstance(node, ast.expr | ast.stmt)
        and wanted(node)
        and (node.lineno, node.col_offset) <= (line, column)
        and line <= (node.end_lineno or 0)
    ]
    return max(around, key=lambda node: (node.lineno, node.col_offset))


def _because(node: ast.expr | ast.stmt, scope: Scope) -> tuple[Reason, ...]:
    condition = node.test if isinstance(node, ast.Assert) else _condition(node)
    try:
        return () if condition is None else tuple(blame(condition, scope, False))
    except Exception:
        return ()


def _condition(node: ast.AST) -> ast.expr | None:
    match node:
        case ast.Call(func=ast.Name(id="require"), args=[condition]):
            return condition
    return None
