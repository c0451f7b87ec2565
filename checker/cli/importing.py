"""Importing a user's module: under which name, and what is said if that fails."""

from __future__ import annotations

import importlib
import importlib.util
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from pathlib import Path
from types import ModuleType

from ... import models
from ...models.language import ModelError, Place
from ..search.places import place_of
from .advice import did_you_mean

_ROOT = Path(models.__file__ or "").resolve().parents[1]


def import_module(name: str) -> ModuleType:
    """A module that can be imported from here. Errors: `ModelError` if it cannot, or if it fails."""
    with _importable_from(Path.cwd()), _told(name):
        return importlib.import_module(name)


def can_import(name: str) -> bool:
    """Whether the module, or the package that it is in, can be found from here."""
    top = name.partition(".")[0]
    with _importable_from(Path.cwd()), suppress(ValueError):  # what has no specification, such as __main__
        return top.isidentifier() and importlib.util.find_spec(top) is not None
    return False


def import_file(path: Path) -> ModuleType:
    """The module in a file; the modules beside it can be imported while it loads.

    A file of a package is imported as what it is, any other under a name of its own.
    Errors: `ModelError` if there is no such file, or if it fails.
    """
    _require_source(path)
    base, name = _dotted(path.resolve())
    with _importable_from(base), _told(str(path)):
        return _in_package(path, name) if "." in name else _alone(path, name)


def _require_source(path: Path) -> None:
    if path.is_dir():
        raise ModelError("unknown-model", f"{path} is a folder", instead="name a file in it")
    if not path.exists():
        advice = did_you_mean(path.name, sorted(p.name for p in path.parent.glob("*.py")))
        raise ModelError("unknown-model", f"there is no file {path}", instead=advice)
    if path.suffix != ".py":
        raise ModelError("unknown-model", f"{path} is not a Python file", instead="name a file that ends in .py")


def _dotted(path: Path) -> tuple[Path, str]:
    """The folder to import from, and the name of the module seen from there."""
    parts, folder = [path.stem], path.parent
    while (folder / "__init__.py").exists():
        parts.insert(0, "quorate" if folder == _ROOT else folder.name)
        folder = folder.parent
    return folder, ".".join(parts)


def _in_package(path: Path, name: str) -> ModuleType:
    module = importlib.import_module(name)
    if Path(module.__file__ or "").resolve() != path.resolve():
        raise ImportError(f"{name} is {module.__file__}, another module of the same name")
    return module


def _alone(path: Path, stem: str) -> ModuleType:
    name = _unused(f"quorate_file_{stem}")
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} cannot be imported")
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _unused(name: str) -> str:
    number = 1
    candidate = name
    while candidate in sys.modules:
        number += 1
        candidate = f"{name}_{number}"
    return candidate


@contextmanager
def _importable_from(folder: Path) -> Iterator[None]:
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        with suppress(ValueError):  # the module may have changed the path itself
            sys.path.remove(str(folder))


# -- what is said --------------------------------------------------------------------------------------------------


@contextmanager
def _told(what: str) -> Iterator[None]:
    try:
        with redirect_stdout(sys.stderr):  # what a model prints while it loads is no part of the result
            yield
    except ModelError as mistake:
        mistake.place = mistake.place or place_of(mistake)
        raise
    except SyntaxError as error:
        raise ModelError("syntax", error.msg, place=_place_of_syntax(error)) from error
    except (Exception, SystemExit) as error:
        raise _failed(what, error) from error


def _place_of_syntax(error: SyntaxError) -> Place | None:
    if not error.filename or not error.lineno:
        return None
    one_line = error.end_lineno in (None, error.lineno)
    end = error.end_offset or 0
    return Place(error.filename, error.lineno, max(1, error.offset or 1), max(0, end) if one_line else 0)


def _failed(what: str, error: BaseException) -> ModelError:
    said = f"{type(error).__name__}" + (f": {error}" if str(error) else "")
    advice = _advice(str(error))
    return ModelError("failed-import", f"importing {what} raised {said}", place=place_of(error), instead=advice)


def _advice(said: str) -> str:
    missing = re.match(r"cannot import name '(\w+)' from '([\w.]+)'", said)
    if missing:
        return did_you_mean(missing[1], [name for name in dir(sys.modules.get(missing[2])) if not name.startswith("_")])
    return next((advice for sign, advice in _ADVICE.items() if sign in said), "")


_ADVICE = {
    "relative import": "write absolute imports, such as: from quorate.models.language import Protocol",
    "missing 1 required positional argument: 'method'": "write @action, @receive and the others without parentheses",
}
