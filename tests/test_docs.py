"""What the documents say is so: their models run, their commands print what they show."""

from __future__ import annotations

import doctest
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from quorate.checker.cli import main
from quorate.checker.cli.keeping import ENDINGS
from quorate.checker.cli.proofs import Account
from quorate.checker.cli.proofs_data import as_data
from quorate.checker.symbolic.proof import Proof

ROOT = Path(__file__).parent.parent


def blocks(document: str, language: str) -> list[str]:
    text = (ROOT / document).read_text()
    return re.findall(rf"^```{language}\n(.*?)^```$", text, flags=re.DOTALL | re.MULTILINE)


def commands(block: str) -> list[tuple[list[str], str]]:
    """The commands of a console block, each with the output that is shown, `...` standing for any lines."""
    pieces = re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
    return [(shlex.split(command), shown) for command, shown in (piece.split("\n", 1) for piece in pieces)]


def run(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(main, list(words))
    return result.exit_code, result.stdout


def test_the_first_model_of_the_language_guide(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    source, _, _ = blocks("docs/language.md", "python")
    Path("lock.py").write_text(source)
    status, output = run("check", "lock.py")
    assert status == 1
    assert "counterexample to mutual_exclusion" in output
    Path("lock_durable.py").write_text(source.replace("= volatile(None)", "= durable(None)"))
    assert run("check", "lock_durable.py")[0] == 0


def test_the_candidate_of_the_language_guide(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    _, source, _ = blocks("docs/language.md", "python")
    words = "from quorate.models.language import *\nfrom quorate.models.raft import *\n"
    Path("eager.py").write_text(f"from __future__ import annotations\n{words}{source}")
    assert run("check", "eager.py", "--symmetry", "--quiet")[0] == 1


def test_the_sizes_of_the_language_guide(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    _, _, source = blocks("docs/language.md", "python")
    words = "from quorate.models.language import *\nfrom quorate.models.raft import *\n"
    Path("sized.py").write_text(f"{words}class Sized(Raft):\n    {source.strip()}\n")
    status, output = run("check", "sized.py", "--size", "small", "--format", "json")
    found = json.loads(output)
    assert status == 0
    assert source.count(f"{found['distinct_states']:_}, {found['generated_states']:_}, {found['depth']}") == 1
    assert run("check", "sized.py", "--size", "huge")[0] == 2


def test_the_tour_prints_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (candidate, api) = blocks("README.md", "python")
    Path("eager.py").write_text(candidate)
    told = [pair for block in blocks("README.md", "console") for pair in commands(block)]
    assert len(told) == 6
    for words, shown in told:
        assert words[0] == "quorate"
        _, output = run(*words[1:])
        assert doctest.OutputChecker().check_output(shown, output, doctest.ELLIPSIS), output
    exec(compile(api, "README.md", "exec"), {})


# -- docs/command-line.md ------------------------------------------------------------------------------------------

COMMAND_LINE = "docs/command-line.md"


def rows(heading: str, document: str = COMMAND_LINE) -> list[list[str]]:
    """The cells of the tables below a heading, without their headers."""
    section = (ROOT / document).read_text().split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line] for line in lines if any("`" in cell for cell in line[:1])]


def quoted(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_the_commands_print_what_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    told = [pair for block in blocks(COMMAND_LINE, "console") for pair in commands(block)]
    assert len(told) == 4
    for words, shown in told:
        _, output = run(*words[1:])
        assert doctest.OutputChecker().check_output(shown, output, doctest.ELLIPSIS), output


def test_the_options_of_check_are_all_there() -> None:
    told = {text.split()[0] for option, _ in rows("Options of check") for text in quoted(option)} - {"-p", "-q"}
    real = {option.opts[-1] for option in main.commands["check"].params if option.opts[0].startswith("-")}
    assert told == real


def test_the_keys_of_a_result_are_all_there() -> None:
    told = [key for keys, _ in rows("The result as JSON") for key in quoted(keys)]
    assert sorted(told) == sorted(json.loads(run("check", "die-hard", "--format", "json")[1]))


def test_each_ending_names_its_format() -> None:
    told = {ending: quoted(form)[0] for endings, form, _ in rows("Trace files") for ending in quoted(endings)}
    assert told == ENDINGS


def test_the_commands_in_ci_can_be_read() -> None:
    lines = [line for block in blocks(COMMAND_LINE, "yaml") for line in block.splitlines()]
    told = [shlex.split(found[1]) for line in lines if (found := re.search(r": quorate (.+)", line))]
    assert [words[0] for words in told] == ["replay", "check", "replay"]
    for name, *words in told:
        main.commands[name].make_context(name, words)


# -- docs/proofs.md ------------------------------------------------------------------------------------------------

PROOFS = "docs/proofs.md"
SHARED = {"--parameter", "--size", "--format", "--output", "--trace", "--quiet", "--progress", "--allow-inconclusive"}
SHARED |= {"--color", "--traceback"}


@pytest.mark.parametrize(("heading", "name"), [("Options of prove", "prove"), ("Bounded model checking", "bmc")])
def test_the_options_of_the_solver_are_all_there(heading: str, name: str) -> None:
    told = {text.split()[0] for option, _ in rows(heading, PROOFS) for text in quoted(option)}
    real = {option.opts[-1] for option in main.commands[name].params if option.opts[0].startswith("-")}
    assert told == real - SHARED


def test_the_keys_of_a_proof_are_all_there() -> None:
    told = [key for keys, _ in rows("The proof as JSON", PROOFS) for key in quoted(keys)]
    assert sorted(told) == sorted(as_data(Account(Proof("it", {}, (), (), (), 0.0))))


def test_the_command_that_installs_and_checks_is_the_one_that_ci_knows() -> None:
    install, test = blocks("README.md", "sh")
    assert install.startswith("python3 -m venv .venv && .venv/bin/pip install . && .venv/bin/quorate check raft")
    assert "<!-- the test command -->\n```sh\n" + test in (ROOT / "README.md").read_text()


def test_the_installed_command_checks_raft() -> None:
    command = [sys.executable, "-m", "quorate.checker", "check", "raft", "--symmetry", "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "NO_COLOR": "1"})
    assert (done.returncode, done.stdout) == (0, "HOLDS  raft: every state within the bounds was seen\n")


def test_the_proofs_print_what_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (model,) = blocks(PROOFS, "python")
    Path("fencing.py").write_text(model)
    told = [pair for block in blocks(PROOFS, "console") for pair in commands(block)]
    assert len(told) == 2
    for words, shown in told:
        _, output = run(*words[1:])
        assert doctest.OutputChecker().check_output(shown, output, doctest.ELLIPSIS), output
