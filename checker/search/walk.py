"""A random walk as the path to its end."""

from __future__ import annotations

from collections.abc import Sequence

from ...models.semantics import State


def straight(path: Sequence[State], state: State | None) -> list[State]:
    """The walk up to its last visit of a state, without what lies between two visits of any state."""
    short: list[State] = []
    for visited in path[: _last_index(path, state) + 1]:
        if visited in short:
            del short[short.index(visited) :]
        short.append(visited)
    return short


def _last_index(path: Sequence[State], state: State | None) -> int:
    return max((i for i, visited in enumerate(path) if visited == state), default=-1)
