"""Trace files, and the models that they are of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from ...models.language import ModelError
from ...models.semantics import System
from ...traces import Recording, open_recording
from ..frontend import compile_model
from .loading import Loaded, load, load_bundled
from .parameters import defaults, instance


def files(paths: tuple[Path, ...]) -> Iterator[Path]:
    """These files; for a folder, the .json files in it, by name. Errors: `ModelError` for a folder without any."""
    for path in paths:
        found = sorted(path.glob("*.json")) if path.is_dir() else [path]
        if not found:
            raise ModelError("bad-trace", f"there is no trace in {path}", because="no file in it ends in .json")
        yield from found


def opened(path: Path) -> Recording:
    """A trace file, read and checked. Errors: `ModelError` if it cannot be read, or is no trace."""
    try:
        return open_recording(path)
    except OSError as error:
        raise ModelError("bad-trace", f"cannot read {path}", because=f"{error.strerror}".lower()) from error


class Candidates:
    """The models to hold traces against: the one that was named, or for each trace its own if it is bundled."""

    def __init__(self, named: str | None, parameters: Mapping[str, str]) -> None:
        self._named = None if named is None else load(named)
        self._parameters = parameters

    def system(self, recording: Recording) -> System:
        """The model of a trace, with its parameters. Errors: `ModelError` if it is not known, or does not fit."""
        loaded = self.model(recording)
        recorded = recording.header.parameters
        strange = [name for name in recorded if name not in defaults(loaded.model)]
        if strange:
            raise _other_protocol(recording, loaded, strange)
        protocol = instance(loaded.model, {**loaded.parameters, **recorded, **self._parameters})
        compile_model(protocol)
        return System(protocol)

    def model(self, recording: Recording) -> Loaded:
        """The protocol to hold a trace against. Errors: `ModelError` if only the trace itself names it."""
        return self._named or load_bundled(recording.header.model)


def _other_protocol(recording: Recording, loaded: Loaded, strange: list[str]) -> ModelError:
    names = ", ".join(strange)
    return ModelError(
        "bad-trace",
        f"the trace of {recording.header.model} does not fit {loaded.name}",
        because=f"it was recorded with {names}, which {loaded.model.__name__} does not have as a parameter",
        instead="give a model of the same protocol, such as a candidate that extends it",
    )
