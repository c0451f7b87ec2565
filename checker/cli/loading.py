"""MODEL as it is written on the command line: which protocol it means."""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

from ...models.language import ModelError, Protocol
from ...models.language.protocol import near
from . import bundled
from .advice import did_you_mean
from .importing import can_import, import_file, import_module
from .parameters import instance


@dataclass(frozen=True)
class Loaded:
    """A protocol class, how it was named, and the parameters that the name itself stands for."""

    name: str
    model: type[Protocol]
    parameters: Mapping[str, object] = field(default_factory=dict)

    def instance(self, size: str | None, given: Mapping[str, str]) -> Protocol:
        """The protocol of a named size, with what `-p` gives on top. Errors: `ModelError`."""
        sized = self.model.size_named(size).parameters if size else {}
        return instance(self.model, {**sized, **self.parameters, **given})


def load(name: str) -> Loaded:
    """The protocol that MODEL means. Its module is imported: that runs its Python.

    Errors: `ModelError` if there is none, with the near matches, if there are several, or if it cannot be imported.
    """
    if name.startswith(bundled.MUTANT):
        return _mutant(name)
    found = re.fullmatch(r"(.+?)(?::(\w+))?", name)
    where, class_name = (found[1], found[2] or "") if found else (name, "")
    if where.endswith(".py") or "/" in where:
        return Loaded(name, _chosen(import_file(Path(where)), where, class_name))
    known = bundled.names().get(bundled.canonical(where))
    if known is not None:
        return Loaded(name, _from_bundled(importlib.import_module(known), where, class_name))
    if not class_name or not can_import(where):
        raise _unknown(name)
    return Loaded(name, _named(import_module(where), where, class_name))


def is_bundled(name: str) -> bool:
    """Whether this names a model that comes with quorate."""
    return name.startswith(bundled.MUTANT) or bundled.canonical(name.partition(":")[0]) in bundled.names()


def load_bundled(name: str) -> Loaded:
    """As `load`, for a name that a trace file gives. Errors: `ModelError` for a file or a module."""
    if is_bundled(name):
        return load(name)
    raise ModelError(
        "needs-model",
        f"the trace is of {name}, which is not a bundled model",
        because="loading a model runs its Python, and nothing is imported because a trace file says so",
        instead=f"give the model: --model {name}",
    )


def _from_bundled(module: ModuleType, where: str, class_name: str) -> type[Protocol]:
    model = None if class_name else bundled.default(module)
    return model or _chosen(module, where, class_name)


def _chosen(module: ModuleType, where: str, class_name: str) -> type[Protocol]:
    own = bundled.protocols(module)
    if class_name:
        return _named(module, where, class_name)
    if len(own) == 1:
        return next(iter(own.values()))
    if not own:
        advice = "define a class that extends quorate.models.language.Protocol"
        raise ModelError("unknown-model", f"{where} defines no protocol", instead=advice)
    choices = ", ".join(f"{where}:{name}" for name in own)
    raise ModelError("several-models", f"{where} defines {len(own)} protocols", instead=f"name one of {choices}")


def _named(module: ModuleType, where: str, class_name: str) -> type[Protocol]:
    found = getattr(module, class_name, None)
    if isinstance(found, type) and issubclass(found, Protocol) and found is not Protocol:
        return found
    advice = near(class_name, list(bundled.protocols(module)))
    raise ModelError("unknown-model", f"{where} has no protocol {class_name}", instead=advice)


def _unknown(name: str) -> ModelError:
    known = [m.name for m in (*bundled.everything(), *bundled.mutants())]
    advice = did_you_mean(name, known, "choose one that quorate list shows, or name a file")
    return ModelError("unknown-model", f"there is no model {name}", instead=advice)


def _mutant(name: str) -> Loaded:
    known = {mutant.name: mutant for mutant in bundled.mutants()}
    found = known.get(bundled.MUTANT + name.removeprefix(bundled.MUTANT).lower().replace("_", "-"))
    if found is None:
        advice = did_you_mean(name, list(known), "choose one that quorate list --mutants shows")
        raise ModelError("unknown-model", f"there is no mutant {name.removeprefix(bundled.MUTANT)}", instead=advice)
    return Loaded(name, found.model, found.parameters)
