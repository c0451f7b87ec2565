"""The package list in pyproject.toml names every package of the tree, and data files are shipped."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
NOT_SHIPPED = {"tests", "build", "benchmarks", "docs"}


def settings() -> dict[str, object]:
    found: dict[str, object] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    return found


def test_every_package_is_shipped() -> None:
    folders = [p.parent.relative_to(ROOT) for p in ROOT.glob("[a-z]*/**/__init__.py")]
    found = {".".join(("quorate", *f.parts)) for f in folders if f.parts[0] not in NOT_SHIPPED}
    assert settings()["packages"] == sorted(found | {"quorate"})


def test_the_root_imports_nothing() -> None:
    assert "import" not in (ROOT / "__init__.py").read_text()
    assert [p.name for p in ROOT.glob("*.py")] == ["__init__.py"]
