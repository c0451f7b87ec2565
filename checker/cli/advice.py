"""Advice after a name that is not known."""

from __future__ import annotations

from ...models.language.protocol import near


def did_you_mean(name: str, known: list[str], otherwise: str = "") -> str:
    """The close ones among the known names; where none is close, something else rather than all of them."""
    found = near(name, known)
    return found if found.startswith("did you mean") else otherwise
