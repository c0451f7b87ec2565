"""What the front end makes of classes: inheritance, interfaces, files, types of locals, symmetry."""

import importlib.util
import sys
import textwrap
from pathlib import Path
from types import ModuleType

import pytest

from quorate.checker.frontend import ModelErrors, compile_model
from quorate.checker.ir import Program, show, show_function
from quorate.models.language import ModelError, Protocol

WORDS = """\
from __future__ import annotations

import typing
from dataclasses import replace
from enum import Enum
from typing import Annotated, Any

from quorate.models.language import *

Term = Annotated[int, Range(0, "terms")]


class Value(Symbol, size="values"):
    pass


@message
class Ping:
    term: Term


"""

SERVER = """\
class Server(Process):
    term: Term = durable(0)
    vote: Ref[Server] | None = durable(None)
    votes: frozenset[Ref[Server]] = volatile(frozenset())
    values: frozenset[Value] = volatile(frozenset())
    {body}


class Model(Protocol):
    servers: Cluster[Server] = cluster(3)
    terms: int = 1
    values: int = 1
"""


def load(folder: Path, name: str, text: str) -> ModuleType:
    file = folder / f"{name}.py"
    file.write_text(text)
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def model(folder: Path, body: str, *, words: str = WORDS, name: str = "model") -> type[Protocol]:
    indented = textwrap.indent(textwrap.dedent(body), "    ").strip()
    found: type[Protocol] = load(folder, name, words + SERVER.format(body=indented)).Model
    return found


def compiled(folder: Path, body: str) -> Program:
    return compile_model(model(folder, body))


def text_of(program: Program, function: str) -> str:
    return show_function(program.functions[function]).partition("\n")[2].replace("  ", "")


def test_a_class_and_an_instance_are_one_program(tmp_path: Path) -> None:
    cls = model(tmp_path, "pass")
    assert show(compile_model(cls)) == show(compile_model(cls(terms=2)))


def test_a_subclass_in_another_file(tmp_path: Path) -> None:
    base = """
    @action
    def step(self) -> None:
        require(self.may())
        self.term += 1

    def may(self) -> bool:
        return False
    """
    model(tmp_path, base, name="base_model")
    other = """
    from base_model import *
    from base_model import Model as Old, Server as OldServer
    from quorate.models.language import *


    class Server(OldServer):
        term: Term = volatile(1)

        def step(self) -> None:
            super().step()
            self.votes = frozenset()

        def may(self) -> bool:
            return not super().may()


    class Model(Old):
        servers: Cluster[Server] = cluster(2)
    """
    program = compile_model(load(tmp_path, "other_model", textwrap.dedent(other)).Model)
    assert program.processes[0].actions == ("Server.step",)
    assert text_of(program, "Server.step") == "do Server.step@Server(self)\nself.votes = {}"
    assert text_of(program, "Server.may") == "return (not Server.may@Server(self))"
    assert program.functions["Server.step"].place.file.endswith("other_model.py")
    assert program.functions["Server.step@Server"].place.file.endswith("base_model.py")
    fields = {f.name: f for f in program.processes[0].fields}
    assert (fields["term"].keeping.value, list(fields)) == ("volatile", ["term", "vote", "votes", "values"])


def test_a_handler_that_is_overridden_stays_one(tmp_path: Path) -> None:
    body = "@receive\ndef on_ping(self, m: Ping) -> None:\n    pass"
    text = WORDS + SERVER.format(body=textwrap.indent(body, "    ").strip()).replace("class Server(P", "class Old(P")
    over = "class Server(Old):\n    def on_ping(self, m) -> None:\n        self.term = m.term\n\n\nclass Model"
    program = compile_model(load(tmp_path, "overriding", text.replace("class Model", over)).Model)
    assert [(str(h.message), h.function) for h in program.processes[0].handlers] == [("Ping", "Server.on_ping")]
    assert text_of(program, "Server.on_ping") == "self.term = m.term"


def test_a_local_has_the_type_that_all_its_values_need(tmp_path: Path) -> None:
    body = """
    @action
    def step(self) -> None:
        x = None
        if self.term > 0:
            x = self.id
        self.vote = x
        found = frozenset()
        found |= {self.id}
        self.votes = found
    """
    program = compiled(tmp_path, body)
    assert "x: ref Server? = None" in text_of(program, "Server.step")
    assert "found: set[ref Server] = {}" in text_of(program, "Server.step")


def test_what_is_known_not_to_be_none_is_unwrapped(tmp_path: Path) -> None:
    body = """
    @action
    def step(self) -> None:
        vote = self.vote
        require(vote is not None and vote != self.id)
        self.votes = frozenset({vote})

    @action
    def until_assigned(self) -> None:
        if self.vote is None:
            return
        self.votes |= {self.vote}
        self.vote = None
        known = self.vote in (None, self.id)
        require(known)

    @action
    def chosen(self) -> None:
        self.votes = frozenset(v for v in (self.vote, None) if v is not None)
    """
    program = compiled(tmp_path, body)
    assert "self.votes = {vote!}" in text_of(program, "Server.step")
    assert "self.votes = (self.votes | {self.vote!})" in text_of(program, "Server.until_assigned")
    assert "known: bool = (self.vote in [None, (self.id as ref Server?)])" in text_of(program, "Server.until_assigned")
    assert text_of(program, "Server.chosen") == "self.votes = {v! for v in [self.vote, None] if (not (v == None))}"


def test_what_a_helper_may_have_changed_is_not_known(tmp_path: Path) -> None:
    body = """
    @action
    def step(self) -> None:
        require(self.vote is not None)
        self.forget()
        self.votes = self.votes if self.vote == self.id else frozenset()

    def forget(self) -> None:
        self.vote = None
    """
    assert "self.vote!" not in text_of(compiled(tmp_path, body), "Server.step")


def test_a_plain_function_has_the_types_of_its_arguments(tmp_path: Path) -> None:
    words = WORDS + "def size(items: Any) -> int:\n    return len(items)\n\n\n"
    body = "@action\ndef step(self) -> None:\n    require(size(self.votes) > size((1, 2)))"
    program = compile_model(model(tmp_path, body, words=words))
    assert {"size[set[ref Server]]", "size[(int, int)]"} <= set(program.functions)


def test_mistakes_come_in_the_order_of_the_source(tmp_path: Path) -> None:
    body = "@action\ndef second(self) -> None:\n    self.b = 1\n\n@action\ndef first(self) -> None:\n    self.a = 1"
    with pytest.raises(ModelErrors, match="field b") as raised:
        compiled(tmp_path, body)
    assert [m.what for m in raised.value.others] == ["Server does not declare the field a"]


def test_a_mistake_in_a_helper_is_told_once(tmp_path: Path) -> None:
    body = """
    @action
    def one(self) -> None:
        self.helper()

    @action
    def two(self) -> None:
        self.helper()

    def helper(self) -> None:
        self.nothing = 1
    """
    with pytest.raises(ModelErrors) as raised:
        compiled(tmp_path, body)
    assert raised.value.others == ()


def test_a_model_without_a_file_is_a_model_error() -> None:
    module = ModuleType("nowhere")
    sys.modules["nowhere"] = module
    exec(WORDS + SERVER.format(body="pass"), vars(module))
    with pytest.raises(ModelError, match="cannot be found") as raised:
        compile_model(module.Model)
    assert raised.value.code == "no-source"


def test_a_file_that_has_changed_is_a_model_error(tmp_path: Path) -> None:
    cls = model(tmp_path, "@action\ndef step(self) -> None:\n    self.term = 1")
    file = tmp_path / "model.py"
    file.write_text(file.read_text().replace("self.term = 1", "self.term = 2"))
    with pytest.raises(ModelError, match=r"the source of Server\.step cannot be found"):
        compile_model(cls)


SYMMETRY = [
    ("require(rank(self.id) == 0)", {"servers"}),
    ("self.values = frozenset({Value.nth(0)})", {"Value"}),
    ("require(all(v != self.id for v in self.votes))", set()),
    ("for v in self.votes:\n        self.send(v, Ping(1))", set()),
    ("x = self.votes if self.term > 0 else None\n    require(x is None)", set()),
]


@pytest.mark.parametrize(("line", "names"), SYMMETRY)
def test_what_tells_processes_or_symbols_apart_is_noticed(tmp_path: Path, line: str, names: set[str]) -> None:
    body = f"@action\ndef step(self) -> None:\n    {line}\n\n@receive\ndef on_ping(self, m: Ping) -> None:\n    pass"
    assert compiled(tmp_path, body).asymmetric == names


PROPERTIES = [
    ("return all(s.term >= 0 for s in self.servers)", set()),
    ("return all(t in self.logs() for t in self.logs())", set()),
    ("return self.logs()[0] == 0", {"servers"}),
    ("return self.logs() == ()", {"servers"}),
    ("return self.servers[self.someone()].term == 0", {"servers"}),
    ("servers = self.servers\n        return all(a.term == b.term for a, b in zip(servers, self.servers))", set()),
    ("return all(i >= s.term for i, s in enumerate(self.servers))", {"servers"}),
]


@pytest.mark.parametrize(("line", "names"), PROPERTIES)
def test_what_a_property_may_do_with_a_cluster(tmp_path: Path, line: str, names: set[str]) -> None:
    methods = f"""
    @invariant
    def holds(self) -> bool:
        {line}

    def logs(self) -> tuple[Term, ...]:
        return tuple(s.term for s in self.servers)

    def someone(self) -> Ref[Server]:
        return self.domain(Server)[0]
    """
    text = WORDS + SERVER.format(body="pass") + textwrap.indent(textwrap.dedent(methods), "    ")
    assert compile_model(load(tmp_path, "with_property", text).Model).asymmetric == names


QUORUMS = """
class Base(Protocol):
    servers: Cluster[Server] = cluster(3)
    terms: int = 1
    values: int = 1

    @quorum
    def is_quorum(self, some: frozenset[Value]) -> bool:
        return 2 * len(some) > self.values

    def is_large(self, some: frozenset[Value]) -> bool:
        return len(some) > 1

    @lemma
    def asked(self) -> bool:
        everything = frozenset(self.domain(Value))
        return self.is_quorum(everything) and self.is_large(everything)


class Unmarked(Base):
    def is_quorum(self, some: frozenset[Value]) -> bool:
        return len(some) > 0 and super().is_quorum(some)


class Marked(Base):
    @quorum
    def is_large(self, some: frozenset[Value]) -> bool:
        return super().is_large(some)


class Beside:
    def is_quorum(self, some: frozenset[Value]) -> bool:
        return len(some) == self.values


class Mixed(Beside, Base):
    pass
"""


def test_an_override_of_a_rule_of_quorums_is_one(tmp_path: Path) -> None:
    module = load(tmp_path, "quorums", WORDS + SERVER.format(body="pass") + QUORUMS)
    rules = {
        name: {f.name for f in compile_model(getattr(module, name)).functions.values() if f.quorum}
        for name in ("Base", "Unmarked", "Marked", "Mixed")
    }
    assert rules == {
        "Base": {"Base.is_quorum"},
        "Unmarked": {"Unmarked.is_quorum", "Unmarked.is_quorum@Base"},
        "Marked": {"Marked.is_quorum", "Marked.is_large"},
        "Mixed": {"Mixed.is_quorum"},
    }


def test_a_method_stays_a_lemma_where_it_is_overridden(tmp_path: Path) -> None:
    over = "\n\nclass Over(Base):\n    def asked(self) -> bool:\n        return True\n"
    module = load(tmp_path, "lemmas", WORDS + SERVER.format(body="pass") + QUORUMS + over)
    program = compile_model(module.Over)
    assert ([p.function for p in program.lemmas], program.invariants) == (["Over.asked"], ())
