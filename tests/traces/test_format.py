"""Trace files: what is written is read back, and what is no trace is refused with one clear message."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quorate.models.language import ModelError, Protocol
from quorate.models.semantics import System
from quorate.traces import Trace, TraceError, document, explained, read, read_header, write

from .toys import Faulty, Noted, Odd, OneVote, Queued, Remembering, Ticks, TwoLeaders, find, walk

PROTOCOLS: list[type[Protocol]] = [Faulty, Queued, Noted, Remembering, Ticks, Odd]


@pytest.fixture(scope="module")
def violation() -> Trace:
    return explained(find(TwoLeaders()))


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("seed", range(5))
def test_what_is_written_is_read_back(protocol: type[Protocol], seed: int) -> None:
    trace = walk(protocol(), seed, 25)
    again = read(write(trace), trace.system)
    assert [(m.step, m.state) for m in again.moments] == [(m.step, m.state) for m in trace.moments]
    assert [sorted(map(repr, m.sent)) for m in again.moments] == [sorted(map(repr, m.sent)) for m in trace.moments]
    assert write(again) == write(trace)


def test_what_it_shows_is_kept(violation: Trace) -> None:
    again = read(write(violation), violation.system)
    assert (again.kind, again.violated, again.why) == ("invariant", "one_leader", violation.why)
    assert again.why[0].bindings


def test_the_bytes_do_not_depend_on_the_run(violation: Trace, tmp_path: Path) -> None:
    script = "import sys; from tests_traces_toys import *; from quorate.traces import write\n"
    script += "sys.stdout.write(write(walk(Remembering(), 3, 20)))"
    (tmp_path / "tests_traces_toys.py").write_text((Path(__file__).parent / "toys.py").read_text())
    runs = {_output(script, tmp_path, hash_seed) for hash_seed in "123"}
    assert len(runs) == 1
    assert len(json.loads(runs.pop())["steps"][-1]["state"]["ever_sent"]) > 3


def _output(script: str, folder: Path, hash_seed: str) -> str:
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=folder, env=environment, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_the_shape_of_the_file(violation: Trace) -> None:
    data = json.loads(write(violation))
    assert data["schema"] == "quorate.trace/1"
    assert data["parameters"] == {"servers": 3, "terms": 1, "values": 1, "crashes": 0}
    assert data["model"]["class"] == "TwoLeaders"
    first = data["steps"][1]
    assert (first["kind"], first["action"], first["process"]) == ("action", "stand", "servers[0]")
    assert first["arguments"] == {"value": "Value[0]"}
    assert first["sent"][0] == {"src": "servers[0]", "dst": "servers[1]", "type": "Ask", "fields": {"term": 1}}
    assert first["state"]["processes"]["servers[0]"]["voted_for"] == "servers[0]"
    assert first["state"]["network"]["messages"] == first["sent"]
    assert data["steps"][-1]["message"]["type"] == "Grant"


def test_the_header_is_read_without_a_model(violation: Trace, tmp_path: Path) -> None:
    path = tmp_path / "trace.json"
    path.write_text(write(violation))
    header = read_header(path)
    assert (header.name, header.kind, header.violated, header.length) == ("TwoLeaders", "invariant", "one_leader", 6)
    assert header.model == header.module + ":TwoLeaders"
    assert header.parameters["servers"] == 3


def test_the_shipped_schema_is_a_schema() -> None:
    document.validator().check_schema(document.validator().schema)


def test_importing_traces_is_cheap() -> None:
    script = "import sys, quorate.traces; print([m for m in ('networkx', 'jsonschema', 'numpy') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# -- bad files -----------------------------------------------------------------------------------------------------


def refused(text: str, system: System) -> TraceError:
    with pytest.raises(TraceError) as caught:
        read(text, system)
    assert isinstance(caught.value, ModelError)
    assert caught.value.code == "bad-trace"
    assert str(caught.value).count("\n") <= 2
    return caught.value


Path_ = tuple[str | int, ...]

EDITS: list[tuple[Path_, Any, str, str]] = [
    (("schema",), "quorate.trace/2", "/schema", 'this tool reads quorate.trace/1, the file has "quorate.trace/2"'),
    (("schema",), 7, "/schema", 'not a trace of quorate: expected "quorate.trace/1", found 7'),
    (
        ("kind",),
        "weather",
        "/kind",
        "expected one of invariant, step invariant, assertion, deadlock, error, run, found",
    ),
    (("parameters", "servers"), 4, "/parameters/servers", "the trace has servers=4, the model servers=3"),
    (("parameters", "colour"), 4, "/parameters/colour", "the model has no parameter colour"),
    (("length",), 9, "/length", "expected 6, one less than there are steps, found 9"),
    (("steps", 2, "kind"), "dance", "/steps/2/kind", "expected one of initial, action,"),
    (("steps", 2, "number"), 3, "/steps/2/number", "expected 2, found 3"),
    (("steps", 2, "extra"), 3, "/steps/2", 'unexpected member "extra"'),
    (("steps", 2, "action"), "sit", "/steps/2/action", 'expected one of stand, found "sit"'),
    (("steps", 2, "process"), "servers[7]", "/steps/2/process", "expected one of the 3 processes of servers"),
    (("steps", 2, "arguments"), {}, "/steps/2/arguments", "value is missing"),
    (("steps", 2, "message"), None, "", ""),
    (("steps", 3, "message"), None, "/steps/3/message", "expected an object, found null"),
    (("steps", 3, "message", "type"), "Shout", "/steps/3/message/type", "expected a message that servers[1] receives"),
    (("steps", 3, "message", "fields", "term"), 5, "/steps/3/message/fields/term", "expected an int from 0 to 1"),
    (("steps", 3, "process"), "servers[2]", "/steps/3/process", 'expected servers[1], to go with the message, found "'),
    (
        ("steps", 3, "state", "processes", "servers[0]", "role"),
        "KING",
        "/steps/3/state/processes/servers[0]/role",
        "one of",
    ),
    (("steps", 3, "state", "shared"), {}, "/steps/3/state/shared", "leaders is missing"),
    (("steps", 3, "state", "network", "kind"), "fifo", "/steps/3/state/network/kind", 'expected "bag", found "fifo"'),
    (
        ("steps", 3, "state", "faults"),
        [],
        "/steps/3/state/faults",
        "expected 1 elements, one for each fault of the model",
    ),
    (("steps", 3, "state"), None, "/steps/3/state", "expected a state: only the last step of a trace can fail"),
    (("why", 0, "line"), -1, "/why/0/line", "expected at least 0, found -1"),
]


@pytest.mark.parametrize(("path", "value", "at", "problem"), EDITS)
def test_an_edit_by_hand_is_found(violation: Trace, path: Path_, value: Any, at: str, problem: str) -> None:
    data = json.loads(write(violation))
    place = data
    for part in path[:-1]:
        place = place[part]
    if place.get(path[-1]) == value:
        read(json.dumps(data), violation.system)
        return
    place[path[-1]] = value
    error = refused(json.dumps(data), violation.system)
    assert error.at == at
    assert problem in error.problem


def test_more_copies_than_the_network_keeps_are_refused(violation: Trace) -> None:
    data = json.loads(write(violation))
    messages = data["steps"][1]["state"]["network"]["messages"]
    messages.append(messages[0])
    assert refused(json.dumps(data), violation.system).at == "/steps/1/state/network"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "not JSON: line 1, column 1: Expecting value (the file is empty)"),
        ("[1, 2]", "expected an object with the member schema, found [1, 2]"),
        ("null", "expected an object with the member schema, found null"),
        ("{}", 'not a trace of quorate: expected "quorate.trace/1", found null'),
        ('{"vars": [], "states": []}', "this is a trace in ITF, which cannot be read back"),
        ('{"schema": NaN}', "not JSON: NaN is not a JSON value"),
        ('{"schema": "a", "schema": "b"}', 'not JSON: an object has two members named "schema"'),
        ("[" * 100_000, "nested too deeply to be a trace"),
        ('{"schema": ' + "9" * 5000 + "}", "not JSON: Exceeds the limit"),
        ('{"schema": "\\ud800"}', "not JSON: 'utf-8' codec can't encode"),
        ("<xml/>", "not JSON: line 1, column 1: Expecting value (the file is cut off)"),
    ],
)
def test_what_is_no_trace_is_refused(text: str, problem: str) -> None:
    error = refused(text, System(TwoLeaders()))
    assert problem in error.problem


def test_the_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "broken.json"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(TraceError) as caught:
        read(path, System(TwoLeaders()))
    assert str(caught.value) == f"error[bad-trace]: {path}: not text in UTF-8: byte 0 is 0xff"


def test_a_place_in_a_file_is_named_with_it(violation: Trace, tmp_path: Path) -> None:
    path = tmp_path / "edited.json"
    path.write_text(write(violation).replace('"FOLLOWER"', '"KING"', 1))
    with pytest.raises(TraceError) as caught:
        read(path, violation.system)
    assert caught.value.what.startswith(
        f"{path}: at /steps/0/state/processes/servers[0]/role: expected one of FOLLOWER"
    )


def test_a_huge_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "LARGEST", 2**20)
    path = tmp_path / "huge.json"
    path.write_text(" " * (2**20 + 1))
    with pytest.raises(TraceError, match="larger than 1 MiB"):
        read_header(path)


@pytest.fixture(scope="module")
def short() -> Trace:
    return explained(find(OneVote(servers=2)))


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_a_truncated_file_is_refused(short: Trace, data: st.DataObject) -> None:
    text = write(short).rstrip()
    refused(text[: data.draw(st.integers(0, len(text) - 1))], short.system)


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_a_flipped_byte_never_does_harm(short: Trace, data: st.DataObject) -> None:
    content = bytearray(write(short).encode())
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
    text = content.decode(errors="surrogateescape")
    try:
        again = read(text, short.system)
    except TraceError:
        pass
    else:
        assert write(read(write(again), short.system)) == write(again)


LEAVES: st.SearchStrategy[Any] = (
    st.none()
    | st.booleans()
    | st.integers(-9, 9)
    | st.sampled_from(["", "x", "servers[0]", "\0"])
    | st.just([])
    | st.just({})
)


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_any_value_in_any_place_is_read_or_refused(short: Trace, data: st.DataObject) -> None:
    content = json.loads(write(short))
    place: Any = content
    while True:
        part = data.draw(st.sampled_from(list(place) if isinstance(place, dict) else list(range(len(place)))))
        inner = place[part]
        if not isinstance(inner, dict | list) or not inner or data.draw(st.integers(0, 5)) == 0:
            break
        place = inner
    if data.draw(st.booleans()):
        place[part] = data.draw(LEAVES)
    else:
        del place[part]
    with contextlib.suppress(TraceError):
        read(json.dumps(content), short.system)
