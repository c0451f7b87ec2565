"""Counterexamples to induction: traces from a state that need not be reachable."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from quorate.checker.cli import main
from quorate.checker.search import SelfCheckFailed, cti
from quorate.models.language import Cluster, Fifo, Map, ModelError, Protocol, cluster
from quorate.models.language.networks import Network
from quorate.models.paxos.paxos_sets import Accept, Acceptor, PaxosSets, Vote
from quorate.models.paxos.paxos_sets import Value as Proposal
from quorate.models.raft import Raft
from quorate.models.semantics import Envelope, Outcome, State, System
from quorate.traces import (
    EXPORTERS,
    DoesNotReplay,
    Replay,
    Trace,
    TraceError,
    read,
    read_header,
    replay,
    verify,
    write,
)

from .anywhere import stroll
from .test_export import ITF
from .test_replay import Humble, Watched
from .toys import (
    Ask,
    Election,
    Faulty,
    Generous,
    Grant,
    Noted,
    Odd,
    Ping,
    Pings,
    Queued,
    Remembering,
    Role,
    Ticks,
    find,
    terms_grow,
)

PROTOCOLS: list[type[Protocol]] = [Faulty, Queued, Noted, Remembering, Ticks, Odd, PaxosSets, Raft]
DRAWN = [form for form in EXPORTERS if not form.startswith("history")]


def leaders_counted(p: Election) -> bool:
    return all(not s.leads() or len(s.votes) >= 2 for s in p.servers)


class Assuming(Election):
    """Everybody votes for everybody, and a lemma that does not help."""

    servers: Cluster[Generous] = cluster(3)
    terms: int = 2
    lemmas: tuple[Callable[[Any], bool], ...] = (leaders_counted,)


def blank(system: System) -> State:
    tried = next(tried for _, tried in system.initial())
    assert isinstance(tried, Outcome)
    return tried.state


def having(system: System, state: State, number: int, **fields: Any) -> State:
    """A state in which a process has these fields."""
    names = [f.name for f in system.shape.shapes[system.refs[number].cluster].fields]
    changed = tuple(fields.get(name, old) for name, old in zip(names, state.processes[number], strict=True))
    return state._replace(processes=(*state.processes[:number], changed, *state.processes[number + 1 :]))


def holding(system: System, state: State, *envelopes: Envelope) -> State:
    """A state with these messages under way."""
    return state._replace(network=system.carrier.send(system.carrier.empty(), envelopes))


def after(system: System, before: State, name: str, number: int = 0) -> State:
    """Where a process's step leads."""
    found = (t for s, t in system.successors(before) if (s.name, s.process) == (name, system.refs[number]))
    tried = next(found)
    assert isinstance(tried, Outcome)
    return tried.state


def leader_and_candidate(system: System) -> State:
    """One leads, and the other lacks a vote that is under way."""
    a, b, c = system.refs
    state = having(system, blank(system), 0, term=1, role=Role.CANDIDATE, votes=frozenset({a}), voted_for=a)
    state = having(system, state, 2, term=1, role=Role.LEADER, votes=frozenset({b, c}), voted_for=c)
    return holding(system, state, Envelope(b, a, Grant(1, ())), Envelope(a, b, Ask(1)))


@pytest.fixture(scope="module")
def found() -> Trace:
    system = System(Assuming())
    first = leader_and_candidate(system)
    return cti(system, [first, after(system, first, "on_grant")], "one_leader", ["one_leader", "leaders_counted"])


# -- made of states ------------------------------------------------------------------------------------------------


def test_states_become_a_trace_with_the_reasons(found: Trace) -> None:
    assert [m.step.name for m in found.moments] == ["assumed", "on_grant"]
    assert (found.kind, found.from_anywhere, found.length) == ("invariant", True, 1)
    assert dict(found.why[0].bindings) == {"a": "servers[0] (term=1)", "b": "servers[2] (term=1)"}


def test_one_state_shows_that_an_invariant_does_not_follow() -> None:
    system = System(Assuming())
    first = leader_and_candidate(system)
    both = after(system, first, "on_grant")
    assert cti(system, [both], "one_leader", ["leaders_counted"]).length == 0
    with pytest.raises(SelfCheckFailed, match="step 0: the end of the trace does not show the invariant one_leader"):
        cti(system, [first], "one_leader", ["leaders_counted"])
    with pytest.raises(SelfCheckFailed, match="step 0: the assumed property one_leader is false"):
        cti(system, [both], "one_leader", ["one_leader"])


def test_an_induction_may_assume_several_states() -> None:
    system = System(Assuming())
    first = leader_and_candidate(system)
    second = after(system, first, "on_ask", 1)
    third = after(system, second, "on_grant")
    trace = cti(system, [first, second, third], "one_leader", ["one_leader"])
    assert [m.step.name for m in trace.moments] == ["assumed", "on_ask", "on_grant"]
    fourth = after(system, third, "stand", 1)
    with pytest.raises(SelfCheckFailed, match="step 2: the assumed property one_leader is false"):
        cti(system, [first, second, third, fourth], "one_leader", ["one_leader"])


def test_of_a_step_invariant_the_step_is_to_blame() -> None:
    system = System(Assuming())
    first = having(system, blank(system), 0, term=2)
    with pytest.raises(SelfCheckFailed, match="step 1: the end of the trace does not show the step invariant"):
        cti(system, [first, after(system, first, "stand", 1)], "terms_grow", [])
    with pytest.raises(SelfCheckFailed, match="no step leads to state 1 of the counterexample to induction"):
        cti(system, [first, blank(system)], "terms_grow", [])


def test_a_step_that_fails_ends_it() -> None:
    system = System(Pings())
    a, b = system.refs
    first = holding(system, having(system, blank(system), 0, heard=1), Envelope(b, a, Ping()))
    trace = cti(system, [first], "assertion", [], fails=True)
    assert (trace.kind, trace.moments[-1].state, trace.why[0].expression) == (
        "assertion",
        None,
        "self.heard < self.broken()",
    )
    with pytest.raises(SelfCheckFailed, match="no step fails as assertion"):
        cti(system, [blank(system)], "assertion", [], fails=True)


def test_a_vote_that_was_never_proposed() -> None:
    # the invariant alone is not inductive: two acceptors have chosen one value, and a late proposal has another
    system = System(PaxosSets())
    a, b, c = map(Acceptor.nth, range(3))
    one, other = map(Proposal.nth, range(2))
    names = [f.name for f in system.shape.fields]
    fields = dict(zip(names, blank(system).shared, strict=True))
    fields["votes"] = frozenset({Vote(a, 0, one), Vote(b, 0, one), Vote(c, 1, other)})
    fields["accepts"] = frozenset({Accept(1, other)})
    before = blank(system)._replace(shared=tuple(fields[name] for name in names))
    voted = {"max_bal": 1, "max_vbal": 1, "max_val": other}
    fields |= {name: fields[name] | {b: new} for name, new in voted.items()}
    fields["votes"] |= {Vote(b, 1, other)}
    end = before._replace(shared=tuple(fields[name] for name in names))
    trace = cti(system, [before, end], "agreement", ["agreement", "one_proposal_in_a_ballot"])
    assert trace.moments[1].step.arguments == (b, Accept(1, other))
    with pytest.raises(SelfCheckFailed, match="the assumed property votes_were_proposed is false"):
        cti(system, [before, end], "agreement", ["agreement", "votes_were_proposed"])


# -- verified ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("seed", range(4))
def test_any_state_is_one_to_begin_in(protocol: type[Protocol], seed: int) -> None:
    trace = stroll(System(protocol()), seed)
    verify(trace)
    text = write(trace)
    again = read(text, trace.system)
    assert again.moments == trace.moments
    assert write(again) == text
    assert (replay(text, trace.system).outcome, trace.from_anywhere) == (Replay.REPRODUCED, True)
    assert all(EXPORTERS[form](trace) for form in DRAWN)
    assert sorted(trace.causality()) == list(range(1, trace.length + 1))


def begun(trace: Trace, change: Callable[[System, State], State]) -> Trace:
    """The same trace from another first state."""
    first, *others = trace.moments
    assert first.state is not None
    return replace(trace, moments=(replace(first, state=change(trace.system, first.state)), *others))


def everywhere(trace: Trace, change: Callable[[System, State], State]) -> Trace:
    """The same trace with every state changed."""
    system = trace.system
    changed = [replace(m, state=change(system, m.state)) for m in trace.moments if m.state is not None]
    return replace(trace, moments=tuple(changed))


def too_many(system: System, state: State) -> State:
    twice = (Envelope(system.refs[1], system.refs[0], Ask(1)),) * 2
    return state._replace(network=(0, twice))


def unknown(system: System, state: State) -> State:
    return state._replace(network=(0, (Envelope(system.refs[1], system.refs[0], Ping()),)))


ILLEGAL: list[tuple[Callable[[System, State], State], str]] = [
    (lambda s, state: having(s, state, 1, term=3), r"servers\[1\].term is 3, beyond the bound terms"),
    (lambda s, state: having(s, state, 1, role="KING"), r"servers\[1\].role is 'KING': 'KING' is not a Role"),
    (lambda s, state: having(s, state, 1, votes=frozenset({7})), r"votes is \{7\}: 7 is not one of servers\[0\]"),
    (lambda s, state: state._replace(shared=(Map({}),)), r"leaders is \{\}: \{\} is not a Map with all 3 keys"),
    (too_many, "network: more copies of a message than this network keeps"),
    (unknown, r"servers\[0\] receives no Ping"),
    (lambda s, state: state._replace(network=(1, ())), "network/duplicates_left: expected an int from 0 to 0, found 1"),
    (lambda s, state: state._replace(faults=((1, frozenset()),)), "faults/0/left: expected an int from 0 to 0"),
    (lambda s, state: state._replace(faults=((0, frozenset(s.refs)),)), "faults/0/down: expected what this fault"),
]


@pytest.mark.parametrize(("change", "problem"), ILLEGAL)
def test_a_first_state_that_is_none_of_the_model_is_found(
    found: Trace, change: Callable[[System, State], State], problem: str
) -> None:
    with pytest.raises(DoesNotReplay, match=f"step 0: the first state is none of the model: .*{problem}"):
        verify(begun(found, change))


def other_step(trace: Trace) -> Trace:
    before = trace.moments[0].state
    assert before is not None
    step = next(step for step, _ in trace.system.successors(before) if step.name == "on_ask")
    return replace(trace, moments=(trace.moments[0], replace(trace.moments[1], step=step)))


def sends_at_once(trace: Trace) -> Trace:
    envelope = trace.moments[1].step.envelope
    assert envelope is not None
    return replace(trace, moments=(replace(trace.moments[0], sent=(envelope,)), trace.moments[1]))


FORGED: list[tuple[Callable[[Trace], Trace], str]] = [
    (
        lambda trace: everywhere(trace, lambda s, state: having(s, state, 2, votes=frozenset())),
        "step 0: the assumed property leaders_counted is false",
    ),
    (other_step, "step 1: on_ask leads to another state"),
    (lambda trace: begun(trace, lambda s, state: having(s, state, 1, term=2)), "step 1: on_grant leads to another"),
    (lambda trace: replace(trace, violated="leaders_counted"), "does not show the invariant leaders_counted"),
    (lambda trace: replace(trace, moments=trace.moments[:1]), "step 0: the end of the trace does not show"),
    (sends_at_once, r"step 0: assumed sends \(.*Grant.*\), not \(\)"),
]


@pytest.mark.parametrize(("forge", "problem"), FORGED)
def test_anything_forged_is_found(found: Trace, forge: Callable[[Trace], Trace], problem: str) -> None:
    verify(found)
    with pytest.raises(DoesNotReplay, match=problem):
        verify(forge(found))


def test_what_is_assumed_is_a_property(found: Trace) -> None:
    with pytest.raises(ModelError, match="Assuming has no property leaders_count"):
        verify(replace(found, assumes=("leaders_count",)))


def test_nothing_is_assumed_of_a_run() -> None:
    with pytest.raises(DoesNotReplay, match="step 0: something is assumed of a trace that begins in an initial state"):
        verify(replace(find(Assuming()), assumes=("leaders_counted",)))


# -- files ---------------------------------------------------------------------------------------------------------


def test_the_shape_of_the_file(found: Trace) -> None:
    data = json.loads(write(found))
    assert data["assumes"] == ["one_leader", "leaders_counted"]
    first = data["steps"][0]
    assert (first["kind"], first["action"], first["process"], first["arguments"]) == ("assumed", "assumed", None, {})
    assert first["state"]["network"]["messages"][0]["type"] == "Ask"
    assert read_header(write(found)).assumes == found.assumes
    assert read(write(found), found.system).assumes == found.assumes
    assert "assumes" not in json.loads(write(find(Assuming())))


EDITS: list[tuple[tuple[str | int, ...], Any, str, str]] = [
    (("assumes",), None, "", "assumes is missing, and the first step is of kind assumed"),
    (("assumes", 0), 7, "/assumes/0", "expected string, found 7"),
    (("steps", 0, "kind"), "initial", "/assumes", "only a trace whose first step is of kind assumed assumes anything"),
    (("steps", 1, "kind"), "assumed", "/steps/1/kind", "the first step, and no other, is of kind initial or assumed"),
    (("steps", 0, "action"), "stand", "/steps/0/action", 'expected one of assumed, found "stand"'),
    (("steps", 0, "process"), "servers[0]", "/steps/0/process", "belongs to another process"),
    (("steps", 0, "state", "faults", 0, "down"), ["servers[1]"], "/steps/0/state/faults/0/down", "expected what this"),
    (("steps", 0, "state", "network", "messages", 0, "dst"), "x", "/steps/0/state/network/messages/0/dst", "one of"),
]


@pytest.mark.parametrize(("path", "value", "at", "problem"), EDITS)
def test_an_edit_by_hand_is_found(found: Trace, path: tuple[str | int, ...], value: Any, at: str, problem: str) -> None:
    data = json.loads(write(found))
    place = data
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = value
    if value is None:
        del place[path[-1]]
    with pytest.raises(TraceError) as caught:
        read(json.dumps(data), found.system)
    assert caught.value.at == at
    assert problem in caught.value.problem


def test_one_state_cannot_be_missing(found: Trace) -> None:
    data = json.loads(write(replace(found, moments=found.moments[:1])))
    data["steps"][0]["state"] = None
    with pytest.raises(TraceError, match="expected a state: to assume one cannot fail"):
        read(json.dumps(data), found.system)


# -- replayed ------------------------------------------------------------------------------------------------------


def test_the_same_model_reproduces_it(found: Trace) -> None:
    replayed = replay(write(found), System(Assuming()))
    assert str(replayed) == "reproduced: one_leader is violated after 1 step from the assumed state"
    assert replayed.why == found.why
    assert replayed.trace
    verify(replayed.trace)


def all_votes(p: Election) -> bool:
    return all(not s.leads() or len(s.votes) == 3 for s in p.servers)


all_votes.__name__ = leaders_counted.__name__


class NeedsAll(Assuming):
    """The lemma asks for more."""

    lemmas: tuple[Callable[[Any], bool], ...] = (all_votes,)


class Humbled(Assuming):
    """Nobody becomes a leader."""

    servers: Cluster[Humble] = cluster(3)


class Watching(Assuming):
    """Everybody has a field more."""

    servers: Cluster[Watched] = cluster(3)


class Queueing(Assuming):
    """Another network."""

    network: Network = Fifo()


class Certain(Assuming):
    """No lemma of that name."""

    lemmas: tuple[Callable[[Any], bool], ...] = ()


NOT_POSSIBLE = [
    (NeedsAll(), "the assumed property leaders_counted is false in the first state"),
    (Watching(), "the recorded state is none of this model: processes/servers[0]: asked is missing"),
    (Queueing(), "the recorded state is none of this model: network: the model has no duplicates_left here"),
    (Assuming(servers=2), "the recorded state is none of this model: processes: the model has no servers[2] here"),
    (Assuming(terms=3), "the recorded state is none of this model: shared/leaders: 3 is missing"),
]


@pytest.mark.parametrize(("candidate", "reason"), NOT_POSSIBLE)
def test_a_candidate_may_not_have_the_state(found: Trace, candidate: Protocol, reason: str) -> None:
    replayed = replay(write(found), System(candidate))
    assert replayed.outcome is Replay.NOT_POSSIBLE
    assert str(replayed).startswith(f"no longer possible: step 0, assumed state: {reason}")


def test_a_lemma_can_be_false_on_the_way() -> None:
    system = System(Assuming())
    first = leader_and_candidate(system)
    second = after(system, first, "on_ask", 1)
    trace = cti(system, [first, second, after(system, second, "on_grant")], "one_leader", ["terms_grow"])
    replayed = replay(write(trace), System(NeverGrows()))
    assert str(replayed).endswith("the assumed property terms_grow is false in step 1")


def never_grows(before: Election, after: Election) -> bool:
    return all(old.term == new.term for old, new in zip(before.servers, after.servers, strict=True))


never_grows.__name__ = terms_grow.__name__


class NeverGrows(Assuming):
    """A step invariant that is stricter."""

    step_invariants = (never_grows,)


def test_a_candidate_may_keep_the_property(found: Trace) -> None:
    replayed = replay(write(found), System(Humbled()))
    assert str(replayed) == "no longer a violation: all 1 step are possible, and one_leader holds in the last state"


def test_a_candidate_must_have_the_lemma(found: Trace) -> None:
    with pytest.raises(ModelError, match="Certain has no property leaders_counted"):
        replay(write(found), System(Certain()))


# -- exported ------------------------------------------------------------------------------------------------------


def test_text_begins_with_what_it_is_and_the_whole_state(found: Trace) -> None:
    lines = EXPORTERS["text"](found).splitlines()
    assert lines[:2] == [
        "counterexample to induction: the first state satisfies one_leader, leaders_counted; it need not be reachable",
        "   0  assumed state",
    ]
    assert "        servers[2].role       LEADER" in lines
    assert "        under way             Grant(term=1, log=[]) from servers[1] to servers[0]" in lines
    assert "   1  servers[0] receives Grant(term=1, log=[]) from servers[1]" in lines


def test_drawings_show_what_is_not_as_at_the_start(found: Trace) -> None:
    lines = [line.strip() for line in EXPORTERS["mermaid"](found).splitlines()]
    assert lines[4].startswith(
        "Note over p0,p2: 0: any state that satisfies one_leader, leaders_counted<br/>under way: "
    )
    assert lines[5] == "Note over p0: term: 1<br/>voted_for: servers[0]<br/>role: CANDIDATE<br/>votes: [servers[0]]"
    assert lines[7] == "p1->>p0: 1: Grant(term=1, log=[])"
    text = EXPORTERS["dot"](found)
    assert 'label="servers[2]\\nterm: 1\\nvoted_for: servers[2]\\nrole: LEADER' in text
    # no arrow leads to it, so the box itself says what is received
    assert 'e1 [group=g0, label="1: receives Grant(' in text
    assert {int(n) for n in re.findall(r"\be(\d+)\b", text)} == {1}


def test_graphs_say_what_is_assumed(found: Trace) -> None:
    graph = found.to_networkx()
    assert graph.graph["assumes"] == ["one_leader", "leaders_counted"]
    assert graph.nodes[0]["label"] == "0: any state that satisfies one_leader, leaders_counted"
    assert list(found.causality().edges()) == []


def test_itf_says_what_is_assumed(found: Trace) -> None:
    data = json.loads(EXPORTERS["itf"](found))
    ITF.validate(data)
    assert data["#meta"]["description"].endswith("from any state that satisfies one_leader, leaders_counted")
    assert data["states"][0]["mbt::actionTaken"] == "assumed"


@pytest.mark.parametrize("form", ["history-edn", "history-json"])
def test_there_is_no_history(found: Trace, form: str) -> None:
    with pytest.raises(ModelError, match="a counterexample to induction has no history"):
        EXPORTERS[form](found)


# -- the command line ----------------------------------------------------------------------------------------------


def test_the_commands_take_it(tmp_path: Path) -> None:
    trace = replace(stroll(System(PaxosSets()), 1), model="paxos-sets")
    file = tmp_path / "it.json"
    file.write_text(write(trace))
    run = CliRunner().invoke
    answer = run(main, ["replay", str(file)])
    assert (answer.exit_code, answer.stdout) == (0, f"{file}: reproduced: all 2 steps are possible\n")
    assert run(main, ["export", str(file), "--format", "text"]).stdout == EXPORTERS["text"](trace)
    answer = run(main, ["export", str(file), "--format", "history-edn"])
    assert (answer.exit_code, "no-history" in answer.stderr) == (2, True)
