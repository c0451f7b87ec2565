"""How an annotation bounds a domain: `Annotated[int, Range(0, "terms")]`."""

from __future__ import annotations

from dataclasses import dataclass

Bound = int | str
"""A literal, or an expression over the protocol's parameters such as `"entries + 1"`."""


@dataclass(frozen=True)
class Range:
    """The integers from `lo` to `hi`, both included.

    Where a bound names a parameter, a step that would pass it is not taken, and counted as *cut* under the
    parameter's name. Where a bound is literal, passing it is a model error: going below 0 in `Range(0, "terms")`.
    """

    lo: Bound
    hi: Bound


@dataclass(frozen=True)
class AtMost:
    """A bound on the length of a sequence: `Annotated[tuple[Entry, ...], AtMost("entries")]`.

    A step that would make the sequence longer is not taken, and counted as *cut*.
    """

    length: Bound
