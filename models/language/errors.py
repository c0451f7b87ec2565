"""What is wrong with a model, where, why, and what to write instead."""

from __future__ import annotations

import linecache
from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A stretch of a line of source; lines and columns count from 1, `end` is exclusive."""

    file: str
    line: int
    column: int = 1
    end: int = 0

    def source(self) -> str:
        """The line of source as it stands in the file, empty if it cannot be read."""
        return linecache.getline(self.file, self.line).rstrip()

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class ModelError(Exception):
    """A mistake in a model or in how it was asked for: never a fault of the checker.

    `code` is a stable short name of the kind of mistake (`no-order`), `what` says what is wrong,
    `because` why that is a mistake and `instead` what to write.
    """

    def __init__(
        self,
        code: str,
        what: str,
        *,
        place: Place | None = None,
        because: str = "",
        instead: str = "",
    ) -> None:
        super().__init__(what)
        self.code = code
        self.what = what
        self.place = place
        self.because = because
        self.instead = instead

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        lines = [f"{where}error[{self.code}]: {self.what}", *self._excerpt()]
        lines += [f"   because {self.because}"] if self.because else []
        lines += [f"   instead {self.instead}"] if self.instead else []
        return "\n".join(lines)

    def _excerpt(self) -> list[str]:
        source = self.place.source() if self.place else ""
        if not self.place or not source:
            return []
        text = source.expandtabs(1)
        width = max(1, (self.place.end or len(text) + 1) - self.place.column)
        return [
            f"{self.place.line:5} | {text}",
            " " * 6 + "| " + " " * (self.place.column - 1) + "^" * width,
        ]
