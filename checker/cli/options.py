"""The arguments and options that several subcommands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from .parameters import assignments
from .quantities import as_bytes, as_seconds

F = TypeVar("F", bound=Callable[..., Any])
Decorator = Callable[[F], F]


def together(*decorators: Callable[[F], F]) -> Callable[[F], F]:
    """Several decorators as one; the first stands first in the help."""

    def decorate(function: F) -> F:
        for decorator in reversed(decorators):
            function = decorator(function)
        return function

    return decorate


def _file(context: click.Context, option: click.Parameter, text: str | None) -> Path | None:
    return None if text in (None, "-") else Path(text or "")


parameter = click.option(
    "-p",
    "--parameter",
    "parameters",
    metavar="NAME=VALUE",
    multiple=True,
    callback=assignments,
    help="A parameter of the model, or the size of a cluster; may be repeated.",
)

size = click.option("--size", metavar="NAME", help="A named choice of parameters, such as small; -p comes on top.")

model = together(click.argument("model"), size, parameter)

candidate = click.option(
    "--model",
    metavar="MODEL",
    help="The model to run it on; needed if its own is not bundled, for nothing is imported because a trace says so.",
)

output = click.option(
    "--output", metavar="FILE", callback=_file, help="Write to FILE, whole or not at all, instead of standard output."
)

text_or_json = click.option(
    "--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to write it."
)

limits = together(
    click.option(
        "--max-states", type=click.IntRange(min=1), metavar="N", help="End inconclusive after so many distinct states."
    ),
    click.option(
        "--time-limit",
        callback=as_seconds,
        metavar="TIME",
        help="End inconclusive after so long: 90 (s), 5m, 2h.",
    ),
    click.option(
        "--memory-limit", callback=as_bytes, metavar="SIZE", help="End inconclusive at so much memory: 500M, 2G."
    ),
)


def _names(context: click.Context, option: click.Parameter, given: tuple[str, ...]) -> tuple[str, ...]:
    """The names in `a,b` and `c`. Errors: `click.BadParameter` for an empty one, or one that is given twice."""
    found = [name.strip() for text in given for name in text.split(",")]
    for name in found:
        if not name:
            raise click.BadParameter("a name is missing beside a comma", context, option)
        if found.count(name) > 1:
            raise click.BadParameter(f"{name} is given twice", context, option)
    return tuple(found)


def names(option: str, help_text: str, argument: str = "") -> Callable[[F], F]:
    """An option that takes several names, repeated or with commas."""
    words = (option, argument) if argument else (option,)
    return click.option(*words, metavar="NAME[,NAME]...", multiple=True, callback=_names, help=help_text)


properties = click.option(
    "--property",
    "properties",
    metavar="NAME",
    multiple=True,
    help="Check this property only; may be repeated. By default all but the lemmas are checked.",
)

engine = together(
    click.option(
        "--engine",
        type=click.Choice(["auto", "native", "reference"]),
        default="auto",
        show_default=True,
        help="What explores the model: native runs machine code, reference its Python; auto is native where it can be.",
    ),
    click.option("--threads", type=click.IntRange(min=1), metavar="N", help="Native threads. By default all cores."),
    click.option("--no-cache", is_flag=True, help="Neither use nor keep compiled models on disk."),
)

solver = together(
    click.option(
        "--time-limit", callback=as_seconds, metavar="TIME", help="Ask the solver for so long: 90 (s), 5m, 2h."
    ),
    click.option("--seed", type=int, default=0, show_default=True, help="The same seed gives the same answers."),
)

reporting = together(
    text_or_json,
    click.option(
        "--output",
        metavar="FILE",
        callback=_file,
        help="Write the result to FILE in this format; the text still goes to standard output.",
    ),
    click.option(
        "--trace",
        metavar="FILE",
        callback=_file,
        help="Write the counterexample to FILE, in the format that its ending names; .json can be replayed.",
    ),
    click.option("-q", "--quiet", is_flag=True, help="No progress, and only the verdict as text."),
    click.option(
        "--progress",
        type=click.Choice(["auto", "live", "plain", "off"]),
        default="auto",
        show_default=True,
        help="A live line, plain lines now and then, or nothing; on standard error.",
    ),
    click.option("--allow-inconclusive", is_flag=True, help="Exit with 0 if the run is inconclusive, and say so."),
)
