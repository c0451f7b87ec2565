"""Every exporter, read by a real reader where one is at hand."""

from __future__ import annotations

import io
import json
import keyword
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from quorate.models.language import Protocol
from quorate.models.semantics import Outcome
from quorate.traces import EXPORTERS, Trace, explained
from quorate.traces.export.dot import quote
from quorate.traces.export.fold import MOST
from quorate.traces.export.itf import renamed
from quorate.traces.export.mermaid import escape
from quorate.traces.trace import Moment

from .toys import Callers, Faulty, Noted, Odd, Pings, Queued, Ticks, TwoLeaders, find, walk

PROTOCOLS: list[type[Protocol]] = [Faulty, Queued, Noted, Ticks, Odd]
ITF = Draft202012Validator(json.loads((Path(__file__).parent / "itf-schema.json").read_text()))


@pytest.fixture(scope="module")
def violation() -> Trace:
    return explained(find(TwoLeaders()))


@pytest.mark.parametrize("form", [form for form in EXPORTERS if not form.startswith("history")])
@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_the_same_trace_gives_the_same_text(form: str, protocol: type[Protocol]) -> None:
    one, other = (EXPORTERS[form](walk(protocol(), 4, 12)) for _ in range(2))
    assert one == other
    assert one.endswith("\n")


@pytest.mark.parametrize("form", [form for form in EXPORTERS if not form.startswith("history")])
def test_a_step_that_failed_can_be_exported(form: str) -> None:
    trace = explained(find(Pings()))
    assert EXPORTERS[form](trace)
    assert EXPORTERS[form](replace(trace, moments=trace.moments[:1]))


# -- text ----------------------------------------------------------------------------------------------------------


def test_text_shows_only_what_changed(violation: Trace) -> None:
    lines = EXPORTERS["text"](violation).splitlines()
    assert lines[:8] == [
        "   0  initial state",
        "   1  servers[0] stand(value=Value[0])",
        "        term       0 -> 1",
        "        voted_for  None -> servers[0]",
        "        log        [] -> [{term: 1, value: Value[0]}]",
        "        role       FOLLOWER -> CANDIDATE",
        "        votes      [] -> [servers[0]]",
        "        sends Ask(term=1) to servers[1], servers[2]",
    ]
    assert "   3  servers[1] receives Ask(term=1) from servers[0]" in lines
    assert "        seen[servers[0]]  [False, 0] -> [True, 1]" in lines
    end = lines.index("violated after 6 steps: one_leader")
    assert lines[end + 1].startswith("  because a.id == b.id or a.term != b.term  (")
    assert lines[end + 2 :] == ["    a = servers[0] (term=1)", "    b = servers[1] (term=1)"]


def test_text_cannot_steer_a_terminal() -> None:
    text = EXPORTERS["text"](walk(Odd(), 1, 3))
    assert all(line.isprintable() for line in text.splitlines())
    assert "\\x07\\nend" in text


def test_text_tells_faults() -> None:
    text = "".join(EXPORTERS["text"](walk(Faulty(), seed, 20)) for seed in range(20))
    assert re.search(r"servers\[\d\] crashes", text)
    assert "the network falls into two sides, one with [servers[0]]" in text
    assert "the network heals" in text
    assert "the network loses Ask(term=1) from" in text
    assert "and a copy stays under way" in text


# -- itf -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("seed", range(3))
def test_itf_is_as_its_schema_says(protocol: type[Protocol], seed: int) -> None:
    data = json.loads(EXPORTERS["itf"](walk(protocol(), seed, 12)))
    ITF.validate(data)
    for state in data["states"]:
        assert set(state) == {*data["vars"], "#meta"}
        _check_itf({name: value for name, value in state.items() if name != "#meta" and "::" not in name})


def _check_itf(data: Any) -> None:
    """What readers choke on although the schema allows it."""
    if isinstance(data, list):
        for item in data:
            _check_itf(item)
    elif isinstance(data, dict):
        assert not any(keyword.iskeyword(name) for name in data)
        if "tag" in data:
            assert set(data) == {"tag", "value"}
            assert isinstance(data["value"], dict)
            assert not keyword.iskeyword(data["tag"])
        for name in ("#set", "#map"):
            if name in data:
                assert data[name] == sorted(data[name], key=lambda item: json.dumps(item, sort_keys=True))
        for value in data.values():
            _check_itf(value)


def test_itf_says_which_step_was_taken(violation: Trace) -> None:
    states = json.loads(EXPORTERS["itf"](violation))["states"]
    assert [state["mbt::actionTaken"] for state in states][:4] == ["initial", "stand", "stand", "on_ask"]
    picks = states[1]["mbt::nondetPicks"]
    assert picks["value"] == {"tag": "Some", "value": {"v": "Value[0]"}}
    assert picks["process"] == {"tag": "Some", "value": {"v": "servers[0]"}}
    assert picks["message"] == {"tag": "Nothing", "value": {}}


def test_itf_values(violation: Trace) -> None:
    last = json.loads(EXPORTERS["itf"](violation))["states"][-1]
    servers = dict(last["servers"]["#map"])
    assert servers["servers[0]"]["term"] == {"#bigint": "1"}
    assert servers["servers[0]"]["voted_for"] == {"tag": "Some", "value": {"v": "servers[1]"}}
    assert servers["servers[2]"]["voted_for"] == {"tag": "Nothing", "value": {}}
    assert servers["servers[0]"]["votes"] == {"#set": ["servers[0]", "servers[1]"]}
    (message, copies), *_ = last["network"]["#map"]
    assert (message["src"], message["dst"], copies) == ("servers[0]", "servers[2]", {"#bigint": "1"})
    assert message["message"] == {"tag": "Ask", "value": {"term": {"#bigint": "1"}}}


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(["from", "class", "_x", "x", "f_x", "f__x", "é", "None", "tag", "#a", "a b"]), unique=True)
)
def test_itf_names_are_legal_and_distinct(names: list[str]) -> None:
    made = renamed({name: i for i, name in enumerate(names)})
    assert list(made.values()) == list(range(len(names)))
    assert all(re.fullmatch("[A-Za-z][A-Za-z0-9_]*", name) and not keyword.iskeyword(name) for name in made)


# -- graphml -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_graphml_is_read_by_networkx(protocol: type[Protocol]) -> None:
    trace = walk(protocol(), 2, 12)
    for form, graph in (("graphml", trace.to_networkx(flat=True)), ("graphml-events", trace.causality())):
        text = io.BytesIO(EXPORTERS[form](trace).encode())
        again = nx.read_graphml(text, node_type=int, force_multigraph=True)
        assert list(again.nodes(data=True)) == list(graph.nodes(data=True))
        assert sorted(map(repr, again.edges(data=True))) == sorted(map(repr, graph.edges(data=True)))


# -- mermaid -------------------------------------------------------------------------------------------------------

STATEMENT = re.compile(
    r"    (participant p\d+ as [^;\n]+|(p\d+)(->>|-x|--\))(p\d+): [^;\n]+|Note over p\d+(,p\d+)?: [^;\n]+)"
)


def unescaped(text: str) -> str:
    """What Mermaid shows for an escaped text."""
    return re.sub(r"#(\d+);", lambda found: chr(int(found[1])), text.replace("<br/>", "\n"))


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("seed", range(4))
def test_mermaid_has_one_statement_to_a_line(protocol: type[Protocol], seed: int) -> None:
    first, *lines = EXPORTERS["mermaid"](walk(protocol(), seed, 20)).splitlines()
    assert first == "sequenceDiagram"
    for line in lines:
        assert STATEMENT.fullmatch(re.sub(r"#\d+;", "", line)), line


@settings(deadline=None)
@given(st.text(max_size=50))
def test_mermaid_shows_any_text_as_it_is(text: str) -> None:
    escaped = escape(text)
    rest = re.sub(r"#\d+;|<br/>", "", escaped)
    assert not set(rest) & set('#;%<>&"\\`{}\r\n')
    assert rest.isprintable()
    assert len(escaped.splitlines()) <= 1
    assert unescaped(escaped) == re.sub("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]", "\n", text)


def test_mermaid_draws_what_happened(violation: Trace) -> None:
    lines = [line.strip() for line in EXPORTERS["mermaid"](violation).splitlines()]
    assert lines[1:4] == [f"participant p{i} as servers[{i}]" for i in range(3)]
    assert "Note over p0: 1: stand(value=Value[0])" in lines
    assert "p0->>p1: 3: Ask(term=1)" in lines
    assert "p0--)p2: Ask(term=1) (not received)" in lines
    assert lines[-1] == "Note over p0,p2: one_leader is violated<br/>a.id == b.id or a.term != b.term"


def test_a_disconnection_shows_what_it_loses() -> None:
    trace = walk(Callers(), 0, 1)
    steps = [("call", 0), ("call", 0), ("start", 0), ("crash", 1)]
    moments = [trace.moments[0]]
    for name, number in steps:
        state = moments[-1].state
        possible = trace.system.successors(state) if state is not None else ()
        step, tried = next((s, t) for s, t in possible if s.name == name and s.process == trace.system.refs[number])
        assert isinstance(tried, Outcome)
        moments.append(Moment(step, tried.sent, tried.state))
    trace = replace(trace, moments=tuple(moments))
    assert EXPORTERS["text"](trace).splitlines()[-8:] == [
        "   3  callers[0] start()",
        "        disconnects, and loses Ring(loud=False) from callers[0] to callers[1]",
        "        disconnects, and loses Ring(loud=False) from callers[0] to callers[1]",
        "        sends Ring(loud=False) to callers[1]",
        "   4  callers[1] crashes",
        "        crash left  1 -> 0",
        "        disconnects, and loses Ring(loud=False) from callers[0] to callers[1]",
        "        sends Ring(loud=True) to callers[0]",
    ]
    assert [line.strip() for line in EXPORTERS["mermaid"](trace).splitlines()[5:]] == [
        "Note over p0: 3: start()",
        "p0-xp1: 3: lost: Ring(loud=False)",
        "p0-xp1: 3: lost: Ring(loud=False)",
        "Note over p1: 4: crashes",
        "p0-xp1: 4: lost: Ring(loud=False)",
        "p1--)p0: Ring(loud=True) (not received)",
    ]


def test_mermaid_draws_faults() -> None:
    drawn = "".join(EXPORTERS["mermaid"](walk(Faulty(), seed, 20)) for seed in range(20))
    assert re.search(r"p\d-xp\d: \d+: lost: Ask\(term=1\)", drawn)
    assert re.search(r"Note over p\d: \d+: crashes", drawn)
    assert re.search(r"Note over p0,p2: \d+: the network heals", drawn)


def test_a_long_trace_is_folded() -> None:
    trace = walk(Noted(), 0, 3 * MOST)
    lines = EXPORTERS["mermaid"](trace).splitlines()
    assert trace.length == 3 * MOST
    assert sum("steps are left out" in line for line in lines) == 1
    assert f"… {2 * MOST} steps are left out …" in "\n".join(lines)
    assert len(lines) < 3 * MOST
    assert re.search(rf": {3 * MOST}: ", "\n".join(lines))


# -- dot -----------------------------------------------------------------------------------------------------------


@settings(deadline=None)
@given(st.text(max_size=40))
def test_dot_strings_are_closed(text: str) -> None:
    quoted = quote(text)
    assert re.fullmatch(r'"([^"\\\n]|\\["\\n])*"', quoted)


def test_dot_draws_the_happens_before_graph(violation: Trace) -> None:
    lines = [line.strip() for line in EXPORTERS["dot"](violation).splitlines()]
    edges = {(int(a), int(b)) for line in lines for a, b in re.findall(r"^e(\d+) -> e(\d+) \[color", line)}
    assert edges == set(violation.causality().edges())
    assert any(line.startswith("e6 [") and "one_leader is violated" in line and "#c00000" in line for line in lines)
    assert lines[-1] == "}"
    assert sum(line.count("{") for line in lines) == sum(line.count("}") for line in lines)


def test_a_long_drawing_is_folded() -> None:
    text = EXPORTERS["dot"](walk(Noted(), 0, 3 * MOST))
    events = set(map(int, re.findall(r"^  e(\d+) \[", text, re.MULTILINE)))
    assert events == {*range(1, MOST // 2 + 1), *range(5 * MOST // 2 + 1, 3 * MOST + 1)}
    assert {int(n) for n in re.findall(r"e(\d+)\b", text)} == events
    assert f"… {2 * MOST} steps are left out …" in text
