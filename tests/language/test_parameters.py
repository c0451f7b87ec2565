"""The parameters of a protocol."""

from __future__ import annotations

from typing import Annotated, Any

import pytest

from quorate.models.language import (
    AtMost,
    Cluster,
    ModelError,
    Process,
    Protocol,
    Range,
    cluster,
    durable,
    parameter,
    shared,
    volatile,
)
from quorate.models.semantics import System


class Idle(Process):
    """Does nothing."""

    n: Annotated[int, Range(0, "terms")] = durable(0)


class Base(Protocol):
    """Two parameters and a cluster."""

    servers: Cluster[Idle] = cluster(3)
    terms: int = 2
    eager: bool = False
    share: Annotated[int, Range(1, 5)] = 2


class Derived(Base):
    """Another default, and a parameter more."""

    terms: int = 4
    entries: int = 1


def test_defaults_and_given_values() -> None:
    assert Base(terms=5).parameters == {"servers": 3, "terms": 5, "eager": False, "share": 2}
    assert Base(terms=5).terms == 5


def test_a_derived_protocol_inherits_and_overrides() -> None:
    assert Derived().parameters == {"servers": 3, "terms": 4, "eager": False, "share": 2, "entries": 1}
    assert Base().parameters["terms"] == 2


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"term": 1}, "error[unknown-parameter]: Base has no parameter term\n   instead did you mean terms?"),
        (
            {"zzz": 1},
            "error[unknown-parameter]: Base has no parameter zzz\n"
            "   instead choose one of servers, terms, eager, share",
        ),
        (
            {"terms": -1},
            "error[parameter-domain]: terms=-1 is outside the domain of this parameter of Base: it must be at least 0",
        ),
        (
            {"servers": 0},
            "error[parameter-domain]: servers=0 is outside the domain of this parameter of Base: it must be at least 1",
        ),
        (
            {"share": 6},
            "error[parameter-domain]: share=6 is outside the domain of this parameter of Base: it must be at most 5",
        ),
        (
            {"eager": 1},
            "error[parameter-domain]: eager=1 is outside the domain of this parameter of Base: "
            "it must be a value of type bool",
        ),
        (
            {"terms": "2"},
            "error[parameter-domain]: terms='2' is outside the domain of this parameter of Base: "
            "it must be a value of type int",
        ),
    ],
)
def test_a_wrong_parameter_is_a_model_error(given: dict[str, object], message: str) -> None:
    with pytest.raises(ModelError) as caught:
        Base(**given)
    assert str(caught.value) == message


def test_a_field_cannot_hide_a_word_of_the_language() -> None:
    with pytest.raises(ModelError, match=r"Hiding\.sent hides a word of the language"):
        type("Hiding", (Protocol,), {"sent": shared(False)})

    with pytest.raises(ModelError, match=r"Shy\.peers hides a word of the language"):
        type("Shy", (Process,), {"peers": durable(False)})


class Unbounded(Protocol):
    """A bound where none goes."""

    top: int = 2
    some: Annotated[frozenset[bool], AtMost("top")] = shared(frozenset())


def test_a_bound_that_would_say_nothing_is_refused() -> None:
    with pytest.raises(ModelError, match=r"AtMost bounds a sequence, tuple\[T, ...\], and this is frozenset"):
        System(Unbounded())


class Eager(Derived):
    """Other defaults, without annotations."""

    terms = 7
    eager = True


def test_a_default_can_be_replaced_without_an_annotation() -> None:
    assert Eager().parameters == {"servers": 3, "terms": 7, "eager": True, "share": 2, "entries": 1}
    assert (Eager().terms, Eager(terms=1).terms) == (7, 1)


def test_a_cluster_has_a_number_of_processes() -> None:
    with pytest.raises(ModelError, match="a cluster has a number of processes, this is 'nodes'"):
        cluster("nodes")  # type: ignore[arg-type]


def test_a_parameter_of_a_process_has_a_name_and_hides_nothing() -> None:
    name: Any = 3
    with pytest.raises(ModelError, match="parameter takes the name of a parameter of the protocol, this is 3"):
        parameter(name)
    with pytest.raises(ModelError, match=r"Shy\.peers hides a word of the language"):
        type("Shy", (Process,), {"peers": parameter("terms")})


def test_a_protocol_does_not_declare_its_own_parameters_by_the_word_for_processes() -> None:
    with pytest.raises(ModelError) as caught:
        type("Odd", (Protocol,), {"terms": parameter("terms")})
    assert caught.value.code == "parameter-in-protocol"
    assert caught.value.instead == "give the parameter its usual value: terms: int = 2"


class Counting(Process):
    """Counts."""

    count: Annotated[int, Range(0, "most")] = volatile(0)
    seen: bool = volatile(False)


class Keeping(Counting):
    """Keeps its count."""

    count: Annotated[int, Range(0, "most")] = durable(0)


class Noticing(Counting):
    """Keeps what it has seen."""

    seen: bool = durable(False)


class Both(Keeping, Noticing):
    """Keeps both."""


class Counted(Protocol):
    """One that counts."""

    counters: Cluster[Counting] = cluster(1)
    most: int = 1
    least: int = 0


class More(Counted):
    """Another default."""

    most: int = 2


class Many(Counted):
    """Another number of processes, and another default."""

    counters: Cluster[Counting] = cluster(3)
    least = 1


class ManyMore(More, Many):
    """All of it."""


def test_of_two_bases_each_keeps_what_it_declares_anew() -> None:
    assert {name: field.keeping.value for name, field in Both._declared.items()} == {
        "count": "durable",
        "seen": "durable",
    }
    assert ManyMore().parameters == {"counters": 3, "most": 2, "least": 1}
