"""`quorate list`: what can be checked."""

from __future__ import annotations

import json
from typing import Any

import click

from . import bundled, options
from .command import Command
from .console import say
from .parameters import defaults, plain, shown


@click.command("list", cls=Command)
@click.argument("part", default="")
@click.option("--mutants", is_flag=True, help="List the known bugs instead: mutants of the models.")
@options.text_or_json
def command(part: str, mutants: bool, style: str) -> None:
    """List the bundled models, with their parameters and the defaults; with PART, those that have it in their name."""
    everything = bundled.mutants() if mutants else bundled.everything()
    models = [model for model in everything if bundled.canonical(part) in bundled.canonical(model.name)]
    say(json.dumps([_data(model) for model in models], indent=2) if style == "json" else "\n".join(map(_text, models)))


def _parameters(model: bundled.Bundled) -> dict[str, object]:
    return {**defaults(model.model), **model.parameters}


def _data(model: bundled.Bundled) -> dict[str, Any]:
    parameters = {name: plain(value) for name, value in _parameters(model).items()}
    where = {"module": model.model.__module__, "class": model.model.__qualname__}
    sizes = {size.name: dict(size.parameters) for size in model.model.sizes}
    found = {"name": model.name, "about": model.about, "parameters": parameters, "sizes": sizes, **where}
    return {**found, "breaks": model.breaks} if model.breaks else found


def _text(model: bundled.Bundled) -> str:
    parameters = "  ".join(f"{name}={shown(value)}" for name, value in _parameters(model).items())
    sizes = "" if model.breaks else "  ".join(size.name for size in model.model.sizes)
    lines = [model.about, parameters, sizes and f"sizes {sizes}", f"breaks {model.breaks}" if model.breaks else ""]
    return "\n".join([click.style(model.name, bold=True), *(f"    {line}" for line in lines if line)])
