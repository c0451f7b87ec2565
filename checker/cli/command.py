"""What every subcommand has: its exit status, `--traceback` and `--color`."""

from __future__ import annotations

import os
import sys
from typing import Any

import click

from .console import escape_what_cannot_be_written, wants_colour
from .failures import told

_TRACEBACK = "quorate.traceback"


class Command(click.Command):
    """A subcommand: every failure becomes one message and an exit status."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params += [_color(), _traceback()]

    def invoke(self, ctx: click.Context) -> Any:
        escape_what_cannot_be_written()
        with told(ctx.meta.get(_TRACEBACK, False)):
            return super().invoke(ctx)


def _color() -> click.Option:
    return click.Option(
        ["--color"],
        type=click.Choice(["auto", "always", "never"]),
        default="auto",
        callback=_set_color,
        expose_value=False,
        help="Colour the text; auto heeds NO_COLOR, FORCE_COLOR and TERM.",
    )


def _set_color(ctx: click.Context, option: click.Parameter, value: Any) -> None:
    ctx.color = wants_colour(value, sys.stdout, os.environ)


def _traceback() -> click.Option:
    return click.Option(
        ["--traceback"],
        is_flag=True,
        callback=_set_traceback,
        expose_value=False,
        help="Show the Python traceback of a failure.",
    )


def _set_traceback(ctx: click.Context, option: click.Parameter, value: bool) -> None:
    ctx.meta[_TRACEBACK] = value
