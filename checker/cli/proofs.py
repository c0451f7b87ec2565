"""A proof as text: the answer first, then what it rests on, and what fails."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby

import click

from ...traces import Trace
from ..symbolic.proof import Answer, Obligation, Outcome, Proof
from .parameters import shown
from .text import entitled, many, table

_COLOURS = {Answer.PROVED: "green", Answer.UNKNOWN: "yellow", Answer.NOT_INDUCTIVE: "red"}
_WIDEST = max(len(answer.value) for answer in Answer)


@dataclass(frozen=True)
class Account:
    """A proof, and what each property means, in the first sentence of its docstring."""

    proof: Proof
    meanings: Mapping[str, str] = field(default_factory=dict)


def report(account: Account) -> str:
    """Everything that is known of a proof, as text."""
    proof = account.proof
    blocks = [
        _answer(proof),
        table(_rests_on(proof)),
        _steps(proof),
        _properties("invariants", proof.invariants, account),
        _properties("lemmas", proof.lemmas, account),
        _counterexample(proof.failures),
    ]
    return "\n\n".join(block for block in blocks if block)


def summary(account: Account) -> str:
    """The answer on one line."""
    return f"{word(account.proof.answer)}  {account.proof.model}: {reason(account.proof)}"


def word(answer: Answer, width: int = 0) -> str:
    """The answer in capitals and its colour."""
    return click.style(f"{answer.value.upper():{width}}", fg=_COLOURS[answer], bold=True)


def reason(proof: Proof) -> str:
    """The answer in a sentence."""
    undecided = [outcome for outcome in proof.outcomes if outcome.answer is Answer.UNKNOWN]
    if proof.failures:
        return _with_others(proof.failures[0].obligation.denied(), proof.failures)
    if proof.interrupted:
        return f"interrupted after {many(len(proof.outcomes) - len(undecided), 'obligation')}"
    if undecided:
        return _with_others(f"whether {_said(undecided[0])}", undecided)
    return "every obligation is proved" if proof.outcomes else "there was nothing to prove"


def _with_others(first: str, outcomes: Iterable[Outcome]) -> str:
    others = len(list(outcomes)) - 1
    return first + (f", and {others} more" if others else "")


def _said(outcome: Outcome) -> str:
    """An obligation in words, denied if it fails, with the reason if there is one."""
    fails = outcome.answer is Answer.NOT_INDUCTIVE
    words = outcome.obligation.denied() if fails else str(outcome.obligation)
    return words + (f": {outcome.reason}" if outcome.reason else "")


# -- what the answer rests on --------------------------------------------------------------------------------------


def _answer(proof: Proof) -> str:
    values = " ".join(f"{name}={_value(proof, name, value)}" for name, value in proof.parameters.items())
    return f"{word(proof.answer, _WIDEST)}  {click.style(proof.model, bold=True)}  {values}".rstrip()


def _value(proof: Proof, name: str, value: object) -> str:
    """The value of a parameter, unless the proof is for all of them."""
    if name in proof.any:
        return "any"
    return "unbounded" if name in proof.unbounded else shown(value)


def _rests_on(proof: Proof) -> Iterator[tuple[str, str]]:
    yield "covered", _covered(proof)
    if proof.unbounded:
        yield "no bound", ", ".join(proof.unbounded)
    if proof.any:
        yield "any", f"number of {', '.join(proof.any)}"
    yield "method", _method(proof)
    yield "answers", _answers(proof.outcomes)
    yield "time", f"{proof.elapsed_seconds:.2f} s, {_seconds(proof.outcomes):.2f} s in the solver, seed {proof.seed}"
    yield from (("dropped", f"{name}, a candidate that {why}") for name, why in proof.dropped.items())
    yield from (("weakened", text) for text in proof.weakened)
    yield from (("assumes", text) for text in proof.assumes)


def _covered(proof: Proof) -> str:
    if proof.answer is Answer.PROVED:
        return "every state that can be reached, by runs of any length"
    return f"nothing is proved: {reason(proof)}"


def _method(proof: Proof) -> str:
    induction = "induction" if proof.k == 1 else f"{proof.k}-induction"
    return f"{induction} with {many(len(proof.lemmas), 'lemma')}" if proof.lemmas else f"{induction} without lemmas"


def _answers(outcomes: Iterable[Outcome]) -> str:
    counted = Counter(outcome.answer for outcome in outcomes)
    return ", ".join(f"{counted[answer]} {answer.value}" for answer in Answer if counted[answer]) or "none"


def _answer_to(outcomes: list[Outcome]) -> str:
    """The answers to several obligations: one word if they are all the same."""
    answers = {outcome.answer for outcome in outcomes}
    return answers.pop().value if len(answers) == 1 else _answers(outcomes)


def _seconds(outcomes: Iterable[Outcome]) -> float:
    return sum(outcome.seconds for outcome in outcomes)


# -- the obligations -----------------------------------------------------------------------------------------------


def _steps(proof: Proof) -> str:
    """A line for each kind of step, with its obligations; below it those that are not proved."""
    ordered = sorted(proof.outcomes, key=lambda outcome: _PARTS.index(outcome.obligation.part))
    groups = [(title, list(outcomes)) for title, outcomes in groupby(_by_step(ordered), lambda o: _title(o.obligation))]
    width = max((len(title) for title, _ in groups), default=0)
    lines = [line for title, outcomes in groups for line in _group(f"{title:{width}}", outcomes)]
    return "\n".join(["obligations", *lines]) if lines else ""


_PARTS = ("initiation", "consecution", "implication")


def _by_step(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """The outcomes of each kind of step together, in the order in which the kinds come first."""
    listed = list(outcomes)
    first = list(dict.fromkeys(_title(outcome.obligation) for outcome in listed))
    return sorted(listed, key=lambda outcome: first.index(_title(outcome.obligation)))


def _title(obligation: Obligation) -> str:
    return {"initiation": "initially", "implication": "implied"}.get(obligation.part, obligation.action)


def _group(title: str, outcomes: list[Outcome]) -> Iterator[str]:
    open_ones = [outcome for outcome in outcomes if outcome.answer is not Answer.PROVED]
    yield f"  {title}  {many(len(outcomes), 'obligation'):>15}  {_seconds(outcomes):8.2f} s  {_answer_to(outcomes)}"
    for outcome in open_ones:
        marked = click.style(f"{outcome.answer.value:{_WIDEST}}", fg=_COLOURS[outcome.answer])
        yield f"    {marked}  {_said(outcome)}  ({outcome.seconds:.2f} s)"


# -- the properties ------------------------------------------------------------------------------------------------


def _properties(title: str, names: tuple[str, ...], account: Account) -> str:
    width = max(map(len, names), default=0)
    lines = [f"  {name:{width}}  {_told(name, account)}".rstrip() for name in names]
    return "\n".join([title, *lines]) if lines else ""


def _told(name: str, account: Account) -> str:
    """What a property means, and who breaks it."""
    broken = [outcome.obligation for outcome in account.proof.failures if outcome.obligation.property == name]
    breakers = ", ".join(_breaker(obligation) for obligation in broken)
    return "  ".join(filter(None, (account.meanings.get(name, ""), breakers and click.style(breakers, fg="red"))))


def _breaker(obligation: Obligation) -> str:
    match obligation.part:
        case "initiation":
            return "not true initially"
        case "consecution":
            return f"not kept by {obligation.action}"
    return "not implied"


# -- what fails ----------------------------------------------------------------------------------------------------


def _counterexample(failures: tuple[Outcome, ...]) -> str:
    """The steps that show why the first obligation fails, of those that have any to show."""
    if not failures:
        return ""
    failure = next((failure for failure in failures if failure.trace is not None), failures[0])
    title = f"counterexample: {failure.obligation.denied()}"
    if failure.trace is None:
        return f"{title}\n\n  the solver found none in a cluster that is small enough to show"
    return entitled(title, failure.trace)


def counterexamples(proof: Proof) -> list[tuple[str, Trace]]:
    """The traces of a proof's failures, each with a name for its file."""
    shown = [(failure.obligation, failure.trace) for failure in proof.failures if failure.trace is not None]
    return [(re.sub(r"\W+", "-", f"{o.action or o.part} {o.property}"), trace) for o, trace in shown]
