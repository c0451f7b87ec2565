"""When a model cannot be written in the kernel dialect."""

from __future__ import annotations

from ....models.language import ModelError, Place


class NotNative(ModelError):
    """The native engine cannot run a model; the reference engine can."""

    def __init__(self, what: str, place: Place | None = None) -> None:
        super().__init__(
            "not-native",
            what,
            place=place,
            because="the native engine keeps every value in a number of bits that is known before the run",
            instead="run it with --engine reference",
        )
