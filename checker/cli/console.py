"""Standard output and standard error: who reads them, in which colours, and what if nobody does any more."""

from __future__ import annotations

import io
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Literal, TextIO

import click

from ...models.language import ModelError

When = Literal["auto", "always", "never"]
"""Whether to do something: as the terminal and the environment say, always, or never."""


def wants_colour(when: When, stream: TextIO | None, environment: Mapping[str, str]) -> bool:
    """Whether to colour what goes to a stream: NO_COLOR, FORCE_COLOR, TERM, is it a terminal."""
    if when != "auto":
        return when == "always"
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR", "0") != "0":
        return True
    return environment.get("TERM") != "dumb" and _is_terminal(stream)


def is_interactive(stream: TextIO | None, environment: Mapping[str, str]) -> bool:
    """Whether a line on this stream can be drawn again in place: a terminal, neither dumb nor in CI."""
    in_ci = environment.get("CI", "").lower() not in ("", "0", "false")
    return _is_terminal(stream) and environment.get("TERM") != "dumb" and not in_ci


def _is_terminal(stream: TextIO | None) -> bool:
    # None: it was closed before the program began
    return stream is not None and stream.isatty()


def escape_what_cannot_be_written() -> None:
    """Let a name that the encoding of the terminal does not have be shown as an escape instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def say(text: str) -> None:
    """Write a line to standard output.

    A reader that went away, as `| head` does, changes neither the run nor its exit status. Errors: `ModelError` if
    standard output cannot be written for another reason, such as a full disk.
    """
    try:
        click.echo(text)
    except BrokenPipeError:
        pass
    except OSError as error:
        raise ModelError("unwritable", f"cannot write to standard output: {error.strerror}") from error


def complain(text: str) -> None:
    """Write a line to standard error, if anybody reads it."""
    with suppress(OSError):
        click.echo(text, err=True)
