"""A value of one type as a value of another, with a node wherever that is more than a word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .. import ir


def convert(value: ir.Expr, wanted: ir.Type) -> ir.Expr | None:
    """The value as one of the wanted type, None if it is not one; an optional is unwrapped where that is needed."""
    if ir.fits(value.type, wanted):
        return _widen(value, wanted)
    if isinstance(value.type, ir.OptionalT):
        return convert(ir.Unwrap(value.place, value.type.item, value), wanted)
    if isinstance(value, ir.MakeSet) and isinstance(wanted, ir.SetT):
        items = _converted(value.items, wanted.item)
        return None if items is None else replace(value, type=wanted, items=items)
    if isinstance(value, ir.MakeSeq) and isinstance(wanted, ir.SeqT):
        items = _converted(value.items, wanted.item)
        return None if items is None else replace(value, type=wanted, items=items)
    return None


def _converted(values: Sequence[ir.Expr], wanted: ir.Type) -> tuple[ir.Expr, ...] | None:
    items = [convert(each, wanted) for each in values]
    known = tuple(each for each in items if each is not None)
    return known if len(known) == len(items) else None


def hinted(value: ir.Expr, hint: ir.Type | None) -> ir.Expr:
    """The value as one of a type that is only guessed: nothing is unwrapped for the sake of a guess."""
    return value if hint is None or not ir.fits(value.type, hint) else _widen(value, hint)


def _widen(value: ir.Expr, wanted: ir.Type) -> ir.Expr:
    if ir.plain(value.type) == ir.plain(wanted) or isinstance(wanted, ir.RefT | ir.ProcessT | ir.ProtocolT):
        return value
    if isinstance(value, ir.Literal):
        return replace(value, type=wanted)
    if isinstance(value, ir.MakeTuple) and isinstance(wanted, ir.SeqT):
        return ir.MakeSeq(value.place, wanted, tuple(_widen(item, wanted.item) for item in value.items))
    if isinstance(value, ir.MakeSet | ir.MakeMap | ir.MakeSeq) and not any(ir.children(value)):
        return replace(value, type=wanted)
    return ir.Widen(value.place, wanted, value)


def count(value: ir.Expr) -> ir.Expr | None:
    """A value as something to add up: an int, or a bool as 0 or 1."""
    if isinstance(value.type, ir.Bool):
        one, zero = (ir.Literal(value.place, ir.Int(), n) for n in (1, 0))
        return ir.Conditional(value.place, ir.Int(), value, one, zero)
    return convert(value, ir.Int())
