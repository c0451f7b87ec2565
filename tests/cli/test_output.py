"""Files are written whole or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Quorate = Callable[..., Result]


def test_the_result_goes_to_the_file_and_the_text_to_the_terminal(quorate: Quorate, folder: Path) -> None:
    answer = quorate("check", "counter.py", "--format", "json", "--output", "result.json")
    assert json.loads((folder / "result.json").read_text())["verdict"] == "holds"
    assert answer.stdout.startswith("HOLDS  ")


def test_no_colours_in_a_file(quorate: Quorate, folder: Path) -> None:
    answer = quorate("check", "counter.py", "--color", "always", "--output", "result.txt")
    assert "\x1b[" in answer.stdout
    assert (folder / "result.txt").read_text().startswith("HOLDS  ")


def test_what_stood_there_is_replaced_and_keeps_its_mode(quorate: Quorate, folder: Path) -> None:
    (folder / "out").write_text("old" * 100_000)
    (folder / "out").chmod(0o640)
    before = {path.name for path in folder.iterdir()}
    with (folder / "out").open() as reader:
        quorate("check", "counter.py", "--output", "out")
        assert reader.read() == "old" * 100_000  # whoever reads it meanwhile has all of the old or all of the new
    assert (folder / "out").read_text().startswith("HOLDS")
    assert {path.name for path in folder.iterdir()} - {"__pycache__"} == before
    assert (folder / "out").stat().st_mode & 0o777 == 0o640


def test_a_link_stays_a_link(quorate: Quorate, folder: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "link").symlink_to("sub/real")
    quorate("check", "counter.py", "--output", "link")
    assert (folder / "link").is_symlink()
    assert (folder / "sub" / "real").read_text().startswith("HOLDS")


def test_a_pipe_is_written_in_place(quorate: Quorate, folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    reader = os.open(folder / "pipe", os.O_RDWR)
    assert quorate("check", "counter.py", "--output", "pipe").exit_code == 0
    assert (folder / "pipe").is_fifo()
    assert os.read(reader, 5) == b"HOLDS"
    os.close(reader)


def test_a_dash_is_standard_output(quorate: Quorate, folder: Path) -> None:
    answer = quorate("check", "counter.py", "--format", "json", "--output", "-")
    assert json.loads(answer.stdout)["verdict"] == "holds"
    assert not (folder / "-").exists()


def test_a_failed_write_leaves_what_stood_there(
    quorate: Quorate, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    (folder / "out").write_text("old")
    before = sorted(folder.iterdir())
    monkeypatch.setattr(os, "fsync", full)
    answer = quorate("check", "counter.py", "--output", "out")
    assert (answer.exit_code, (folder / "out").read_text()) == (2, "old")
    assert answer.stdout.startswith("HOLDS")  # the result of a long run is not lost
    assert answer.stderr.endswith("because no space left on device\n")
    assert sorted(folder.iterdir()) == before


def test_nothing_is_left_behind_by_a_run_that_fails(quorate: Quorate, folder: Path) -> None:
    before = sorted(folder.iterdir())
    assert quorate("check", "failing.py", "--output", "out", "--traceback").exit_code == 2
    assert [path for path in folder.iterdir() if path not in before and path.name != "__pycache__"] == []


# -- traces --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("it.json", '{\n  "schema": "quorate.trace/1"'),
        ("it", '{\n  "schema": "quorate.trace/1"'),
        ("it.dot", "digraph"),
        ("it.gv", "digraph"),
        ("it.mmd", "sequenceDiagram"),
        ("it.graphml", "<?xml"),
        ("it.itf.json", "{"),
        ("it.txt", ""),
    ],
)
def test_the_ending_decides_the_format_of_a_trace(quorate: Quorate, folder: Path, name: str, start: str) -> None:
    answer = quorate("check", "die-hard", "--trace", name)
    assert answer.exit_code == 1
    assert (folder / name).read_text().startswith(start)
    assert f"the trace is in {name}" in answer.stdout
    assert ("quorate replay" in answer.stdout) == (name in ("it.json", "it"))


def test_each_violation_has_a_file_of_its_own(quorate: Quorate, folder: Path) -> None:
    quorate("check", "counter.py", "-p", "limit=9", "--all", "--trace", "it.json")
    assert json.loads((folder / "it.json").read_text())["violated"] == "small"
    assert json.loads((folder / "it-not_seven.json").read_text())["violated"] == "not_seven"


def test_without_a_violation_the_file_is_left_alone(quorate: Quorate, folder: Path) -> None:
    (folder / "it.json").write_text("old")
    answer = quorate("check", "counter.py", "--trace", "it.json")
    assert (folder / "it.json").read_text() == "old"
    assert answer.stderr == "there is no counterexample to keep: it.json is left as it was\n"


def test_the_trace_to_a_mistake_is_kept_too(quorate: Quorate, folder: Path) -> None:
    answer = quorate("check", "failing.py", "--trace", "it.json")
    assert answer.exit_code == 2
    assert json.loads((folder / "it.json").read_text())["kind"] == "error"
    assert "the trace is in it.json; to replay it: quorate replay it.json --model failing.py" in answer.stderr
