"""The first value of each field, as an expression."""

from __future__ import annotations

import dataclasses

from ...models.language import Map, ModelError, Place, Ref, Symbol
from ...models.language.values import Every
from .. import ir
from .constants import constant_type
from .convert import convert
from .errors import mistake
from .facts import Facts
from .types import Annotations


def default(value: object, wanted: ir.Type, place: Place, name: str, facts: Facts, annotations: Annotations) -> ir.Expr:
    """A declared default as an expression of the field's type. Errors: `type-mismatch`, `mutable-global`."""
    if isinstance(value, Every) and isinstance(wanted, ir.MapT):
        return ir.Every(place, wanted, default(value.value, wanted.value, place, name, facts, annotations))
    if isinstance(value, list | dict | set):
        kind = type(value)
        raise mistake("mutable-default", place, field=name, type=kind.__name__, advice=_FROZEN[kind])
    type_ = constant_type(value, annotations, facts.clusters)
    made = None if type_ is None else convert(ir.Literal(place, type_, value), wanted)
    if made is None or isinstance(made, ir.Unwrap):
        raise _mismatch(value, type_, wanted, place, name)
    return made


_FROZEN: dict[type, str] = {
    list: "a tuple: (), (x,) or (x, y)",
    set: "frozenset() or frozenset({x})",
    dict: "every(x) for the same value everywhere, or Map({...}) with every key",
}


def _mismatch(value: object, type_: ir.Type | None, wanted: ir.Type, place: Place, name: str) -> ModelError:
    actual = ir.describe(type_) if type_ else type(value).__name__
    return mistake("type-mismatch", place, name=name, wanted=ir.describe(wanted), actual=actual)


def names_in(value: object) -> frozenset[str]:
    """The clusters and symbol classes of which a constant names a member."""
    if isinstance(value, Ref):
        return frozenset((value.cluster,))
    if isinstance(value, Symbol):
        return frozenset((type(value).__name__,))
    if isinstance(value, Every):
        return names_in(value.value)
    if isinstance(value, tuple | frozenset):
        return frozenset(name for item in value for name in names_in(item))
    if isinstance(value, Map):
        return names_in(tuple(value.items()))
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return names_in(tuple(getattr(value, field.name) for field in dataclasses.fields(value)))
    return frozenset()
