"""Named choices of parameters, so that nobody has to guess which bounds are worth a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple


class Figures(NamedTuple):
    """What exploring every state gives: distinct states, generated states, and the depth in states."""

    distinct: int
    generated: int
    depth: int


@dataclass(frozen=True)
class Size:
    """A choice of parameters by the name that `--size` takes: `Size("small", {"terms": 2}, Figures(717, 1_523, 19))`.

    `figures` are those of a run over all states, `symmetric` those of one that merges states under symmetry; None
    where nobody has explored it to the end.
    """

    name: str
    parameters: Mapping[str, int] = field(default_factory=dict)
    figures: Figures | None = None
    symmetric: Figures | None = None


Sizes = tuple[Size, ...]
