"""Traces as networkx graphs: the path of states, and what happened before what."""

from __future__ import annotations

import io
import itertools
import json
from dataclasses import replace
from typing import Any

import networkx as nx
import pytest

from quorate.models.language import Bag, Protocol
from quorate.models.semantics import Kind, Outcome
from quorate.traces import Moment, Trace, read
from quorate.traces.flights import flights
from quorate.traces.format import write

from .toys import Election, Faulty, Noted, Odd, Queued, Ticks, TwoLeaders, find, walk

PROTOCOLS: list[type[Protocol]] = [Faulty, Queued, Noted, Ticks, Odd, Election]
RESERVED = {"id", "source", "target", "key", "name", "value", "start", "end", "viz", "pid"}


@pytest.fixture(scope="module")
def violation() -> Trace:
    return find(TwoLeaders())


def attributes(graph: nx.MultiDiGraph[int]) -> list[dict[str, Any]]:
    nodes = [data for _, data in graph.nodes(data=True)]
    return [graph.graph, *nodes, *(data for _, _, data in graph.edges(data=True))]


def through_graphml(graph: nx.MultiDiGraph[int]) -> nx.MultiDiGraph[int]:
    file = io.BytesIO()
    nx.write_graphml(graph, file)
    again = nx.read_graphml(io.BytesIO(file.getvalue()), node_type=int, force_multigraph=True)
    assert isinstance(again, nx.MultiDiGraph)
    return again


def test_the_path_of_states(violation: Trace) -> None:
    graph = violation.to_networkx()
    assert list(graph.nodes) == list(range(7))
    assert list(graph.edges()) == [(i, i + 1) for i in range(6)]
    assert graph.nodes[0]["state"]["processes"]["servers[0]"]["role"] == "FOLLOWER"
    assert [graph.nodes[i]["violates"] for i in graph] == [""] * 6 + ["one_leader"]
    edge = graph.edges[2, 3, 0]
    assert (edge["action"], edge["actor"], edge["src"], edge["dst"]) == (
        "on_ask",
        "servers[1]",
        "servers[0]",
        "servers[1]",
    )
    assert edge["changed"] == ["servers[1].voted_for", "servers[1].seen[servers[0]]"]
    assert graph.graph["params"]["servers"] == 3


def test_equal_states_have_equal_fingerprints() -> None:
    trace = walk(Noted(), 1, 25)
    graph = trace.to_networkx()
    prints = [graph.nodes[i]["fingerprint"] for i in graph]
    states = [moment.state for moment in trace.moments]
    assert all(len(one) == 16 for one in prints)
    assert [prints.index(one) for one in prints] == [states.index(one) for one in states]


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("seed", range(4))
def test_attributes_survive_graphml(protocol: type[Protocol], seed: int) -> None:
    trace = walk(protocol(), seed, 15)
    for graph in (trace.to_networkx(flat=True), trace.causality()):
        again = through_graphml(graph)
        assert list(again.nodes(data=True)) == list(graph.nodes(data=True))
        assert sorted(again.edges(data=True), key=repr) == sorted(graph.edges(data=True), key=repr)
        assert {name: again.graph[name] for name in graph.graph} == graph.graph


def test_characters_that_xml_cannot_hold_are_replaced(violation: Trace) -> None:
    odd = replace(violation, model="a\x01b\ufffe.py", violated="\x00")
    for graph in (odd.to_networkx(flat=True), odd.causality()):
        assert through_graphml(graph).graph["model"] == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}.py"


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_flat_attributes_are_plain_and_of_one_type(protocol: type[Protocol]) -> None:
    trace = walk(protocol(), 3, 15)
    for graph in (trace.to_networkx(flat=True), trace.causality()):
        types: dict[str, set[type]] = {}
        for found in attributes(graph):
            assert not RESERVED & set(found)
            for name, value in found.items():
                types.setdefault(name, set()).add(type(value))
        assert all(len(kinds) == 1 and kinds <= {str, int, bool} for kinds in types.values()), types


def test_a_trace_can_be_rebuilt_from_the_states_of_its_graph(violation: Trace) -> None:
    graph = through_graphml(violation.to_networkx(flat=True))
    states = [json.loads(graph.nodes[i]["state_json"]) for i in sorted(graph)]
    data = json.loads(write(violation))
    assert states == [step["state"] for step in data["steps"]]
    for step, state in zip(data["steps"], states, strict=True):
        step["state"] = state
    assert read(json.dumps(data), violation.system).moments[-1].state == violation.moments[-1].state


# -- causality -----------------------------------------------------------------------------------------------------


def edges(trace: Trace, kind: str) -> list[tuple[int, int]]:
    return sorted((a, b) for a, b, data in trace.causality().edges(data=True) if data["kind"] == kind)


def test_what_happened_before_what(violation: Trace) -> None:
    described = [f"{m.step.process!r} {m.step.name}" for m in violation.moments[1:]]
    assert described == [
        "servers[0] stand",
        "servers[1] stand",
        "servers[1] on_ask",
        "servers[0] on_ask",
        "servers[1] on_grant",
        "servers[0] on_grant",
    ]
    assert edges(violation, "program") == [(1, 4), (2, 3), (3, 5), (4, 6)]
    assert edges(violation, "message") == [(1, 3), (2, 4), (3, 6), (4, 5)]


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("seed", range(10))
def test_every_event_and_every_receipt_has_its_edges(protocol: type[Protocol], seed: int) -> None:
    trace = walk(protocol(), seed, 25)
    graph = trace.causality()
    assert set(graph) == set(range(1, trace.length + 1))
    assert all(a < b for a, b in graph.edges())
    for number, moment in enumerate(trace.moments):
        arriving = [d for a, b, d in graph.edges(data=True) if b == number and d["kind"] != "program"]
        expected = {Kind.RECEIVE: {"message"}, Kind.DUPLICATE: {"message"}, Kind.LOSE: {"loss"}}
        assert {d["kind"] for d in arriving} == expected.get(moment.step.kind, set())
        if moment.step.kind in (Kind.RECEIVE, Kind.DUPLICATE):
            assert len(arriving) == 1
            assert arriving[0]["dst"] == repr(moment.step.process)


def test_program_order_is_a_line_for_each_process() -> None:
    trace = walk(Faulty(), 5, 25)
    graph = trace.causality()
    for actor in {data["actor"] for _, data in graph.nodes(data=True)}:
        own = [n for n, data in graph.nodes(data=True) if data["actor"] == actor]
        assert [(a, b) for a, b in edges(trace, "program") if a in own] == list(itertools.pairwise(own))


def test_a_crash_is_an_event_of_its_process() -> None:
    for seed in range(20):
        trace = walk(Faulty(), seed, 12)
        for number, moment in enumerate(trace.moments):
            if moment.step.kind is Kind.CRASH:
                assert trace.causality().nodes[number]["actor"] == repr(moment.step.process)
                return
    raise LookupError("no crash")


def paths(trace: Trace) -> list[tuple[str, int, list[int], int | None, bool]]:
    return [(str(f.envelope.message), f.sent, f.received, f.lost, f.merged) for f in flights(trace)]


def run(protocol: Protocol, *choices: tuple[Kind, str]) -> Trace:
    """The steps of these kinds whose message or process says so, one after the other."""
    trace = walk(protocol, 0, 0)
    moments = list(trace.moments)
    for kind, text in choices:
        state = moments[-1].state
        assert state is not None
        found = [(step, o) for step, o in trace.system.successors(state) if step.kind is kind and text in repr(step)]
        step, outcome = found[0]
        assert isinstance(outcome, Outcome)
        moments.append(Moment(step, outcome.sent, outcome.state))
    return Trace(trace.system, tuple(moments))


class Unordered(Ticks):
    network = Bag(duplicates=1, loses=True)


class Single(Ticks):
    network = Bag(copies=1)


class Kept(Ticks):
    network = Noted.network


TICK = (Kind.ACTION, "process=clocks[0]")


def test_equal_messages_in_a_queue_arrive_in_the_order_of_sending() -> None:
    trace = run(Ticks(ticks=9), TICK, TICK, *[(Kind.RECEIVE, "")] * 4)
    ends = [(message, sent, received) for message, sent, received, _, _ in paths(trace)]
    assert ends == [
        ("Tick(number=1)", 1, [3]),
        ("Tick(number=0)", 1, [4]),
        ("Tick(number=1)", 1, [5]),
        ("Tick(number=1)", 2, [6]),
        ("Tick(number=0)", 2, []),
        ("Tick(number=1)", 2, []),
    ]


def test_a_broken_queue_loses_its_newest_messages() -> None:
    trace = run(Ticks(), TICK, TICK, (Kind.LOSE, "number=0"), (Kind.RECEIVE, ""))
    lost = [(sent, lost) for _, sent, _, lost, _ in paths(trace)]
    assert lost == [(1, None)] * 3 + [(2, None), (2, 3), (2, 3)]
    assert edges(trace, "loss") == [(2, 3), (2, 3)]


def test_of_equal_copies_in_a_bag_the_oldest_is_received_first() -> None:
    trace = run(Unordered(), TICK, TICK, *[(Kind.RECEIVE, "number=0")] * 2)
    assert edges(trace, "message") == [(1, 3), (2, 4)]


def test_a_duplicate_is_received_twice() -> None:
    trace = run(Unordered(), TICK, (Kind.DUPLICATE, "number=0"), (Kind.RECEIVE, "number=0"))
    assert edges(trace, "message") == [(1, 2), (1, 3)]


def test_a_lost_message_is_not_received() -> None:
    trace = run(Unordered(), TICK, (Kind.LOSE, "number=0"))
    assert edges(trace, "message") == []
    assert edges(trace, "loss") == [(1, 2)]


def test_a_copy_that_the_network_does_not_keep_is_merged() -> None:
    trace = run(Single(), TICK, TICK, (Kind.RECEIVE, "number=0"))
    assert [merged for *_, merged in paths(trace)] == [False, False, True, True, True, True]
    assert edges(trace, "message") == [(1, 3)]


def test_a_message_that_stays_was_sent_the_first_time() -> None:
    trace = run(Kept(), TICK, TICK, (Kind.RECEIVE, "number=0"), (Kind.RECEIVE, "number=0"))
    assert edges(trace, "message") == [(1, 3), (1, 4)]
