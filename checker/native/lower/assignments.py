"""The code of assignments, and of loops and patterns that give names to values."""

from __future__ import annotations

from ... import ir
from ..layout.reps import Rep, Scalar
from .cells import add
from .coerce import flat, moderate
from .errors import NotNative
from .frame import Frame, Variable
from .kinds import rep_of
from .products import item
from .steady import steady
from .values import Actor, Flat, Value, World, loose


def assign(f: Frame, s: ir.Assign) -> None:
    """Several targets are assigned together, after all values are known."""
    values = [f.value(value) for value in s.values]
    if len(values) > 1:
        values = [steady(f, value) for value in values]
    for target, value in zip(s.targets, values, strict=True):
        give(f, target, value)


def give(f: Frame, target: ir.Target, value: Value) -> None:
    """Give a value to a local or a field."""
    if isinstance(target, ir.ToField):
        _to_field(f, target, value)
    elif target.name in f.many:
        _to_variable(f, target, value)
    else:
        f.locals[target.name] = steady(f, value)


def bind(f: Frame, pattern: ir.Pattern, value: Value) -> None:
    """Give names to a value or its items."""
    if pattern.name in f.many:
        _to_variable(f, ir.ToLocal(pattern.place, pattern.type, pattern.name), value)
    elif pattern.name:
        f.locals[pattern.name] = value
        f.variables.pop(pattern.name, None)
    for number, part in enumerate(pattern.items):
        bind(f, part, item(f, value, number))


def _to_variable(f: Frame, target: ir.ToLocal, value: Value) -> None:
    if target.name not in f.variables:
        rep = _variable_rep(f, target, value)
        f.variables[target.name] = Variable(rep, tuple(f.writer.fresh("x") for _ in range(rep.cells)))
        f.kernel.mutable.update(f.variables[target.name].names)
    variable = f.variables[target.name]
    cells = [f.writer.named(cell) for cell in _moderate(f, flat(f, value, variable.rep)).cells]
    for name, cell in zip(variable.names, cells, strict=True):
        f.writer.emit(f"{name} = {cell}")


def _moderate(f: Frame, value: Flat) -> Flat:
    """A value; an int is not so great that assigning it over and over would pass what a cell holds."""
    return moderate(f, value) if isinstance(value.rep, Scalar) else value


def _variable_rep(f: Frame, target: ir.ToLocal, value: Value) -> Rep:
    """How to keep a local that takes several values."""
    if isinstance(value, Flat) and isinstance(value.rep, Actor | World):
        return value.rep
    found = rep_of(f.context, target.type)
    if found is None:
        raise NotNative(f"the local {target.name} has no fixed number of bits", target.place)
    return loose(found)


def _to_field(f: Frame, target: ir.ToField, value: Value) -> None:
    owner = f.owner
    assert isinstance(owner, Flat)
    cluster = owner.rep.clusters[0] if isinstance(owner.rep, Actor) else ""
    offset, rep = f.context.layout.field(cluster, target.name)
    base = owner.cells[0] if cluster else add(owner.cells[0], f.context.layout.shared)
    cells = _moderate(f, flat(f, value, loose(rep))).cells
    places = [f"m[{add(base, offset + number)}]" for number in range(rep.cells)]
    changed = [(place, cell) for place, cell in zip(places, cells, strict=True) if place != cell]
    f.kernel.cells |= {offset + n for n, pair in enumerate(zip(places, cells, strict=True)) if pair[0] != pair[1]}
    if len(changed) > 1:
        changed = [(place, f.writer.named(cell)) for place, cell in changed]
    for place, cell in changed:
        f.writer.emit(f"{place} = {cell}")
    f.kernel.written.add(target.name)
    f.kernel.touched = True
