"""Whether what a model calls a quorum is one: tried on every set of a few participants before it is believed of any."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

from ...models.language import ModelError, Protocol, Symbol
from .. import ir
from ..ir import evaluate
from ..ir.world import World
from .quorums import item_of, rules
from .setting import Setting

MOST = 6
"""Sets of so many participants are tried: all 64 of them, in pairs."""


def require_quorums(setting: Setting, protocol: Protocol) -> Iterator[str]:
    """What is believed of each `@quorum` method about participants of any number, in words.

    Errors: `ModelError` if it is false of some sets of up to `MOST` participants.
    """
    for function in rules(setting):
        cls = item_of(function).cls
        for count in range(1, MOST + 1):
            _try(setting, function, cls, count, protocol)
        yield (
            f"any two sets for which {function.name.rpartition('.')[2]} is true have a member in common, and larger"
            f" sets are quorums too (tried: every set of up to {MOST} {cls.size})"
        )


def _try(setting: Setting, function: ir.Function, cls: type[Symbol], count: int, protocol: Protocol) -> None:
    everybody = [cls.nth(i) for i in range(count)]
    is_quorum = _asked(setting, function, {**protocol.parameters, str(cls.size): count})
    sets = [frozenset(some) for n in range(count + 1) for some in itertools.combinations(everybody, n)]
    quorums = [some for some in sets if is_quorum(some)]
    if not quorums:
        raise _mistake(function, f"no set of members of {_show(frozenset(everybody))} is a quorum")
    for one, other in itertools.combinations(quorums, 2):
        if not one & other:
            raise _mistake(function, f"{_show(one)} and {_show(other)} are both quorums and have no member in common")
    for one in quorums:
        for more in sets:
            if one < more and more not in quorums:
                raise _mistake(function, f"{_show(one)} is a quorum and {_show(more)} is not")


def _asked(setting: Setting, function: ir.Function, parameters: dict[str, Any]) -> Callable[[frozenset[Any]], bool]:
    world = World(setting.program, parameters, {}, {})
    return lambda some: bool(evaluate.run(world, function.name, None, (some,)).result)


def _show(some: frozenset[Any]) -> str:
    return "{" + ", ".join(sorted(map(repr, some))) + "}"


def _mistake(function: ir.Function, what: str) -> ModelError:
    return ModelError(
        "no-quorum-system",
        what,
        place=function.place,
        because="a proof for any number believes that some set is a quorum, that any two meet, and that a set with a"
        " quorum in it is one",
        instead="prove it for a number of your choice, without --any",
    )
