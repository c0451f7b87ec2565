"""Every value of every domain survives the way into a trace and back."""

from __future__ import annotations

import json
from dataclasses import make_dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quorate.models.language import Map, Ref
from quorate.models.semantics.domains import (
    Booleans,
    Domain,
    Enumeration,
    Identities,
    Integers,
    Maps,
    Nothing,
    Optional,
    Records,
    Sequences,
    Sets,
    Symbols,
    Tuples,
)
from quorate.traces import TraceError
from quorate.traces.values import decode, encode

from .toys import Hostile, Role, Value

REFS: tuple[Ref[Any], ...] = tuple(Ref("servers", i) for i in range(3))


def record_of(parts: list[Domain]) -> Domain:
    cls = make_dataclass("Drawn", [f"f{i}" for i in range(len(parts))], frozen=True)
    return Records(cls, tuple(parts))


ATOMS: st.SearchStrategy[Domain] = st.sampled_from(
    [
        Booleans(),
        Nothing(),
        Integers(-2, 3, None),
        Enumeration(Role),
        Enumeration(Hostile),
        Identities(REFS),
        Symbols(Value, 2),
    ]
)


def composed(inner: st.SearchStrategy[Domain]) -> st.SearchStrategy[Domain]:
    some = st.lists(inner, min_size=1, max_size=3)
    solid = inner.filter(lambda d: not isinstance(d, Optional | Nothing))
    return st.one_of(
        solid.map(Optional),
        some.map(lambda parts: Tuples(tuple(parts))),
        some.map(record_of),
        inner.map(lambda d: Sequences(d, 3, "entries")),
        inner.map(Sets),
        st.builds(Maps, ATOMS | st.just(Tuples((Booleans(), Booleans()))), inner),
    )


DOMAINS = st.recursive(ATOMS, composed, max_leaves=5)


def value_of(domain: Domain) -> st.SearchStrategy[Any]:
    match domain:
        case Optional(item):
            return st.none() | value_of(item)
        case Tuples(items):
            return st.tuples(*map(value_of, items))
        case Records(cls, items):
            return st.tuples(*map(value_of, items)).map(lambda parts: cls(*parts))
        case Sequences(item, most, _):
            return st.lists(value_of(item), max_size=most).map(tuple)
        case Sets(item):
            return st.frozensets(value_of(item), max_size=3)
        case Maps(_, item):
            some = st.tuples(*[value_of(item)] * len(domain.keys))
            return some.map(lambda values: Map(dict(zip(domain.keys, values, strict=True))))
    return st.sampled_from(list(domain.values()))


@settings(deadline=None)
@given(st.data())
def test_a_value_survives_as_json(data: st.DataObject) -> None:
    domain = data.draw(DOMAINS)
    value = data.draw(value_of(domain))
    text = json.dumps(encode(domain, value))
    assert decode(domain, json.loads(text), "") == value


@settings(deadline=None)
@given(st.data())
def test_two_values_have_two_texts(data: st.DataObject) -> None:
    domain = data.draw(DOMAINS)
    one, other = data.draw(value_of(domain)), data.draw(value_of(domain))
    assert (json.dumps(encode(domain, one)) == json.dumps(encode(domain, other))) == (one == other)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 9) | st.sampled_from(["servers[0]", "Value[1]", "LEADER", "x"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["f0", "f1", "0"]), inner, max_size=3),
    max_leaves=6,
)


@settings(deadline=None)
@given(DOMAINS, JSON)
def test_any_other_json_is_refused_with_its_place(domain: Domain, data: Any) -> None:
    places = []
    try:
        value = decode(domain, data, "/here")
    except TraceError as error:
        places.append(error.at)
    else:
        domain.check(value)
        assert decode(domain, encode(domain, value), "") == value
    assert all(place.startswith("/here") for place in places)


@pytest.mark.parametrize(
    ("domain", "value", "text"),
    [
        (Enumeration(Role), Role.LEADER, '"LEADER"'),
        (Symbols(Value, 2), Value.nth(1), '"Value[1]"'),
        (Sets(Identities(REFS)), frozenset(REFS[::-1]), '["servers[0]", "servers[1]", "servers[2]"]'),
        (Maps(Integers(0, 1, None), Booleans()), Map({1: True, 0: False}), '{"0": false, "1": true}'),
        (
            Maps(Tuples((Booleans(),)), Nothing()),
            Map({(True,): None, (False,): None}),
            "[[[false], null], [[true], null]]",
        ),
        (Optional(Integers(0, 1, None)), None, "null"),
    ],
)
def test_a_reader_of_the_model_recognises_it(domain: Domain, value: Any, text: str) -> None:
    assert json.dumps(encode(domain, value)) == text


@pytest.mark.parametrize(
    ("domain", "data", "message"),
    [
        (Integers(0, 2, "terms"), 3, "at /x: expected an int from 0 to 2, found 3"),
        (Integers(0, 2, "terms"), True, "at /x: expected an int from 0 to 2, found true"),
        (Booleans(), 1, "at /x: expected true or false, found 1"),
        (Enumeration(Role), "KING", 'at /x: expected one of FOLLOWER, CANDIDATE, LEADER, found "KING"'),
        (Sets(Booleans()), [True, True], "at /x: expected a set, each member once, found [true, true]"),
        (Sets(Booleans()), [True, 5], "at /x/1: expected true or false, found 5"),
        (Maps(Booleans(), Booleans()), {"true": True}, "at /x: false is missing"),
        (Sequences(Booleans(), 1, "n"), [True, True], "at /x: expected at most 1 elements, found [true, true]"),
    ],
)
def test_a_value_outside_its_domain_is_named(domain: Domain, data: Any, message: str) -> None:
    with pytest.raises(TraceError) as caught:
        decode(domain, data, "/x")
    assert caught.value.what == message
