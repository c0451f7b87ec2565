"""How the values of a type of the intermediate representation are kept."""

from __future__ import annotations

import pytest

from quorate.checker import ir
from quorate.checker.frontend import compile_model
from quorate.checker.ir.walk import walk
from quorate.checker.native.layout import Array, BitSet, Maybe, NoLayout, Product, Rep, Reps, Scalar, Table, Unit
from quorate.models.language import Process, Protocol, Ref, Sent
from quorate.models.raft import Entry, Raft, Role, Server, Value, Vote
from quorate.models.semantics import System

from .layout_models import models

SYSTEM = System(Raft(terms=4, entries=2, values=2))
REFS = SYSTEM.refs

TERM, ANY, TRUTH = Scalar(0, 4), Scalar(None, None), Scalar(0, 1, "bool")
WHO, VALUE = Scalar(0, 2, "identity", REFS), Scalar(0, 1, "symbol", Value)
ENTRY = ir.RecordT(Entry, ("term", "value"), (ir.Int(0, "terms"), ir.SymbolT(Value)))
VOTE = ir.RecordT(Vote, ("term", "granted"), (ir.Int(0, "terms"), ir.Bool()), True)
KEPT: list[tuple[ir.Type, Rep | None]] = [
    (ir.NoneT(), Unit()),
    (ir.Bool(), TRUTH),
    (ir.Int(), ANY),
    (ir.Int(0, None), ANY),
    (ir.Int(0, "terms"), TERM),
    (ir.Int(-1, "2 * terms + entries"), Scalar(-1, 10)),
    (ir.EnumT(Role), Scalar(0, 2, "enum", Role)),
    (ir.RefT(Server), WHO),
    (ir.RefT(Process), WHO),
    (ir.SymbolT(Value), VALUE),
    (ir.OptionalT(ir.RefT(Server)), Maybe(WHO)),
    (ir.TupleT((ir.Int(), ir.Bool())), Product((ANY, TRUTH))),
    (ir.TupleT(()), Product(())),
    (ENTRY, Product((TERM, VALUE), Entry)),
    (ir.SeqT(ENTRY, "entries"), Array(Product((TERM, VALUE), Entry), 2)),
    (ir.SeqT(ir.Int(), 3), Array(ANY, 3)),
    (ir.SetT(ir.RefT(Server)), BitSet(WHO)),
    (ir.SetT(ir.SetT(ir.Bool())), BitSet(BitSet(TRUTH))),
    (ir.MapT(ir.RefT(Server), ir.Int()), Table(WHO, REFS, ANY)),
    (ir.MapT(ir.Bool(), ir.SeqT(ir.Bool(), 1)), Table(TRUTH, (False, True), Array(TRUTH, 1))),
    (ir.SentT(VOTE), Product((WHO, WHO, Product((TERM, TRUTH), Vote)), Sent)),
    (ir.SetT(ir.SentT(VOTE)), BitSet(Product((WHO, WHO, Product((TERM, TRUTH), Vote)), Sent))),
    (ir.Never(), None),
    (ir.SetT(ir.Never()), None),
    (ir.SetT(ir.Int()), None),
    (ir.SetT(ir.TupleT((ir.Bool(), ir.Int()))), None),
    (ir.SeqT(ir.Bool()), None),
    (ir.MapT(ir.Int(), ir.Bool()), None),
    (ir.TupleT((ir.Bool(), ir.SeqT(ir.Bool()))), None),
    (ir.OptionalT(ir.SeqT(ir.Bool())), None),
    (ir.BagT(ir.Bool()), None),
    (ir.ProcessT((Server,)), None),
    (ir.ProtocolT(Raft), None),
]


@pytest.mark.parametrize(("type_", "rep"), KEPT, ids=lambda one: str(one) if isinstance(one, ir.Type) else "")
def test_what_a_type_is_kept_as(type_: ir.Type, rep: Rep | None) -> None:
    reps = Reps(SYSTEM)
    assert reps.of_type(type_) == rep
    assert reps.of_type(type_) is reps.of_type(type_)


def test_what_was_sent_comes_back() -> None:
    rep = Reps(SYSTEM).of_type(ir.SetT(ir.SentT(VOTE)))
    assert rep
    sent = frozenset(Sent(REFS[0], to, Vote(3, True)) for to in REFS)
    found = rep.unflatten(rep.flatten(sent))
    assert found == sent
    assert {type(each) for each in found} == {Sent}


def test_a_map_with_too_many_keys_is_refused() -> None:
    with pytest.raises(NoLayout, match="too many keys"):
        Reps(SYSTEM).of_type(ir.MapT(ir.Int(0, 5000), ir.Bool()))


@pytest.mark.parametrize("protocol", models().values(), ids=lambda p: type(p).__name__)
def test_every_type_in_a_bundled_model_can_be_asked_for(protocol: Protocol) -> None:
    program, reps = compile_model(protocol), Reps(System(protocol))
    kept = [reps.of_type(node.type) for node in walk(*program.functions.values()) if isinstance(node, ir.Expr)]
    assert sum(rep is not None and len(rep.cell_ranges()) == rep.cells for rep in kept) > len(kept) / 2


def test_an_identity_is_numbered_in_the_whole_system() -> None:
    assert WHO.flatten(Ref[Server]("servers", 2)) == [2]
