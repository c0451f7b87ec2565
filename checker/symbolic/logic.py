"""Formulas: Python's bools where the truth is known, z3's terms where it is not; what is known is folded at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeAlias

import z3

Formula: TypeAlias = bool | z3.BoolRef
"""A truth value that may depend on the state."""

_CONTEXT = z3.main_ctx()


def _id(formula: z3.BoolRef) -> int:
    return int(formula.get_id())


def conj(*formulas: Formula) -> Formula:
    """Whether all of these are true."""
    return all_of(formulas)


def all_of(formulas: Iterable[Formula]) -> Formula:
    """Whether all of these are true."""
    return _joined(formulas, False, z3.Z3_mk_and)


def disj(*formulas: Formula) -> Formula:
    """Whether any of these is true."""
    return any_of(formulas)


def any_of(formulas: Iterable[Formula]) -> Formula:
    """Whether any of these is true."""
    return _joined(formulas, True, z3.Z3_mk_or)


def _joined(formulas: Iterable[Formula], decides: bool, make: Any) -> Formula:
    """One that `decides` settles the matter, the opposite adds nothing."""
    kept: dict[int, z3.BoolRef] = {}
    for formula in formulas:
        if formula is decides:
            return decides
        if not isinstance(formula, bool):
            kept[_id(formula)] = formula
    if len(kept) <= 1:
        return next(iter(kept.values()), not decides)
    return _made(make, list(kept.values()))


def _made(make: Any, parts: Sequence[z3.BoolRef]) -> z3.BoolRef:
    # through z3's C interface, which takes a tenth of the time of `z3.And`
    array = (z3.Ast * len(parts))(*[part.as_ast() for part in parts])
    return z3.BoolRef(make(_CONTEXT.ref(), len(parts), array), _CONTEXT)


def neg(formula: Formula) -> Formula:
    """Whether this is false."""
    if isinstance(formula, bool):
        return not formula
    if z3.is_not(formula):
        inner: z3.BoolRef = formula.arg(0)
        return inner
    if z3.is_or(formula):
        return all_of(neg(part) for part in formula.children())
    return z3.BoolRef(z3.Z3_mk_not(_CONTEXT.ref(), formula.as_ast()), _CONTEXT)


def implies(one: Formula, other: Formula) -> Formula:
    """Whether the first is false or the second true."""
    return disj(neg(one), other)


def iff(one: Formula, other: Formula) -> Formula:
    """Whether both are true or both are false."""
    if isinstance(one, bool):
        return other if one else neg(other)
    if isinstance(other, bool):
        return one if other else neg(one)
    if _id(one) == _id(other):
        return True
    return z3.BoolRef(z3.Z3_mk_eq(_CONTEXT.ref(), one.as_ast(), other.as_ast()), _CONTEXT)


def either(test: Formula, then: Formula, other: Formula) -> Formula:
    """The second if the first is true, else the third."""
    if isinstance(test, bool):
        return then if test else other
    if isinstance(then, bool):
        return disj(test, other) if then else conj(neg(test), other)
    if isinstance(other, bool):
        return implies(test, then) if other else conj(test, then)
    if _id(then) == _id(other):
        return then
    return z3.BoolRef(z3.Z3_mk_ite(_CONTEXT.ref(), test.as_ast(), then.as_ast(), other.as_ast()), _CONTEXT)


def same_term(one: z3.ExprRef, other: z3.ExprRef) -> Formula:
    """Whether two terms of one sort are equal."""
    if one.eq(other):
        return True
    equation: z3.BoolRef = one == other
    return equation


def forall(variables: Sequence[z3.ExprRef], body: Formula) -> Formula:
    """Whether the body is true whatever the values of these variables are."""
    return neg(exists(variables, neg(body)))


def exists(variables: Sequence[z3.ExprRef], body: Formula) -> Formula:
    """Whether the body is true for some values of these variables.

    A variable that the body says is equal to something is replaced by that: most quantifiers of a model are of this
    kind (a message with these fields was sent), and leave nothing for the solver to instantiate.
    """
    left, solved = list(variables), body
    while not isinstance(solved, bool) and (found := _solution(left, solved)) is not None:
        variable, term = found
        left = [each for each in left if not each.eq(variable)]
        solved = all_of(_known(each) for each in conjuncts(z3.substitute(solved, (variable, term))))
    if isinstance(solved, bool):
        return solved
    return z3.Exists(left, solved) if left else solved


def _solution(variables: Sequence[z3.ExprRef], body: z3.BoolRef) -> tuple[z3.ExprRef, z3.ExprRef] | None:
    """A variable and the term that the body says it is equal to."""
    for part in conjuncts(body):
        if z3.is_eq(part):
            for one, other in ((part.arg(0), part.arg(1)), (part.arg(1), part.arg(0))):
                if any(one.eq(variable) for variable in variables) and not _occurs(one, other):
                    return one, other
    return None


def conjuncts(formula: z3.BoolRef) -> Iterator[z3.BoolRef]:
    """The parts of a conjunction, however deep."""
    if z3.is_and(formula):
        for part in formula.children():
            yield from conjuncts(part)
    else:
        yield formula


def _occurs(variable: z3.ExprRef, term: z3.ExprRef) -> bool:
    return term.eq(variable) or any(_occurs(variable, part) for part in term.children())


def _known(formula: z3.BoolRef) -> Formula:
    """The truth of an equation of a term with itself, the formula otherwise."""
    if z3.is_eq(formula) and formula.arg(0).eq(formula.arg(1)):
        return True
    return formula


def as_term(formula: Formula) -> z3.BoolRef:
    """The formula as a term that a solver takes."""
    return z3.BoolVal(formula) if isinstance(formula, bool) else formula
