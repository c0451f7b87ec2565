"""Small bad models, each mistake named in the margin of its line; and the whole text of every complaint.

To accept new texts: `QUORATE_UPDATE=1 pytest tests/frontend`, then read the difference.
"""

import importlib.util
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from quorate.checker.frontend import KINDS, ModelErrors, compile_model
from quorate.models.language import ModelError, Protocol

HERE = Path(__file__).parent
FILES = sorted((HERE / "mistakes").glob("*.model"))


def load(file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"mistakes_{file.stem}", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[module.__name__] = module
    spec.loader.exec_module(module)
    return module


def mistakes(module: ModuleType) -> Iterator[ModelError]:
    models = [v for v in vars(module).values() if isinstance(v, type) and v.__module__ == module.__name__]
    for model in models:
        if issubclass(model, Protocol):
            with pytest.raises(ModelError) as raised:
                compile_model(model)
            yield raised.value
            yield from raised.value.others if isinstance(raised.value, ModelErrors) else ()


def margins(source: Path) -> list[tuple[int, str]]:
    lines = enumerate(source.read_text().splitlines(), 1)
    return [(number, line.partition("#! ")[2]) for number, line in lines if "#! " in line]


@pytest.mark.parametrize("source", FILES, ids=lambda f: f.stem)
@pytest.mark.filterwarnings("ignore::SyntaxWarning")
def test_each_mistake_is_found_where_it_stands(source: Path, tmp_path: Path) -> None:
    file = tmp_path / f"{source.stem}.py"
    file.write_text("\n".join(line.partition("  #! ")[0] for line in source.read_text().splitlines()) + "\n")
    found = list(mistakes(load(file)))
    assert sorted((m.place.line, m.code) for m in found if m.place) == margins(source)
    text = "\n\n".join(map(str, found)).replace(f"{tmp_path}/", "") + "\n"
    expected = HERE / "expected" / f"{source.stem}.txt"
    if os.environ.get("QUORATE_UPDATE"):
        expected.write_text(text)
    assert text == expected.read_text()


def test_each_kind_of_mistake_has_an_example() -> None:
    assert {code for source in FILES for _, code in margins(source)} == set(KINDS)
