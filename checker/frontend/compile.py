"""From a protocol class to a program: the order of compilation, from top to bottom."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from types import FunctionType, MappingProxyType
from typing import Any

from ...models.language import ModelError, Protocol
from ...models.language.marks import Mark, helps
from ...models.semantics.properties import interface
from ...models.semantics.shape import marked
from .. import ir
from ..ir.verify import verify
from .collect import Collector, declared_fields, definer, handled_message
from .declarations import check_bounds, check_marks, check_names, check_restarts, check_results, check_settings
from .defaults import default
from .effects import check_effects
from .errors import ModelErrors, mistake
from .facts import Facts, method
from .functions import Abandoned, Compiler, has_interface
from .ghosts import check_ghosts
from .identity import check_identities
from .order import check_order_free
from .quorums import check_quorums
from .source import SourceBook, name_place
from .symmetry import asymmetries
from .types import Annotations


def compile_model(model: Protocol | type[Protocol]) -> ir.Program:
    """The program that a protocol stands for.

    Errors: `ModelError` for the first mistake in the order of the source; `others` of it are the rest.
    """
    cls = model if isinstance(model, type) else type(model)
    annotations, book = Annotations(), SourceBook()
    collector = Collector(cls, annotations, book)
    facts = collector.facts()
    check_settings(cls, book)
    builder = Builder(Compiler(facts, annotations, book))
    program = builder.program()
    collector.check_records()
    builder.compiler.mistakes += [
        *collector.mistakes,
        *check_marks(facts, book),
        *check_restarts(facts, book),
        *check_bounds(facts, annotations, book),
    ]
    _raise_first(builder.compiler.mistakes, book.file(cls))
    for check in CHECKS:
        builder.compiler.mistakes += check(program)
    _raise_first(builder.compiler.mistakes, book.file(cls))
    verify(program)
    return program


CHECKS: tuple[Callable[[ir.Program], Iterable[ModelError]], ...]
CHECKS = (check_results, check_names, check_effects, check_quorums, check_ghosts, check_identities, check_order_free)
"""What is asked of a whole program, once every function of it has types."""


def _raise_first(mistakes: list[ModelError], file: str) -> None:
    unique = {(m.code, m.what, m.place): m for m in mistakes}
    found = sorted((m for m in unique.values() if not _follows(m, mistakes)), key=lambda m: _position(m, file))
    if found:
        raise ModelErrors(found)


def _follows(error: ModelError, mistakes: list[ModelError]) -> bool:
    """Whether a mistake is there only because of another one, in a declaration."""
    if error.code == "no-handler":
        return any(m.code == "handler-signature" for m in mistakes)
    if error.code not in ("unknown-attribute", "undeclared-field"):
        return False
    declared = re.compile(rf"\s*{re.escape(error.what.rpartition(' ')[2])}\s*[:=]")
    return any(m.place and declared.match(m.place.source()) for m in mistakes)


def _position(error: ModelError, file: str) -> tuple[bool, str, int, int]:
    place = error.place
    return (True, "", 0, 0) if place is None else (place.file != file, place.file, place.line, place.column)


class Builder:
    """Puts a program together from what the compiler makes of its functions."""

    def __init__(self, compiler: Compiler) -> None:
        self.compiler = compiler
        self.facts: Facts = compiler.facts
        self.book = compiler.book
        self.owner = ir.ProtocolT(self.facts.protocol)

    def program(self) -> ir.Program:
        """The whole program."""
        cls = self.facts.protocol
        # in this order, so that a mistake in a declaration is found before what follows from it
        shared = self._fields(cls)
        processes = tuple(self._process(p) for p in self.facts.processes)
        steps = {mark: self._methods(cls, mark, self.owner) for mark in _OWN_STEPS}
        histories = self._methods(cls, Mark.HISTORY, self.owner)
        constraints = self._methods(cls, Mark.CONSTRAINT, self.owner)
        invariants = self._properties(cls.invariants, 1) + self._marked_properties(Mark.INVARIANT)
        on_steps = self._properties(cls.step_invariants, 2) + self._marked_properties(Mark.STEP_INVARIANT)
        lemmas = self._properties(cls.lemmas, 1) + self._marked_properties(Mark.LEMMA)
        made = ir.Program(
            place=self.book.class_place(cls),
            name=cls.__name__,
            cls=cls,
            parameters=self._settings(),
            clusters=self._clusters(),
            processes=processes,
            shared=shared,
            network=cls.network,
            faults=cls.faults,
            initial=steps[Mark.INITIAL],
            actions=steps[Mark.ACTION],
            histories=histories,
            constraints=constraints,
            invariants=invariants,
            step_invariants=on_steps,
            lemmas=lemmas,
            functions=MappingProxyType(self.compiler.functions),
            notices=(),
        )
        return asymmetries(made)

    def _settings(self) -> tuple[ir.Setting, ...]:
        cls = self.facts.protocol
        items = self.facts.settings.items()
        return tuple(ir.Setting(self._at(cls, name), name, type_, cls._defaults[name]) for name, type_ in items)

    def _clusters(self) -> tuple[ir.ClusterOf, ...]:
        cls = self.facts.protocol
        items = self.facts.clusters.items()
        return tuple(ir.ClusterOf(self._at(cls, n), n, p.__name__, cls._clusters[n]) for n, p in items)

    def _at(self, cls: type, name: str) -> ir.Place:
        return self.book.attribute(definer(cls, name), name)

    def _fields(self, cls: type) -> tuple[ir.Field, ...]:
        found = []
        for name, declared in self.facts.fields[cls].items():
            try:
                place, wanted = self._at(cls, name), declared.type
                value = declared_fields(cls)[name].default
                first = default(value, wanted, place, name, self.facts, self.compiler.annotations)
                found.append(ir.Field(place, name, wanted, declared.keeping, first))
            except ModelError as error:
                self.compiler.mistakes.append(error)
        return tuple(found)

    def _process(self, cls: type[Any]) -> ir.ProcessClass:
        owner = ir.ProcessT((cls,))
        actions = self._methods(cls, Mark.ACTION, owner)
        handlers = tuple(h for name in marked(cls, Mark.RECEIVE) for h in self._handler(cls, name, owner))
        restart = next(iter(self._methods(cls, Mark.RESTART, owner)), None)
        place = self.book.class_place(cls)
        return ir.ProcessClass(place, cls.__name__, owner, self._fields(cls), actions, handlers, restart)

    def _handler(self, cls: type, name: str, owner: ir.ProcessT) -> Iterable[ir.Handler]:
        message = handled_message(cls, name)
        compiled = None if message is None else self._method(cls, name, owner)
        if message is not None and compiled is not None:
            type_ = self.compiler.annotations.record(message)
            yield ir.Handler(compiled.place, type_, compiled.name, len(compiled.parameters) == 2)

    def _methods(self, cls: type, mark: Mark, owner: ir.Type) -> tuple[str, ...]:
        made = [self._method(cls, name, owner, mark in _CHOOSING) for name in marked(cls, mark)]
        return tuple(function.name for function in made if function is not None)

    def _method(self, cls: type, name: str, owner: ir.Type, chooses: bool = False) -> ir.Function | None:
        found = method(cls, name)
        if found is None:
            return None
        function = self._function(found[0], owner, ())
        if function is not None and chooses:
            self._check_finite(found[0], function)
        return function

    def _check_finite(self, source: FunctionType, function: ir.Function) -> None:
        hints = self.compiler.hints(source)
        for parameter in function.parameters:
            if parameter.name in hints:
                try:
                    self.compiler.annotations.finite(hints[parameter.name], parameter.place)
                except ModelError as error:
                    self.compiler.mistakes.append(error)

    def _function(
        self, function: FunctionType, owner: ir.Type | None, arguments: tuple[ir.Type, ...]
    ) -> ir.Function | None:
        try:
            return self.compiler.function(function, owner, arguments, self._name_of(function))
        except Abandoned:
            return None
        except ModelError as error:
            self.compiler.mistakes.append(error)
            return None

    def _name_of(self, function: FunctionType) -> ir.Place:
        return name_place(function.__code__.co_filename, self.book.function(function))

    # -- properties ----------------------------------------------------------------------------------------------

    def _marked_properties(self, mark: Mark) -> tuple[ir.Property, ...]:
        found = [method(self.facts.protocol, name) for name in marked(self.facts.protocol, mark)]
        functions = [each[0] for each in found if each is not None]
        count = 2 if mark is Mark.STEP_INVARIANT else 1
        made = [self._property(f, self._function(f, self.owner, ()), count, self.owner) for f in functions]
        return tuple(each for each in made if each is not None)

    def _properties(self, functions: tuple[Callable[..., bool], ...], states: int) -> tuple[ir.Property, ...]:
        made = [self._plain(f, states) for f in functions if isinstance(f, FunctionType)]
        return tuple(each for each in made if each is not None)

    def _plain(self, function: FunctionType, states: int) -> ir.Property | None:
        return self._property(function, self._asked(function, states), states, None)

    def _asked(self, function: FunctionType, states: int) -> ir.Function | None:
        try:
            self._check_offered(function)
        except ModelError as error:
            self.compiler.mistakes.append(error)
            return None
        return self._function(function, None, (self.owner,) * states)

    def _check_offered(self, function: FunctionType) -> None:
        for name, hint in self.compiler.hints(function).items():
            asked = has_interface(hint)
            names = () if asked is None else interface(asked)
            if asked is not None and name != "return" and not self.facts.offering(names):
                words = {
                    "protocol": self.facts.protocol.__name__,
                    "interface": asked.__name__,
                    "members": ", ".join(names),
                }
                raise mistake("no-process-offers", self._name_of(function), property=function.__name__, **words)

    def _property(
        self, function: FunctionType, compiled: ir.Function | None, states: int, owner: ir.Type | None
    ) -> ir.Property | None:
        if compiled is None:
            return None
        kind = "an invariant" if states == 1 else "a step invariant"
        names = (["p"] if states == 1 else ["before", "after"]) if owner is None else ["self", "after"][:states]
        taken = len(compiled.parameters) + (owner is not None)
        problem = "" if isinstance(compiled.returns, ir.Bool) else f"it gives {ir.describe(compiled.returns)}, not bool"
        problem = problem if taken == states else f"it takes {taken} state{'s' * (taken != 1)}, not {states}"
        if problem:
            words = {"property": function.__name__, "kind": kind, "problem": problem}
            signature = ", ".join(
                name if name == "self" else f"{name}: {self.facts.protocol.__name__}" for name in names
            )
            self.compiler.mistakes.append(mistake("property-signature", compiled.place, signature=signature, **words))
            return None
        between = bool(vars(function).get("__quorate_between_crashes__", False))
        return ir.Property(
            compiled.place, function.__name__, compiled.name, self._witness(function), between, helps(function)
        )

    def _witness(self, function: FunctionType) -> str | None:
        witness = vars(function).get("__quorate_witness__")
        if not isinstance(witness, FunctionType):
            return None
        compiled = self._asked(witness, 1)
        return compiled.name if compiled else None


_OWN_STEPS = (Mark.INITIAL, Mark.ACTION)
_CHOOSING = (Mark.INITIAL, Mark.ACTION)
