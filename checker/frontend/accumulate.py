"""Assignments that come to the same in whatever order the rounds of a loop are done."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import NamedTuple

from .. import ir

Key = tuple[type, str]
"""A target: a field or a local, and its name."""

_SYMMETRIC = (ir.SetOp.UNION, ir.SetOp.INTERSECTION, ir.SetOp.SYMMETRIC)
_COMMUTES = (ir.ArithmeticOp.ADD, ir.ArithmeticOp.MULTIPLY)


@dataclass(frozen=True)
class Rounds:
    """What the rounds of a loop share.

    `keys` are the targets that outlive a round, `plain` those of them that are only ever set to one constant, `keyed`
    the maps of which each round sets its own item only, `mixed` the targets that are changed in more than one way
    (to add 1 and to double commute with themselves, not with each other), and `unique` the locals that differ from
    round to round.
    """

    keys: frozenset[Key]
    plain: frozenset[Key]
    keyed: frozenset[Key]
    unique: frozenset[str]
    mixed: frozenset[Key] = frozenset()


class Write(NamedTuple):
    """An assignment to what outlives a round, where the locals in `unique` differ from round to round."""

    target: ir.Target
    value: ir.Expr
    unique: frozenset[str]


def key_of(target: ir.Target) -> Key:
    """What tells targets apart."""
    return type(target), target.name


def _key(node: ir.Node) -> Key | None:
    match node:
        case ir.ReadField(owner=ir.Self(), name=name):
            return ir.ToField, name
        case ir.Local(name=name):
            return ir.ToLocal, name
        case ir.Widen(value=value) | ir.Unwrap(value=value):
            return _key(value)
    return None


def is_own(index: ir.Node, unique: frozenset[str]) -> bool:
    """Whether no other round has this value: what the loop runs through, or its identity."""
    match index:
        case ir.Local(name=name) | ir.Identity(owner=ir.Local(name=name)):
            return name in unique
        case ir.Widen(value=value):
            return is_own(value, unique)
    return False


def reads(node: ir.Node, rounds: Rounds) -> bool:
    """Whether a node reads what other rounds may have changed."""
    match node:
        case ir.Contains(item=item) if is_own(item, rounds.unique):
            return False
        case ir.MapItem(value=value, key=index) if _key(value) in rounds.keyed and is_own(index, rounds.unique):
            return False
    return _key(node) in rounds.keys or any(reads(child, rounds) for child in ir.children(node))


def rounds_of(writes: Sequence[Write], unique: frozenset[str]) -> Rounds:
    """What rounds share that do these assignments."""
    by_key: dict[Key, list[Write]] = {}
    for write in writes:
        by_key.setdefault(key_of(write.target), []).append(write)
    plain = frozenset(key for key, found in by_key.items() if _one_constant([w.value for w in found]))
    keyed = frozenset(key for key, found in by_key.items() if all(_sets_own_item(key, w) for w in found))
    rounds = Rounds(frozenset(by_key), plain, keyed, unique)
    return replace(rounds, mixed=frozenset(key for key, found in by_key.items() if len(_ways(found, rounds)) > 1))


def _ways(writes: Sequence[Write], rounds: Rounds) -> set[object]:
    """The ways in which a target is changed."""
    return {way for w in writes for way in _ways_of(w.value, replace(rounds, unique=w.unique))}


def _ways_of(value: ir.Expr, rounds: Rounds) -> Iterator[object]:
    match value:
        case ir.Widen(value=inner):
            yield from _ways_of(inner, rounds)
        case ir.MapUpdate(entries=ir.MakeMap(keys=keys, values=values)):
            for index, item in zip(keys, values, strict=True):
                own = is_own(index, rounds.unique) and not reads(item, rounds)
                yield from ["own"] if own else _ways_of(item, rounds)
        case ir.Arithmetic(op=ir.ArithmeticOp.SUBTRACT):
            yield ir.ArithmeticOp.ADD
        case ir.SetOperation(op=op) | ir.Arithmetic(op=op) | ir.Logic(op=op) | ir.ExtremeOf(extreme=op):
            yield op
        case _:
            yield type(value)


def _one_constant(values: Sequence[ir.Expr]) -> bool:
    return len({repr(v.value) if isinstance(v, ir.Literal) else str(i) for i, v in enumerate(values)}) == 1 and all(
        isinstance(v, ir.Literal) for v in values
    )


def _sets_own_item(key: Key, write: Write) -> bool:
    match write.value:
        case ir.MapUpdate(value=old, entries=ir.MakeMap(keys=keys)):
            return _key(old) == key and all(is_own(index, write.unique) for index in keys)
    return False


def accumulates(target: ir.Target, value: ir.Expr, rounds: Rounds) -> bool:
    """Whether `target = value` adds to the target something that does not depend on what was added before."""
    key = key_of(target)
    match value:
        case ir.Widen(value=inner):
            return accumulates(target, inner, rounds)
        case ir.MapUpdate(value=old, entries=ir.MakeMap(keys=keys, values=values)):
            return _key(old) == key and all(_own_entry(k, v, key, rounds) for k, v in zip(keys, values, strict=True))
    return _adds(value, lambda node: _key(node) == key, rounds)


def _adds(value: ir.Expr, is_old: Callable[[ir.Expr], bool], rounds: Rounds) -> bool:
    """Whether a value is the old one and something new under an operator that does not care for the order."""
    match value:
        case ir.SetOperation(op=op, left=left, right=right):
            sides = [(left, right)] + ([(right, left)] if op in _SYMMETRIC else [])
        case ir.Arithmetic(op=op, left=left, right=right) if op in (*_COMMUTES, ir.ArithmeticOp.SUBTRACT):
            sides = [(left, right)] + ([(right, left)] if op in _COMMUTES else [])
        case ir.Logic(items=items) | ir.ExtremeOf(generators=[ir.Generator(iterable=ir.MakeSeq(items=items))]):
            new = [item for item in items if not is_old(item)]
            return len(new) == len(items) - 1 and not any(reads(item, rounds) for item in new)
        case _:
            return False
    return any(is_old(old) and not reads(new, rounds) for old, new in sides)


def _own_entry(index: ir.Expr, value: ir.Expr, key: Key, rounds: Rounds) -> bool:
    """Whether no other round sets this item, or each only adds to it."""

    def is_item(node: ir.Expr) -> bool:
        return isinstance(node, ir.MapItem) and _key(node.value) == key and _same(node.key, index)

    if reads(index, rounds):
        return False
    return (is_own(index, rounds.unique) and not reads(value, rounds)) or _adds(value, is_item, rounds)


def _same(one: ir.Node, other: ir.Node) -> bool:
    """Whether two expressions are the same but for their places."""
    return type(one) is type(other) and all(
        _same(a, b) if isinstance(a, ir.Node) and isinstance(b, ir.Node) else a == b
        for a, b in zip(_values(one), _values(other), strict=True)
    )


def _values(node: ir.Node) -> list[object]:
    return [getattr(node, f.name) for f in fields(node) if f.name not in ("place", "type")]
