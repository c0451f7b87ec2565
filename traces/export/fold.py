"""Which steps of a long trace are drawn."""

from __future__ import annotations

MOST = 60
"""How many steps are drawn; of a longer trace the middle is left out."""


def drawn(length: int) -> list[int]:
    """The numbers of the steps to draw, from 1: all, or as many from the beginning as from the end."""
    half = MOST // 2
    return [n for n in range(1, length + 1) if length <= MOST or n <= half or n > length - half]


def gap(length: int) -> str:
    """What to say where steps are left out, empty if none are."""
    left_out = length - len(drawn(length))
    return f"… {left_out} steps are left out …" if left_out else ""
