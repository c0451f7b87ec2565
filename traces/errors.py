"""What is wrong with a trace file, and where in it."""

from __future__ import annotations

import json

from ..models.language import ModelError

Json = object
"""What `json.loads` gives."""


class TraceError(ModelError):
    """A trace file that is truncated, edited by hand, or not a trace.

    `at` is the place in the file as a JSON pointer (RFC 6901), empty for the file as a whole; `file` is its path.
    """

    def __init__(self, problem: str, *, at: str = "", file: str = "", because: str = "", instead: str = "") -> None:
        where = [part for part in (file, f"at {at}" if at else "") if part]
        super().__init__("bad-trace", ": ".join([*where, problem]), because=because, instead=instead)
        self.problem = problem
        self.at = at
        self.file = file

    def inside(self, file: str) -> TraceError:
        """The same error with the path of the file."""
        return TraceError(self.problem, at=self.at, file=file, because=self.because, instead=self.instead)


def unexpected(at: str, expected: str, found: Json) -> TraceError:
    """The error that something else was expected in this place."""
    return TraceError(f"expected {expected}, found {shortened(found)}", at=at)


def shortened(found: Json, most: int = 60) -> str:
    """What was found, as JSON of at most so many characters."""
    text = json.dumps(found)
    return text if len(text) <= most else text[: most - 3] + "..."


def below(at: str, part: str | int) -> str:
    """The JSON pointer of a member or element of what stands at `at`."""
    return f"{at}/{str(part).replace('~', '~0').replace('/', '~1')}"


def as_object(data: Json, at: str) -> dict[str, Json]:
    """This as a JSON object. Errors: `TraceError`."""
    if isinstance(data, dict):
        return data
    raise unexpected(at, "an object", data)


def as_array(data: Json, at: str) -> list[Json]:
    """This as a JSON array. Errors: `TraceError`."""
    if isinstance(data, list):
        return data
    raise unexpected(at, "an array", data)
