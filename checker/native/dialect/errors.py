"""What is wrong with a kernel."""

from __future__ import annotations


class IllegalKernel(Exception):
    """A kernel that machine code cannot be made of: our own fault, never that of a model.

    `line` counts from 1 in the text that was to be lowered (0: no line is to blame), `why` says what is wrong.
    """

    def __init__(self, why: str, line: int = 0, function: str = "") -> None:
        where = " ".join(part for part in (function, f"line {line}" if line else "") if part)
        super().__init__(f"{where}: {why}" if where else why)
        self.why = why
        self.line = line
        self.function = function
