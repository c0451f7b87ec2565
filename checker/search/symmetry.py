"""Symmetry reduction: of all states that a renaming turns into each other, one stands for all.

Identities and symbols can only be compared for equality, so renaming them in a state gives a state with the same
future (Ip and Dill, "Better Verification Through Symmetry", 1996). The least image of a state over all renamings is
its canonical form.
"""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ...models.language import Ref, Symbol
from ...models.semantics import Cut, Envelope, State, System
from ...models.semantics.domains import Renaming
from ...models.semantics.state import Locals
from .selfcheck import SelfCheckFailed

MOST = 10_000
"""The most renamings that are tried for a state."""


class Symmetry:
    """The renamings of a system's clusters and symbols, those in `asymmetric` left alone.

    `names` are the clusters and symbols that are renamed, `dropped` those that are too large for it.
    """

    def __init__(self, system: System, asymmetric: Iterable[str] = ()) -> None:
        self._system = system
        self._checked = 0
        fixed = set(asymmetric)
        known = {name: o for name, o in _orbits(system).items() if name not in fixed and len(o) > 1}
        orbits = _affordable(known)
        self.names = tuple(orbits)
        self.dropped = tuple(name for name in known if name not in orbits)
        self._images = [_Image(system, renaming) for renaming in _renamings(list(orbits.values()))]

    def canonical(self, state: State) -> State:
        """The least state among all renamings of this one."""
        if len(self._images) == 1:
            return state
        # the processes decide first, and mostly alone: only images that tie there are made in full
        keyed = [(*image.processes(state), image) for image in self._images]
        least = min(keys for keys, _, _ in keyed)
        images = [image for keys, _, image in keyed if keys == least]
        for number, value in enumerate(state.shared):
            if len(images) > 1:
                shared = [image.shared(number, value)[0] for image in images]
                least = min(shared)
                images = [image for image, key in zip(images, shared, strict=True) if key == least]
        tied = [image.whole(state) for image in images]
        return tied[0] if len(tied) == 1 else min(tied, key=self._key)

    def _key(self, state: State) -> Any:
        """What to compare to put images in order whose processes and shared fields are equal."""
        system = self._system
        return (
            [system.key(e) for e in system.carrier.contents(state.network)],
            _flat(state.faults, system.number),
            sorted(map(system.key, state.sent)),
        )

    def check(self, state: State) -> None:
        """Compare what a state can do with what one of its images can do. Errors: `SelfCheckFailed` if they differ."""
        if len(self._images) > 1:
            self._checked += 1
            image = self._images[1 + self._checked % (len(self._images) - 1)].whole(state)
            if self._futures(state) != self._futures(image):
                raise SelfCheckFailed(
                    f"renaming {', '.join(self.names)} changes what a state can do, so the symmetry is none; "
                    "run without it"
                )

    def _futures(self, state: State) -> Counter[object]:
        ends = (tried for _, tried in self._system.successors(state))
        return Counter(tried if isinstance(tried, Cut) else self.canonical(tried.state) for tried in ends)


class _Image:
    """One renaming, applied to states; what it makes of a part of a state is remembered, since parts recur."""

    def __init__(self, system: System, renaming: Renaming) -> None:
        self._system = system
        self._renaming = renaming
        # the process that lands in place i is the one that is renamed to the identity of place i
        back = {new: old for old, new in renaming.items()}
        self._sources = [system.number(back.get(ref, ref)) for ref in system.refs]
        shapes = system.shape.shapes
        self._fields = {i: shapes[ref.cluster].fields for i, ref in enumerate(system.refs)}
        self._known_shared: list[dict[Any, tuple[Any, Any]]] = [{} for _ in system.shape.fields]
        self._known_fields: dict[tuple[int, Locals], tuple[Any, Locals]] = {}
        self._known_envelopes: dict[Envelope, Envelope] = {}

    def processes(self, state: State) -> tuple[list[Any], tuple[Locals, ...]]:
        """What to compare to put the images of the processes in order, and these images."""
        parts = [self._part(i, state.processes[s]) for i, s in enumerate(self._sources)]
        return [key for key, _ in parts], tuple([fields for _, fields in parts])

    def of(self, state: State, processes: tuple[Locals, ...]) -> State:
        """The image of a state whose processes have these images."""
        breakages = zip(self._system.breakages, state.faults, strict=True)
        return State(
            tuple([self.shared(number, value)[1] for number, value in enumerate(state.shared)]),
            processes,
            self._system.carrier.renamed(state.network, self._envelope),
            tuple([b.renamed(kept, self._ref) for b, kept in breakages]),
            frozenset(map(self._envelope, state.sent)),
        )

    def whole(self, state: State) -> State:
        """The image of a state."""
        return self.of(state, self.processes(state)[1])

    def shared(self, number: int, value: Any) -> tuple[Any, Any]:
        """The image of a shared field, with its key first; remembered by field, for whole shared states never recur."""
        known = self._known_shared[number].get(value)
        if known is None:
            domain = self._system.shape.fields[number].domain
            renamed = domain.rename(value, self._renaming)
            known = self._known_shared[number][value] = (domain.key(renamed), renamed)
        return known

    def _part(self, number: int, values: Locals) -> tuple[Any, Locals]:
        """The image of the fields in this place, with its key first."""
        known = self._known_fields.get((number, values))
        if known is None:
            fields = self._fields[number]
            new = [f.domain.rename(v, self._renaming) for f, v in zip(fields, values, strict=True)]
            renamed = self._system.same(self._system.refs[number].cluster, tuple(new))
            keys = [f.domain.key(v) for f, v in zip(fields, renamed, strict=True)]
            known = self._known_fields[number, values] = (keys, renamed)
        return known

    def _ref(self, one: Ref[Any]) -> Ref[Any]:
        renamed: Ref[Any] = self._renaming.get(one, one)
        return renamed

    def _envelope(self, one: Envelope) -> Envelope:
        known = self._known_envelopes.get(one)
        if known is None:
            record = self._system.shape.resolver.record(type(one.message))
            message = record.rename(one.message, self._renaming)
            known = self._known_envelopes[one] = Envelope(self._ref(one.source), self._ref(one.target), message)
        return known


def _flat(value: Any, number: Callable[[Ref[Any]], int]) -> Any:
    """What a fault keeps (budgets, and sets of identities and of sides) as lists of numbers."""
    if isinstance(value, Ref):
        return number(value)
    if isinstance(value, tuple):
        return [_flat(v, number) for v in value]
    return sorted(_flat(v, number) for v in value) if isinstance(value, frozenset) else value


def _orbits(system: System) -> dict[str, tuple[Any, ...]]:
    """The members of each cluster and of each symbol class that occurs in a state or a step."""
    clusters: dict[str, tuple[Any, ...]] = {
        name: tuple(r for r in system.refs if r.cluster == name) for name in system.shape.classes
    }
    symbols = {cls.__name__: tuple(system.shape.resolver.domain(cls).values()) for cls in _symbols(system)}
    return clusters | symbols


def _symbols(system: System) -> list[type[Symbol]]:
    shape = system.shape
    methods = [*shape.actions, *shape.initials, *(a for s in shape.shapes.values() for a in s.actions)]
    fields = [*shape.fields, *(f for s in shape.shapes.values() for f in s.fields)]
    domains = [n.domain for n in (*fields, *(p for m in methods for p in m.parameters))]
    found = {name for d in (*domains, *shape.messages) for name in d.names if isinstance(name, type)}
    return sorted(found, key=lambda cls: cls.__name__)


def _affordable(orbits: dict[str, tuple[Any, ...]]) -> dict[str, tuple[Any, ...]]:
    """The small orbits, as many as can be renamed together without trying more than `MOST` renamings."""
    count, kept = 1, set()
    for name in sorted(orbits, key=lambda name: len(orbits[name])):
        count *= math.factorial(len(orbits[name]))
        if count <= MOST:
            kept.add(name)
    return {name: orbit for name, orbit in orbits.items() if name in kept}


def _renamings(orbits: list[tuple[Any, ...]]) -> Iterator[Renaming]:
    for images in itertools.product(*(itertools.permutations(orbit) for orbit in orbits)):
        pairs = (pair for orbit, image in zip(orbits, images, strict=True) for pair in zip(orbit, image, strict=True))
        yield {old: new for old, new in pairs if old is not new}


def symmetry_of(system: System, asymmetric: Iterable[str] = (), wanted: bool = True) -> Symmetry:
    """The symmetry of a system; with `wanted` false the trivial one, under which each state stands for itself."""
    everything = [*system.shape.classes, *(cls.__name__ for cls in _symbols(system))]
    return Symmetry(system, asymmetric if wanted else everything)
