"""`quorate layout`: what a state of a model is made of, in bits."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import click

from ...models.language import Protocol
from ...models.semantics import System
from ..frontend import compile_model
from ..native.layout.pack import Packing
from ..native.layout.show import Contents, Line, Section, contents
from ..native.layout.state import StateLayout
from . import options
from .command import Command
from .console import say
from .loading import load
from .parameters import plain, shown

SCHEMA = "quorate.layout/1"
"""The name and version of the format."""


@click.command("layout", cls=Command)
@options.model
@options.text_or_json
def command(model: str, size: str | None, parameters: dict[str, str], style: str) -> None:
    """Show how the compiled engine keeps a state of MODEL.

    Bits count what a state takes in memory, cells what the generated code works on. A network without a capacity has
    room for 16 messages at first, and for more when a run needs it.
    """
    loaded = load(model)
    protocol = loaded.instance(size, parameters)
    found = contents(Packing(StateLayout(System(protocol), compile_model(protocol))))
    data = _data(model, protocol, found)
    say(json.dumps(data, indent=2) if style == "json" else _text(model, protocol, found))


def _data(model: str, protocol: Protocol, found: Contents) -> dict[str, Any]:
    parameters = {name: plain(value) for name, value in protocol.parameters.items()}
    return {"schema": SCHEMA, "model": model, "parameters": parameters, **asdict(found)}


def _text(model: str, protocol: Protocol, found: Contents) -> str:
    parameters = " ".join(f"{name}={shown(value)}" for name, value in protocol.parameters.items())
    title = f"{click.style(model, bold=True)}  {parameters}".rstrip()
    words = f"{found.words:,} word{'' if found.words == 1 else 's'}"
    total = f"a state has {words} of 64 bits: {found.bits:,} bits in {found.cells:,} cells"
    names = [name for section in found.sections for name in (section.name, *(f"  {f.name}" for f in section.lines))]
    width = max(map(len, names))
    rows = [row for section in found.sections for row in _rows(section, width)]
    return "\n".join([title, total, "", f"{'':{width}}    bits   cells", *rows])


def _rows(section: Section, width: int) -> list[str]:
    title = click.style(f"{section.name:{width}}", bold=True)
    return [_row(title, section), *(_row(f"  {line.name:{width - 2}}", line) for line in section.lines)]


def _row(name: str, line: Section | Line) -> str:
    return f"{name}  {line.bits:6,}  {line.cells:6,}  {line.kept}".rstrip()
