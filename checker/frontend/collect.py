"""What the classes of a model declare: clusters, parameters, fields, handlers."""

from __future__ import annotations

import ast
import dataclasses
import sys
import typing
from collections.abc import Iterator, Mapping, Sequence
from types import FunctionType
from typing import Any

from ...models.language import Cluster, ModelError, Process, Protocol
from ...models.language.fields import Field, Parameter
from ...models.language.marks import Mark
from ...models.language.records import MESSAGES, RECORDS
from ...models.semantics.shape import marked
from .. import ir
from .errors import close, mistake
from .facts import Declared, Facts, Given
from .source import SourceBook, place_of
from .types import Annotations, Hint, origin_of, spelled

_ORDER = ("__lt__", "__le__", "__gt__", "__ge__")
_EQUALITY = ("__eq__", "__ne__", "__hash__", "__bool__", "__len__", "__setattr__", *_ORDER)
_MAKING = ("__new__", "__init__", "__post_init__", "__getattribute__", "__getattr__")


class Collector:
    """Reads the declarations of a protocol; `mistakes` are all that it finds, in no order."""

    def __init__(self, protocol: type[Protocol], annotations: Annotations, book: SourceBook) -> None:
        self.protocol = protocol
        self.annotations = annotations
        self.book = book
        self.mistakes: list[ModelError] = []

    def facts(self) -> Facts:
        """Everything that is declared."""
        hints = self._hints(self.protocol)
        clusters = dict(self._clusters(hints))
        classes: list[type] = [self.protocol, *dict.fromkeys(clusters.values())]
        fields = {cls: self._fields(cls) for cls in classes}
        for cls in classes:
            self._check_class(cls)
        settings = {name: self._setting(name, hints) for name in self.protocol._defaults}
        handled = {cls: frozenset(self._handled(cls)) for cls in clusters.values()}
        known = {**settings, **dict.fromkeys(clusters, ir.Int())}
        given = {cls: dict(self._given(cls, known)) for cls in clusters.values()}
        return Facts(self.protocol, settings, clusters, fields, handled, given)

    def _report(self, code: str, cls: type, attribute: str, /, **words: str) -> None:
        place = self.book.attribute(cls, attribute)
        self.mistakes.append(mistake(code, place, **words))

    def _hints(self, cls: type) -> dict[str, Hint]:
        try:
            return typing.get_type_hints(cls, include_extras=True)
        except NameError as error:
            raise self._not_defined(cls, str(error.name)) from error

    def _not_defined(self, cls: type, name: str) -> ModelError:
        """The mistake of an annotation that names what is not there, at the attribute that it belongs to."""
        for base in (base for base in cls.__mro__ if not base.__module__.startswith(_LANGUAGE) and base is not object):
            for node in self.book.cls(base).body:
                named = ast.walk(node.annotation) if isinstance(node, ast.AnnAssign) else ()
                if any(isinstance(each, ast.Name) and each.id == name for each in named):
                    known = [each for each in vars(sys.modules[base.__module__]) if not each.startswith("_")]
                    return mistake(
                        "unknown-name", place_of(self.book.file(base), node), name=name, near=close(name, known)
                    )
        return mistake("unknown-name", self.book.class_place(cls), name=name, near="")

    def _clusters(self, hints: Mapping[str, Hint]) -> Iterator[tuple[str, type[Process]]]:
        for name in self.protocol._clusters:
            arguments = typing.get_args(hints.get(name))
            if typing.get_origin(hints.get(name)) is not Cluster or not isinstance(arguments[0], type):
                raise mistake("no-clusters", self.book.attribute(self.protocol, name), name=name)
            yield name, arguments[0]

    def _setting(self, name: str, hints: Mapping[str, Hint]) -> ir.Type:
        return self.annotations.of(hints[name], self.book.attribute(self.protocol, name))

    def _fields(self, cls: type) -> dict[str, Declared]:
        hints = self._hints(cls)
        found = {}
        for name, declared in declared_fields(cls).items():
            owner = definer(cls, name)
            if name not in hints:
                self._report("missing-annotation", owner, name, name=f"the field {name}", example=f"{name}: bool = ...")
                continue
            try:
                type_ = self.annotations.finite(hints[name], self.book.attribute(owner, name))
                found[name] = Declared(type_, declared.keeping)
            except ModelError as error:
                self.mistakes.append(error)
        self._check_bare(cls, hints)
        self._check_redeclared(cls)
        return found

    def _given(self, cls: type, known: Mapping[str, ir.Type]) -> Iterator[tuple[str, Given]]:
        """The attributes of a process that are parameters, of which the protocol has those that are `known`."""
        hints = self._hints(cls)
        for name, parameter in declared_parameters(cls).items():
            words = {"field": name, "owner": definer(cls, name).__name__, "parameter": parameter.name}
            wanted = known.get(parameter.name)
            if wanted is None:
                near = close(parameter.name, list(known))
                self._report_given("unknown-parameter", cls, name, near=near, **words)
            elif name not in hints:
                example = f"{name}: {_written(wanted)} = ..."
                self._report_given("missing-annotation", cls, name, name=f"the parameter {name}", example=example)
            elif not isinstance(wanted, ir.Int | ir.Bool | ir.EnumT):
                self._report_given("parameter-kind", cls, name, actual=ir.describe(wanted), **words)
            elif (actual := self.annotations.find(hints[name])) not in (wanted, _plain(wanted)):
                words |= {"actual": str(actual or spelled(hints[name])), "wanted": str(wanted)}
                self._report_given("parameter-type", cls, name, type=_written(wanted), **words)
            else:
                yield name, Given(wanted, parameter.name)

    def _report_given(self, code: str, cls: type, name: str, /, **words: str) -> None:
        self._report(code, definer(cls, name), name, protocol=self.protocol.__name__, **words)

    def _check_bare(self, cls: type, hints: Mapping[str, Hint]) -> None:
        """Annotated attributes of a process that are not declared with `durable`, `volatile` or `ghost`."""
        for base in cls.__mro__:
            for name in vars(base).get("__annotations__", {}) if base.__module__ != Process.__module__ else ():
                declared = name in declared_fields(cls) or name in declared_parameters(cls)
                known = declared or name in self._other(cls) or name.startswith("_")
                if not known and origin_of(hints[name]) is not typing.ClassVar:
                    self._bare(cls, base, name, hints)
        for name in declared_fields(cls):
            if not isinstance(vars(definer(cls, name)).get(name), Field):
                self._bare(cls, definer(cls, name), name, hints)

    def _bare(self, cls: type, base: type, name: str, hints: Mapping[str, Hint]) -> None:
        value = "durable(...)" if issubclass(cls, Process) else "shared(...) for state, or a plain one for a parameter"
        words = {"field": name, "owner": base.__name__, "type": spelled(hints.get(name)), "value": value}
        self._report("plain-default" if name in vars(base) else "no-default", base, name, **words)

    def _other(self, cls: type) -> tuple[str, ...]:
        own = ("network", "faults", "invariants", "step_invariants", "lemmas", "sizes", "parameters")
        return (*own, *self.protocol._defaults, *self.protocol._clusters) if cls is self.protocol else ()

    def _check_redeclared(self, cls: type) -> None:
        for name in (*declared_fields(cls), *declared_parameters(cls)):
            bases = [b for b in cls.__mro__ if name in vars(b).get("__annotations__", {})]
            hints = [typing.get_type_hints(b, include_extras=True)[name] for b in bases]
            types = [self.annotations.find(hint) for hint in hints]
            for base, new, old in zip(bases, types, types[1:], strict=False):
                if new is not None and old is not None and new != old:
                    below = bases[bases.index(base) + 1]
                    words = {"new": spelled(hints[bases.index(base)]), "old": spelled(hints[bases.index(below)])}
                    self._report("redeclared-type", base, name, field=name, base=below.__name__, **words)

    def _check_class(self, cls: type, making: Sequence[str] = _MAKING) -> None:
        kinds = {**dict.fromkeys(_EQUALITY, "handwritten-equality"), **dict.fromkeys(making, "handwritten-making")}
        for base in cls.__mro__:
            if base.__module__.startswith(_LANGUAGE) or base.__module__ in sys.stdlib_module_names:
                continue
            for node in self.book.cls(base).body:
                if isinstance(node, ast.FunctionDef) and node.name in kinds:
                    self._report(kinds[node.name], base, node.name, owner=base.__name__, method=node.name)

    def check_records(self) -> None:
        """Check the record and message classes that the model has been found to use."""
        for record in self.annotations.records:
            self._check_class(record)
            self._check_record(record)
        for constants in self.annotations.constants:
            self._check_class(constants, ())

    def _check_record(self, record: type) -> None:
        hints = self._hints(record)
        self._check_made(record)
        for field in dataclasses.fields(record):
            try:
                self.annotations.finite(hints[field.name], self.book.attribute(record, field.name))
            except ModelError as error:
                self.mistakes.append(error)

    def _check_made(self, record: type) -> None:
        """Whether a record is one of the language's, all of whose fields count."""
        if record not in RECORDS:
            problem = "is not marked @record or @message"
            self._report("not-a-record", record, "", record=record.__name__, problem=problem)
        for field in dataclasses.fields(record):
            plain = field.compare and field.hash is None and field.init and not field.kw_only
            if not plain or field.default_factory is not dataclasses.MISSING:
                problem = f"gives {field.name} options of its own"
                self._report("not-a-record", record, field.name, record=record.__name__, problem=problem)

    # -- handlers -----------------------------------------------------------------------------------------------

    def _handled(self, cls: type) -> Iterator[type]:
        names = marked(cls, Mark.RECEIVE)
        seen: dict[type, str] = {}
        for name in names:
            message = handled_message(cls, name)
            if message is None:
                self._report("handler-signature", definer(cls, name), name, method=name)
            elif message in seen:
                words = {"message": message.__name__, "first": seen[message], "second": name}
                self._report("two-handlers", definer(cls, name), name, owner=cls.__name__, **words)
            else:
                seen[message] = name
                yield message


_LANGUAGE = Process.__module__.rpartition(".")[0]


def declared_fields(cls: type) -> Mapping[str, Field]:
    """The declared fields of a process or protocol class, in order."""
    declared: Mapping[str, Field] = getattr(cls, "_declared", {})
    return declared


def declared_parameters(cls: type) -> Mapping[str, Parameter]:
    """The attributes of a process class that are parameters, those of its base classes first."""
    names = dict.fromkeys(name for base in reversed(cls.__mro__) for name in vars(base))
    found = {name: vars(definer(cls, name))[name] for name in names}
    return {name: value for name, value in found.items() if isinstance(value, Parameter)}


def _plain(type_: ir.Type) -> ir.Type:
    """The type without its bounds, which only the protocol has to repeat."""
    return ir.Int() if isinstance(type_, ir.Int) else type_


def _written(type_: ir.Type) -> str:
    """The annotation of a parameter of this type."""
    return type_.cls.__name__ if isinstance(type_, ir.EnumT) else str(_plain(type_))


def definer(cls: type, name: str) -> type:
    """The class that defines an attribute, first of all."""
    return next((base for base in cls.__mro__ if name in vars(base)), cls)


def handled_message(cls: type, name: str) -> type | None:
    """The message that a handler receives, None if its signature does not say."""
    below = [vars(base).get(name) for base in reversed(cls.__mro__)]
    methods = [f for f in below if isinstance(f, FunctionType)]
    code = methods[-1].__code__
    parameters = code.co_varnames[1 : code.co_argcount]
    hints: dict[str, Any] = {}
    for each in methods:
        hints |= typing.get_type_hints(each)
    kind = hints.get(parameters[0]) if 1 <= len(parameters) <= 2 else None
    return kind if isinstance(kind, type) and kind in MESSAGES else None
