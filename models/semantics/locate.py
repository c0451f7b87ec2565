"""Where in the source a step gives a field the value that strays."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from ..language import Place
from .state import State
from .steps import Kind, Step
from .system import System


def assignment(system: System, before: State, step: Step, field: str) -> Place | None:
    """The last line on which a step assigns this field; None if it assigns it nowhere, as history does.

    The step is run again on objects that note who sets the field.
    """
    view = system.filled_view(before)
    owner: Any = view.protocol if step.process is None else view.processes[system.number(step.process)]
    noted: list[Place] = []
    owner.__class__ = _noting(type(owner), field, noted.append)
    with suppress(Exception):
        getattr(owner, step.name)(*step.arguments)
    return noted[-1] if noted and step.kind in (Kind.ACTION, Kind.RECEIVE, Kind.DUPLICATE) else None


def _noting(cls: type, field: str, note: Callable[[Place], None]) -> type:
    def set_and_note(self: object, name: str, value: object) -> None:
        if name == field:
            frame = sys._getframe(1)
            note(Place(frame.f_code.co_filename, frame.f_lineno, *_columns(frame.f_code, frame.f_lasti)))
        object.__setattr__(self, name, value)

    return type(cls.__name__, (cls,), {"__setattr__": set_and_note})


def _columns(code: Any, instruction: int) -> tuple[int, int]:
    line, last, column, end = list(code.co_positions())[instruction // 2]
    return (column or 0) + 1, (end or 0) + 1 if last == line else 0
