"""What every model checker is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from .cases import Case, Size


@dataclass(frozen=True)
class Answer:
    """What a tool says it found: `seconds` of its own search and bytes of `memory` by part, if it tells them."""

    holds: bool
    distinct: int
    generated: int
    seconds: float | None = None
    memory: Mapping[str, int] = field(default_factory=dict)

    @property
    def bytes_a_state(self) -> float | None:
        """What a distinct state takes, None if the tool does not tell."""
        return sum(self.memory.values()) / self.distinct if self.memory else None


class Tool(Protocol):
    """A model checker.

    `slow` ones run the smaller size of a case unless told otherwise.
    """

    name: str
    slow: bool

    def prepare(self, case: Case, size: Size, threads: int) -> str | None:
        """Build what a run needs, outside the time that is measured; returns why that cannot be."""
        ...

    def command(self, case: Case, size: Size, threads: int) -> Sequence[str]:
        """The command of a run."""
        ...

    @property
    def folder(self) -> Path:
        """Where the command runs."""
        ...

    def read(self, output: str) -> Answer:
        """What the output of a run says. Errors: `ValueError` if it is not the end of a run."""
        ...
