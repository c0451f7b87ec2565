"""`-p name=value` as the parameters of a protocol."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import Enum

import click

from ...models.language import ModelError, Protocol
from .advice import did_you_mean


def assignments(context: click.Context, option: click.Parameter, given: Iterable[str]) -> dict[str, str]:
    """Each `name=value`, by its name. Errors: `click.BadParameter` for anything else, or a name given twice."""
    found: dict[str, str] = {}
    for text in given:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not (name and equals and value):
            raise click.BadParameter(f"{text!r} is not of the form name=value", context, option)
        if name in found:
            raise click.BadParameter(f"{name} is given twice", context, option)
        found[name] = value
    return found


def defaults(model: type[Protocol]) -> Mapping[str, object]:
    """Every parameter of a protocol, the sizes of its clusters included, with its default."""
    return model().parameters


def instance(model: type[Protocol], given: Mapping[str, str | object]) -> Protocol:
    """The protocol with these parameters, the others at their defaults.

    Errors: `ModelError` for a name that is not a parameter, with the near matches, or a value outside its domain.
    """
    known = defaults(model)
    return model(**{name: _value(model, name, text, known.get(name)) for name, text in given.items()})


def _value(model: type[Protocol], name: str, given: object, default: object) -> object:
    if not isinstance(given, str):
        return given
    match default:
        case bool():
            return _one_of(model, name, given.lower(), {"true": True, "false": False})
        case int():
            return _integer(model, name, given)
        case Enum():
            return _one_of(model, name, given, dict(type(default).__members__))
    return given


def _integer(model: type[Protocol], name: str, text: str) -> int:
    if re.fullmatch(r"[+-]?\d{1,18}", text, re.ASCII):
        return int(text)
    raise _outside(model, name, text, "it must be a whole number")


def _one_of(model: type[Protocol], name: str, text: str, members: Mapping[str, object]) -> object:
    if text in members:
        return members[text]
    raise _outside(model, name, text, "it must be " + " or ".join(members), did_you_mean(text, list(members)))


def _outside(model: type[Protocol], name: str, text: str, wanted: str, advice: str = "") -> ModelError:
    what = f"{name}={text} is outside the domain of this parameter of {model.__name__}: {wanted}"
    return ModelError("parameter-domain", what, instead=advice)


def shown(value: object) -> str:
    """A value as `-p` takes it."""
    if isinstance(value, bool):
        return str(value).lower()
    return value.name if isinstance(value, Enum) else str(value)


def plain(value: object) -> bool | int | str:
    """A value as JSON has it."""
    return value if isinstance(value, bool | int) else shown(value)
