"""When progress is shown, and what it says."""

from __future__ import annotations

import io
import time

import pytest

from quorate.checker.cli.console import is_interactive, wants_colour
from quorate.checker.cli.progress import Plain, Silent, line, shown
from quorate.checker.search import Statistics


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_plain_lines_come_ever_more_rarely(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    meter, statistics = Plain("it"), Statistics()
    told = []
    for tenth in range(3000):
        now[0] = 100.0 + tenth / 10
        meter(statistics)
        if capsys.readouterr().err:
            told.append(tenth / 10)
    assert told == [1, 2, 5, 10, 30, 60, 120, 180, 240]


def test_a_late_line_is_not_made_up_for(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    meter, statistics = Plain("it"), Statistics()
    now[0] = 45.0
    meter(statistics)
    meter(statistics)
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_what_a_line_says(monkeypatch: pytest.MonkeyPatch) -> None:
    statistics = Statistics(distinct=1_234_567, depth=23, frontier=4_200, started=1000.0)
    monkeypatch.setattr(time, "monotonic", lambda: 1000.0 + 3 * 60 + 5)
    assert line("raft", statistics) == "raft  1,234,567 states  6,673/s  depth 23  frontier 4,200  03:05"


def test_off_is_off() -> None:
    with shown("off", "it") as meter:
        assert type(meter) is Silent


@pytest.mark.parametrize(
    ("environment", "interactive"),
    [
        ({"TERM": "xterm"}, True),
        ({"TERM": "dumb"}, False),
        ({"CI": "true"}, False),
        ({"CI": "1"}, False),
        ({"CI": "false"}, True),
        ({"CI": ""}, True),
    ],
)
def test_where_a_live_line_can_be_drawn(environment: dict[str, str], interactive: bool) -> None:
    assert is_interactive(Terminal(), environment) == interactive
    assert not is_interactive(io.StringIO(), environment)


@pytest.mark.parametrize(
    ("environment", "on_terminal", "elsewhere"),
    [
        ({}, True, False),
        ({"NO_COLOR": ""}, True, False),
        ({"NO_COLOR": "1"}, False, False),
        ({"FORCE_COLOR": "1"}, True, True),
        ({"FORCE_COLOR": "0"}, True, False),
        ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False, False),
        ({"TERM": "dumb"}, False, False),
        ({"TERM": "dumb", "FORCE_COLOR": "1"}, True, True),
    ],
)
def test_where_text_is_coloured(environment: dict[str, str], on_terminal: bool, elsewhere: bool) -> None:
    assert wants_colour("auto", Terminal(), environment) == on_terminal
    assert wants_colour("auto", io.StringIO(), environment) == elsewhere
    assert wants_colour("always", io.StringIO(), environment)
    assert not wants_colour("never", Terminal(), environment)
