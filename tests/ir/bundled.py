"""The protocols that come with quorate."""

import importlib
import pkgutil

import quorate.models
from quorate.models.language import Protocol

_NO_MODELS = ("quorate.models.language", "quorate.models.semantics")


def bundled() -> list[type[Protocol]]:
    """Every protocol class under `models`, in the order of its module's name."""
    names = [m.name for m in pkgutil.walk_packages(quorate.models.__path__, "quorate.models.")]
    modules = [importlib.import_module(name) for name in names if not name.startswith(_NO_MODELS)]
    found = [v for m in modules for v in vars(m).values() if isinstance(v, type) and v.__module__ == m.__name__]
    return [cls for cls in found if issubclass(cls, Protocol)]


def title(cls: type[Protocol]) -> str:
    """A short name for a bundled protocol: `classic.peterson.Peterson`."""
    return f"{cls.__module__.removeprefix('quorate.models.').rpartition('tests.ir.')[2]}.{cls.__name__}"
