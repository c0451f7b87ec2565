"""Numbers of which only the order matters: a sort with a total order in the place of the integers.

A proof for any number of participants needs ballots that are compared and nothing else. Without arithmetic its
formulas are (nearly) in the fragment in which z3 always answers: Padon, Losa, Sagiv and Shoham, "Paxos made EPR",
OOPSLA 2017, section 3. The integers are one such order, so what is proved of all of them is true of the integers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

import z3

from .logic import Formula, conj, disj, forall, implies, neg, same_term

SORT = z3.DeclareSort("Number")
_LESS = z3.Function("<", SORT, SORT, z3.BoolSort())
_PREFIX = "number "


def is_ordered(term: object) -> bool:
    """Whether this is a number of which only the order matters."""
    return isinstance(term, z3.ExprRef) and term.sort() == SORT


def literal(number: int) -> z3.ExprRef:
    """A known number."""
    return z3.Const(f"{_PREFIX}{number}", SORT)


def less(one: z3.ExprRef, other: z3.ExprRef) -> z3.BoolRef:
    """Whether one comes before the other."""
    result: z3.BoolRef = _LESS(one, other)
    return result


def axioms(formulas: Iterable[Formula]) -> list[Formula]:
    """The order is total, and the known numbers of these formulas are where they belong."""
    numbers = sorted(_literals(formulas))
    a, b, c = z3.Consts("a b c", SORT)
    return [
        forall([a], neg(less(a, a))),
        forall([a, b, c], implies(conj(less(a, b), less(b, c)), less(a, c))),
        forall([a, b], disj(less(a, b), less(b, a), same_term(a, b))),
        *(less(literal(one), literal(other)) for one, other in pairwise(numbers)),
        *(_nothing_between(one, other) for one, other in pairwise(numbers) if other == one + 1),
    ]


def _nothing_between(one: int, other: int) -> Formula:
    a = z3.Const("a", SORT)
    return forall([a], neg(conj(less(literal(one), a), less(a, literal(other)))))


def _literals(formulas: Iterable[Formula]) -> set[int]:
    names = (str(term.decl()) for term in _terms(formulas) if z3.is_const(term) and term.sort() == SORT)
    return {int(name.removeprefix(_PREFIX)) for name in names if name.startswith(_PREFIX)}


def _terms(formulas: Iterable[Formula]) -> Iterator[z3.ExprRef]:
    """Every term in these formulas, each once."""
    waiting: list[z3.ExprRef] = [formula for formula in formulas if not isinstance(formula, bool)]
    seen: set[int] = set()
    while waiting:
        term = waiting.pop()
        if term.get_id() in seen:
            continue
        seen.add(term.get_id())
        if z3.is_quantifier(term):
            waiting.append(term.body())
        elif z3.is_app(term):
            yield term
            waiting += term.children()
