"""What is known of a mutant: a protocol with one thing wrong, and how that shows."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass

from ..language import Protocol


@dataclass(frozen=True)
class Mutant:
    """A protocol that differs from a correct one in one method or one field.

    At `parameters` it breaks the property `breaks`, and the shortest counterexample to that has `length` steps;
    another property may break sooner. Where `breaks` is None it is a *negative control*: it looks wrong, and no
    property breaks. `source` says where the mistake comes from, or what it is a mistake about.
    """

    name: str
    protocol: type[Protocol]
    parameters: Mapping[str, int]
    breaks: str | None
    length: int | None
    source: str

    @property
    def summary(self) -> str:
        """What goes wrong, in one sentence."""
        return (inspect.getdoc(self.protocol) or "").split("\n\n")[0].replace("\n", " ")

    @property
    def original(self) -> type[Protocol]:
        """The correct protocol that this one differs from."""
        return next(base for base in self.protocol.__mro__ if not base.__module__.startswith(__package__))

    def instance(self) -> Protocol:
        """The protocol with the parameters that show it."""
        return self.protocol(**self.parameters)
