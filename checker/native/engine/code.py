"""What a model brings to the engine: functions of the kernel dialect, and names for the numbers that they deal in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from ....models.semantics import State


class NativeGaveUp(Exception):
    """The machine code cannot judge a state, or hold what a step leads to: the reference engine has to do the run."""


class Code(Protocol):
    """A model as code: `text` defines `step`, `judge`, `witness` and, under symmetry, `canon`.

    `words` a state, at most `out` entries a state, `scratch` cells for the code to scribble on. `titles` and `bounds`
    are named by the numbers in tags; `properties`, `step_properties` and `witnesses` by the bits of masks.
    """

    @property
    def words(self) -> int: ...
    @property
    def out(self) -> int: ...
    @property
    def scratch(self) -> int: ...
    @property
    def titles(self) -> tuple[str, ...]: ...
    @property
    def bounds(self) -> tuple[str, ...]: ...
    @property
    def properties(self) -> tuple[str, ...]: ...
    @property
    def step_properties(self) -> tuple[str, ...]: ...
    @property
    def witnesses(self) -> tuple[str, ...]: ...
    @property
    def text(self) -> str: ...
    @property
    def constants(self) -> Mapping[str, int]: ...
    @property
    def tables(self) -> Mapping[str, tuple[int, ...]]: ...
    def encode(self, state: State) -> list[int]:
        """The words of a state. Errors: `NativeGaveUp` if they cannot hold it."""
        ...

    def decode(self, words: list[int]) -> State:
        """The state that some words hold."""
        ...


def names_in(mask: int, names: Sequence[str]) -> list[str]:
    """The names whose bits are set in a mask."""
    return [name for i, name in enumerate(names) if mask >> i & 1]
