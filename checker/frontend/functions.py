"""Functions: each method once for each concrete class, each plain function once for each choice of types."""

from __future__ import annotations

import ast
import inspect
import typing
from collections.abc import Mapping
from types import FunctionType

from ...models.language import Has, ModelError, Place
from ...models.language.marks import marks_quorum
from ...models.semantics.properties import interface
from .. import ir
from .errors import close, mistake
from .expressions import lower
from .facts import Facts
from .scope import Scope, Signature, Unit, Widened
from .source import SourceBook, name_place, place_of
from .statements import block, returns
from .types import Annotations, Hint, origin_of

Key = tuple[FunctionType, ir.Type | None, tuple[ir.Type | None, ...]]


class Abandoned(Exception):
    """This function cannot be compiled because of a mistake in one that it calls, which is known already."""


class Compiler:
    """Compiles functions on demand and remembers what came of each."""

    def __init__(self, facts: Facts, annotations: Annotations, book: SourceBook) -> None:
        self.facts = facts
        self.annotations = annotations
        self.book = book
        self.mistakes: list[ModelError] = []
        self.functions: dict[str, ir.Function] = {}
        self._names: dict[Key, str] = {}
        self._failed: set[Key] = set()
        self._running: list[Key] = []

    # -- what a function takes -------------------------------------------------------------------------------------

    def hints(self, function: FunctionType, owner: type | None = None) -> dict[str, Hint]:
        """The annotations of a function; an override has those of the method it overrides where it has none."""
        name = function.__name__
        below = [vars(b).get(name) for b in reversed(owner.__mro__)] if owner else []
        hints: dict[str, Hint] = {}
        for each in [*(f for f in below if isinstance(f, FunctionType)), function]:
            try:
                hints |= typing.get_type_hints(each, include_extras=True)
            except NameError as error:
                raise self._not_defined(each, str(error.name)) from error
        return hints

    def _not_defined(self, function: FunctionType, name: str) -> ModelError:
        """The mistake of an annotation that names what is not there."""
        file, definition = function.__code__.co_filename, self.book.function(function)
        named = (a for a in ast.walk(definition.args) if isinstance(a, ast.arg) and a.annotation)
        found = [a for a in named if any(isinstance(n, ast.Name) and n.id == name for n in ast.walk(a))]
        place = place_of(file, found[0]) if found else name_place(file, definition)
        known = close(name, [each for each in function.__globals__ if not each.startswith("_")])
        return mistake("unknown-name", place, name=name, near=known)

    def signature(self, function: FunctionType, owned: bool, place: Place) -> Signature:
        """What a function takes, without `self` if it is owned."""
        parameters = list(inspect.signature(function).parameters.values())[owned:]
        hints = self.hints(function)
        names = tuple(p.name for p in parameters)
        types = tuple(self.parameter(hints.get(name), None) for name in names)
        defaults = {p.name: p.default for p in parameters if p.default is not inspect.Parameter.empty}
        return Signature(function.__name__, names, types, defaults)

    def parameter(self, hint: Hint, given: ir.Type | None) -> ir.Type | None:
        """The type of a parameter: what its annotation says, or else that of the argument."""
        asked = has_interface(hint)
        if asked is not None:
            return ir.ProtocolT(self.facts.protocol, self.facts.offering(interface(asked)))
        found = None if hint is None else self.annotations.find(hint)
        if isinstance(found, ir.ProtocolT):
            return ir.ProtocolT(self.facts.protocol)
        return given if found is None or isinstance(found, ir.ProcessT) else found

    # -- compilation ----------------------------------------------------------------------------------------------

    def function(
        self, function: FunctionType, owner: ir.Type | None, arguments: tuple[ir.Type, ...], place: Place
    ) -> ir.Function:
        """The compiled function. Errors: `recursion`, and `Abandoned` if the function has a mistake that is known."""
        key = self._key(function, owner, arguments, place)
        if key in self._names and key not in self._running:
            return self.functions[self._names[key]]
        if key in self._failed:
            raise Abandoned
        if key in self._running:
            raise self._recursive(key, place)
        self._running.append(key)
        try:
            return self._compiled(key)
        except ModelError as error:
            self.mistakes.append(error)
            raise Abandoned from error
        finally:
            self._running.pop()
            if key not in self._names:
                self._failed.add(key)

    def _recursive(self, key: Key, place: Place) -> ModelError:
        chain = [k[0].__name__ for k in self._running[self._running.index(key) + 1 :]]
        through = f" through {', '.join(chain)}" if chain else ""
        return mistake("recursion", place, function=key[0].__name__, through=through)

    def _key(self, function: FunctionType, owner: ir.Type | None, arguments: tuple[ir.Type, ...], place: Place) -> Key:
        signature = self.signature(function, owner is not None, place)
        hints = self.hints(function)
        open_ = [t is None for t in signature.types]
        types = [self.parameter(hints.get(n), a) for n, a in zip(signature.names, arguments, strict=False)]
        return function, owner, tuple(t if o else None for t, o in zip(types, open_, strict=False))

    def _compiled(self, key: Key) -> ir.Function:
        function, owner, extra = key
        definition = self.book.function(function)
        defined_in = self._class_of(function, owner)
        unit = self._unit(key, definition, defined_in)
        parameters = self._parameters(unit, extra)
        made = self._settled(unit, parameters)
        self._names[key] = made.name
        self.functions[made.name] = made
        return made

    def _class_of(self, function: FunctionType, owner: ir.Type | None) -> type | None:
        if not isinstance(owner, ir.ProcessT | ir.ProtocolT):
            return None
        for base in self.facts.class_of(owner)[0].__mro__:
            own = vars(base).get(function.__name__)
            if own is function or (isinstance(own, property) and own.fget is function):
                return base
        return None

    def _unit(self, key: Key, definition: ast.FunctionDef, defined_in: type | None) -> Unit:
        function, owner, _ = key
        cls = self.facts.class_of(owner)[0] if isinstance(owner, ir.ProcessT | ir.ProtocolT) else None
        hints = self.hints(function, cls)
        file = function.__code__.co_filename
        if "return" not in hints:
            example = f"def {function.__name__}(...) -> bool, or -> None"
            name = f"the result of {function.__name__}"
            raise mistake("missing-annotation", name_place(file, definition), name=name, example=example)
        found = self.annotations.find(hints["return"])
        result = None if isinstance(found, ir.ProcessT | ir.ProtocolT) else found
        names = {**function.__globals__, **inspect.getclosurevars(function).nonlocals}
        return Unit(self._name(key, cls, defined_in), function, definition, file, owner, defined_in, names, result)

    def _name(self, key: Key, cls: type | None, defined_in: type | None) -> str:
        function, _, extra = key
        name = function.__name__ if cls is None else f"{cls.__name__}.{function.__name__}"
        overridden = cls is not None and vars(defined_in or cls).get(function.__name__) is not _found(
            cls, function.__name__
        )
        name += f"@{defined_in.__name__}" if overridden and defined_in else ""
        known = [str(t) for t in extra if t is not None and not isinstance(t, ir.ProtocolT)]
        name += f"[{', '.join(known)}]" if known else ""
        return name if name not in self.functions else f"{function.__module__}.{name}"

    def _parameters(self, unit: Unit, extra: tuple[ir.Type | None, ...]) -> tuple[ir.Variable, ...]:
        cls = self.facts.class_of(unit.owner)[0] if isinstance(unit.owner, ir.ProcessT | ir.ProtocolT) else None
        hints = self.hints(unit.function, cls)
        arguments = unit.definition.args
        if arguments.vararg or arguments.kwarg:
            place = name_place(unit.file, unit.definition)
            words = {"reason": "a function has a fixed number of parameters", "advice": "name them"}
            raise mistake("outside-subset", place, construct="*args or **kwargs", **words)
        nodes = (arguments.posonlyargs + arguments.args + arguments.kwonlyargs)[unit.owner is not None :]
        known = [*extra, *[None] * (len(nodes) - len(extra))]
        return tuple(self._variable(unit, n, hints.get(n.arg), given) for n, given in zip(nodes, known, strict=True))

    def _variable(self, unit: Unit, node: ast.arg, hint: Hint, given: ir.Type | None) -> ir.Variable:
        place = place_of(unit.file, node)
        if hint is None:
            raise mistake("missing-annotation", place, name=node.arg, example=f"{node.arg}: bool")
        type_ = self.parameter(hint, given)
        return ir.Variable(place, node.arg, type_ or self.annotations.of(hint, place))

    def _settled(self, unit: Unit, parameters: tuple[ir.Variable, ...]) -> ir.Function:
        widened: Mapping[str, ir.Type] = {}
        while True:
            try:
                return self._body(unit, parameters, widened)
            except Widened as wider:
                widened = {**widened, wider.name: wider.type}

    def _body(self, unit: Unit, parameters: tuple[ir.Variable, ...], widened: Mapping[str, ir.Type]) -> ir.Function:
        own = {} if unit.owner is None else {unit.definition.args.args[0].arg: unit.owner}
        names = {**own, **{p.name: p.type for p in parameters}}
        scope = Scope(unit, self, lower, names, frozenset(), widened)
        body = block(scope, unit.definition.body)
        result = unit.returns or ir.join_all(scope.returned) or ir.NoneT()
        if not isinstance(result, ir.NoneT | ir.OptionalT) and not returns(body):
            raise mistake("no-value", name_place(unit.file, unit.definition), function=unit.definition.name)
        place = name_place(unit.file, unit.definition)
        return ir.Function(place, unit.name, unit.owner, parameters, result, body, self._says_quorum(unit))

    def _says_quorum(self, unit: Unit) -> bool:
        """Whether a function is marked as a rule of quorums, or overrides one that is."""
        if unit.defined_in is None or not isinstance(unit.owner, ir.ProcessT | ir.ProtocolT):
            return marks_quorum(unit.function)
        order = self.facts.class_of(unit.owner)[0].__mro__
        below = order[order.index(unit.defined_in) :]
        return any(marks_quorum(vars(base).get(unit.function.__name__)) for base in below)


def _found(cls: type, name: str) -> object:
    return next((vars(base)[name] for base in cls.__mro__ if name in vars(base)), None)


def has_interface(hint: Hint) -> type | None:
    """The interface `I` of an annotation `Has[I]`, or of an interface that extends it; None for anything else."""
    if origin_of(hint) is Has:
        return _class(typing.get_args(hint)[0])
    for base in getattr(hint, "__orig_bases__", ()) if getattr(hint, "_is_protocol", False) else ():
        if typing.get_origin(base) is Has:
            return _class(typing.get_args(base)[0])
    return None


def _class(found: object) -> type | None:
    return found if isinstance(found, type) else None
