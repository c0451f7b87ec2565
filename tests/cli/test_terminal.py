"""The command as a process: signals, pipes, terminals, and what it imports."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

Spawn = Callable[..., "subprocess.Popen[str]"]


def wait_for(stream: str, process: subprocess.Popen[str]) -> str:
    """The first line that a process writes to its standard error."""
    pipe = getattr(process, stream)
    line = pipe.readline()
    assert isinstance(line, str)
    return line


def imported_by(*arguments: str) -> set[str]:
    code = (
        "import sys\n"
        "from quorate.checker.cli import main\n"
        f"main({list(arguments)!r}, prog_name='quorate', standalone_mode=False)\n"
        "print('\\n'.join(sys.modules), file=sys.stderr)\n"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(ended.stderr.splitlines())


# -- imports -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [("--help",), ("list",), ("check", "--help"), ("prove", "--help")])
def test_what_is_not_imported_without_need(arguments: tuple[str, ...]) -> None:
    heavy = {"networkx", "jsonschema", "numpy", "rich", "llvmlite", "z3"}
    assert imported_by(*arguments) & heavy == set()


# -- interruption --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_prints_what_it_has(spawn: Spawn, how: signal.Signals) -> None:
    process = spawn("check", "endless.py")
    assert wait_for("stderr", process).startswith("endless.py  ")
    process.send_signal(how)
    out, err = process.communicate()
    assert process.returncode == 130
    assert out.startswith("INCONCLUSIVE  endless.py  limit=1000000000\n")
    assert "not every state: the run was interrupted" in out
    assert "Traceback" not in err


def test_an_interrupted_run_prints_what_it_has_as_json(spawn: Spawn, folder: Path) -> None:
    process = spawn("check", "endless.py", "--format", "json", "--output", "out.json")
    wait_for("stderr", process)
    process.send_signal(signal.SIGINT)
    process.communicate()
    found = json.loads((folder / "out.json").read_text())
    assert process.returncode == 130
    assert (found["verdict"], found["interrupted"]) == ("inconclusive", True)
    assert found["distinct_states"] > 0


def test_an_interruption_before_the_run(spawn: Spawn, folder: Path) -> None:
    (folder / "slow.py").write_text("import sys, time\nprint('here', file=sys.stderr, flush=True)\ntime.sleep(600)\n")
    process = spawn("check", "slow.py")
    wait_for("stderr", process)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate()
    assert (process.returncode, out, err) == (130, "", "interrupted\n")


# -- pipes ---------------------------------------------------------------------------------------------------------


def test_a_reader_that_goes_away_changes_nothing(folder: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "quorate.checker", "check", "die-hard"]
    ended = subprocess.run(command, cwd=folder, stdout=writing, stderr=subprocess.PIPE, text=True)
    os.close(writing)
    assert (ended.returncode, ended.stderr) == (1, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk_behind_standard_output(folder: Path) -> None:
    command = [sys.executable, "-m", "quorate.checker", "check", "peterson", "--progress", "off"]
    with open("/dev/full", "w") as full:
        ended = subprocess.run(command, cwd=folder, stdout=full, stderr=subprocess.PIPE, text=True)
    assert ended.returncode == 2
    assert ended.stderr == "error[unwritable]: cannot write to standard output: No space left on device\n"


def test_without_any_standard_output(folder: Path) -> None:
    command = [sys.executable, "-m", "quorate.checker", "check", "die-hard", "--trace", "it.json"]
    ended = subprocess.run(["sh", "-c", '"$@" >&- 2>&-', "sh", *command], cwd=folder)
    assert ended.returncode == 1
    assert (folder / "it.json").exists()


def test_a_name_that_the_encoding_does_not_have(folder: Path) -> None:
    (folder / "λ.py").write_text((folder / "counter.py").read_text())
    command = [sys.executable, "-m", "quorate.checker", "check", "λ.py", "-q"]
    environment = os.environ | {"PYTHONIOENCODING": "latin-1"}
    ended = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    assert (ended.returncode, ended.stdout[:18]) == (0, "HOLDS  \\u03bb.py: ")


# -- progress ------------------------------------------------------------------------------------------------------


def test_plain_lines_in_a_pipe(spawn: Spawn) -> None:
    out, err = spawn("check", "endless.py", "--time-limit", "1.2").communicate()
    assert len(err.splitlines()) == 1
    for line in err.splitlines():
        name, states, rate, depth, frontier, clock = line.split("  ")
        assert (name, states.split()[1], rate[-2:]) == ("endless.py", "states", "/s")
        assert (depth.split()[0], frontier.split()[0], clock[:3]) == ("depth", "frontier", "00:")
    assert out.startswith("INCONCLUSIVE")


def test_no_progress_if_not_wanted(spawn: Spawn) -> None:
    assert spawn("check", "endless.py", "--time-limit", "1.2", "--quiet").communicate()[1] == ""


def on_terminal(folder: Path, *arguments: str, **environment: str) -> str:
    """What a command draws on a terminal that is its standard output and its standard error."""
    ours, theirs = pty.openpty()
    variables = {k: v for k, v in os.environ.items() if k not in ("CI", "NO_COLOR", "FORCE_COLOR")}
    variables |= {"TERM": "xterm", "COLUMNS": "100"} | environment
    command = [sys.executable, "-m", "quorate.checker", *arguments]
    process = subprocess.Popen(command, cwd=folder, stdout=theirs, stderr=theirs, stdin=theirs, env=variables)
    os.close(theirs)
    drawn: list[bytes] = []
    reader = threading.Thread(target=_read_all, args=(ours, drawn))
    reader.start()
    process.wait()
    reader.join()
    os.close(ours)
    return b"".join(drawn).decode()


def _read_all(terminal: int, into: list[bytes]) -> None:
    while True:
        try:
            into.append(os.read(terminal, 65536))
        except OSError:  # the other end is closed
            return


def test_a_live_line_on_a_terminal(folder: Path) -> None:
    drawn = on_terminal(folder, "check", "endless.py", "--time-limit", "1")
    assert "\x1b[2K" in drawn  # a line that is drawn again
    assert drawn.count(" states  ") > 2
    assert drawn.rindex("\x1b[?25h") < drawn.index("INCONCLUSIVE")  # the cursor is back before the result
    assert "\x1b[33m\x1b[1mINCONCLUSIVE" in drawn


def test_plain_lines_on_a_terminal_in_ci(folder: Path) -> None:
    drawn = on_terminal(folder, "check", "endless.py", "--time-limit", "1.2", CI="true")
    assert "\x1b[2K" not in drawn
    assert drawn.count(" states  ") == 1


@pytest.mark.parametrize(
    ("environment", "coloured"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False), ({"NO_COLOR": "1", "FORCE_COLOR": "1"}, False)],
)
def test_colours_on_a_terminal(folder: Path, environment: dict[str, str], coloured: bool) -> None:
    assert ("\x1b[" in on_terminal(folder, "check", "peterson", **environment)) == coloured


def test_colours_in_a_pipe_only_if_forced(folder: Path) -> None:
    command = [sys.executable, "-m", "quorate.checker", "check", "peterson"]
    plain = {k: v for k, v in os.environ.items() if k not in ("CI", "NO_COLOR", "FORCE_COLOR")}
    forced = plain | {"FORCE_COLOR": "1"}
    for environment, coloured in ((plain, False), (forced, True)):
        ended = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
        assert ("\x1b[" in ended.stdout) == coloured
