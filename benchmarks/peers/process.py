"""Runs a command to its end and measures it."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Ended:
    """A process that has ended: `seconds` from its start, `memory` in bytes of the largest process of its tree.

    `cpu` are the seconds in which the tree had a core.
    """

    status: int
    output: str
    errors: str
    seconds: float
    cpu: float
    memory: int


def run(command: Sequence[str], folder: Path) -> Ended:
    """Run a command in a folder. Errors: `OSError` if it cannot be started."""
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as errors:
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=errors)
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            raise
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)  # it was waited for here
        output.seek(0)
        errors.seek(0)
        cpu = usage.ru_utime + usage.ru_stime
        # Linux counts ru_maxrss in KiB
        return Ended(process.returncode, output.read(), errors.read(), seconds, cpu, usage.ru_maxrss * 1024)


def built(command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> str | None:
    """Run a step of a build: None if it went well, else why not."""
    try:
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    except OSError as error:
        return str(error)
    return None if done.returncode == 0 else f"{command[0]} failed: {last_line(done.stderr or done.stdout)}"


def last_line(text: str) -> str:
    """The last line that says something."""
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "it said nothing")
