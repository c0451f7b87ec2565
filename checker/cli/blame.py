"""Whose fault is an exception: the model's, or ours?"""

from __future__ import annotations

import traceback
from dataclasses import replace
from pathlib import Path

from ...models.language import ModelError
from ..search.places import HOUSE, is_of_a_model, place_of


def mistake_of(error: Exception) -> ModelError | None:
    """What is wrong with the model, if an exception came out of its code or of an annotation in it."""
    frames = traceback.extract_tb(error.__traceback__)
    innermost = frames[-1].filename if frames else ""
    said = f"the model raised {type(error).__name__}: {error}"
    if innermost == "<string>":
        return ModelError("failed-model", said, because="an annotation of the model cannot be evaluated")
    trusted = Path(innermost).is_relative_to(HOUSE) or "site-packages" in innermost
    return ModelError("failed-model", said, place=place_of(error)) if is_of_a_model(innermost) and not trusted else None


def seen_from_here(mistake: ModelError) -> ModelError:
    """The same mistake, its place as a path from the current folder if it lies below."""
    place = mistake.place
    if place is not None and Path(place.file).is_relative_to(Path.cwd()):
        mistake.place = replace(place, file=str(Path(place.file).relative_to(Path.cwd())))
    return mistake
