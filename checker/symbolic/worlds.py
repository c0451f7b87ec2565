"""A symbolic state: the fields of everybody, what the network holds, and what is left of the faults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ...models.language import Ref
from ..ir import types as t
from . import values as v
from .setting import Setting
from .values import Value

Fields = dict[str, Value]


@dataclass(frozen=True)
class World:
    """A state; nothing in it changes, but for the fields of one who is `changing`.

    `network` and `faults` are kept as their own rooms keep them.
    """

    setting: Setting
    shared: Fields
    processes: Mapping[Ref[Any], Fields]
    network: Any = None
    faults: tuple[Any, ...] = ()

    def under_way(self, sent: t.SentT) -> v.Set:
        """The messages of a class that the network holds."""
        found: v.Set = self.network.under_way(sent)
        return found

    def changing(self, owner: Ref[Any] | None) -> World:
        """A copy in which the fields of the owner, or the shared ones, can be assigned without touching this one."""
        if owner is None:
            return replace(self, shared=dict(self.shared))
        return replace(self, processes={**self.processes, owner: dict(self.processes[owner])})
