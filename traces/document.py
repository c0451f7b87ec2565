"""Trace files as checked JSON: reading without harm, validation against the schema, readable layout."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, cast

from .errors import Json, TraceError, below, shortened

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator, ValidationError

SCHEMA = "quorate.trace/1"
"""The name and version of the format."""

LARGEST = 256 * 2**20
"""The largest file that is read, in bytes."""


def load(source: Path | str) -> dict[str, Any]:
    """The checked content of a trace: of a file if `source` is a `Path`, else of the text itself.

    Errors: `TraceError`, with the path of the file and the place in it; `OSError` if the file cannot be read.
    """
    if not isinstance(source, Path):
        return _checked(_parsed(source))
    try:
        return _checked(_parsed(_text(source)))
    except TraceError as error:
        raise error.inside(str(source)) from error.__cause__


def _text(path: Path) -> str:
    with path.open("rb") as file:
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise TraceError(f"larger than {LARGEST // 2**20} MiB, the most that a trace can have")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise TraceError(f"not text in UTF-8: byte {error.start} is {content[error.start]:#04x}") from error


def _parsed(text: str) -> Json:
    try:
        data = json.loads(text, object_pairs_hook=_object, parse_constant=_no_constant)
        json.dumps(data, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        raise TraceError(f"not JSON: line {error.lineno}, column {error.colno}: {error.msg}{_cut_off(text)}") from error
    except RecursionError as error:
        raise TraceError("nested too deeply to be a trace") from error
    except ValueError as error:
        raise TraceError(f"not JSON: {error}") from error
    return data


def _cut_off(text: str) -> str:
    return "" if text.rstrip().endswith("}") else " (the file is cut off)" if text.strip() else " (the file is empty)"


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"an object has two members named {shortened(twice)}")
    return made


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON value")


# -- the schema ----------------------------------------------------------------------------------------------------


@cache
def validator() -> Draft202012Validator:
    """The validator of the format."""
    from jsonschema import Draft202012Validator

    text = resources.files(__package__).joinpath("schema", "trace-1.json").read_text(encoding="utf-8")
    return Draft202012Validator(json.loads(text))


def _checked(data: Json) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise TraceError(f"expected an object with the member schema, found {shortened(data)}")
    _require_version(data)
    from jsonschema.exceptions import best_match

    worst = best_match(validator().iter_errors(data))
    if worst is not None:
        raise TraceError(_problem(worst), at=_pointer(worst.absolute_path))
    _require_numbers(data)
    _require_assumption(data)
    return data


def _require_version(data: dict[str, Any]) -> None:
    found = data.get("schema")
    if found == SCHEMA:
        return
    if "states" in data and "vars" in data:
        raise TraceError("this is a trace in ITF, which cannot be read back", instead="export it with --format json")
    if not isinstance(found, str) or not found.startswith("quorate.trace/"):
        raise TraceError(f'not a trace of quorate: expected "{SCHEMA}", found {shortened(found)}', at="/schema")
    raise TraceError(
        f"this tool reads {SCHEMA}, the file has {shortened(found)}", at="/schema", instead="update quorate"
    )


def _pointer(path: Iterable[str | int]) -> str:
    at = ""
    for part in path:
        at = below(at, part)
    return at


def _problem(error: ValidationError) -> str:
    instance, wanted = cast(Any, error.instance), cast(Any, error.validator_value)
    found = shortened(instance)
    match error.validator:
        case "type":
            return f"expected {wanted if isinstance(wanted, str) else ' or '.join(wanted)}, found {found}"
        case "enum":
            return f"expected one of {', '.join(wanted)}, found {found}"
        case "minimum":
            return f"expected at least {wanted}, found {found}"
        case "minItems":
            return "expected an initial state, found nothing"
        case "required":
            return next(f"{name} is missing" for name in wanted if name not in instance)
        case "additionalProperties":
            known = cast(Any, error.schema).get("properties", {})
            return "unexpected member " + next(shortened(name) for name in instance if name not in known)
    return f"not as the schema says ({error.validator}), found {found}"


def _require_numbers(data: dict[str, Any]) -> None:
    steps = data["steps"]
    if data["length"] != len(steps) - 1:
        raise TraceError(
            f"expected {len(steps) - 1}, one less than there are steps, found {data['length']}", at="/length"
        )
    for i, step in enumerate(steps):
        if step["number"] != i:
            raise TraceError(f"expected {i}, found {step['number']}", at=f"/steps/{i}/number")
        if (step["kind"] in ("initial", "assumed")) != (i == 0):
            raise TraceError("the first step, and no other, is of kind initial or assumed", at=f"/steps/{i}/kind")
        if step["state"] is None and i < len(steps) - 1:
            raise TraceError("expected a state: only the last step of a trace can fail", at=f"/steps/{i}/state")


def _require_assumption(data: dict[str, Any]) -> None:
    """Refuse a first state that is assumed without saying of which properties, and the other way round."""
    first = data["steps"][0]
    if first["kind"] == "assumed" and "assumes" not in data:
        raise TraceError("assumes is missing, and the first step is of kind assumed")
    if first["kind"] != "assumed" and "assumes" in data:
        raise TraceError("only a trace whose first step is of kind assumed assumes anything", at="/assumes")
    if first["kind"] == "assumed" and first["state"] is None:
        raise TraceError("expected a state: to assume one cannot fail", at="/steps/0/state")


# -- layout --------------------------------------------------------------------------------------------------------


def pretty(data: Json, indent: int = 0, width: int = 110) -> str:
    """JSON with each object and array on one line where it fits: the same data gives the same bytes."""
    if isinstance(data, dict) and data:
        parts = [f"{json.dumps(name)}: {pretty(value, indent + 2, width)}" for name, value in data.items()]
        return _laid_out("{", parts, "}", indent, width)
    if isinstance(data, list) and data:
        return _laid_out("[", [pretty(value, indent + 2, width) for value in data], "]", indent, width)
    return json.dumps(data)


def _laid_out(opening: str, parts: list[str], closing: str, indent: int, width: int) -> str:
    line = f"{opening}{', '.join(parts)}{closing}"
    if len(line) + indent <= width and "\n" not in line:
        return line
    margin = " " * indent
    lines = ",\n".join(f"{margin}  {part}" for part in parts)
    return f"{opening}\n{lines}\n{margin}{closing}"
