"""Which protocol MODEL means, beyond the bundled ones."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

from click.testing import Result

from quorate.checker.cli.loading import load
from quorate.models.raft import raft

Quorate = Callable[..., Result]


def test_a_file(folder: Path) -> None:
    loaded = load("counter.py")
    assert loaded.model.__name__ == "Counter"
    assert sys.modules[loaded.model.__module__].__file__ == str(folder / "counter.py")


def test_a_class_in_a_file(folder: Path) -> None:
    assert load(f"{folder}/several.py:Right").model.__name__ == "Right"


def test_a_class_that_a_file_only_imports(folder: Path) -> None:
    (folder / "importing.py").write_text("from quorate.models.raft import Raft\n")
    assert load("importing.py:Raft").model is raft.Raft


def test_a_module_of_the_folder_that_one_works_in(folder: Path) -> None:
    (folder / "lonely_module.py").write_text((folder / "several.py").read_text())
    assert load("lonely_module:Left").model.__module__ == "lonely_module"


def test_an_installed_module() -> None:
    assert load("quorate.models.raft:Raft").model is raft.Raft


def test_the_modules_beside_a_file_can_be_imported(folder: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "base_of_it.py").write_text((folder / "counter.py").read_text())
    (folder / "sub" / "candidate.py").write_text(
        'from base_of_it import Counter\n\n\nclass Candidate(Counter):\n    """A change."""\n'
    )
    before = list(sys.path)
    assert load("sub/candidate.py").model.__mro__[1].__module__ == "base_of_it"
    assert sys.path == before


def test_a_file_named_like_a_module_of_python(folder: Path) -> None:
    (folder / "random.py").write_text((folder / "counter.py").read_text())
    assert load("random.py").model.__name__ == "Counter"
    assert "seed" in vars(sys.modules["random"]) or "random" not in sys.modules


def test_two_files_of_the_same_name(folder: Path) -> None:
    (folder / "sub").mkdir()
    (folder / "sub" / "counter.py").write_text((folder / "several.py").read_text())
    first, second = load("counter.py").model, load("sub/counter.py:Left").model
    assert first.__module__ != second.__module__


def test_a_file_of_a_package_is_imported_as_what_it_is(folder: Path) -> None:
    package = folder / "some_package"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "base.py").write_text((folder / "counter.py").read_text())
    (package / "candidate.py").write_text(
        'from .base import Counter\n\n\nclass Candidate(Counter):\n    """A change."""\n'
    )
    assert load("some_package/candidate.py").model.__module__ == "some_package.candidate"


def test_a_file_of_quorate_itself_is_the_bundled_model() -> None:
    assert load(str(raft.__file__)).model is raft.Raft


def test_a_candidate_is_checked_from_its_file(quorate: Quorate, folder: Path) -> None:
    (folder / "candidate.py").write_text(
        "from counter import Counter\n\n\n"
        'class Candidate(Counter):\n    """Never starts anew."""\n\n'
        '    def go_home(self) -> None:\n        """Nothing."""\n        self.count = self.limit\n'
    )
    answer = quorate("check", "candidate.py", "-p", "limit=6")
    assert answer.exit_code == 1
    assert "small  after 1 step\n" in answer.stdout


def test_what_a_model_prints_while_it_loads_is_no_part_of_the_result(quorate: Quorate, folder: Path) -> None:
    (folder / "chatty.py").write_text((folder / "several.py").read_text() + "\nprint('hello')\n")
    answer = quorate("check", "chatty.py:Left", "--format", "json")
    assert json.loads(answer.stdout)["verdict"] == "holds"
    assert answer.stderr == "hello\n"
