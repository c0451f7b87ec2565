"""Amounts as one writes them: `500M`, `2G`, `90`, `5m`."""

from __future__ import annotations

import re

import click

_BYTES = {"K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}
_SECONDS = {"": 1, "s": 1, "m": 60, "h": 3600}


def as_bytes(context: click.Context, option: click.Parameter, text: str | None) -> int | None:
    """`2G` or `500M`, in powers of 1024. Errors: `click.BadParameter` without a unit, or for nothing at all."""
    if text is None:
        return None
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([KMGT])(?:i?B)?", text.strip(), re.IGNORECASE | re.ASCII)
    amount = int(float(found[1]) * _BYTES[found[2].upper()]) if found else 0
    if amount < 1:
        raise click.BadParameter(f"{text!r} is no amount of memory; write 500M or 2G", context, option)
    return amount


def as_seconds(context: click.Context, option: click.Parameter, text: str | None) -> float | None:
    """`90`, `1.5s`, `5m` or `2h`, in seconds. Errors: `click.BadParameter` for anything else, or no time at all."""
    if text is None:
        return None
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smh]?)", text.strip(), re.ASCII)
    amount = float(found[1]) * _SECONDS[found[2]] if found else 0.0
    if not 0 < amount < float("inf"):
        raise click.BadParameter(f"{text!r} is no time; write 90, 5m or 2h", context, option)
    return amount
