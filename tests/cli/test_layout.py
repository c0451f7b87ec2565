"""What `layout` says of a state."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result
from jsonschema import Draft202012Validator

Quorate = Callable[..., Result]

NATURAL = {"type": "integer", "minimum": 0}
FIELD: dict[str, Any] = {"name": {"type": "string"}, "bits": NATURAL, "cells": NATURAL, "kept": {"type": "string"}}
LINE = {"type": "object", "properties": FIELD, "required": list(FIELD), "additionalProperties": False}
PART: dict[str, Any] = {**FIELD, "count": NATURAL, "lines": {"type": "array", "items": LINE}}
SECTION = {"type": "object", "properties": PART, "required": list(PART), "additionalProperties": False}
KEYS: dict[str, Any] = {
    "schema": {"const": "quorate.layout/1"},
    "model": {"type": "string"},
    "parameters": {"type": "object", "additionalProperties": {"type": ["integer", "boolean", "string"]}},
    "words": {"type": "integer", "minimum": 1},
    "bits": NATURAL,
    "cells": NATURAL,
    "sections": {"type": "array", "items": SECTION, "minItems": 1},
}
SCHEMA = {"type": "object", "properties": KEYS, "required": list(KEYS), "additionalProperties": False}

COUNTER = """\
counter.py  limit=3
a state has 1 word of 64 bits: 2 bits in 3 cells

           bits   cells
shared        2       1
  count       2       1  0..3
network       0       2  nothing is ever sent
"""


def read(quorate: Quorate, *words: str) -> dict[str, Any]:
    answer = quorate("layout", *words, "--format", "json")
    assert answer.exit_code == 0
    data: dict[str, Any] = json.loads(answer.stdout)
    Draft202012Validator(SCHEMA).validate(data)
    return data


def test_as_text(quorate: Quorate) -> None:
    answer = quorate("layout", "counter.py")
    assert (answer.exit_code, answer.stdout) == (0, COUNTER)


def test_a_field_a_line(quorate: Quorate) -> None:
    lines = [line.split() for line in quorate("layout", "raft").stdout.splitlines()]
    assert ["servers", "20", "each", "of", "3"] in [line[:2] + line[3:] for line in lines]
    assert ["term", "2", "1", "0..2"] in lines
    assert ["votes", "3", "1", "bit", "set", "of", "3"] in lines
    assert ["network", "32", "4", "2", "slots", "of", "15", "bits"] in lines
    assert ["crash", "0", "2", "up", "to", "0,", "of", "Process"] in lines


@pytest.mark.parametrize("model", ["raft", "paxos", "paxos-sets", "peterson", "mutant:raft-forgets-log"])
def test_the_parts_add_up(quorate: Quorate, model: str) -> None:
    data = read(quorate, model)
    for unit in ("bits", "cells"):
        assert data[unit] == sum(section["count"] * section[unit] for section in data["sections"])
        for section in data["sections"]:
            assert not section["lines"] or section[unit] == sum(line[unit] for line in section["lines"])
    assert data["bits"] <= 64 * data["words"]


def test_parameters_are_heeded(quorate: Quorate) -> None:
    narrow, wide = read(quorate, "raft"), read(quorate, "raft", "-p", "terms=3", "-p", "servers=5")
    assert (wide["parameters"]["terms"], wide["parameters"]["servers"]) == (3, 5)
    assert [data["sections"][0]["count"] for data in (narrow, wide)] == [3, 5]
    assert wide["bits"] > narrow["bits"]


def test_what_does_not_fit_is_a_mistake_with_advice(quorate: Quorate) -> None:
    answer = quorate("layout", "voting", "-p", "ballots=9999")
    assert answer.exit_code == 2
    assert answer.stderr == (
        "error[no-layout]: votes holds a set of up to 19998 members\n"
        "   because there is room for 4096\n"
        "   instead run it with --engine reference\n"
    )
