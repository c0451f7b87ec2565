"""States of a program: the first one, and any that could be."""

from __future__ import annotations

from .. import ir
from . import faults, networks
from .collections import settled
from .frame import Doing, Frame
from .fresh import Source
from .maps import mapped
from .scalars import widened
from .setting import Setting
from .statements import EXPRESSIONS, STATEMENTS
from .values import Value
from .worlds import Fields, World


def blank(setting: Setting) -> World:
    """The state before any choice of an initial one: every field has its default."""
    program = setting.program
    return World(
        setting,
        _defaults(setting, program.shared),
        {ref: _defaults(setting, setting.class_of(ref).fields) for ref in setting.refs},
        networks.empty(setting),
        faults.fresh(setting),
    )


def _defaults(setting: Setting, fields: tuple[ir.Field, ...]) -> Fields:
    return {field.name: default(setting, field) for field in fields}


def default(setting: Setting, field: ir.Field) -> Value:
    """The first value of a field."""
    nowhere = World(setting, {}, {})
    frame = Frame(EXPRESSIONS, STATEMENTS, nowhere, None, Doing())
    value = widened(frame.value(field.default), field.default.type, field.type)
    return settled(setting, field.type, mapped(setting, field.type, value))


def anything(setting: Setting, source: Source, name: str = "") -> World:
    """Any state whose fields are in their domains."""
    return World(
        setting,
        _unknown(source, setting.program.shared, name),
        {ref: _unknown(source, setting.class_of(ref).fields, f"{name}{ref!r}.") for ref in setting.refs},
        networks.anything(setting, source, name),
        faults.anything(setting, source, name),
    )


def _unknown(source: Source, fields: tuple[ir.Field, ...], prefix: str) -> Fields:
    return {field.name: source.value(field.type, f"{prefix}{field.name}") for field in fields}
