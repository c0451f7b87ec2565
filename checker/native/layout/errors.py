"""Why a model cannot be kept as words."""

from __future__ import annotations

from ....models.language import ModelError


class NoLayout(ModelError):
    """A state of this model does not fit the compiled engine; the reference engine has no such limits."""

    def __init__(self, what: str, because: str) -> None:
        super().__init__("no-layout", what, because=because, instead="run it with --engine reference")
