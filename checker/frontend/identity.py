"""Collections that tell processes apart, which only their identities should do."""

from __future__ import annotations

from collections.abc import Iterator

from ...models.language import ModelError
from .. import ir
from .errors import mistake


def check_identities(program: ir.Program) -> Iterator[ModelError]:
    """Every place that makes a set of processes, or a map that has processes as its keys."""
    for node in ir.walk(*program.functions.values()):
        if isinstance(node, _MADE) and _holds_processes(ir.item_of(node.type)):
            yield mistake("compared-processes", node.place)


_MADE = (ir.MakeSet, ir.SetOf, ir.ToSet, ir.MakeMap, ir.MapOf)


def _holds_processes(type_: ir.Type | None) -> bool:
    return type_ is not None and (isinstance(type_, ir.ProcessT) or any(map(_holds_processes, ir.parts(type_))))
