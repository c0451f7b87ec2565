"""Commands through the entry point, in a folder that holds the models of these tests."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from quorate.checker.cli import main

Quorate = Callable[..., Result]
Spawn = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that commands run in: copies of the models, and nothing else."""
    shutil.copytree(Path(__file__).parent / "models", tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR", "CI"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def quorate(folder: Path) -> Quorate:
    """Runs a command line in this process: `quorate("check", "peterson")`."""

    def run(*arguments: object) -> Result:
        return CliRunner().invoke(main, [str(a) for a in arguments], prog_name="quorate")

    return run


def _hear_interrupts() -> None:
    # tests that run in the background inherit that Ctrl-C is ignored
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def spawn(folder: Path) -> Spawn:
    """Starts a command line in a process of its own, with pipes for its output."""

    def start(*arguments: object) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "quorate.checker", *map(str, arguments)]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, cwd=folder, stdout=pipe, stderr=pipe, text=True, preexec_fn=_hear_interrupts)

    return start
