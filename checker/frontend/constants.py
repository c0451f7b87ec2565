"""The type of a Python value that stands for a constant."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Mapping
from typing import Any

from ...models.language import Map, Process, Ref, Symbol
from ...models.language.fields import Field, Parameter
from .. import ir
from .types import Annotations

Clusters = Mapping[str, type[Process]]


def constant_type(value: object, annotations: Annotations, clusters: Clusters) -> ir.Type | None:
    """The type of a constant, None if it is not a value of the language."""
    if value is None or isinstance(value, bool | int):
        return ir.NoneT() if value is None else ir.Bool() if isinstance(value, bool) else ir.Int()
    if isinstance(value, enum.Enum):
        return ir.EnumT(type(value))
    if isinstance(value, Symbol):
        return ir.SymbolT(type(value))
    if isinstance(value, Ref) and value.cluster in clusters:
        return ir.RefT(clusters[value.cluster])
    if isinstance(value, tuple | frozenset | Map):
        return _collection_type(value, annotations, clusters)
    if dataclasses.is_dataclass(value) and not isinstance(value, type | Field | Parameter):
        return annotations.record(type(value))
    return None


def _collection_type(
    value: tuple[Any, ...] | frozenset[Any] | Map[Any, Any], annotations: Annotations, clusters: Clusters
) -> ir.Type | None:
    items = [constant_type(item, annotations, clusters) for item in value]
    known = [item for item in items if item is not None]
    if len(known) < len(items):
        return None
    if isinstance(value, tuple):
        return ir.TupleT(tuple(known))
    joined = ir.join_all(known)
    if not isinstance(value, Map):
        return joined and ir.SetT(joined)
    inside = [constant_type(item, annotations, clusters) for item in value.values()]
    of = ir.join_all([item for item in inside if item is not None])
    return ir.MapT(joined, of) if joined and of and None not in inside else None
