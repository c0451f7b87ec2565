"""The shape of a protocol instance: its clusters, fields, steps and handlers, resolved once."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Callable
from functools import cached_property
from typing import Any

from ..language import Cluster, ModelError, Place, Process, Protocol, Ref
from ..language.fields import Field, Keeping
from ..language.marks import Mark, mark_of
from ..language.records import MESSAGES
from .domains import Named, Records, Stray
from .resolve import Resolver


class Method:
    """A marked method: its name, and its parameters with their domains, `self` left out."""

    def __init__(self, name: str, parameters: tuple[Named, ...]) -> None:
        self.name = name
        self.parameters = parameters


class Handler:
    """How a process class receives a message class: the method, and whether it wants to know the sender."""

    def __init__(self, name: str, message: Records, wants_sender: bool) -> None:
        self.name = name
        self.message = message
        self.wants_sender = wants_sender


class ProcessShape:
    """A process class in a cluster: fields, actions and handlers, in the order of their declaration.

    `restart` is the method that ends a crash, None if there is none.
    """

    def __init__(self, cls: type[Process], resolver: Resolver) -> None:
        self.cls = cls
        self.fields = fields_of(cls, cls._declared, resolver)
        self.initial = initial_of(cls, cls._declared, self.fields)
        self.volatile = tuple(cls._declared[f.name].keeping is Keeping.VOLATILE for f in self.fields)
        self.actions = tuple(Method(n, parameters_of(cls, n, resolver)) for n in marked(cls, Mark.ACTION))
        self.handlers = dict(_handler(cls, n, resolver) for n in marked(cls, Mark.RECEIVE))
        self.restart = next(iter(marked(cls, Mark.RESTART)), None)

    def crashed(self, fields: tuple[Any, ...]) -> tuple[Any, ...]:
        """The fields after a crash."""
        return tuple(i if lost else f for f, i, lost in zip(fields, self.initial, self.volatile, strict=True))


class Shape:
    """A protocol instance with every annotation resolved.

    `refs` are the identities of all processes, cluster by cluster; `shapes` has the shape of each cluster.
    Errors: `ModelError` for an annotation that is no finite domain.
    """

    def __init__(self, protocol: Protocol) -> None:
        self.protocol = protocol
        cls = type(protocol)
        self.classes = cluster_classes(cls)
        self.refs = tuple(Ref[Any](c, i) for c in self.classes for i in range(protocol.parameters[c]))
        self.resolver = Resolver(protocol, self.members)
        self.shapes = {name: ProcessShape(process, self.resolver) for name, process in self.classes.items()}
        self.fields = fields_of(cls, cls._declared, self.resolver)
        self.initial = initial_of(cls, cls._declared, self.fields)
        self.actions = tuple(Method(n, parameters_of(cls, n, self.resolver)) for n in marked(cls, Mark.ACTION))
        self.initials = tuple(Method(n, parameters_of(cls, n, self.resolver)) for n in marked(cls, Mark.INITIAL))
        self.histories = marked(cls, Mark.HISTORY)
        self.constraints = marked(cls, Mark.CONSTRAINT)

    def members(self, of: type[Process]) -> tuple[Ref[Any], ...]:
        """The identities of every process of a class, in order."""
        return tuple(r for r in self.refs if issubclass(self.classes[r.cluster], of))

    @cached_property
    def messages(self) -> tuple[Records, ...]:
        """The message classes that some process receives, in the order of the handlers."""
        found = {h.message.cls: h.message for s in self.shapes.values() for h in s.handlers.values()}
        return tuple(found.values())


def cluster_classes(cls: type[Protocol]) -> dict[str, type[Process]]:
    """The process class of each cluster, by the cluster's name."""
    hints = typing.get_type_hints(cls)
    found = {}
    for name in cls._clusters:
        if typing.get_origin(hints.get(name)) is not Cluster:
            raise ModelError(
                "cluster-type",
                f"{cls.__name__}.{name} does not say what its processes are",
                place=place_of(cls),
                instead=f"declare it as {name}: Cluster[Server] = cluster(3)",
            )
        found[name] = typing.get_args(hints[name])[0]
    return found


def fields_of(cls: type, declared: dict[str, Field], resolver: Resolver) -> tuple[Named, ...]:
    """The declared fields of a class with their domains."""
    hints = typing.get_type_hints(cls, include_extras=True)
    for name in declared:
        if name not in hints:
            raise ModelError(
                "no-annotation",
                f"the field {cls.__name__}.{name} has no annotation",
                place=place_of(cls),
                because="the annotation is the field's domain",
                instead=f"write {name}: Term = ...",
            )
    return tuple(Named(name, resolver.domain(hints[name])) for name in declared)


def initial_of(cls: type, declared: dict[str, Field], fields: tuple[Named, ...]) -> tuple[Any, ...]:
    """The first values of the declared fields. Errors: `ModelError` for a default outside its field's domain."""
    values = tuple(f.domain.complete(declared[f.name].default) for f in fields)
    for f, value in zip(fields, values, strict=True):
        if _is_outside(f, value):
            raise ModelError(
                "default-domain",
                f"{cls.__name__}.{f.name} starts as {value!r}, which is not {f.domain}",
                place=place_of(cls),
                because="the first value of a field is in its domain, whatever the parameters",
            )
    return values


def _is_outside(field: Named, value: Any) -> bool:
    try:
        return field.domain.check(value) is not None
    except Stray:
        return True


def marked(cls: type, mark: Mark) -> tuple[str, ...]:
    """The names of the methods with this mark, base classes first; an override stands where it was first declared."""
    names = dict.fromkeys(name for base in reversed(cls.__mro__) for name in vars(base) if _mark(cls, name))
    return tuple(name for name in names if _mark(cls, name) is mark)


def _mark(cls: type, name: str) -> Mark | None:
    # a method that overrides an action is one, marked again or not
    marks = (mark_of(vars(base)[name]) for base in cls.__mro__ if name in vars(base))
    return next((mark for mark in marks if mark), None)


def hints_of(cls: type, name: str) -> dict[str, Any]:
    """The annotations of a method's parameters, `self` and the result left out.

    An override that leaves an annotation out has the one of the method it overrides.
    """
    methods: list[Callable[..., Any]] = [vars(b)[name] for b in reversed(cls.__mro__) if name in vars(b)]
    hints: dict[str, Any] = {}
    for method in methods:
        hints |= typing.get_type_hints(method, include_extras=True)
    parameters = list(inspect.signature(methods[-1]).parameters)[1:]
    for parameter in parameters:
        if parameter not in hints:
            raise ModelError(
                "no-annotation",
                f"the parameter {parameter} of {cls.__name__}.{name} has no annotation",
                place=place_of(methods[-1]),
                because="the annotation says which values the checker tries",
            )
    return {parameter: hints[parameter] for parameter in parameters}


def parameters_of(cls: type, name: str, resolver: Resolver) -> tuple[Named, ...]:
    """The parameters of a method with their domains."""
    return tuple(Named(p, resolver.domain(hint)) for p, hint in hints_of(cls, name).items())


def _handler(cls: type[Process], name: str, resolver: Resolver) -> tuple[type, Handler]:
    hints = list(hints_of(cls, name).values())
    if not hints or hints[0] not in MESSAGES or len(hints) > 2:
        raise ModelError(
            "handler-signature",
            f"{cls.__name__}.{name} does not say which message it receives",
            place=place_of(getattr(cls, name)),
            instead=f"write def {name}(self, m: Vote, sender: Ref[Server]) -> None, with Vote a @message",
        )
    return hints[0], Handler(name, resolver.record(hints[0]), len(hints) == 2)


def place_of(thing: Any) -> Place | None:
    """Where a class or function is defined, if its source can be found."""
    try:
        file = inspect.getsourcefile(thing)
        return Place(file, inspect.getsourcelines(thing)[1]) if file else None
    except (OSError, TypeError):
        return None
