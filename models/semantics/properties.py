"""The properties of a protocol: what each asks for, and whether a state or a step satisfies it."""

from __future__ import annotations

import inspect
import typing
from bdb import BdbQuit
from collections.abc import Callable
from typing import Any, NamedTuple

from ..language import Has, ModelError, Protocol
from ..language.marks import Mark
from .shape import Shape, marked, place_of
from .views import View

Argument = Callable[[View], Any]
"""How to get from a view what a property's parameter asks for."""


class Members(NamedTuple):
    """What `Has[I]` is at run time: the processes that offer the interface."""

    members: tuple[Any, ...]


class Property:
    """An invariant or a lemma (of one view), or a step invariant (of the views before and after a step)."""

    def __init__(
        self, name: str, function: Callable[..., bool], argument: Argument, on_step: bool = False, lemma: bool = False
    ) -> None:
        self.name = name
        self.function = function
        self.on_step = on_step
        self.lemma = lemma
        self.between_crashes = bool(getattr(function, "__quorate_between_crashes__", False))
        self.argument = argument
        self.documentation = inspect.getdoc(function) or ""


class Witness(NamedTuple):
    """When a property has something to say."""

    property: str
    function: Callable[[Any], bool]
    argument: Argument

    def seen(self, view: View) -> bool:
        """Whether this view gives the property something to say."""
        return asked_of(self.property, self.function, self.argument(view))


class PropertyFailed(Exception):
    """Evaluating a property, its witness or a constraint raised `cause`: a mistake in the model."""

    def __init__(self, name: str, cause: Exception) -> None:
        super().__init__(f"{name}: {cause!r}")
        self.name = name
        self.cause = cause


def asked_of(name: str, function: Callable[..., bool], *arguments: Any) -> bool:
    """What a predicate of the model says. Errors: `PropertyFailed` if it raises anything."""
    try:
        return bool(function(*arguments))
    except BdbQuit as quitting:
        raise KeyboardInterrupt from quitting
    except Exception as cause:
        raise PropertyFailed(name, cause) from cause


def properties(shape: Shape) -> tuple[Property, ...]:
    """The properties of a protocol: invariants, step invariants, lemmas, each kind in the order of its declaration.

    Errors: `ModelError` if one asks for an interface that nothing in the protocol offers.
    """
    protocol = type(shape.protocol)
    found = [Property(name_of(f), f, _argument(f, shape)) for f in protocol.invariants]
    found += [Property(n, getattr(protocol, n), _itself) for n in marked(protocol, Mark.INVARIANT)]
    found += [Property(name_of(f), f, _argument(f, shape), on_step=True) for f in protocol.step_invariants]
    found += [Property(n, getattr(protocol, n), _itself, on_step=True) for n in marked(protocol, Mark.STEP_INVARIANT)]
    found += [Property(name_of(f), f, _argument(f, shape), lemma=True) for f in protocol.lemmas]
    found += [Property(n, getattr(protocol, n), _itself, lemma=True) for n in marked(protocol, Mark.LEMMA)]
    return tuple(found)


def witnesses(shape: Shape) -> tuple[Witness, ...]:
    """What makes each property that declares it worth checking."""
    found = []
    for p in properties(shape):
        function = getattr(p.function, "__quorate_witness__", None)
        if function is not None:
            found.append(Witness(p.name, function, _argument(function, shape)))
    return tuple(found)


def name_of(function: Callable[..., Any]) -> str:
    """The name of a property that is a plain function."""
    return str(getattr(function, "__name__", function))


def _itself(view: View) -> Protocol:
    return view.protocol


def _argument(function: Callable[..., Any], shape: Shape) -> Argument:
    hints = typing.get_type_hints(function)
    hints.pop("return", None)
    asked = next(iter(hints.values()), Protocol)
    if typing.get_origin(asked) is Has:
        return _members(function, typing.get_args(asked)[0], shape)
    missing = [name for name in interface(asked) if not hasattr(type(shape.protocol), name)]
    if missing:
        raise _nobody(function, asked, missing, type(shape.protocol).__name__)
    return _itself


def _members(function: Callable[..., Any], asked: type, shape: Shape) -> Argument:
    offering = {name for name, cls in shape.classes.items() if all(hasattr(cls, n) for n in interface(asked))}
    if not offering:
        raise _nobody(function, asked, list(interface(asked)), f"any process of {type(shape.protocol).__name__}")
    numbers = [i for i, ref in enumerate(shape.refs) if ref.cluster in offering]
    return lambda view: Members(tuple([view.processes[i] for i in numbers]))


def _nobody(function: Callable[..., Any], asked: type, missing: list[str], whom: str) -> ModelError:
    return ModelError(
        "no-interface",
        f"the property {name_of(function)} asks for {asked.__name__}, which {whom} does not offer",
        place=place_of(function),
        because=f"{asked.__name__} needs {', '.join(missing)}",
    )


def interface(asked: type) -> tuple[str, ...]:
    """The names that a structural interface asks for; none for an ordinary class."""
    if not getattr(asked, "_is_protocol", False):
        return ()
    bases = [b for b in asked.__mro__ if getattr(b, "_is_protocol", False) and b is not typing.Protocol]
    names = [n for b in bases for n in (*vars(b), *vars(b).get("__annotations__", {})) if not n.startswith("_")]
    return tuple(dict.fromkeys(names))
