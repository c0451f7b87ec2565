"""Bad input: one clear message, exit status 2, no traceback."""

from __future__ import annotations

import errno
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Quorate = Callable[..., Result]

SYNTAX = """\
broken.py:3:9: error[syntax]: '(' was never closed
    3 | def step(
      |         ^
"""

RAISES = """\
raising.py:6:12: error[failed-import]: importing raising.py raised KeyError: 0
    6 |     return {}[number]
      |            ^^^^^^^^^^
"""


def refusal(answer: Result) -> str:
    """What a command says that cannot do what it was asked: on standard error, and nothing else."""
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert "Traceback" not in answer.stderr
    return answer.stderr


# -- models --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ("petersen", "error[unknown-model]: there is no model petersen\n   instead did you mean peterson?\n"),
        (
            "zzz",
            "error[unknown-model]: there is no model zzz\n"
            "   instead choose one that quorate list shows, or name a file\n",
        ),
        (
            "toys:ToyPaxo",
            "error[unknown-model]: toys has no protocol ToyPaxo\n   instead did you mean ToyPaxos or ToyRaft?\n",
        ),
        (
            "toys",
            "error[several-models]: toys defines 2 protocols\n   instead name one of toys:ToyPaxos, toys:ToyRaft\n",
        ),
        (
            "several.py",
            "error[several-models]: several.py defines 2 protocols\n"
            "   instead name one of several.py:Left, several.py:Right\n",
        ),
        ("several.py:Lift", "error[unknown-model]: several.py has no protocol Lift\n   instead did you mean Left?\n"),
        ("countre.py", "error[unknown-model]: there is no file countre.py\n   instead did you mean counter.py"),
        ("./counter", "error[unknown-model]: there is no file counter\n   instead did you mean counter.py?\n"),
        ("nowhere/x.py", "error[unknown-model]: there is no file nowhere/x.py\n"),
        ("./", "error[unknown-model]: . is a folder\n   instead name a file in it\n"),
        (
            "./notes.txt",
            "error[unknown-model]: notes.txt is not a Python file\n   instead name a file that ends in .py\n",
        ),
        (
            "empty.py",
            "error[unknown-model]: empty.py defines no protocol\n"
            "   instead define a class that extends quorate.models.language.Protocol\n",
        ),
        (
            "json:Decoder",
            "error[unknown-model]: json has no protocol Decoder\n   instead there is none to choose from\n",
        ),
        ("__main__:X", "error[unknown-model]: there is no model __main__:X\n"),
        ("", "error[unknown-model]: there is no model \n"),
        ("raft:", "error[unknown-model]: there is no model raft:\n   instead did you mean raft"),
        ("no.such.module:X", "error[unknown-model]: there is no model no.such.module:X\n   instead choose one that"),
    ],
)
def test_a_model_that_is_not_there(quorate: Quorate, folder: Path, model: str, message: str) -> None:
    (folder / "empty.py").write_text("")
    (folder / "notes.txt").write_text("")
    assert refusal(quorate("check", model)).startswith(message)


def test_a_model_file_with_a_syntax_error(quorate: Quorate, folder: Path) -> None:
    (folder / "broken.py").write_text("import os\n\ndef step(\n")
    assert refusal(quorate("check", "broken.py")) == SYNTAX


@pytest.mark.parametrize("content", [b"x = '\xff'\n", b"x = 1\0\n"])
def test_a_model_file_that_is_not_source(quorate: Quorate, folder: Path, content: bytes) -> None:
    (folder / "binary.py").write_bytes(content)
    assert "error[syntax]: " in refusal(quorate("check", "binary.py"))


def test_a_model_file_that_raises(quorate: Quorate, folder: Path) -> None:
    (folder / "raising.py").write_text("import os\n\n\n\ndef whole(number):\n    return {}[number]\n\n\nwhole(0)\n")
    assert refusal(quorate("check", "raising.py")) == RAISES
    assert "quorate_file_raising" not in sys.modules


def test_a_model_file_that_wants_to_end_the_program(quorate: Quorate, folder: Path) -> None:
    (folder / "leaving.py").write_text("import sys\nsys.exit(0)\n")
    assert "leaving.py:2:1: error[failed-import]: importing leaving.py raised SystemExit: 0" in refusal(
        quorate("check", "leaving.py")
    )


def test_an_import_that_is_missing(quorate: Quorate, folder: Path) -> None:
    (folder / "importing.py").write_text("from quorate.models import nothing_like_it\n")
    message = refusal(quorate("check", "importing.py"))
    assert message.startswith("importing.py:1:1: error[failed-import]: importing importing.py raised ImportError: ")


@pytest.mark.parametrize(
    ("old", "new", "advice"),
    [
        ("Range,", "Ragne,", "did you mean Range"),
        ("@action\n", "@action()\n", "write @action, @receive and the others without parentheses"),
        ("count:", "domain:", "give the field another name"),
        ("count:", "parameters:", "give the field another name"),
    ],
)
def test_what_goes_wrong_while_a_model_loads_has_a_place_and_advice(
    quorate: Quorate, folder: Path, old: str, new: str, advice: str
) -> None:
    text = (folder / "counter.py").read_text()
    assert old in text
    (folder / "loading.py").write_text(text.replace(old, new, 1))
    message = refusal(quorate("check", "loading.py"))
    assert message.startswith("loading.py:")
    assert f"\n   instead {advice}" in message


def test_a_relative_import_in_a_single_file(quorate: Quorate, folder: Path) -> None:
    (folder / "relative.py").write_text("from .language import Protocol\n")
    assert refusal(quorate("check", "relative.py")).endswith(
        "   instead write absolute imports, such as: from quorate.models.language import Protocol\n"
    )


def test_a_name_that_an_annotation_misses(quorate: Quorate, folder: Path) -> None:
    text = (folder / "counter.py").read_text()
    (folder / "annotated.py").write_text(text.replace("count: Annotated", "count: Anotated"))
    message = refusal(quorate("check", "annotated.py"))
    assert message.startswith("annotated.py:")
    assert "error[unknown-name]: Anotated is not defined here\n" in message
    assert "\n   instead did you mean Annotated or " in message


def test_a_construct_outside_the_language(quorate: Quorate, folder: Path) -> None:
    text = (folder / "counter.py").read_text()
    (folder / "outside.py").write_text(text.replace("self.count += 1", "print(self.count)"))
    message = refusal(quorate("check", "outside.py"))
    assert message.startswith("outside.py:19:9: error[")
    assert "\n   19 |         print(self.count)\n      |         ^" in message


def test_several_mistakes_are_all_named(quorate: Quorate, folder: Path) -> None:
    text = (folder / "counter.py").read_text().replace("self.count = 0", "print(self.coutn)")
    (folder / "outside.py").write_text(text)
    first, *others = refusal(quorate("check", "outside.py")).split("\nalso ")
    assert first.startswith("outside.py:25:")
    assert [line.partition("print")[0] for line in others] == ["outside.py:31:9: error[outside-subset]: "]


def test_what_follows_from_a_declaration_is_not_named(quorate: Quorate, folder: Path) -> None:
    text = (folder / "counter.py").read_text().replace('Annotated[int, Range(0, "limit")]', "int")
    (folder / "outside.py").write_text(text)
    message = refusal(quorate("check", "outside.py"))
    assert message.startswith("outside.py:14:5: error[no-domain]: int is not a finite domain\n")
    assert "\nalso " not in message


def test_a_step_that_fails(quorate: Quorate) -> None:
    answer = quorate("check", "failing.py")
    assert (answer.exit_code, answer.stdout) == (2, "")
    assert answer.stderr.startswith("failing.py:22:22: error[failed-step]: look raised IndexError: tuple index out of")
    assert (
        "\n   22 |         self.index = self.seen[self.index] + 1\n      |                      ^^^^^^^^^^^"
        in answer.stderr
    )
    assert [line.split()[:2] for line in answer.stderr.splitlines() if " look" in line][-1] == ["3", "look()"]


def test_traceback_shows_it(quorate: Quorate) -> None:
    answer = quorate("check", "failing.py", "--traceback")
    assert answer.exit_code == 2
    assert "Traceback (most recent call last)" in answer.stderr
    assert "IndexError: tuple index out of range" in answer.stderr


# -- parameters and properties -------------------------------------------------------------------------------------

DOMAIN = "is outside the domain of this parameter of"


@pytest.mark.parametrize(
    ("model", "given", "message"),
    [
        ("counter.py", "limt=2", "[unknown-parameter]: Counter has no parameter limt\n   instead did you mean limit?"),
        ("counter.py", "limit=-1", f"[parameter-domain]: limit=-1 {DOMAIN} Counter: it must be at least 0"),
        ("counter.py", "limit=2.5", f"[parameter-domain]: limit=2.5 {DOMAIN} Counter: it must be a whole number"),
        ("counter.py", "limit=two", f"[parameter-domain]: limit=two {DOMAIN} Counter: it must be a whole number"),
        ("options.py", "tries=5", f"[parameter-domain]: tries=5 {DOMAIN} Options: it must be at most 4"),
        ("options.py", "allowed=1", f"[parameter-domain]: allowed=1 {DOMAIN} Options: it must be true or false"),
        (
            "options.py",
            "mode=HASTE",
            f"[parameter-domain]: mode=HASTE {DOMAIN} Options: it must be CAREFUL or HASTY\n"
            "   instead did you mean HASTY?",
        ),
        ("raft", "servers=0", f"[parameter-domain]: servers=0 {DOMAIN} Raft: it must be at least 1"),
    ],
)
def test_a_parameter_that_is_not_one(quorate: Quorate, model: str, given: str, message: str) -> None:
    assert refusal(quorate("check", model, "-p", given)) == f"error{message}\n"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (("limit",), "'limit' is not of the form name=value"),
        (("=3",), "'=3' is not of the form name=value"),
        (("limit=",), "'limit=' is not of the form name=value"),
        (("limit=2", "limit=3"), "limit is given twice"),
    ],
)
def test_a_parameter_that_cannot_be_read(quorate: Quorate, given: tuple[str, ...], message: str) -> None:
    options = [part for text in given for part in ("-p", text)]
    assert message in refusal(quorate("check", "counter.py", *options))


def test_a_property_that_is_not_one(quorate: Quorate) -> None:
    message = "error[unknown-property]: Counter has no property smal\n   instead did you mean small?\n"
    assert refusal(quorate("check", "counter.py", "--property", "smal")) == message
    assert refusal(quorate("simulate", "counter.py", "--property", "smal")) == message


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--memory-limit", "500"),
        ("--memory-limit", "0M"),
        ("--memory-limit", "lots"),
        ("--time-limit", "0"),
        ("--time-limit", "-1"),
        ("--time-limit", "nan"),
        ("--time-limit", "soon"),
        ("--max-depth", "0"),
        ("--max-states", "many"),
        ("--engine", "warp"),
        ("--format", "xml"),
    ],
)
def test_an_option_with_a_value_that_is_none(quorate: Quorate, option: str, value: str) -> None:
    assert f"Invalid value for '{option}'" in refusal(quorate("check", "counter.py", option, value))


def test_no_model_and_no_such_command(quorate: Quorate) -> None:
    assert "Missing argument 'MODEL'" in refusal(quorate("check"))
    assert "No such command 'chekc'" in refusal(quorate("chekc"))


# -- traces --------------------------------------------------------------------------------------------------------


@pytest.fixture
def trace(quorate: Quorate, folder: Path) -> Path:
    assert quorate("check", "die-hard", "--trace", "it.json").exit_code == 1
    return folder / "it.json"


def edited(trace: Path, *path: str | int, value: object) -> None:
    data = json.loads(trace.read_text())
    inner = data
    for part in path[:-1]:
        inner = inner[part]
    inner[path[-1]] = value
    trace.write_text(json.dumps(data))


def wrong_with(answer: Result) -> str:
    assert answer.exit_code == 2
    assert "Traceback" not in answer.stderr
    return answer.stderr


def test_a_truncated_trace(quorate: Quorate, trace: Path) -> None:
    text = trace.read_text()
    trace.write_text(text[: len(text) // 2])
    for command in (("replay",), ("export", "--format", "text")):
        assert wrong_with(quorate(*command, "it.json")).startswith("error[bad-trace]: it.json: not JSON: line ")


def test_a_trace_that_was_edited_by_hand(quorate: Quorate, trace: Path) -> None:
    edited(trace, "steps", 3, "kind", value="leap")
    assert wrong_with(quorate("replay", "it.json")).startswith("error[bad-trace]: it.json: at /steps/3/kind: ")


def test_a_trace_that_is_not_there(quorate: Quorate) -> None:
    expected = "error[bad-trace]: cannot read none.json\n   because no such file or directory\n"
    assert wrong_with(quorate("replay", "none.json")) == expected
    assert wrong_with(quorate("export", "none.json", "--format", "dot")) == expected


def test_a_folder_without_traces(quorate: Quorate) -> None:
    expected = "error[bad-trace]: there is no trace in .\n   because no file in it ends in .json\n"
    assert wrong_with(quorate("replay", ".")) == expected


@pytest.mark.parametrize("name", ["counter.py", "counter:Counter"])
def test_no_code_runs_because_a_trace_says_so(quorate: Quorate, trace: Path, folder: Path, name: str) -> None:
    (folder / "counter.py").write_text("raise AssertionError('imported')\n")
    edited(trace, "model", "name", value=name)
    assert wrong_with(quorate("replay", "it.json")) == (
        f"error[needs-model]: the trace is of {name}, which is not a bundled model\n"
        "   because loading a model runs its Python, and nothing is imported because a trace file says so\n"
        f"   instead give the model: --model {name}\n"
    )


# -- output --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "because"),
    [
        ("nowhere/out", "there is no folder {folder}/nowhere"),
        ("counter.py/out", "not a directory"),
        ("sub", "it is a folder"),
    ],
)
@pytest.mark.parametrize("option", ["--output", "--trace"])
def test_an_unwritable_path_is_found_out_first(
    quorate: Quorate, folder: Path, option: str, path: str, because: str
) -> None:
    (folder / "sub").mkdir()
    expected = f"error[unwritable]: cannot write {folder / path}\n   because {because.format(folder=folder)}\n"
    assert refusal(quorate("check", "counter.py", option, path)) == expected


def test_one_file_for_two_outputs(quorate: Quorate, folder: Path) -> None:
    answer = quorate("check", "counter.py", "--output", "it.json", "--trace", "./it.json")
    assert refusal(answer) == f"error[unwritable]: {folder / 'it.json'} cannot hold two outputs of one run\n"


def test_a_folder_that_may_not_be_written(quorate: Quorate, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    # root may write anywhere, so the system's answer is played
    monkeypatch.setattr("quorate.checker.cli.output._create", refuse)
    expected = f"error[unwritable]: cannot write {folder / 'out'}\n   because permission denied\n"
    assert refusal(quorate("check", "counter.py", "--output", "out")) == expected
