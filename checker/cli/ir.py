"""`quorate ir`: a model as the checker understood it."""

from __future__ import annotations

from pathlib import Path

import click

from ..frontend import compile_model
from ..ir import show
from . import options
from .command import Command
from .loading import load
from .output import deliver, require_writable


@click.command("ir", cls=Command)
@options.model
@options.output
def command(model: str, size: str | None, parameters: dict[str, str], output: Path | None) -> None:
    """Print MODEL as typed intermediate representation."""
    require_writable(output)
    loaded = load(model)
    deliver(show(compile_model(loaded.instance(size, parameters))), output)
