"""`list` finds every model by itself."""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
import re
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result

import quorate.models
from quorate.checker.cli.loading import load
from quorate.models.language import Protocol
from quorate.models.mutants import MUTANTS

Quorate = Callable[..., Result]


def bundled() -> set[type[Protocol]]:
    """Every protocol defined in a module under models, but for mutants and what models are made of."""
    found: set[type[Protocol]] = set()
    for info in pkgutil.walk_packages(quorate.models.__path__, "quorate.models."):
        if not info.ispkg and not re.match(r"quorate\.models\.(language|semantics|mutants)\b|.*\._", info.name):
            module = importlib.import_module(info.name)
            classes = inspect.getmembers(module, inspect.isclass)
            found |= {c for _, c in classes if issubclass(c, Protocol) and c.__module__ == module.__name__}
    return found


def listed(quorate: Quorate, *options: str) -> list[dict[str, Any]]:
    answer = quorate("list", "--format", "json", *options)
    assert answer.exit_code == 0
    found: list[dict[str, Any]] = json.loads(answer.stdout)
    return found


def test_every_bundled_model_is_listed_and_can_be_loaded(quorate: Quorate) -> None:
    models = {load(entry["name"]).model for entry in listed(quorate)}
    assert models == bundled()


def test_each_entry_says_what_it_is_and_what_it_takes(quorate: Quorate) -> None:
    entries = listed(quorate)
    for entry in entries:
        assert set(entry) == {"name", "about", "parameters", "sizes", "module", "class"}
        assert entry["about"]
        model = getattr(importlib.import_module(entry["module"]), entry["class"])
        assert set(model().parameters) == set(entry["parameters"])
    by_name = {entry["name"]: entry for entry in entries}
    assert by_name["raft"]["parameters"]["servers"] == 3
    assert by_name["peterson"]["module"] == "quorate.models.classic.peterson"


def test_names_are_unique(quorate: Quorate) -> None:
    names = [entry["name"] for entry in listed(quorate)] + [entry["name"] for entry in listed(quorate, "--mutants")]
    assert len(names) == len(set(names))


def test_as_text(quorate: Quorate) -> None:
    answer = quorate("list")
    assert answer.exit_code == 0
    assert "\nraft\n    Raft (Ongaro and Ousterhout" in answer.stdout
    assert "\ntoys:ToyPaxos\n" in answer.stdout
    for entry in listed(quorate):
        assert f"{entry['name']}\n    {entry['about']}\n" in answer.stdout


@pytest.mark.parametrize(
    "name", ["two-phase-commit", "two_phase_commit", "Two-Phase_Commit", "two_phase_commit:TwoPhaseCommit"]
)
def test_hyphens_and_capitals_do_not_matter(name: str) -> None:
    assert load(name).model.__name__ == "TwoPhaseCommit"


def test_a_classic_model_has_a_long_name_too() -> None:
    assert load("classic.die-hard").model is load("die_hard").model


def test_mutants(quorate: Quorate) -> None:
    entries = listed(quorate, "--mutants")
    assert len(entries) >= 10
    for entry in entries:
        assert entry["name"].startswith("mutant:")
        assert entry["about"]
        assert re.fullmatch(r"nothing|\w+ after \d+ steps", entry["breaks"])
        assert load(entry["name"]).model.__name__ == entry["class"]


def test_a_mutant_is_checked_with_the_parameters_that_show_it(quorate: Quorate) -> None:
    shortest = min((mutant for mutant in MUTANTS.values() if mutant.length), key=lambda mutant: mutant.length or 0)
    answer = quorate("check", f"mutant:{shortest.name}", "--property", shortest.breaks, "--format", "json")
    assert answer.exit_code == 1
    found = json.loads(answer.stdout)
    assert found["parameters"].items() >= dict(shortest.parameters).items()
    assert (found["violation"]["property"], found["violation"]["length"]) == (shortest.breaks, shortest.length)


def test_a_mutant_that_is_not_there(quorate: Quorate) -> None:
    name = next(iter(MUTANTS))
    answer = quorate("check", f"mutant:{name}x")
    assert answer.exit_code == 2
    assert answer.stderr.startswith(
        f"error[unknown-model]: there is no mutant {name}x\n   instead did you mean mutant:{name}"
    )


def test_a_part_of_the_name(quorate: Quorate) -> None:
    names = {entry["name"] for entry in listed(quorate, "--mutants", "Paxos-forgets")}
    assert {"mutant:paxos-forgets-vote", "mutant:paxos-forgets-ballot"} <= names
    assert all("paxos-forgets" in name for name in names)
    assert not listed(quorate, "raft-forgets-vote")
    assert listed(quorate, "raft")
