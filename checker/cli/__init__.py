"""The command line: one file a subcommand, and the rooms they share."""

from __future__ import annotations

import click

from . import bmc, check, export, ir, layout, listing, prove, replay, simulate


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="quorate", message="quorate %(version)s")
def main() -> None:
    """Check models of consensus protocols.

    MODEL is a bundled name (raft), a file (path/to/file.py, or path/to/file.py:Class if it has several protocols),
    module:Class, or mutant:NAME. Loading a model runs its Python.

    \b
    Exit status:
      0    every property holds in every state within the bounds, or is proved
      1    a property is violated, or a proof is not inductive
      2    the model, a file or the command line is wrong
      3    inconclusive: a limit ended the run, and nothing it saw was violated; or unknown to the solver
      4    our own fault
      130  interrupted
    """


for _module in (listing, check, simulate, prove, bmc, replay, export, ir, layout):
    main.add_command(_module.command)
