"""The values a model computes with that Python does not have: identities, symbols, total maps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Generic, TypeVar, cast, final

P_co = TypeVar("P_co", covariant=True)
K = TypeVar("K")
V = TypeVar("V")
S = TypeVar("S", bound="Symbol")


@final
class Ref(Generic[P_co]):
    """The identity of a process of class `P`; it can be compared with `==` and nothing else.

    Identities have no order, because they are interchangeable; `rank` gives a process's number where
    a protocol breaks ties by it. There is one object for each identity.
    """

    __slots__ = ("cluster", "index")
    _known: ClassVar[dict[tuple[str, int], Ref[Any]]] = {}

    cluster: str
    index: int

    def __new__(cls, cluster: str, index: int) -> Ref[P_co]:
        known = Ref._known.get((cluster, index))
        if known is None:
            known = Ref._known[cluster, index] = object.__new__(cls)
            known.cluster, known.index = cluster, index
        return known

    def __repr__(self) -> str:
        return f"{self.cluster}[{self.index}]"

    def __reduce__(self) -> tuple[type[Ref[P_co]], tuple[str, int]]:
        return Ref, (self.cluster, self.index)


def rank(process: Ref[Any]) -> int:
    """The number of a process in its cluster, from 0; using it switches symmetry over the cluster off.

    For protocols that give identities an order: ballots owned in turn, ties broken by the larger id.
    """
    return process.index


class Symbol:
    """Interchangeable constants, such as the values that clients propose: equality only.

    `class Value(Symbol, size="values")` has as many members as the parameter `values` says; a size may
    be an `int` as well. Errors: a subclass without a size is a `TypeError`.
    """

    __slots__ = ("index",)
    size: ClassVar[int | str]
    _known: ClassVar[dict[int, Symbol]]

    index: int

    def __init_subclass__(cls, *, size: int | str) -> None:
        cls.size = size
        cls._known = {}

    @classmethod
    def nth(cls: type[S], index: int) -> S:
        """The member with this number, from 0."""
        known = cls._known.get(index)
        if known is None:
            known = cls._known[index] = object.__new__(cls)
            known.index = index
        return cast(S, known)

    def __repr__(self) -> str:
        return f"{type(self).__name__}[{self.index}]"

    def __reduce__(self) -> tuple[Any, tuple[int]]:
        return type(self).nth, (self.index,)


@final
class Map(Mapping[K, V]):
    """A total map over a finite domain; a value: `m | {k: v}` is another map.

    Errors: a key that is not there is a model error.
    """

    __slots__ = ("_hash", "_items")

    def __init__(self, items: Mapping[K, V]) -> None:
        self._items = dict(items)
        self._hash: int | None = None

    def __getitem__(self, key: K) -> V:
        return self._items[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __or__(self, other: Mapping[K, V]) -> Map[K, V]:
        return Map({**self._items, **other})

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Map) and self._items == other._items

    def __hash__(self) -> int:
        if self._hash is None:
            self._hash = hash(frozenset(self._items.items()))
        return self._hash

    def __repr__(self) -> str:
        return f"Map({self._items!r})"


class Every:
    """The default of a map field before the domain of its keys is known; made by `every`."""

    def __init__(self, value: object) -> None:
        self.value = value


def every(value: V) -> Map[Any, V]:
    """The default of a map field that has this value for each key: `volatile(every(1))`."""
    return cast(Map[Any, V], Every(value))
