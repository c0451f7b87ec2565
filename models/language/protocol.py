"""A protocol: clusters of processes, shared state, a network, faults, parameters and properties."""

from __future__ import annotations

import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Self, TypeVar, cast

from .domains import Range
from .errors import ModelError
from .faults import Fault
from .fields import Field, Parameter, refuse_reserved
from .networks import Bag, Network
from .process import Process
from .sizes import Size, Sizes
from .values import Ref

P_co = TypeVar("P_co", bound=Process, covariant=True)
M = TypeVar("M")
T = TypeVar("T")
M_co = TypeVar("M_co", covariant=True)
I_co = TypeVar("I_co", covariant=True)


Faults = tuple[Fault, ...]
Invariants = tuple[Callable[[Any], bool], ...]
StepInvariants = tuple[Callable[[Any, Any], bool], ...]


@dataclass(frozen=True)
class ClusterSize:
    """How many processes a cluster has unless a run says otherwise; made by `cluster`."""

    default: int


def cluster(size: int) -> Cluster[Any]:
    """A group of `size` interchangeable processes: `servers: Cluster[Server] = cluster(3)`."""
    if type(size) is not int:
        raise ModelError(
            "cluster-size",
            f"a cluster has a number of processes, this is {size!r}",
            instead="write the usual number: cluster(3); a run may give another",
        )
    return cast("Cluster[Any]", ClusterSize(size))


class Cluster(Generic[P_co]):
    """The processes of a cluster in some state: iterate over them, or look one up by its identity.

    Errors: the identity of a process of another cluster is a model error.
    """

    def __init__(self, processes: Sequence[P_co]) -> None:
        self._processes = tuple(processes)

    def __iter__(self) -> Iterator[P_co]:
        return iter(self._processes)

    def __len__(self) -> int:
        return len(self._processes)

    def __getitem__(self, process: Ref[Any]) -> P_co:
        found = self._processes[process.index] if process.index < len(self._processes) else None
        if found is None or found.id is not process:
            raise LookupError(f"{process} is not in this cluster")
        return found


class Has(typing.Protocol[I_co]):
    """A state in which some processes offer the interface `I`: what a shared property asks for."""

    @property
    def members(self) -> tuple[I_co, ...]:
        """Every process of the protocol that offers the interface."""
        ...


class Member(typing.Protocol):
    """What every process offers to a property: who it is."""

    @property
    def id(self) -> Ref[Any]:
        """Who this process is."""
        ...


class Sent(typing.NamedTuple, Generic[M]):
    """A message that was sent at some time in the run, with its two ends."""

    sender: Ref[Any]
    to: Ref[Any]
    message: M


class Protocol:
    """A system to check. `Raft(servers=3, terms=2)` is one with these parameters.

    Annotated class attributes are parameters (`terms: int = 2`), clusters (`servers: Cluster[Server] = cluster(3)`)
    and shared fields (`shared(...)`, `ghost(...)`); each parameter and each cluster's size can be given by name.
    Class attributes say what it runs on: `network`, `faults`, `invariants`, `step_invariants` and `lemmas`; with the
    annotations `Network`, `Faults`, `Invariants` and `StepInvariants` a candidate can replace them by others. `sizes`
    are choices of parameters with a name.
    Errors: `ModelError` for a name that is not a parameter, or a value outside its domain.
    """

    network: Network = Bag()
    faults: Faults = ()
    invariants: Invariants = ()
    step_invariants: StepInvariants = ()
    lemmas: Invariants = ()
    sizes: Sizes = ()

    _declared: ClassVar[dict[str, Field]] = {}
    _clusters: ClassVar[dict[str, int]] = {}
    _defaults: ClassVar[dict[str, object]] = {}
    _sent: frozenset[tuple[Ref[Any], Ref[Any], object]]
    _held: Callable[[], frozenset[tuple[Ref[Any], Ref[Any], object]]]
    _domain: Callable[[type], tuple[Any, ...]]

    parameters: Mapping[str, Any]

    def __init_subclass__(cls) -> None:
        refuse_reserved(cls, Protocol, [k for k, v in vars(cls).items() if isinstance(v, Field | ClusterSize)])
        _refuse_processes_word(cls)
        # of two bases that declare the same, the first one counts, as it does for methods
        lineage = [base for base in reversed(cls.__mro__) if issubclass(base, Protocol) and base is not Protocol]
        cls._declared = {k: v for base in lineage for k, v in vars(base).items() if isinstance(v, Field)}
        cls._clusters = {k: v.default for base in lineage for k, v in vars(base).items() if isinstance(v, ClusterSize)}
        named = dict.fromkeys(name for base in lineage for name in _own_parameters(base))
        cls._defaults = {name: getattr(cls, name) for name in named}

    def __init__(self, **parameters: object) -> None:
        known = {**self._clusters, **self._defaults}
        for name in parameters:
            if name not in known:
                raise _unknown(type(self), name, list(known))
        self.parameters = {**known, **parameters}
        hints = _hints(type(self))
        for name, value in self.parameters.items():
            _check_parameter(type(self), name, value, hints.get(name, type(known[name])))
            if name in self._defaults:
                setattr(self, name, value)

    @classmethod
    def sized(cls, name: str, **parameters: object) -> Self:
        """The protocol in one of its named sizes, with these parameters on top. Errors: `ModelError`."""
        return cls(**{**cls.size_named(name).parameters, **parameters})

    @classmethod
    def size_named(cls, name: str) -> Size:
        """One of the named sizes. Errors: `ModelError` if there is none of this name."""
        found = {size.name: size for size in cls.sizes}
        if name not in found:
            raise ModelError("unknown-size", f"{cls.__name__} has no size {name}", instead=near(name, list(found)))
        return found[name]

    def domain(self, of: type[T]) -> tuple[T, ...]:
        """Every member of a `Symbol`, every identity of a `Process` class, in a fixed order."""
        return self._domain(of)

    def sent(self, kind: type[M]) -> frozenset[Sent[M]]:
        """Every message of this class that was ever sent in the run: for properties and history, never for guards."""
        return frozenset(Sent(s, to, m) for s, to, m in self._sent if isinstance(m, kind))

    def under_way(self, kind: type[M]) -> frozenset[Sent[M]]:
        """The messages of this class that the network holds, equal ones once: for properties and history.

        Unlike `sent` it costs the states nothing. Of a `Fifo` it is what stands in any queue, of a `MessageSet`, which
        forgets nothing, the same as `sent`.
        """
        return frozenset(Sent(s, to, m) for s, to, m in self._held() if isinstance(m, kind))


def _refuse_processes_word(cls: type[Protocol]) -> None:
    for name, value in vars(cls).items():
        if isinstance(value, Parameter):
            raise ModelError(
                "parameter-in-protocol",
                f"{cls.__name__}.{name} is declared with parameter(...), which gives a process what the protocol has",
                instead=f"give the parameter its usual value: {name}: int = 2",
            )


_SETTINGS = {"network", "faults", "invariants", "step_invariants", "lemmas", "sizes", "parameters"}


def _own_parameters(cls: type[Protocol]) -> list[str]:
    annotations: dict[str, object] = vars(cls).get("__annotations__", {})
    return [
        name
        for name in annotations
        if name in vars(cls)
        and not name.startswith("_")
        and not isinstance(vars(cls)[name], Field | ClusterSize)
        and name not in _SETTINGS
    ]


def _hints(model: type[Protocol]) -> dict[str, Any]:
    """The annotations of the parameters, where they can be told: the front end says which one cannot, and where."""
    try:
        hints = typing.get_type_hints(model, include_extras=True)
    except NameError:
        return {}
    return {name: hint for name, hint in hints.items() if name in model._defaults}


def _unknown(model: type[Protocol], name: str, known: list[str]) -> ModelError:
    return ModelError(
        "unknown-parameter",
        f"{model.__name__} has no parameter {name}",
        instead=near(name, known),
    )


def near(name: str, known: list[str]) -> str:
    """Advice after a name that is not known: the close ones, or all of them."""
    import difflib

    close = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
    if close:
        return "did you mean " + " or ".join(close) + "?"
    return "choose one of " + ", ".join(known) if known else "there is none to choose from"


def _check_parameter(model: type[Protocol], name: str, value: object, hint: Any) -> None:
    base, *extra = typing.get_args(hint) if typing.get_origin(hint) is typing.Annotated else [hint]
    if type(value) is not base:
        raise _outside(model, name, value, f"a value of type {getattr(base, '__name__', base)}")
    if isinstance(value, bool) or not isinstance(value, int):
        return
    lowest = 1 if name in model._clusters else 0
    lo, hi = next(((r.lo, r.hi) for r in extra if isinstance(r, Range)), (lowest, value))
    if not (isinstance(lo, int) and isinstance(hi, int)):
        raise ModelError("parameter-range", f"{model.__name__}.{name}: the range of a parameter has literal bounds")
    if not lo <= value <= hi:
        raise _outside(model, name, value, f"at least {lo}" if value < lo else f"at most {hi}")


def _outside(model: type[Protocol], name: str, value: object, wanted: str) -> ModelError:
    return ModelError(
        "parameter-domain",
        f"{name}={value!r} is outside the domain of this parameter of {model.__name__}: it must be {wanted}",
    )
