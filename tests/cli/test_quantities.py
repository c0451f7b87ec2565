"""Amounts of memory and time as one writes them."""

from __future__ import annotations

import click
import pytest

from quorate.checker.cli.quantities import as_bytes, as_seconds

CONTEXT = click.Context(click.Command("check"))
OPTION = click.Option(["--limit"])


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("500M", 500 * 2**20),
        ("2G", 2 * 2**30),
        ("2GiB", 2 * 2**30),
        ("2gb", 2 * 2**30),
        ("1.5 k", 1536),
        ("1T", 2**40),
    ],
)
def test_memory(text: str, amount: int) -> None:
    assert as_bytes(CONTEXT, OPTION, text) == amount


@pytest.mark.parametrize(("text", "amount"), [("90", 90), ("1.5", 1.5), ("90s", 90), ("5m", 300), ("2h", 7200)])
def test_time(text: str, amount: float) -> None:
    assert as_seconds(CONTEXT, OPTION, text) == amount


def test_no_limit() -> None:
    assert as_bytes(CONTEXT, OPTION, None) is None
    assert as_seconds(CONTEXT, OPTION, None) is None


@pytest.mark.parametrize("text", ["", "500", "0M", "-1M", "M", "5X", "٣M", "1e9M"])
def test_no_memory(text: str) -> None:
    with pytest.raises(click.BadParameter, match="is no amount of memory; write 500M or 2G"):
        as_bytes(CONTEXT, OPTION, text)


@pytest.mark.parametrize("text", ["", "0", "-1", "inf", "nan", "5d", "1:30", "٣"])
def test_no_time(text: str) -> None:
    with pytest.raises(click.BadParameter, match="is no time; write 90, 5m or 2h"):
        as_seconds(CONTEXT, OPTION, text)
