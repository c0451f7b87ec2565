"""Known mistakes in consensus protocols, each as small a change to a bundled model as shows it.

`MUTANTS` has them all by name, with the property that each breaks and the length of the shortest counterexample.
"""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from .mutant import Mutant


def _all() -> Iterator[Mutant]:
    """Every mutant of the modules beside this one, each of which has some in `MUTANTS`."""
    for module in sorted(found.name for found in pkgutil.iter_modules(__path__)):
        yield from vars(importlib.import_module(f"{__name__}.{module}")).get("MUTANTS", ())


MUTANTS: Mapping[str, Mutant] = MappingProxyType({mutant.name: mutant for mutant in _all()})
"""Every mutant by its name."""

__all__ = ["MUTANTS", "Mutant"]
