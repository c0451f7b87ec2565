"""The models that come with quorate, found by looking into its package."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import ModuleType

from ... import models
from ...models import classic
from ...models.language import Protocol
from ...models.mutants import MUTANTS

FAMILIES = ("paxos", "raft", "registers", "viewstamped", "zab", "classic")
"""The packages of models that belong together."""

EXTENDED = ("raft.", "zab.")
"""Those whose members are extensions of one protocol, and say little without its name."""

MUTANT = "mutant:"
"""What the name of a mutant begins with."""


@dataclass(frozen=True)
class Bundled:
    """A bundled model: the name that `check` takes, its class, one line about it, and what it is checked with.

    `breaks` says of a mutant which property it breaks, and after how many steps.
    """

    name: str
    model: type[Protocol]
    about: str
    parameters: Mapping[str, object] = field(default_factory=dict)
    breaks: str = ""


def names() -> dict[str, str]:
    """The module of each bundled name; one of a family has a long name and, unless it is taken, a short one."""
    own = _modules(models)
    families = {family: _modules(_family(family)) for family in FAMILIES}
    long = {f"{family}.{name}": module for family, found in families.items() for name, module in found.items()}
    short = {name: module for found in families.values() for name, module in found.items()}
    return long | short | own


def _family(name: str) -> ModuleType:
    return importlib.import_module(f"{models.__name__}.{name}")


def _modules(package: ModuleType) -> dict[str, str]:
    found = sorted(m.name for m in pkgutil.iter_modules(package.__path__) if not m.ispkg)
    return {name: f"{package.__name__}.{name}" for name in found if not name.startswith("_")}


def canonical(name: str) -> str:
    """A name as it is listed: hyphens are underscores, and capitals do not matter."""
    return name.replace("-", "_").lower()


def protocols(module: ModuleType) -> dict[str, type[Protocol]]:
    """The protocols that a module defines itself, by name, in the order of their definition."""
    classes = ((name, value) for name, value in vars(module).items() if isinstance(value, type))
    return {
        name: cls
        for name, cls in classes
        if issubclass(cls, Protocol) and cls.__module__ == module.__name__ and not name.startswith("_")
    }


def default(module: ModuleType) -> type[Protocol] | None:
    """The protocol that a module's bare name means: its only one, or the one that is named like it."""
    found = protocols(module)
    stem = module.__name__.rpartition(".")[2].replace("_", "")
    alike = [cls for name, cls in found.items() if name.lower() == stem]
    chosen = list(found.values()) if len(found) == 1 else alike
    return chosen[0] if chosen else None


def everything() -> Iterator[Bundled]:
    """Every bundled model, the small published ones last. The modules are imported."""
    for module, name in sorted(_titles().items(), key=_place):
        yield from _in(importlib.import_module(module), name)


def _titles() -> dict[str, str]:
    """The name that each module is listed by: the short one, but of an extension the long one."""
    shortest = {module: name for name, module in names().items()}
    extensions = {module: name for name, module in names().items() if name.startswith(EXTENDED)}
    return shortest | {module: name for module, name in extensions.items() if not _repeats(name)}


def _repeats(name: str) -> bool:
    family, _, member = name.partition(".")
    return family == member


def _place(named: tuple[str, str]) -> tuple[bool, str]:
    module, _ = named
    return module.startswith(classic.__name__), module


def _in(module: ModuleType, name: str) -> Iterator[Bundled]:
    bare = default(module)
    alone = len(protocols(module)) == 1
    for title, cls in protocols(module).items():
        about = module.__doc__ if alone else cls.__doc__
        yield Bundled(name if cls is bare else f"{name}:{title}", cls, first_line(about))


def first_line(text: str | None) -> str:
    """The first line of a docstring."""
    return (text or "").strip().partition("\n")[0]


def mutants() -> Iterator[Bundled]:
    """Every known bug that comes with quorate, with the parameters that show it."""
    for mutant in MUTANTS.values():
        breaks = f"{mutant.breaks} after {mutant.length} steps" if mutant.breaks else "nothing"
        yield Bundled(f"{MUTANT}{mutant.name}", mutant.protocol, mutant.summary, mutant.parameters, breaks)
