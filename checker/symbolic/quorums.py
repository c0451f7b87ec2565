"""Quorums of any number of participants: all that is known of them is that any two share a member."""

from __future__ import annotations

import z3

from .. import ir
from ..ir import types as t
from . import values as v
from .algebra import contains
from .frame import Frame
from .logic import Formula, conj, exists, forall, implies
from .setting import Setting


def as_quorum(f: Frame, function: ir.Function, some: v.Set) -> Formula:
    """Whether a set holds all members of some quorum.

    The family of quorums is a sort of its own, after Padon, Losa, Sagiv and Shoham, "Paxos made EPR", OOPSLA 2017,
    section 4.1: sets of participants are not, so that nothing leads out of the decidable fragment. Each rule has its
    own family: that the quorums of one meet says nothing of those of another.
    """
    quorum = z3.FreshConst(_family(function), "quorum")
    member = z3.FreshConst(f.setting.sort(item_of(function)), "member")
    inside = implies(belongs(f.setting, function, member, quorum), contains(some, member))
    return exists([quorum], forall([member], inside))


def intersection(setting: Setting, function: ir.Function) -> Formula:
    """Any two quorums have a member in common."""
    one, other = z3.Consts("one other", _family(function))
    shared = z3.Const("shared", setting.sort(item_of(function)))
    both = conj(belongs(setting, function, shared, one), belongs(setting, function, shared, other))
    return forall([one, other], exists([shared], both))


def axioms(setting: Setting) -> list[Formula]:
    """What is assumed of the quorums of those that are of any number."""
    return [intersection(setting, function) for function in rules(setting)]


def rules(setting: Setting) -> list[ir.Function]:
    """The methods that say what is a quorum of those that are of any number."""
    marked = [function for function in setting.program.functions.values() if function.quorum]
    return [function for function in marked if setting.is_free(item_of(function))]


def item_of(function: ir.Function) -> t.SymbolT:
    """Whose sets a @quorum method is about."""
    set_ = function.parameters[0].type
    assert isinstance(set_, t.SetT)
    assert isinstance(set_.item, t.SymbolT)
    return set_.item


def _family(function: ir.Function) -> z3.SortRef:
    return z3.DeclareSort(f"Quorum of {function.name}")


def belongs(setting: Setting, function: ir.Function, member: z3.ExprRef, quorum: z3.ExprRef) -> z3.BoolRef:
    """Whether somebody is in a quorum."""
    relation = z3.Function("in", setting.sort(item_of(function)), _family(function), z3.BoolSort())
    result: z3.BoolRef = relation(member, quorum)
    return result
