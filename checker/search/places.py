"""Where in a model's own source an exception came from."""

from __future__ import annotations

import sysconfig
import traceback
from pathlib import Path

from ...models.language import Place

HOUSE = Path(__file__).resolve().parents[2]
"""The folder of the library itself."""

_OURS = tuple(HOUSE / room for room in ("models/language", "models/semantics", "checker", "traces"))
_PYTHON = Path(sysconfig.get_path("stdlib"))


def is_of_a_model(file: str) -> bool:
    """Whether a file is a model's, bundled or a user's: neither the checker's nor Python's own."""
    in_python = Path(file).is_relative_to(_PYTHON) and "site-packages" not in file
    return not (file.startswith("<") or in_python or any(Path(file).is_relative_to(room) for room in _OURS))


def place_of(failure: BaseException | None) -> Place | None:
    """The last line of a model that an exception passed through."""
    frames = traceback.extract_tb(failure.__traceback__) if failure else []
    theirs = [frame for frame in frames if is_of_a_model(frame.filename)]
    if not theirs:
        return None
    last = theirs[-1]
    end = (last.end_colno or 0) + 1 if last.end_lineno == last.lineno else 0
    return Place(last.filename, last.lineno or 1, (last.colno or 0) + 1, end)
