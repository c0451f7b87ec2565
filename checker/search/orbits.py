"""What can be renamed, and what a state says of each member without naming any other: the *traits* of the member.

A renaming of the members takes a member's traits along, and changes none of them. So among the images of a state there
are some in which the members stand in the order of their traits, and only among those must the least one be looked for.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

from ...models.language import Ref, Symbol
from ...models.semantics import State, System
from ...models.semantics import domains as d
from ...models.semantics.state import Locals

MOST = 10_000
"""The most renamings that are tried for a state."""

Name = str | type[Symbol]
"""What `Domain.names` has for a cluster, or for a symbol class."""


class Orbit:
    """The members of a cluster or of a symbol class, which are renamed after those of all `earlier` ones.

    What can be renamed is `loose` until its members have their new names. `own` are the fields of a process that name
    nothing loose, and `shared` the shared fields that say something of each member and name nothing else that is loose,
    both by their places. If all that a state says of the members is in their traits, the orbit is `exact`: members with
    the same traits can change places without a change of the state.
    """

    def __init__(self, system: System, name: Name, members: tuple[Any, ...], loose: frozenset[Name]) -> None:
        self._system = system
        self.name = name
        self.members = members
        self._loose = loose
        shape = system.shape
        self._fields = shape.shapes[name].fields if isinstance(name, str) else ()
        self.own = tuple(i for i, f in enumerate(self._fields) if not f.domain.names & loose)
        self.shared = tuple(i for i, f in enumerate(shape.fields) if self._tells(f.domain))
        self.exact = len(self.own) == len(self._fields) and not self._is_named_elsewhere()
        self._first = system.number(members[0]) if isinstance(members[0], Ref) else 0
        self._own_known: dict[Locals, Any] = {}
        self._shared_known: tuple[dict[Any, Sequence[Any]], ...] = tuple({} for _ in self.shared)

    @cached_property
    def unchanged(self) -> tuple[int, ...]:
        """The order that renames nobody."""
        return tuple(range(len(self.members)))

    def nth(self, number: int) -> tuple[int, ...]:
        """One of all orders of the members."""
        left, order = list(self.unchanged), []
        while left:
            number, place = divmod(number, len(left))
            order.append(left.pop(place))
        return tuple(order)

    @cached_property
    def _numbers(self) -> dict[Any, int]:
        return {member: number for number, member in enumerate(self.members)}

    @property
    def renamings(self) -> int:
        """How many renamings may have to be tried for a state."""
        return 1 if self.exact else math.factorial(len(self.members))

    # -- which fields have traits --------------------------------------------------------------------------------------

    def _tells(self, domain: d.Domain) -> bool:
        match domain:
            case d.Maps(index, item):
                return _is_one(index) and set(index.values()) == set(self.members) and not item.names & self._loose
            case d.Sets(item):
                return domain.names & self._loose == {self.name} and _mentions(item, self.name) == 1
        return False

    def _is_named_elsewhere(self) -> bool:
        """Whether members are named in more than the shared fields with traits."""
        shape = self._system.shape
        shared = [f.domain for i, f in enumerate(shape.fields) if i not in self.shared]
        others = [f.domain for each in shape.shapes.values() for f in each.fields]
        named = any(self.name in domain.names for domain in (*shared, *others, *shape.messages))
        # the network and the faults name processes
        return named or (isinstance(self.name, str) and bool(shape.messages or type(shape.protocol).faults))

    # -- the traits of a state -----------------------------------------------------------------------------------------

    def orders(self, state: State) -> Iterator[tuple[int, ...]]:
        """Who may take each place: every order of the members in which their traits ascend.

        Of an exact orbit only one, since all of them make the same image.
        """
        traits = self.traits(state)
        members = sorted(range(len(traits)), key=traits.__getitem__)
        if self.exact:
            return iter((tuple(members),))
        ties = [list(tied) for _, tied in itertools.groupby(members, key=traits.__getitem__)]
        if len(ties) == len(members):
            return iter((tuple(members),))
        return (sum(chosen, ()) for chosen in itertools.product(*map(itertools.permutations, ties)))

    def traits(self, state: State) -> list[Any]:
        """The traits of each member."""
        found: list[Sequence[Any]] = []
        if isinstance(self.name, str):
            found.append([self._own(fields) for fields in state.processes[self._first :][: len(self.members)]])
        for place, known in zip(self.shared, self._shared_known, strict=True):
            value = state.shared[place]
            if value not in known:
                known[value] = self._told(self._system.shape.fields[place].domain, value)
            found.append(known[value])
        return list(zip(*found, strict=True)) or [()] * len(self.members)

    def _own(self, fields: Locals) -> Any:
        if fields not in self._own_known:
            self._own_known[fields] = tuple(self._fields[i].domain.code(fields[i]) for i in self.own)
        return self._own_known[fields]

    def _told(self, domain: d.Domain, value: Any) -> list[Any]:
        """What a shared field says of each member: the value in a map, or the values of a set that name the member."""
        if isinstance(domain, d.Maps):
            return [domain.item.code(value[member]) for member in self.members]
        assert isinstance(domain, d.Sets)
        said: list[list[Any]] = [[] for _ in self.members]
        for one in value:
            member = _mentioned(domain.item, one, self.name)
            if member in self._numbers:
                # with the name of the first member in the place of every other, they are comparable
                renamed = domain.item.rename(one, {member: self.members[0]})
                said[self._numbers[member]].append(domain.item.code(renamed))
        return [tuple(sorted(codes, reverse=True)) for codes in said]


def _is_one(domain: d.Domain) -> bool:
    return isinstance(domain, d.Identities | d.Symbols)


def _mentions(domain: d.Domain, name: Name) -> int:
    """How many members a value may mention; 2 for many, or for one inside of another collection."""
    if name not in domain.names:
        return 0
    match domain:
        case d.Optional() | d.Tuples() | d.Records():
            return sum(_mentions(part, name) for part in domain.parts)
    return 1 if _is_one(domain) else 2


def _mentioned(domain: d.Domain, value: Any, name: Name) -> Any:
    """The identity or symbol in the only place for a member, None if there is none."""
    match domain:
        case d.Optional(item):
            return None if value is None else _mentioned(item, value, name)
        case d.Tuples(items):
            return next(_mentioned(i, v, name) for i, v in zip(items, value, strict=True) if name in i.names)
        case d.Records(_, items):
            pairs = zip(items, domain.field_names, strict=True)
            return next(_mentioned(i, getattr(value, field), name) for i, field in pairs if name in i.names)
    return value


def orbits_of(system: System, fixed: Iterable[str]) -> tuple[tuple[Orbit, ...], tuple[str, ...], tuple[str, ...]]:
    """The orbits whose members are renamed, in that order; their names, and those of orbits too large for it."""
    left_alone = set(fixed)
    found = {name: o for name, o in _members(system).items() if _title(name) not in left_alone and len(o) > 1}
    names = tuple(map(_title, found))
    orbits = _orbits(system, found)
    while too_many := _unaffordable(orbits):
        # its names are loose no longer, and the others may have more traits then
        found.pop(too_many.name)
        orbits = _orbits(system, found)
    kept = tuple(map(_title, found))
    return orbits, kept, tuple(name for name in names if name not in kept)


def _title(name: Name) -> str:
    return name if isinstance(name, str) else name.__name__


def _orbits(system: System, found: dict[Name, tuple[Any, ...]]) -> tuple[Orbit, ...]:
    """Orbits in order, small ones first: those after them have more traits, for fewer names are loose then."""
    names = sorted(found, key=lambda name: (len(found[name]), isinstance(name, str)))
    return tuple(Orbit(system, name, found[name], frozenset(names[i:])) for i, name in enumerate(names))


def _unaffordable(orbits: Sequence[Orbit]) -> Orbit | None:
    """The first orbit with which there are more than `MOST` renamings to try."""
    count = 1
    for orbit in orbits:
        count *= orbit.renamings
        if count > MOST:
            return orbit
    return None


def _members(system: System) -> dict[Name, tuple[Any, ...]]:
    """The members of each cluster, and of each symbol class that occurs in a state or a step."""
    found: dict[Name, tuple[Any, ...]] = {}
    for name in system.shape.classes:
        found[name] = tuple(r for r in system.refs if r.cluster == name)
    for cls in symbols_of(system):
        found[cls] = tuple(system.shape.resolver.domain(cls).values())
    return found


def symbols_of(system: System) -> list[type[Symbol]]:
    """The symbol classes that occur in a state or a step, by name."""
    shape = system.shape
    methods = [*shape.actions, *shape.initials, *(a for s in shape.shapes.values() for a in s.actions)]
    fields = [*shape.fields, *(f for s in shape.shapes.values() for f in s.fields)]
    domains = [n.domain for n in (*fields, *(p for m in methods for p in m.parameters))]
    found = {name for domain in (*domains, *shape.messages) for name in domain.names if isinstance(name, type)}
    return sorted(found, key=lambda cls: cls.__name__)
