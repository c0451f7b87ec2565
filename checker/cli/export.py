"""`quorate export`: a counterexample in the format of another tool."""

from __future__ import annotations

from pathlib import Path

import click

from ...traces import EXPORTERS, read
from . import options
from .command import Command
from .output import deliver, require_writable
from .recorded import Candidates, opened


@click.command("export", cls=Command)
@click.argument("trace", type=click.Path(path_type=Path))
@click.option("--format", "form", type=click.Choice(list(EXPORTERS)), required=True, help="The format to write.")
@options.candidate
@options.output
def command(trace: Path, form: str, model: str | None, output: Path | None) -> None:
    """Write TRACE in another format.

    json can be replayed; text, mermaid and dot are for reading; graphml has the path of states, graphml-events the
    happens-before graph; itf is for tools that know the Informal Trace Format; history-edn and
    history-json are what clients asked for and were told, for checkers of histories such as Knossos.
    """
    require_writable(output)
    recording = opened(trace)
    deliver(EXPORTERS[form](read(recording, Candidates(model, {}).system(recording))), output)
