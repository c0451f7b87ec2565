"""Who may import whom, file by file: the floors of the house, with no way up."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

MAY_IMPORT: dict[str, set[str]] = {
    "models/language": set(),
    "checker/ir": {"models/language"},
    "models/semantics": {"models/language"},
    "invariants": {"models/language"},
    "models": {"models/language", "invariants"},
    "models/classic": {"models/language", "invariants"},
    "models/mutants": {"models/language", "invariants", "models"},
    "traces": {"models/language", "models/semantics"},
    "checker/frontend": {"models/language", "models/semantics", "checker/ir"},
    "checker/search": {"models/language", "models/semantics", "traces"},
    "checker/reference": {"models/language", "models/semantics", "traces", "checker/search"},
    "checker/native/dialect": {"models/language"},
    "checker/native/layout": {"models/language", "models/semantics", "checker/ir"},
    "checker/native/lower": {
        "models/language",
        "models/semantics",
        "checker/ir",
        "checker/search",
        "checker/native/layout",
    },
    "checker/native/engine": {
        "models/language",
        "models/semantics",
        "checker/search",
        "checker/native/dialect",
    },
    "checker/native": {
        "models/language",
        "models/semantics",
        "checker/ir",
        "checker/search",
        "checker/native/dialect",
        "checker/native/engine",
        "checker/native/layout",
        "checker/native/lower",
    },
    "checker/symbolic": {
        "models/language",
        "models/semantics",
        "traces",
        "checker/ir",
        "checker/search",
    },
    "checker": {
        "checker/ir",
        "checker/native",
        "checker/native/engine",
        "models/language",
        "models/semantics",
        "traces",
        "checker/frontend",
        "checker/reference",
        "checker/search",
        "checker/symbolic",
    },
    "checker/cli": {
        "models/language",
        "models/semantics",
        "models",
        "models/classic",
        "models/mutants",
        "traces",
        "checker",
        "checker/frontend",
        "checker/ir",
        "checker/native/layout",
        "checker/search",
        "checker/symbolic",
    },
    "checker/__main__": {"checker/cli"},
}
ROOMS = sorted(MAY_IMPORT, key=len, reverse=True)


def room_of(path: Path) -> str:
    folder = path.relative_to(ROOT).with_suffix("").as_posix()
    return next(room for room in ROOMS if folder == room or folder.startswith(room + "/"))


def imported(file: Path) -> set[str]:
    """The rooms that a file's relative imports lead to."""
    rooms = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = file.parents[node.level - 1]
            target = base.joinpath(*(node.module or "").split("."))
            inside = [target / alias.name for alias in node.names]
            rooms |= {room_of(t) if t.is_dir() or t.with_suffix(".py").is_file() else room_of(target) for t in inside}
    return rooms


FILES = [f for top in ("models", "invariants", "checker", "traces") for f in sorted((ROOT / top).rglob("*.py"))]


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.relative_to(ROOT).as_posix())
def test_a_file_imports_only_what_its_room_may(file: Path) -> None:
    room = room_of(file)
    assert imported(file) <= MAY_IMPORT[room] | {room}


def test_the_library_names_itself_by_relative_imports() -> None:
    # two ways to name a module would be two modules when the tree is run from elsewhere
    absolute = [
        f
        for f in FILES
        for node in ast.walk(ast.parse(f.read_text()))
        if isinstance(node, ast.ImportFrom) and not node.level and (node.module or "").startswith("quorate")
    ]
    assert absolute == []
