"""Identities, symbols and maps are values."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest

from quorate.models.language import Map, Ref, Symbol, rank


class Value(Symbol, size=3):
    """Three of them."""


def test_there_is_one_object_for_each_identity() -> None:
    assert Ref[Any]("servers", 1) is Ref[Any]("servers", 1)
    assert Ref[Any]("servers", 1) != Ref[Any]("servers", 2)
    assert repr(Ref[Any]("servers", 1)) == "servers[1]"
    assert rank(Ref[Any]("servers", 1)) == 1


def test_identities_have_no_order() -> None:
    two: list[Any] = [Ref[Any]("servers", 1), Ref[Any]("servers", 0)]
    with pytest.raises(TypeError):
        sorted(two)


def test_there_is_one_object_for_each_symbol() -> None:
    assert Value.nth(1) is Value.nth(1)
    assert Value.nth(1) != Value.nth(2)
    assert repr(Value.nth(1)) == "Value[1]"


@pytest.mark.parametrize("value", [Ref[Any]("servers", 1), Value.nth(2)])
def test_copies_are_the_same_object(value: object) -> None:
    assert copy.deepcopy(value) is value
    assert pickle.loads(pickle.dumps(value)) is value


def test_an_updated_map_is_another_map() -> None:
    one = Map({"a": 1, "b": 2})
    two = one | {"a": 5}
    assert (one["a"], two["a"]) == (1, 5)
    assert one == Map({"b": 2, "a": 1})
    assert hash(one) == hash(Map({"b": 2, "a": 1}))
    assert one != two
    with pytest.raises(KeyError):
        one["c"]
