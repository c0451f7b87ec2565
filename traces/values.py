"""How a value of each domain is written in a trace, and read back.

The text is the one that a reader of the model expects: identities as `"servers[0]"`, symbols as `"Value[0]"`,
members of an enumeration by name, records as objects; sets and maps in the order of their domain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import singledispatch
from typing import Any

from ..models.language import Map
from ..models.semantics.domains import (
    Booleans,
    Domain,
    Enumeration,
    Identities,
    Integers,
    Maps,
    Named,
    Nothing,
    Optional,
    Records,
    Sequences,
    Sets,
    Symbols,
    Tuples,
)
from .errors import Json, TraceError, as_array, as_object, below, unexpected


@singledispatch
def encode(domain: Domain, value: Any) -> Json:
    """A value of a domain as JSON."""
    raise TypeError(f"no encoding for {domain}")


@singledispatch
def decode(domain: Domain, data: Json, at: str) -> Any:
    """The value of a domain that JSON stands for; `at` is its place in the file. Errors: `TraceError`."""
    raise TypeError(f"no encoding for {domain}")


# -- atoms ---------------------------------------------------------------------------------------------------------


@encode.register
def _(domain: Booleans, value: Any) -> Json:
    return bool(value)


@decode.register
def _(domain: Booleans, data: Json, at: str) -> Any:
    if isinstance(data, bool):
        return data
    raise unexpected(at, "true or false", data)


@encode.register
def _(domain: Nothing, value: Any) -> Json:
    return None


@decode.register
def _(domain: Nothing, data: Json, at: str) -> Any:
    if data is None:
        return None
    raise unexpected(at, "null", data)


@encode.register
def _(domain: Integers, value: Any) -> Json:
    return int(value)


@decode.register
def _(domain: Integers, data: Json, at: str) -> Any:
    if type(data) is int and domain.lo <= data <= domain.hi:
        return data
    raise unexpected(at, str(domain), data)


@encode.register
def _(domain: Enumeration, value: Any) -> Json:
    return str(value.name)


@decode.register
def _(domain: Enumeration, data: Json, at: str) -> Any:
    return _named(domain, lambda member: str(member.name), data, at)


@encode.register(Identities)
@encode.register(Symbols)
def _(domain: Domain, value: Any) -> Json:
    return repr(value)


@decode.register(Identities)
@decode.register(Symbols)
def _(domain: Domain, data: Json, at: str) -> Any:
    return _named(domain, repr, data, at)


def _named(domain: Domain, name: Callable[[Any], str], data: Json, at: str) -> Any:
    known = {name(value): value for value in domain.values()}
    if isinstance(data, str) and data in known:
        return known[data]
    raise unexpected(at, "one of " + ", ".join(known), data)


@encode.register
def _(domain: Optional, value: Any) -> Json:
    return None if value is None else encode(domain.item, value)


@decode.register
def _(domain: Optional, data: Json, at: str) -> Any:
    return None if data is None else decode(domain.item, data, at)


# -- products ------------------------------------------------------------------------------------------------------


@encode.register
def _(domain: Tuples, value: Any) -> Json:
    return [encode(d, v) for d, v in zip(domain.items, value, strict=True)]


@decode.register
def _(domain: Tuples, data: Json, at: str) -> Any:
    items = as_array(data, at)
    if len(items) != len(domain.items):
        raise unexpected(at, f"{len(domain.items)} elements", data)
    return tuple(decode(d, v, below(at, i)) for i, (d, v) in enumerate(zip(domain.items, items, strict=True)))


@encode.register
def _(domain: Records, value: Any) -> Json:
    return encode_fields(fields_of(domain), [getattr(value, name) for name in domain.field_names])


@decode.register
def _(domain: Records, data: Json, at: str) -> Any:
    return domain.cls(*decode_fields(fields_of(domain), data, at))


def fields_of(domain: Records) -> tuple[Named, ...]:
    """The fields of a record with their domains."""
    return tuple(Named(name, item) for name, item in zip(domain.field_names, domain.items, strict=True))


def encode_fields(fields: Iterable[Named], values: Iterable[Any]) -> dict[str, Json]:
    """Values by the names of their fields, in the order of declaration."""
    return {f.name: encode(f.domain, v) for f, v in zip(fields, values, strict=True)}


def decode_fields(fields: Iterable[Named], data: Json, at: str) -> tuple[Any, ...]:
    """The values of these fields, all of them and no others. Errors: `TraceError`."""
    fields = tuple(fields)
    found = as_object(data, at)
    require_names([f.name for f in fields], found, at)
    return tuple(decode(f.domain, found[f.name], below(at, f.name)) for f in fields)


def require_names(names: Iterable[str], found: dict[str, Json], at: str) -> None:
    """Raise `TraceError` unless these are exactly the members of an object."""
    names = tuple(names)
    missing = [name for name in names if name not in found]
    if missing:
        raise TraceError(f"{missing[0]} is missing", at=at)
    extra = [name for name in found if name not in names]
    if extra:
        raise TraceError(f"the model has no {extra[0]} here; it has {', '.join(names) or 'nothing'}", at=at)


# -- collections ---------------------------------------------------------------------------------------------------


@encode.register
def _(domain: Sequences, value: Any) -> Json:
    return [encode(domain.item, v) for v in value]


@decode.register
def _(domain: Sequences, data: Json, at: str) -> Any:
    items = as_array(data, at)
    if len(items) > domain.most:
        raise unexpected(at, f"at most {domain.most} elements", data)
    return tuple(decode(domain.item, v, below(at, i)) for i, v in enumerate(items))


@encode.register
def _(domain: Sets, value: Any) -> Json:
    return [encode(domain.item, v) for v in sorted(value, key=domain.item.key)]


@decode.register
def _(domain: Sets, data: Json, at: str) -> Any:
    items = as_array(data, at)
    members = frozenset(decode(domain.item, v, below(at, i)) for i, v in enumerate(items))
    if len(members) != len(items):
        raise unexpected(at, "a set, each member once", data)
    return members


@encode.register
def _(domain: Maps, value: Any) -> Json:
    if isinstance(domain.index, _NAMES):
        return {_name(domain.index, k): encode(domain.item, value[k]) for k in domain.keys}
    return [[encode(domain.index, k), encode(domain.item, value[k])] for k in domain.keys]


@decode.register
def _(domain: Maps, data: Json, at: str) -> Any:
    if not isinstance(domain.index, _NAMES):
        return _pairs(domain, data, at)
    keys = tuple(Named(_name(domain.index, k), domain.item) for k in domain.keys)
    return Map(dict(zip(domain.keys, decode_fields(keys, data, at), strict=True)))


_NAMES = (Identities, Symbols, Enumeration, Integers, Booleans)
"""The domains whose values can be the names of members of an object."""


def _name(domain: Domain, value: Any) -> str:
    data = encode(domain, value)
    return data if isinstance(data, str) else str(data).lower()


def _pairs(domain: Maps, data: Json, at: str) -> Any:
    pair = Tuples((domain.index, domain.item))
    pairs = [decode(pair, p, below(at, i)) for i, p in enumerate(as_array(data, at))]
    if [k for k, _ in pairs] != list(domain.keys):
        raise unexpected(at, f"all {len(domain.keys)} keys of the map, in order", data)
    return Map(dict(pairs))
