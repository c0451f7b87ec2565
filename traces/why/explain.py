"""Why a property of a state or a step is false."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import FunctionType
from typing import Any

from ...models.semantics import Property, View
from ..trace import Reason
from .blame import blame_body
from .scope import Unexplained, definition, position, scope_of


def explain(asked: Property, *views: View) -> tuple[Reason, ...]:
    """Why a property is false of this view (a step invariant: of the views before and after the step).

    Never fails: what cannot be taken apart is given as a whole.
    """
    try:
        return _explained(asked.function, [asked.argument(view) for view in views])
    except Exception:
        return _whole(asked)


def _explained(function: Callable[..., Any], arguments: list[Any]) -> tuple[Reason, ...]:
    plain = _plain(function)
    scope = scope_of(plain, dict(zip(inspect.signature(plain).parameters, arguments, strict=True)))
    reasons = blame_body(definition(plain.__code__, scope.source), scope, False)
    return tuple(dict.fromkeys(reasons))


def _whole(asked: Property) -> tuple[Reason, ...]:
    try:
        scope = scope_of(_plain(asked.function), {})
        node = definition(_plain(asked.function).__code__, scope.source)
        return (Reason(f"{asked.name} is false", *position(scope, node)),)
    except Exception:
        return (Reason(f"{asked.name} is false", "", 0),)


def _plain(function: Callable[..., Any]) -> FunctionType:
    plain = inspect.unwrap(function)
    if isinstance(plain, FunctionType):
        return plain
    raise Unexplained(str(function))
