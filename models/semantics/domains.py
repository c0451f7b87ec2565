"""The finite domain of each field, parameter and message, once the parameters of a run are known."""

from __future__ import annotations

import itertools
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from enum import Enum
from functools import cached_property
from typing import Any

from ..language import Map, Ref, Symbol
from ..language.values import Every

Renaming = Mapping[Any, Any]
"""Which identity or symbol takes whose place; those not named keep theirs."""


class Stray(Exception):
    """A value that its domain can never hold: a mistake in the model, not a bound of the exploration.

    `where` names the field, with the process it belongs to, once that is known; `field` is its name alone.
    """

    def __init__(self, value: object, domain: Domain) -> None:
        super().__init__(f"{value!r} is not {domain}")
        self.value = value
        self.domain = domain
        self.where = "a value"
        self.field = ""


class Domain(ABC):
    """A finite set of values with a fixed order."""

    @abstractmethod
    def check(self, value: Any) -> str | None:
        """The name of the bound that `value` would leave, None if it is inside. Errors: `Stray` if it never can be."""

    @abstractmethod
    def values(self) -> Iterator[Any]:
        """Every value, in order."""

    @abstractmethod
    def key(self, value: Any) -> Any:
        """What to compare to put values in order."""

    def code(self, value: Any) -> Any:
        """What to compare to find the least of several values: as `key`, but sets as numbers with a bit a value."""
        return self.key(value)

    def complete(self, default: Any) -> Any:
        """The value that a declared default stands for."""
        return default

    def rename(self, value: Any, renaming: Renaming) -> Any:
        """The value with its identities and symbols renamed."""
        return value

    @property
    def parts(self) -> tuple[Domain, ...]:
        """The domains that values of this one are made of."""
        return ()

    @cached_property
    def names(self) -> frozenset[str | type[Symbol]]:
        """The clusters and symbol classes whose members may occur in a value."""
        return frozenset(name for part in self.parts for name in part.names)


def _all(checks: Iterator[str | None]) -> str | None:
    return next((bound for bound in checks if bound is not None), None)


@dataclass(frozen=True)
class Booleans(Domain):
    """False and True."""

    def check(self, value: Any) -> str | None:
        if value is True or value is False:
            return None
        raise Stray(value, self)

    def values(self) -> Iterator[Any]:
        yield from (False, True)

    def key(self, value: Any) -> Any:
        return value

    def __str__(self) -> str:
        return "a bool"


@dataclass(frozen=True)
class Nothing(Domain):
    """Only None."""

    def check(self, value: Any) -> str | None:
        if value is None:
            return None
        raise Stray(value, self)

    def values(self) -> Iterator[Any]:
        yield None

    def key(self, value: Any) -> Any:
        return 0

    def __str__(self) -> str:
        return "None"


@dataclass(frozen=True)
class Integers(Domain):
    """The integers from `lo` to `hi`; `floor` and `bound` are the parameters that set the two, None if literal."""

    lo: int
    hi: int
    bound: str | None
    floor: str | None = None

    def check(self, value: Any) -> str | None:
        if type(value) is not int:
            raise Stray(value, self)
        if self.lo <= value <= self.hi:
            return None
        passed = self.bound if value > self.hi else self.floor
        if passed is None:
            raise Stray(value, self)
        return passed

    def values(self) -> Iterator[Any]:
        yield from range(self.lo, self.hi + 1)

    def key(self, value: Any) -> Any:
        return value

    def __str__(self) -> str:
        return f"an int from {self.lo} to {self.hi}"


@dataclass(frozen=True)
class Enumeration(Domain):
    """The members of an `Enum`, in the order of their definition."""

    cls: type[Enum]

    @cached_property
    def _order(self) -> dict[Enum, int]:
        return {member: i for i, member in enumerate(self.cls)}

    def check(self, value: Any) -> str | None:
        if type(value) is self.cls:
            return None
        raise Stray(value, self)

    def values(self) -> Iterator[Any]:
        yield from self.cls

    def key(self, value: Any) -> Any:
        return self._order[value]

    def __str__(self) -> str:
        return f"a {self.cls.__name__}"


@dataclass(frozen=True)
class Identities(Domain):
    """The identities of the processes of some clusters."""

    refs: tuple[Ref[Any], ...]

    @cached_property
    def _order(self) -> dict[Ref[Any], int]:
        return {ref: i for i, ref in enumerate(self.refs)}

    def check(self, value: Any) -> str | None:
        if type(value) is Ref and value in self._order:
            return None
        raise Stray(value, self)

    def values(self) -> Iterator[Any]:
        yield from self.refs

    def key(self, value: Any) -> Any:
        return self._order[value]

    def rename(self, value: Any, renaming: Renaming) -> Any:
        return renaming.get(value, value)

    @cached_property
    def names(self) -> frozenset[str | type[Symbol]]:
        """The clusters these identities belong to."""
        return frozenset(ref.cluster for ref in self.refs)

    def __str__(self) -> str:
        return f"one of {', '.join(map(repr, self.refs))}"


@dataclass(frozen=True)
class Symbols(Domain):
    """The members of a `Symbol` class."""

    cls: type[Symbol]
    size: int

    def check(self, value: Any) -> str | None:
        if type(value) is self.cls and 0 <= value.index < self.size:
            return None
        raise Stray(value, self)

    def values(self) -> Iterator[Any]:
        yield from (self.cls.nth(i) for i in range(self.size))

    def key(self, value: Any) -> Any:
        return value.index

    def rename(self, value: Any, renaming: Renaming) -> Any:
        return renaming.get(value, value)

    @cached_property
    def names(self) -> frozenset[str | type[Symbol]]:
        """The symbol class itself."""
        return frozenset((self.cls,))

    def __str__(self) -> str:
        return f"one of the {self.size} members of {self.cls.__name__}"


@dataclass(frozen=True)
class Optional(Domain):
    """None, or a value of another domain."""

    item: Domain

    def check(self, value: Any) -> str | None:
        return None if value is None else self.item.check(value)

    def values(self) -> Iterator[Any]:
        yield None
        yield from self.item.values()

    def key(self, value: Any) -> Any:
        return (0,) if value is None else (1, self.item.key(value))

    def code(self, value: Any) -> Any:
        return (0,) if value is None else (1, self.item.code(value))

    def rename(self, value: Any, renaming: Renaming) -> Any:
        return None if value is None else self.item.rename(value, renaming)

    @property
    def parts(self) -> tuple[Domain, ...]:
        """The domain of what is there."""
        return (self.item,)

    def __str__(self) -> str:
        return f"{self.item}, or None"


@dataclass(frozen=True)
class Tuples(Domain):
    """Tuples of a fixed length."""

    items: tuple[Domain, ...]

    def check(self, value: Any) -> str | None:
        if type(value) is not tuple or len(value) != len(self.items):
            raise Stray(value, self)
        return _all(d.check(v) for d, v in zip(self.items, value, strict=True))

    def values(self) -> Iterator[Any]:
        return itertools.product(*(d.values() for d in self.items))

    def key(self, value: Any) -> Any:
        return tuple(d.key(v) for d, v in zip(self.items, value, strict=True))

    def code(self, value: Any) -> Any:
        return tuple(d.code(v) for d, v in zip(self.items, value, strict=True))

    def rename(self, value: Any, renaming: Renaming) -> Any:
        return tuple(d.rename(v, renaming) for d, v in zip(self.items, value, strict=True))

    @property
    def parts(self) -> tuple[Domain, ...]:
        """The domain of each place."""
        return self.items

    def __str__(self) -> str:
        return f"a tuple of {len(self.items)}: {', '.join(map(str, self.items))}"


@dataclass(frozen=True)
class Records(Domain):
    """The records or messages of a class."""

    cls: type
    items: tuple[Domain, ...]

    @cached_property
    def field_names(self) -> tuple[str, ...]:
        """The names of the fields, in the order of `items`."""
        return tuple(f.name for f in fields(self.cls))

    def _parts_of(self, value: Any) -> tuple[Any, ...]:
        return tuple(getattr(value, name) for name in self.field_names)

    def check(self, value: Any) -> str | None:
        if type(value) is not self.cls:
            raise Stray(value, self)
        return _all(d.check(v) for d, v in zip(self.items, self._parts_of(value), strict=True))

    def values(self) -> Iterator[Any]:
        for items in itertools.product(*(d.values() for d in self.items)):
            yield self.cls(*items)

    def key(self, value: Any) -> Any:
        return tuple(d.key(v) for d, v in zip(self.items, self._parts_of(value), strict=True))

    def code(self, value: Any) -> Any:
        return tuple(d.code(v) for d, v in zip(self.items, self._parts_of(value), strict=True))

    def rename(self, value: Any, renaming: Renaming) -> Any:
        return self.cls(*(d.rename(v, renaming) for d, v in zip(self.items, self._parts_of(value), strict=True)))

    @property
    def parts(self) -> tuple[Domain, ...]:
        """The domain of each field."""
        return self.items

    def __str__(self) -> str:
        return f"a {self.cls.__name__}"


@dataclass(frozen=True)
class Sequences(Domain):
    """Tuples of any length up to `most`; `bound` is the parameter that set it, None if it is literal."""

    item: Domain
    most: int
    bound: str | None

    def check(self, value: Any) -> str | None:
        if type(value) is not tuple or (len(value) > self.most and self.bound is None):
            raise Stray(value, self)
        return self.bound if len(value) > self.most else _all(self.item.check(v) for v in value)

    def values(self) -> Iterator[Any]:
        for length in range(self.most + 1):
            yield from itertools.product(*[tuple(self.item.values())] * length)

    def key(self, value: Any) -> Any:
        return (len(value), *(self.item.key(v) for v in value))

    def code(self, value: Any) -> Any:
        return (len(value), *(self.item.code(v) for v in value))

    def rename(self, value: Any, renaming: Renaming) -> Any:
        return tuple(self.item.rename(v, renaming) for v in value)

    @property
    def parts(self) -> tuple[Domain, ...]:
        """The domain of the elements."""
        return (self.item,)

    def __str__(self) -> str:
        return f"a sequence of at most {self.most}, each {self.item}"


@dataclass(frozen=True)
class Sets(Domain):
    """The subsets of a domain, small ones first."""

    item: Domain

    def check(self, value: Any) -> str | None:
        if type(value) is not frozenset:
            raise Stray(value, self)
        try:
            bounds = {self.item.check(v) for v in value} - {None}
        except Stray:
            # a set has no order, and the mistake that is shown should be the same in every run
            return _all(self.item.check(v) for v in sorted(value, key=repr))
        return min(filter(None, bounds), default=None)

    def values(self) -> Iterator[Any]:
        everything = tuple(self.item.values())
        for size in range(len(everything) + 1):
            yield from map(frozenset, itertools.combinations(everything, size))

    def key(self, value: Any) -> Any:
        return (len(value), *sorted(map(self.item.key, value)))

    def code(self, value: Any) -> Any:
        # of two numbers, that one is less which lacks the highest bit in which they differ
        return tuple(sorted(map(self.item.code, value), reverse=True))

    def rename(self, value: Any, renaming: Renaming) -> Any:
        return frozenset(self.item.rename(v, renaming) for v in value)

    @property
    def parts(self) -> tuple[Domain, ...]:
        """The domain of the members."""
        return (self.item,)

    def __str__(self) -> str:
        return f"a frozenset whose members are each {self.item}"


@dataclass(frozen=True)
class Maps(Domain):
    """The total maps from one domain to another."""

    index: Domain
    item: Domain

    @cached_property
    def keys(self) -> tuple[Any, ...]:
        """The keys that every such map has, in order."""
        return tuple(self.index.values())

    def check(self, value: Any) -> str | None:
        if type(value) is not Map or len(value) != len(self.keys) or any(k not in value for k in self.keys):
            raise Stray(value, self)
        return _all(self.item.check(value[k]) for k in self.keys)

    def values(self) -> Iterator[Any]:
        for items in itertools.product(*[tuple(self.item.values())] * len(self.keys)):
            yield Map(dict(zip(self.keys, items, strict=True)))

    def key(self, value: Any) -> Any:
        return tuple(self.item.key(value[k]) for k in self.keys)

    def code(self, value: Any) -> Any:
        return tuple(self.item.code(value[k]) for k in self.keys)

    def complete(self, default: Any) -> Any:
        if isinstance(default, Every):
            return Map({k: self.item.complete(default.value) for k in self.keys})
        return default

    def rename(self, value: Any, renaming: Renaming) -> Any:
        return Map({self.index.rename(k, renaming): self.item.rename(value[k], renaming) for k in self.keys})

    @property
    def parts(self) -> tuple[Domain, ...]:
        """The domains of keys and values."""
        return (self.index, self.item)

    def __str__(self) -> str:
        return f"a Map with all {len(self.keys)} keys, each value {self.item}"


@dataclass(frozen=True)
class Named:
    """A field, parameter or argument with its domain."""

    name: str
    domain: Domain
