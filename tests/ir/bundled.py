"""The protocols that come with quorate, and some of the known bugs."""

import importlib
import pkgutil

import quorate.models
from quorate.models.language import Protocol
from quorate.models.mutants import MUTANTS, Mutant

_NO_MODELS = ("quorate.models.language", "quorate.models.semantics", "quorate.models.mutants")
EVERY = 4


def bundled() -> list[type[Protocol]]:
    """Every protocol class under `models` that is meant to be right, in the order of its module's name."""
    names = [m.name for m in pkgutil.walk_packages(quorate.models.__path__, "quorate.models.")]
    models = [name for name in names if not name.startswith(_NO_MODELS) and "._" not in name]
    modules = [importlib.import_module(name) for name in models]
    found = [v for m in modules for v in vars(m).values() if isinstance(v, type) and v.__module__ == m.__name__]
    return [cls for cls in found if issubclass(cls, Protocol)]


def some_mutants() -> dict[str, Mutant]:
    """One mutant in so many, for tests that need long: most differ from their protocols in a method of a few lines."""
    return {name: MUTANTS[name] for name in sorted(MUTANTS)[::EVERY]}


def title(cls: type[Protocol]) -> str:
    """A short name for a bundled protocol: `classic.peterson.Peterson`."""
    return f"{cls.__module__.removeprefix('quorate.models.').rpartition('tests.ir.')[2]}.{cls.__name__}"
