"""The history of clients, as other checkers read it."""

from __future__ import annotations

import json
import re

import pytest

from quorate.checker import check
from quorate.models.language import ModelError
from quorate.models.mutants import MUTANTS
from quorate.traces import EXPORTERS, Trace

from .toys import Ticks, walk


@pytest.fixture(scope="module")
def inversion() -> Trace:
    result = check(MUTANTS["abd-only-reads"].instance(), properties=["linearizable_register"], symmetry=True)
    assert result.violation
    return result.violation.trace


def test_a_new_value_and_then_the_one_before(inversion: Trace) -> None:
    told = json.loads(EXPORTERS["history-json"](inversion))
    assert [(event["process"], event["type"], event["f"], event["value"]) for event in told] == [
        (0, "invoke", "write", 1),
        (1, "invoke", "read", None),
        (1, "ok", "read", 1),
        (1, "invoke", "read", None),
        (1, "ok", "read", None),
        (0, "info", "write", 1),
    ]
    assert [event["index"] for event in told] == list(range(6))


def test_edn_says_the_same(inversion: Trace) -> None:
    told = json.loads(EXPORTERS["history-json"](inversion))
    lines = EXPORTERS["history-edn"](inversion).splitlines()
    assert lines[0] == "{:index 0, :type :invoke, :process 0, :f :write, :value 1}"
    read = [dict(re.findall(r":(\w+) :?(\w+)", line)) for line in lines]
    words = {None: "nil"}
    assert read == [{key: words.get(value, str(value)) for key, value in event.items()} for event in told]


@pytest.mark.parametrize("form", ["history-edn", "history-json"])
def test_a_model_without_clients_says_so(form: str) -> None:
    with pytest.raises(ModelError, match="keeps no history"):
        EXPORTERS[form](walk(Ticks(), 4, 12))
