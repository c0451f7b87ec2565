"""The obligations of a proof, and how each is decided."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from ...models.language import Place, Protocol
from ...models.semantics import State
from .. import ir
from ..search import SelfCheckFailed
from . import order
from .induction import Induction, Question
from .instances import Instance, instances
from .logic import Formula
from .moves import Move, Taken
from .proof import Answer, Obligation
from .solving import Effort, Reply, Sat, ask, ask_bounded, core

QUICK = 2
"""So many turns a question has in general before an instance is looked at."""

LONGER = 4
"""So many turns it has before larger instances are looked at."""

PATIENCE = 20.0
"""Seconds for one question about a small instance, which is only there to help."""


@dataclass(frozen=True)
class Decision:
    """What was found out about an obligation: how it fails is told by states of an instance, if one was found."""

    answer: Answer
    seconds: float = 0.0
    attempts: int = 0
    reason: str = ""
    states: tuple[State, ...] = ()
    protocol: Protocol | None = None


@dataclass(frozen=True)
class Tasks:
    """A proof taken apart: what is to be shown of which properties."""

    protocol: Protocol
    induction: Induction
    effort: Effort

    def instances(self) -> Iterator[Instance]:
        """Where failures are looked for, small ones first; each is made once, when it is first asked for."""
        for number in itertools.count():
            if number == len(self._made):
                self._made.extend(itertools.islice(self._making, 1))
            if number == len(self._made):
                return
            yield self._made[number]

    @cached_property
    def _making(self) -> Iterator[Instance]:
        return instances(self.protocol, self.induction)

    @cached_property
    def _made(self) -> list[Instance]:
        return []

    @cached_property
    def _moves(self) -> dict[str, list[tuple[Move, Taken]]]:
        found: dict[str, list[tuple[Move, Taken]]] = {}
        for move in self.induction.kinds:
            taken = self.induction.taken(move)
            if taken is not None:
                found.setdefault(move.title, []).append((move, taken))
        return found

    @property
    def titles(self) -> list[str]:
        """The names of all kinds of steps."""
        return list(self._moves)

    def require_states(self) -> None:
        """Make sure that what is assumed of any state is true of some. Errors: `SelfCheckFailed`."""
        for instance in itertools.islice(self.instances(), 1):
            formulas = instance.induction.some_state().formulas
            if ask_bounded(formulas, Effort(self._patience(), self.effort.seed)).sat is Sat.NO:
                raise SelfCheckFailed("what is assumed of any state is true of none, so that anything would be proved")

    @property
    def weakened(self) -> tuple[Place, ...]:
        """The guards that were left out of the steps."""
        found = (taken for same in self._moves.values() for _, taken in same)
        return tuple(dict.fromkeys(place for taken in found for place in taken.weakened))

    def decide(self, obligation: Obligation, property_: ir.Property, on_step: bool = False) -> Decision:
        """Find out about one obligation."""
        started = time.monotonic()
        worst, attempts = Decision(Answer.PROVED), 0
        for decision in self._parts(obligation, property_, on_step):
            attempts += decision.attempts
            if _rank(decision) > _rank(worst):
                worst = decision
            if worst.answer is Answer.NOT_INDUCTIVE:
                break
        seconds = time.monotonic() - started
        return Decision(worst.answer, seconds, attempts, worst.reason, worst.states, worst.protocol)

    def _parts(self, obligation: Obligation, property_: ir.Property, on_step: bool) -> Iterator[Decision]:
        match obligation.part:
            case "initiation":
                yield from self._initiation(property_, on_step)
            case "implication":
                small = ((i, i.induction.implication(property_)) for i in self.instances())
                yield self._decided(self.induction.implication(property_), small)
            case "consecution":
                for move, taken in self._moves[obligation.action]:
                    yield self._step(move, taken, property_, on_step)

    def _initiation(self, property_: ir.Property, on_step: bool) -> Iterator[Decision]:
        for number, question in enumerate(self.induction.initiation(property_, on_step)):
            same = ((i, _nth(i.induction.initiation(property_, on_step), number)) for i in self.instances())
            yield self._decided(question, same)

    def _step(self, move: Move, taken: Taken, property_: ir.Property, on_step: bool) -> Decision:
        question = self.induction.consecution(taken, property_, on_step)
        return (
            Decision(Answer.PROVED)
            if question is None
            else self._decided(question, self._small(move, property_, on_step))
        )

    def _small(self, move: Move, property_: ir.Property, on_step: bool) -> Iterator[tuple[Instance, Question]]:
        for instance in self.instances():
            taken = instance.taken(move)
            question = taken and instance.induction.consecution(taken, property_, on_step)
            if question:
                yield instance, question

    def _decided(self, question: Question, small: Iterator[tuple[Instance, Question]]) -> Decision:
        """Ask in general, and if that takes long look for a failure in small instances, where one can be shown."""
        if not self.induction.setting.free:
            instance, about = next(small)
            return self._in_instance(instance, about) or Decision(Answer.PROVED, attempts=1)
        quick = ask(self._variants(question, None), replace(self.effort, last=QUICK))
        return _general(quick) if quick.sat is Sat.NO else self._at_length(question, small)

    def _at_length(self, question: Question, small: Iterator[tuple[Instance, Question]]) -> Decision:
        """Look at one instance, ask with the hypotheses that it needs, look at others, and ask without end."""
        needed: frozenset[str] | None = None
        for first in itertools.islice(small, 1):
            failure = self._in_instance(*first)
            if failure:
                return failure
            needed = self._core(first[1])
        variants = self._variants(question, needed)
        again = ask(variants, replace(self.effort, first=QUICK, last=LONGER))
        if again.sat is Sat.NO:
            return _general(again)
        further = (failure for each in small if (failure := self._in_instance(*each)))
        return next(further, None) or _general(ask(variants, replace(self.effort, first=LONGER)))

    def _in_instance(self, instance: Instance, about: Question) -> Decision | None:
        """A failure that an instance has, or that it is not known to have none; None if it has none."""
        reply = ask_bounded(about.formulas, Effort(self._patience(), self.effort.seed))
        if reply.sat is Sat.YES:
            states = instance.states(about, reply)
            return Decision(Answer.NOT_INDUCTIVE, attempts=1, states=states, protocol=instance.protocol)
        return _general(reply) if reply.sat is Sat.UNKNOWN and not self.induction.setting.free else None

    def _core(self, about: Question) -> frozenset[str] | None:
        return core(about.hypotheses, [*about.facts, about.broken], self.effort.seed)

    def _patience(self) -> float | None:
        limit = self.effort.seconds
        return limit if not self.induction.setting.free else min(PATIENCE, limit or PATIENCE)

    def _variants(self, question: Question, needed: frozenset[str] | None) -> list[list[Formula]]:
        """What sufficed in an instance is tried before everything: fewer hypotheses are instantiated sooner."""
        whole = self._in_order(question.formulas)
        if needed is None or needed >= set(question.hypotheses):
            return [whole]
        return [self._in_order(question.only(needed)), whole]

    def _in_order(self, formulas: list[Formula]) -> list[Formula]:
        """With what is known of numbers of which only the order matters, where there are such."""
        is_ordered = self.induction.setting.numbers == order.SORT
        return [*formulas, *order.axioms(formulas)] if is_ordered else formulas


def _nth(questions: Iterator[Question], number: int) -> Question:
    return next(itertools.islice(questions, number, None))


def _rank(decision: Decision) -> int:
    return list(Answer).index(decision.answer)


def _general(reply: Reply) -> Decision:
    match reply.sat:
        case Sat.NO:
            return Decision(Answer.PROVED, attempts=reply.attempts)
        case Sat.YES:
            return Decision(Answer.NOT_INDUCTIVE, attempts=reply.attempts, reason="no small instance shows it")
    return Decision(Answer.UNKNOWN, attempts=reply.attempts, reason=reply.reason)
